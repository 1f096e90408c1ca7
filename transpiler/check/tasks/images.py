"""The image and command of each task's container, as they are once all that a manifest says of them is merged."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from transpiler.argo.images import image_fault
from transpiler.diagnostics import Related, Report, Span
from transpiler.model.implementation import Container
from transpiler.model.task import Task
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import Map
from transpiler.resolve.scope import Call


class _Said(NamedTuple):
    """A field of a container, and where it stands. `is_passed` is False for what the component itself says."""

    value: object
    span: Span
    is_passed: bool = True


def check_images(calls: Iterable[Call], spec: Map | None, report: Report) -> None:
    """Calls of container components. `spec` is the one of the run, whose `templateDefaults` fill what is empty."""
    defaults = _below(spec, "templateDefaults", "container")
    for call in calls:
        container = call.implementation.container
        if container is not None and not call.task.hides_argo:
            _image(call, container, defaults, report)
            _command(call, container, defaults, report)


def _image(call: Call, container: Container, defaults: Map | None, report: Report) -> None:
    said = _passed(call.task, "image")
    if said is None and call.task.settings.image is not None:
        return  # which is judged where it is written
    said = said or _Said(container.image or "", container.image_span, is_passed=False)
    image = said.value if isinstance(said.value, str) else ""
    if not image.strip() and not (defaults is not None and defaults.get("image")):
        related = () if said.is_passed else (Related("the component", container.image_span),)
        hint = "name an image in the component, or with `image:` of the task or of `defaults`"
        span = said.span if said.is_passed else call.task.span
        report.error("empty-image", f"task `{call.task.name}` runs a component without an image", span, hint, related)
    fault = image_fault(image) if image.strip() else ""
    if fault:
        report.error("wrong-value", f"`{image}` is not a valid image name", said.span, fault)


def _command(call: Call, container: Container, defaults: Map | None, report: Report) -> None:
    said = _passed(call.task, "command")
    if container.command is None and said is None and not (defaults is not None and defaults.get("command")):
        hint = "write the command; without it, Argo looks it up in the image's registry during the run"
        report.warning("missing-command", "the component has no `command`", container.image_span, hint)


def _passed(task: Task, key: str) -> _Said | None:
    """What Argo's own fields of a task, or the defaults of all tasks, say of its container; the last counts."""
    for part in (_below(task.argo.template, "container"), task.argo.container):
        if part is not None and key in part and not part.hides(key):
            return _Said(part[key], part.value_span(key))
    return None


def _below(node: Map | None, *keys: str) -> Map | None:
    for key in keys:
        node = fields.mapping(node, key) if node is not None else None
    return node
