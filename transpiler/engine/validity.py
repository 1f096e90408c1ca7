"""What Argo's validation refuses before a run, though the engine could go on: names that occur twice, tags of nothing.

The rules are those of `workflow/validate` of Argo v4.0, where they are certain: what is not, such as expressions,
inline templates and hooks, is left to the run, as Argo leaves it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from transpiler.engine.items import is_loop
from transpiler.engine.protocol import Refusal
from transpiler.engine.references import unknown_templates
from transpiler.engine.tags.substitution import json_of
from transpiler.patterns import regex
from transpiler.plan.argo_objects import Node, spec_path, workflow_spec
from transpiler.plan.argo_templates import Path, Placed, calls, templates

_LEAVES: Final = ("container", "script", "containerSet", "suspend")
_TAG: Final = regex(r"\{\{(.*?)\}\}")
_NAME: Final = regex(r"[ \t]*([\w-]+(?:\.[\w-]+)+)[ \t]*")
_PORTS: Final = ("parameters", "artifacts")
_OF_NODES: Final = ("tasks.name", "steps.name")
"""Starts of tags that Argo knows late."""
Found = Iterator[tuple[Path, str]]


def invalid(objects: Sequence[Node]) -> list[Refusal]:
    """All that Argo would refuse, where it stands: templates that nobody has given, too."""
    return [*unknown_templates(objects), *_in_themselves(objects)]


def _in_themselves(objects: Sequence[Node]) -> list[Refusal]:
    return [
        Refusal(number, path, message)
        for number, each in enumerate(objects)
        if isinstance(each.get("spec"), dict)
        for path, message in _of_spec(workflow_spec(each), spec_path(each), is_run=_is_run(number, objects))
    ]


def _is_run(number: int, objects: Sequence[Node]) -> bool:
    """True for a Workflow to run; Argo lets templates of others have parameters of whoever runs them."""
    return number == len(objects) - 1 and objects[number].get("kind") in {"Workflow", "CronWorkflow"}


def _of_spec(spec: Node, path: Path, *, is_run: bool) -> Found:
    yield from _twice(_listed(spec, "templates", path))
    yield from _ports_twice(spec.get("arguments") or {}, (*path, "arguments"))
    defaults = spec.get("templateDefaults") or {}
    parameters = _names((spec.get("arguments") or {}).get("parameters")) if is_run else None
    for template, place in templates(spec, path):
        yield from _twice(calls(template, place))
        yield from _ports_twice(template.get("inputs") or {}, (*place, "inputs"))
        for call, where in calls(template, place):
            yield from _ports_twice(call.get("arguments") or {}, (*where, "arguments"))
        if "inline" not in place:
            yield from _Tags(template, defaults, parameters).found(place)


def _ports_twice(ports: Node, path: Path) -> Found:
    for kind in _PORTS:
        yield from _twice(_listed(ports, kind, path))


def _listed(owner: Node, key: str, path: Path) -> Placed:
    for index, each in enumerate(owner.get(key) or ()):
        yield each, (*path, key, index)


def _twice(entries: Placed) -> Found:
    seen: set[str] = set()
    for each, path in entries:
        name = (each or {}).get("name")
        if isinstance(name, str) and name:
            if name in seen:
                yield (*path, "name"), f"the name `{name}` occurs twice, which Argo refuses"
            seen.add(name)


def _names(entries: Iterable[Node] | None) -> frozenset[str]:
    return frozenset(str(each.get("name")) for each in entries or ())


class _Tags:
    """The tags of a template that name nothing. `parameters`: those of the run, if they are known."""

    def __init__(self, template: Node, defaults: Node, parameters: frozenset[str] | None) -> None:
        self._template, self._parameters = template, parameters
        self._inputs = {
            kind: _names((template.get("inputs") or {}).get(kind)) | _names((defaults.get("inputs") or {}).get(kind))
            for kind in _PORTS
        }
        inside = [call for call, _ in calls(template, ())]
        self._names, self._has_loops = _names(inside), any(map(is_loop, inside))
        self._own = "steps" if template.get("steps") else "tasks" if template.get("dag") else ""

    def found(self, path: Path) -> Found:
        """Each tag once, where it stands."""
        if any(self._template.get(key) is not None for key in _LEAVES):
            yield from self._in(self._template, path)
        for call, place in calls(self._template, path):
            if not call.get("inline"):
                yield from self._in(call, place)

    def _in(self, part: Node, path: Path) -> Found:
        for tag in dict.fromkeys(_TAG.findall(json_of(part))):
            name = _NAME.fullmatch(tag)
            if name is not None and (message := self._lacks(name[1])):
                yield _place(part, path, f"{{{{{tag}}}}}"), message

    def _lacks(self, tag: str) -> str:
        first, _, rest = tag.partition(".")
        second, _, name = rest.partition(".")
        if first == "workflow" and second == "parameters" and name not in {"", "json"}:
            is_known = self._parameters is None or name in self._parameters
            return "" if is_known else f"the Workflow has no parameter `{name}`"
        if first == "inputs" and second in _PORTS and name:
            return self._no_input(second, name)
        if first == "item":
            return "" if self._has_loops else f"`{tag}` stands outside of a loop"
        if first in {"steps", "tasks"} and not tag.startswith(_OF_NODES):
            is_known = first == self._own and second in self._names
            return "" if is_known else f"there is no {first[:-1]} `{second}` here"
        return ""

    def _no_input(self, kind: str, name: str) -> str:
        names = self._inputs[kind]
        is_known = name in names or (kind == "artifacts" and name.removesuffix(".path") in names)
        return "" if is_known else f"the template has no input {kind[:-1]} `{name}`"


def _place(part: Any, path: Path, tag: str) -> Path:
    """Where a tag stands first in a part; the part itself if it is in several texts."""
    entries = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in entries:
        if tag in (value if isinstance(value, str) else json_of(value)):
            return _place(value, (*path, key), tag)
    return path
