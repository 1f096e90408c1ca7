"""The environment variables of a container, from the task and its component, and the references to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from transpiler.argo.pod_variables import POD_ENV
from transpiler.model.expressions.tree import EnvReference, Text
from transpiler.model.settings import Named, Settings
from transpiler.model.values import Passed
from transpiler.resolve.scope import Call


def variables_in(value: Passed | None) -> tuple[EnvReference, ...]:
    """The variables that are parts of a text in which Kubernetes expands them."""
    return tuple(part for part in value.parts if isinstance(part, EnvReference)) if isinstance(value, Text) else ()


def with_variables(call: Call) -> frozenset[str]:
    """The inputs whose argument refers to variables: Kubernetes expands its text, so that is passed on as it is."""
    return frozenset(name for name, argument in call.arguments.items() if variables_in(argument.value))


def variables_of(call: Call) -> list[str]:
    """The variables of a task's container, in the order in which Kubernetes makes them."""
    container = call.implementation.container
    own = container.env if container is not None else ()
    labels = dict(call.component.labels) if call.component else {}
    added = POD_ENV if container is not None and labels.get("add-pod-env") == "true" else ()
    return list(dict.fromkeys([*(name for name, _ in own), *added, *_of(call.task.settings)]))


def has_others(settings: Settings) -> bool:
    """True when the container has variables that cannot be known here: `envFrom`."""
    return bool(settings.env_from) or any("envFrom" in each for each in _containers(settings))


def _of(settings: Settings) -> Iterator[str]:
    yield from (each.name for each in settings.secrets)
    yield from (each.name if isinstance(each, Named) else each[0] for each in settings.env)
    for container in _containers(settings):
        yield from (each["name"] for each in container.get("env", []) if isinstance(each, dict) and "name" in each)


def _containers(settings: Settings) -> Iterator[dict[str, Any]]:
    if settings.argo_container is not None:
        yield settings.argo_container.data
    container = settings.argo_template.data.get("container") if settings.argo_template is not None else None
    if isinstance(container, dict):
        yield container
