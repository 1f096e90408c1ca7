"""A task as its file has it → its node: what runs, and what the task says of how it runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from transpiler.argo.template_kinds import PROGRAMS
from transpiler.bindings.written_tasks import WrittenTask
from transpiler.diagnostics import excerpt
from transpiler.graph.model import Fact, Node
from transpiler.graph.ports import inputs_of_task, outputs_of_task
from transpiler.model.component import Component
from transpiler.model.implementation import Implementation
from transpiler.model.task import EXIT, ComponentReference, Loop, Task
from transpiler.model.values import Literal
from transpiler.read.yaml.nodes import Map
from transpiler.read.yaml.places import Places
from transpiler.report.text import without_credentials

_MOST: Final = 120
"""Characters of a fact."""
_AS_WRITTEN: Final = ("when", "depends", "timeout", "parallelism", "failFast", "mayFail", "use")


class Descriptions:
    """Makes nodes. `places` has the files."""

    def __init__(self, places: Places) -> None:
        self.places = places

    def node(self, written: WrittenTask, name: str, parent: str, section: str, *, hook_of: str, is_frame: bool) -> Node:
        """The node of a task, without its problems; `hook_of` is the id of the task that it is a hook of."""
        task, component = written.task, written.call.component if written.call is not None else None
        implementation = component.implementation if component is not None else None
        body = self.places.body(task.span)
        is_named = component is not None and task.group is None
        return Node(
            id=name,
            name=written.name,
            section=section,
            parent=parent,
            kind=_kind(task) if is_frame else "task",
            work=_work(implementation) if implementation is not None and not is_frame else "",
            title=component.name if component is not None and is_named else "",
            reference=_reference(task),
            image=_image(written, implementation),
            description=_description(task, component if is_named else None),
            span=task.span,
            lines=_lines(task, body),
            defined=component.span if component is not None and is_named else None,
            facts=tuple(_facts(written, body)),
            inputs=inputs_of_task(task, component if is_named else None),
            outputs=outputs_of_task(task, component, written.call.scope if written.call is not None else None),
            hook_of=hook_of,
        )


def _kind(task: Task) -> str:
    return "group" if task.group is not None else "pipeline" if task.pipeline is not None else "graph"


def _work(implementation: Implementation) -> str:
    if implementation.is_in_cluster:
        return "cluster"
    if implementation.kind == "suspend" and not (implementation.argo_fields["suspend"] or {}).get("duration"):
        return "approval"
    return implementation.kind


def _reference(task: Task) -> str:
    used = task.component or task.pipeline
    if isinstance(used, ComponentReference):
        return without_credentials(used.written)
    if task.template_ref is not None:
        return f"{task.template_ref.name}/{task.template_ref.template}"
    return ""


def _image(written: WrittenTask, implementation: Implementation | None) -> str:
    task = written.call.task if written.call is not None else written.task
    if task.settings.image is not None and implementation is not None and not implementation.is_graph:
        given = task.settings.image
        return str(given.value) if isinstance(given, Literal) else "".join(getattr(given, "written", ""))
    if implementation is None:
        return ""
    if implementation.container is not None:
        return implementation.container.image or ""
    fields: Any = next(
        (implementation.argo_fields.get(key) for key in PROGRAMS if key in implementation.argo_fields), None
    )
    image = fields.get("image") if isinstance(fields, dict) else None
    return image if isinstance(image, str) else ""


def _description(task: Task, component: Component | None) -> str:
    own = task.description.value if task.description is not None else None
    if isinstance(own, Literal):
        return str(own.value).strip()
    return component.description.strip() if component is not None else ""


def _lines(task: Task, body: Map | None) -> tuple[int, int]:
    """The lines from the key of a task to the end of its value."""
    first = task.span.line
    if body is None or body.source is not task.span.source:
        return first, task.span.end_line
    end = max(body.mark.start, body.mark.end - 1)
    while end > body.mark.start and body.source.text[end] in " \t\r\n":
        end -= 1
    return first, max(first, body.source.position(end)[0])


# ---------------------------------------------------------------------- facts


def _facts(written: WrittenTask, body: Map | None) -> Iterator[Fact]:
    task = written.call.task if written.call is not None else written.task
    if written.hook:
        yield Fact("hook", "at its end" if written.hook == EXIT else _written(body, "when"))
    if written.task.loop is not None:
        yield Fact("forEach", _loop(written.task.loop, body))
    for key in _AS_WRITTEN:
        if text := "" if written.hook and key == "when" else _written(body, key):
            yield Fact(key, text)
    if task.settings.retry is not None:
        limit = task.settings.retry.limit
        yield Fact("retry", str(limit.value) if isinstance(limit, Literal) else _written(body, "retry"))
    if task.settings.cache is not None and task.settings.cache.max_age:
        yield Fact("cache", task.settings.cache.max_age)
    yield from (Fact("waits for", name) for name, _ in task.after)


def _written(body: Map | None, key: str) -> str:
    """The value of a key on one line, without the marks of an expression."""
    if body is None or body.get(key) is None or key not in body.values_at:
        return ""
    text = body[key] if isinstance(body[key], str) else body.written(key)
    inner = text.strip().removeprefix("${{").removesuffix("}}")
    return excerpt(text if "${{" in inner else inner, _MOST)


def _loop(loop: Loop, body: Map | None) -> str:
    if loop.matrix is not None:
        axes = " x ".join(loop.matrix.names)
        return f"{loop.length} combinations of {axes}" if loop.length is not None else f"combinations of {axes}"
    if loop.length is not None:
        return f"{loop.length} item{'' if loop.length == 1 else 's'}"
    given = body.get("forEach") if body is not None else None
    inner = next((key for key in ("in", "items") if isinstance(given, Map) and key in given), "")
    return _written(given if inner else body, inner or "forEach") or "items"
