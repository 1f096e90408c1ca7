"""What is written in the box of a node, and in those of the inputs and outputs: the same in all formats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from transpiler.diagnostics import Diagnostic, excerpt
from transpiler.graph.model import BAND, Graph, Mark, Node, Port

MAX_TITLE: Final = 40
MAX_CHIP: Final = 44
MAX_PORTS: Final = 12
"""Inputs, or outputs, of the pipeline that a box lists."""
_WORDS: Final = {
    "forEach": "each of {}",
    "when": "when {}",
    "depends": "depends on {}",
    "retry": "retry {}",
    "cache": "cache {}",
    "timeout": "timeout {}",
    "parallelism": "{} at a time",
    "use": "uses {}",
    "hook": "{}",
    "recursion": "goes back to {}",
}


def title(node: Node) -> str:
    """The name of a task."""
    return excerpt(node.name, MAX_TITLE)


def subtitle(node: Node) -> str:
    """What it runs: its component, or otherwise the image; for a frame, what it is."""
    if node.kind == "group":
        return "group"
    if node.kind == BAND:
        return ""
    what = node.title if node.title and node.title != node.name else ""
    return excerpt(what or node.reference or node.image or node.work, MAX_TITLE)


def chips(node: Node) -> list[str]:
    """What it says of how it runs, each in a few words."""
    return [excerpt(text, MAX_CHIP) for text in _chips(node)]


def _chips(node: Node) -> Iterator[str]:
    if node.work not in {"container", ""} and node.work != subtitle(node):
        yield "waits for approval" if node.work == "approval" else node.work
    for each in node.facts:
        if each.key in _WORDS and each.text:
            text = each.text if each.key != "hook" or each.text == "at its end" else f"when {each.text}"
            yield _WORDS[each.key].format(text)
        elif each.key == "mayFail" and each.text == "true":
            yield "may fail"
        elif each.key == "failFast" and each.text == "false":
            yield "goes on after failures"


def tasks(count: int) -> str:
    """A number of tasks, in words."""
    return f"{count:,} task{'' if count == 1 else 's'}"


def bundle(count: int, what: str) -> str:
    """Several tasks that are one box; `what` is what each of them runs, if that is the same."""
    return f"{count:,} x {excerpt(what, MAX_TITLE)}" if what else tasks(count)


def in_short(mark: Mark) -> str:
    """What a mark says, on one line."""
    first, *others = mark.text.split("\n")
    return f"{first or mark.kind}, and {len(others)} more" if others else first or mark.kind


def problems(node: Node) -> str:
    """How many mistakes it has; empty without one."""
    return _counted(node.problems)


def problems_of(graph: Graph, given: tuple[Port, ...]) -> str:
    """How many mistakes inputs or outputs of the pipeline have: those that are in no node, in their lines."""
    lines = {(each.span.source, each.span.line) for each in given}
    return _counted([each for each in graph.problems if (each.span.source, each.span.line) in lines])


def _counted(found: Sequence[Diagnostic]) -> str:
    if not found:
        return ""
    errors = sum(each.severity == "error" for each in found)
    count, what = (errors, "error") if errors else (len(found), "warning")
    return f"{count} {what}{'' if count == 1 else 's'}"


def port(given: Port) -> str:
    """An input or output with its type and default, on a line."""
    kind = f": {given.type}" if given.type else ""
    default = f" = {given.default}" if given.default is not None else ""
    return excerpt(f"{given.name}{kind}{default}", MAX_CHIP)


def ports(given: tuple[Port, ...]) -> list[str]:
    """The lines of the box of the inputs or outputs of a pipeline."""
    more = len(given) - MAX_PORTS
    return [*(port(each) for each in given[:MAX_PORTS]), *([f"and {more} more"] if more > 0 else [])]


def inside(graph: Graph, node: Node) -> int:
    """How many tasks a frame holds, those in frames of it too."""
    count, waiting = 0, [node.id]
    while waiting:
        for each in graph.below.get(waiting.pop(), ()):
            if each.is_frame:
                waiting.append(each.id)
            count += each.unopened if each.is_frame else 1
    return count + (node.unopened if node.id not in graph.below else 0)


SECTION_TITLES: Final = {
    "entries": "entries: other Workflows call them",
    "hooks": "hooks: run in a state of the run",
    "onExit": "onExit: runs when the run ends",
}
