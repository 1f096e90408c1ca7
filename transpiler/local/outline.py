"""What a run would do, as far as that is known before it: its tasks level by level, with their commands.

Values that a task gets from another one stay as they are written, and so do conditions on them.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from transpiler.engine.texts import TagError, replaced
from transpiler.executors.kubelet import expanded
from transpiler.local.known_tasks import levels
from transpiler.plan.argo_objects import Node, workflow_spec
from transpiler.runs.origins import called, templates_of
from transpiler.runs.recorded import ADDED, SAME, Names

_DEEPEST: Final = 20
_LONGEST: Final = 400
_LOOPS: Final = ("withItems", "withParam", "withSequence")
Known = Mapping[str, str]
"""The name of a variable → its value."""


class _Use(Struct, frozen=True):
    """A task where it is called: its title, what is said of it, and the template with the values of its inputs."""

    title: str
    notes: tuple[str, ...]
    template: Node | None
    known: Known


def lines_of(
    objects: Sequence[Node], arguments: Mapping[str, str], names: Names, *, is_whole: bool = False
) -> Iterator[str]:
    """Lines for people; texts in them come from the objects. `is_whole`: programs with all their lines."""
    templates = {name: template for name, (_, template) in templates_of(objects).items()}
    spec = workflow_spec(objects[-1])
    given = {**_values(spec.get("arguments"), {}), **arguments}
    run = {f"workflow.parameters.{name}": value for name, value in given.items()}
    outline = _Outline(templates, names, is_whole=is_whole)
    start = {**run, **{f"inputs.parameters.{name}": value for name, value in given.items()}}
    yield from outline.lines(templates.get(str(spec.get("entrypoint", ""))), start, 0)
    if spec.get("onExit"):
        yield "at the end:"
        yield from outline.lines(templates.get(str(spec["onExit"])), run, 1)


class _Outline:
    def __init__(self, templates: Mapping[str, Node], names: Names, *, is_whole: bool) -> None:
        self._templates, self._names, self._is_whole = templates, names, is_whole

    def lines(self, template: Node | None, known: Known, depth: int) -> Iterator[str]:
        """The lines of a template; `known` are the values of its inputs, and those of the run."""
        if template is None or depth > _DEEPEST:
            yield f"{'  ' * depth}…"
        elif _has_tasks(template):
            for number, level in enumerate(self._levels(template, known), 1):
                yield f"{'  ' * depth}level {number}:"
                for use in level:
                    notes = f" ({'; '.join(use.notes)})" if use.notes else ""
                    yield f"{'  ' * (depth + 1)}{use.title}{notes}"
                    yield from self.lines(use.template, use.known, depth + 2)
        else:
            yield from ("  " * depth + line for line in self._program(template, _own(template, known)))

    def _levels(self, template: Node, known: Known, depth: int = 0) -> list[list[_Use]]:
        """The tasks of a DAG; those of a part that the compiler has made of it stand among them."""
        found: list[list[_Use]] = []
        for level in levels(template):
            rows: list[list[_Use]] = [[]]
            for task in level:
                use = self._use(template, task, _own(template, known))
                if use.title != ADDED:
                    rows[0].append(use)
                elif use.template is not None and _has_tasks(use.template) and depth < _DEEPEST:
                    rows += [[]] * (len(inner := self._levels(use.template, use.known, depth + 1)) - len(rows))
                    rows = [[*one, *other] for one, other in zip(rows, _padded(inner, len(rows)), strict=True)]
            found += [row for row in rows if row]
        return found

    def _use(self, template: Node, task: Node, known: Known) -> _Use:
        """A task, without the DAGs that the compiler has put around it."""
        name = str(task.get("name"))
        title = self._names.get(str(template.get("name")), {}).get(name, ADDED) if self._names else name
        notes = tuple(_notes(task, known))
        run = {key: value for key, value in known.items() if key.startswith("workflow.")}
        passed = {f"inputs.parameters.{key}": value for key, value in _values(task.get("arguments"), known).items()}
        inner = task.get("inline") or self._templates.get(called(task))
        use = _Use(title, notes, inner, {**run, **passed})
        same = self._same(inner)
        if inner is None or same is None:
            return use
        within = self._use(inner, same, _own(inner, use.known))
        return _Use(title, (*notes, *within.notes), within.template, within.known)

    def _same(self, template: Node | None) -> Node | None:
        """The task that a DAG was put around."""
        tasks = self._names.get(str((template or {}).get("name")), {})
        inside = [each for level in levels(template) for each in level] if template and _has_tasks(template) else []
        return next((each for each in inside if tasks.get(str(each.get("name"))) == SAME), None)

    def _program(self, template: Node, known: Known) -> Iterator[str]:
        for kind in ("container", "script"):
            container = template.get(kind)
            if container:
                given = [each for key in ("command", "args") for each in container.get(key) or ()]
                words = [self._word(expanded(str(each), {})) for each in _filled(given, known)]
                yield f"{container.get('image', '')}: {' '.join(words)}".rstrip(" ")
                yield from self._source(str(_filled(container.get("source") or "", known)))
                return
        kinds = [each for each in ("suspend", "containerSet", "resource", "http", "data", "plugin") if each in template]
        yield kinds[0] if kinds else "…"

    def _source(self, source: str) -> Iterator[str]:
        """The program of a script."""
        if source and self._is_whole:
            yield from (f"  | {line}" for line in source.rstrip("\n").split("\n"))
        elif source:
            yield f"  {self._word(source)}"

    def _word(self, word: str) -> str:
        """A word of a command; of a program in it, the start."""
        if self._is_whole:
            return shlex.quote(word).replace("\n", "\\n")
        first, *others = word.split("\n")
        return (
            f"{shlex.quote(first)[:_LONGEST]}… ({len(others)} lines more)" if others else shlex.quote(word)[:_LONGEST]
        )


def _has_tasks(template: Node) -> bool:
    return "dag" in template or "steps" in template


def _padded(rows: list[list[_Use]], length: int) -> list[list[_Use]]:
    return [*rows, *([[]] * (length - len(rows)))]


def _own(template: Node, known: Known) -> Known:
    """The values of a template: its defaults, and what is known."""
    defaults = _values(template.get("inputs"), {})
    return {**{f"inputs.parameters.{name}": value for name, value in defaults.items()}, **known}


def _values(ports: Any, known: Known) -> dict[str, str]:
    """The values of parameters, as far as they are known: they may have tags of others."""
    found = {}
    for each in (ports or {}).get("parameters") or ():
        value = each.get("value", each.get("default"))
        if value is not None:
            found[str(each.get("name"))] = str(_filled(value, known))
    return found


def _filled(data: Any, known: Known) -> Any:
    """Plain data with the values that are known."""
    try:
        return replaced(data, known)
    except TagError:
        return data


def _notes(task: Node, known: Known) -> Iterator[str]:
    if task.get("when"):
        yield f"when: {_filled(str(task['when']), known)}"
    yield from (f"{key}: {_short(_filled(task[key], known))}" for key in _LOOPS if task.get(key))


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
