"""The settings of a task, and `defaults` of a pipeline: Map → Settings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from transpiler.build.argo_data import slots_of, tree_of
from transpiler.build.value import expression_of, known_text, value_of
from transpiler.build.variables import build_env, build_env_from, build_secrets
from transpiler.build.volumes import build_volumes
from transpiler.diagnostics import Report
from transpiler.model.argo_data import Slot, Tree
from transpiler.model.expressions.search import references_of
from transpiler.model.expressions.tree import ItemReference
from transpiler.model.settings import (
    KEYS,
    NO_SETTINGS,
    Cache,
    LastTry,
    Named,
    Removal,
    Resource,
    Retry,
    Settings,
    Storage,
)
from transpiler.model.values import Literal, Value
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import Elsewhere, Map

LAST_RETRY: Final = ("exitCode", "status", "duration", "message")
"""Argo's variables of the last try (docs/retries.md)."""
_OF_TRIES: Final = {("retries", None), *(("lastRetry", name) for name in LAST_RETRY)}
"""What a condition over tries can name: the number of the last one, and its variables."""
_NAMES: Final = tuple(key.name for key in KEYS)


def build_settings(body: Map, report: Report, *, has_storage: bool) -> Settings:
    """The settings among the keys of a task. Invalid ones are reported and omitted."""
    if body.keys().isdisjoint((*_NAMES, "argo", "template")):
        return NO_SETTINGS
    argo = fields.mapping(body, "argo") or Map(body.source, body.mark)
    return Settings(
        image=_value(body, "image", report),
        image_pull_policy=_value(body, "imagePullPolicy", report),
        retry=_retry(body, report),
        timeout=_timeout(body, report),
        cache=build_cache(body, report),
        resources=tuple(_resources(body, report)),
        env=tuple(build_env(body, report)),
        secrets=tuple(build_secrets(body, report)),
        env_from=tuple(build_env_from(body, report)),
        volumes=build_volumes(body, report),
        node_selector=_named(body, "nodeSelector", report),
        tolerations=tree_of(body, "tolerations", report),
        service_account=_value(body, "serviceAccountName", report),
        security_context=tree_of(body, "securityContext", report),
        labels=_named(body, "labels", report),
        annotations=_named(body, "annotations", report),
        storage=tuple(_storage(body, report)) if has_storage else (),
        keep_files=fields.boolean(body, "keepFiles"),
        argo_template=tree_of(argo, "template", report),
        argo_container=tree_of(argo, "container", report),
        argo_task=tree_of(argo, "task", report),
        own=_own(body, report),
        spans=tuple((key, body.key_span(key)) for key in _NAMES if body.get(key) is not None),
        removed=tuple(_removals(body)),
    )


_BY_NAME: Final = frozenset(key.name for key in KEYS if key.is_by_name)


def _removals(body: Map) -> Iterator[Removal]:
    """The defaults that a task takes off: `null` for a key or a name, and `{}` or `[]` for all of a key."""
    for key in (*_NAMES, "argo"):
        value = body.get(key)
        if key in body and not body.hides(key) and (value is None or value in ({}, [])):
            yield Removal((key,), body.key_span(key), is_null=_is_null(body, key))
        elif isinstance(value, Map) and (key in _BY_NAME or key == "argo"):
            yield from _removed_names(value, (key,))


def _removed_names(named: Map, path: tuple[str, ...]) -> Iterator[Removal]:
    is_of_halves = path == ("resources",)
    for name, value in named.items():
        full = (*path, _called(name, path[0]))
        is_empty = value in ({}, []) and path == ("argo",)
        if not named.hides(name) and (value is None or is_empty):
            yield Removal(full, named.key_span(name), is_null=_is_null(named, name))
        elif is_of_halves and isinstance(value, Map) and name in {"requests", "limits"}:
            yield from _removed_names(value, full)


def _is_null(node: Map, key: str) -> bool:
    """True for a `null` that can only mean a default; one of a values file may have taken off a value of the task."""
    place = node.values_at[key]
    return node[key] is None and not (isinstance(place, Elsewhere) and place.is_instead)


def _called(name: str, key: str) -> str:
    """The name under which a setting is known."""
    if key == "resources":
        return _SHORT.get(name, name)
    return (name.rstrip("/") or "/") if key == "volumes" else name


