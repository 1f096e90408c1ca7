"""What the page tells of the whole graph: its problems, what failed in the run, and what changed between versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from transpiler.diagnostics import Diagnostic
from transpiler.graph.model import SEPARATOR, Graph

MOST = 100
"""How many of a list the page has."""
CHANGES = ("added", "removed", "changed")
_NAMES = {"@pipeline": "the pipeline", "@inputs": "inputs", "@outputs": "outputs"}


class Told(Struct, frozen=True):
    """An entry of a list: of a task, if it has an id."""

    kind: str
    """A severity, `added`, `removed` or `changed`; how it looks."""
    name: str
    task: str
    """The id of the task that a click selects; empty if there is none."""
    texts: tuple[str, ...]
    hint: str = ""
    place: str = ""
    """Its file and line."""


def problems(graph: Graph) -> list[Told]:
    """The mistakes that are in no task, then those of each task."""
    return [
        *(_problem("", "", each) for each in graph.problems),
        *(_problem(node.id, node.id, each) for node in graph.nodes for each in node.problems),
    ]


def _problem(name: str, task: str, given: Diagnostic) -> Told:
    place = f"{given.span.source.name}:{given.span.line}"
    return Told(given.severity, name, task, (given.message,), str(given.hint), place)


def failures(graph: Graph) -> list[Told]:
    """The tasks that failed in the run, the causes first."""
    found = []
    for each in graph.run.failures if graph.run is not None else ():
        name = SEPARATOR.join(each.path)
        place = f"{each.span.source.name}:{each.span.line}"
        task = name if name in graph.by_id else ""
        texts = (each.message,) if each.message else ()
        found.append(Told("error" if each.is_cause else "warning", name, task, texts, place=place))
    return found


def changes(graph: Graph) -> list[Told]:
    """What differs between two versions: of the pipeline, then of its tasks, then lines between tasks of both."""
    return [*_changed(graph), *_lines(graph)] if graph.run is None else []


def _changed(graph: Graph) -> Iterator[Told]:
    for name in (*_NAMES, *graph.by_id):
        mark = graph.marks.get(name)
        if mark is not None and mark.kind in CHANGES:
            task = name if name in graph.by_id else ""
            texts = tuple(mark.text.split("\n")) if mark.text not in {"", mark.kind} else ()
            yield Told(mark.kind, _NAMES.get(name, name), task, texts)


def _lines(graph: Graph) -> Iterator[Told]:
    for (source, target), kind in sorted(graph.line_marks.items()):
        ends = [graph.marks.get(each) for each in (source, target)]
        if not any(mark is not None and mark.kind in {"added", "removed"} for mark in ends):
            said = f"the line from {source or 'the inputs'} to {target or 'the outputs'}"
            yield Told(kind, said, "", ())


def counted(found: list[Told]) -> dict[str, int]:
    """How many entries there are of each kind."""
    counts = Counter(each.kind for each in found)
    return {kind: counts[kind] for kind in ("error", "warning", *CHANGES) if counts[kind]}