def _retry(body: Map, report: Report) -> Retry | None:
    value = body.get("retry")
    if isinstance(value, (int, str)):
        return Retry(limit=value_of(body, "retry", report))
    retry = fields.mapping(body, "retry")
    if retry is None or not fields.is_complete(retry):
        return None
    backoff = fields.mapping(retry, "backoff") or Map(retry.source, retry.mark)
    return Retry(
        limit=value_of(retry, "limit", report) if "limit" in retry else None,
        policy=fields.text(retry, "policy"),
        duration=fields.text(backoff, "duration"),
        factor=fields.text(backoff, "factor"),
        max_duration=fields.text(backoff, "max"),
        cap=fields.text(backoff, "cap"),
        expression=_last_try(retry, report) if "expression" in retry else None,
    )


def _last_try(retry: Map, report: Report) -> LastTry | None:
    expression = expression_of(retry, "expression", report)
    if expression is None:
        return None
    for reference in references_of(expression):
        if not (isinstance(reference, ItemReference) and (reference.name, reference.key) in _OF_TRIES):
            hint = "it can use `retries`, " + ", ".join(f"`lastRetry.{name}`" for name in LAST_RETRY)
            report.error("unknown-name", "a retry can use only the last try", reference.span, hint)
            return None
    return LastTry(expression)


def _timeout(body: Map, report: Report) -> Value | None:
    if body.get("timeout") is None or body.hides("timeout"):
        return None
    value = value_of(body, "timeout", report)
    if isinstance(value, Literal):
        text = f"{value.value}s" if isinstance(value.value, int) else str(value.value)
        return Literal(text, text)
    return value


def build_cache(body: Map, report: Report) -> Cache | None:
    """`cache` of a task, or of a pipeline for all its tasks."""
    value = body.get("cache")
    if value is None or body.hides("cache"):
        return None
    span = body.value_span("cache")
    if isinstance(value, str) or value is False:
        return Cache(value or "", span)
    cache = fields.mapping(body, "cache")
    if cache is None or not fields.is_complete(cache):
        return None
    key = value_of(cache, "key", report) if "key" in cache else None
    return Cache(fields.text(cache, "maxAge"), span, key, known_text(cache, "configMap", report))


_SHORT: Final = {"gpu": "nvidia.com/gpu", "storage": "ephemeral-storage"}


def _resources(body: Map, report: Report) -> Iterator[Resource]:
    resources = fields.mapping(body, "resources")
    if resources is None:
        return
    full = {key: found for key in ("requests", "limits") if (found := fields.mapping(resources, key)) is not None}
    names = [
        *(key for key in resources if key not in {"requests", "limits"} and resources[key] is not None),
        *(name for each in full.values() for name in each if each[name] is not None),
    ]
    for name in sorted(dict.fromkeys(names)):
        places = [each for each in (resources, *full.values()) if each.get(name) is not None and not each.hides(name)]
        values = [(each, value_of(each, name, report)) for each in places]
        said = {id(each): value for each, value in values}
        both = said.get(id(resources))
        yield Resource(
            _SHORT.get(name, name),
            next(each for each in (resources, *full.values()) if name in each).key_span(name),
            said.get(id(full["requests"])) if name in full.get("requests", {}) else both,
            said.get(id(full["limits"])) if name in full.get("limits", {}) else both,
            tuple((value, each.value_span(name)) for each, value in values if isinstance(value, Literal)),
        )


def _named(body: Map, key: str, report: Report) -> tuple[Named, ...]:
    found = fields.mapping(body, key)
    if found is None:
        return ()
    given = ((name, value_of(found, name, report)) for name in sorted(found) if not found.hides(name))
    return tuple(Named(name, found.value_span(name), value) for name, value in given if value is not None)


def _value(body: Map, key: str, report: Report) -> Value | None:
    return value_of(body, key, report) if body.get(key) is not None and not body.hides(key) else None


def _own(body: Map, report: Report) -> tuple[Slot, ...]:
    template = fields.mapping(body, "template")
    return tuple(slots_of(template, report)) if template is not None and fields.is_complete(template) else ()


def _storage(body: Map, report: Report) -> Iterator[Storage]:
    outputs = fields.mapping(body, "outputs")
    for name in sorted(outputs or ()):
        assert outputs is not None
        is_single = "component" in body or "template" in body
        if is_single and isinstance(outputs[name], str) and not outputs.hides(name):
            message = f"`{name}` is an output of a single task, which yields it without a declaration"
            hint = "write its location, such as {s3: {key: models/latest}}; only a group declares its outputs"
            report.error("wrong-value", message, outputs.value_span(name), hint)
        tree = tree_of(outputs, name, report) if isinstance(outputs[name], Map) else None
        if tree is None and isinstance(outputs[name], Map) and not outputs[name]:
            tree = Tree({})  # in the default place
        if tree is not None:
            yield Storage(name, outputs.key_span(name), tree)
