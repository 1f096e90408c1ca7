"""The tasks of a run that goes on, as the rows of a table that fits a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from transpiler.cluster.progress import Step, steps_of
from transpiler.patterns import regex
from transpiler.plan.argo_objects import Node
from transpiler.runs.nodes import FAILED, children, is_hit, nodes_of, text
from transpiler.runs.recorded import Recorded

WAITING: Final = "Waiting"
REUSED: Final = "Reused"
CACHED: Final = "Cached"
"""The phases of a task whose end an earlier run had, and of one whose result a cache had."""
_GOES_ON: Final = ("Running", "Pending")
_LEFT_OUT: Final = ("Skipped", "Omitted")
_ITEM: Final = regex(r"\(\d+:.*\)|, try \d+$")
_NUMBER: Final = regex(r"\((\d{1,9}):")
_ORDER: Final = ("Failed", "Error", "Running", "Pending", WAITING, "Succeeded", REUSED, CACHED, "Skipped", "Omitted")
"""The phase of a loop is the first of these that an item has."""


class Row(Struct, frozen=True):
    """A task, or an item of a loop."""

    title: str
    phase: str = WAITING
    seconds: int | None = None
    started: str = ""
    """When it started, as RFC 3339; empty if it has not, or has ended."""
    note: str = ""
    pod: str = ""
    """The node whose log tells what it does; empty for several."""
    since: str = ""


class Board:
    """The rows of a run. `tasks`: those that are known before it."""

    def __init__(self, tasks: Iterable[Sequence[str]], names: Recorded) -> None:
        self._names = names
        self._rows: dict[str, list[Row]] = {" / ".join(each): [] for each in tasks}
        self._gone: dict[str, str] = {}
        """A task around others that was left out → its phase."""

    def update(self, workflow: Node, kept: Mapping[str, str]) -> None:
        """Take a status. `kept`: nodes whose ends were there before."""
        nodes = nodes_of(workflow)
        rows: dict[str, list[Row]] = {each: [] for each in self._rows}
        for key, step in steps_of(workflow, self._names):
            pods = children(nodes[key]) if nodes[key].get("type") == "Retry" else [key]
            row = _row(step, nodes[key], pods[-1] if pods else key)
            if step.phase == "Succeeded" and pods and all(each in kept for each in pods):
                row = replace(row, phase=REUSED, seconds=None)
            elif step.phase == "Succeeded" and is_hit(nodes[key]):
                row = replace(row, phase=CACHED, seconds=None)
            task = _ITEM.sub("", step.name)
            if ", try " not in step.name:
                rows.setdefault(task, []).append(row)
                if step.phase in _LEFT_OUT:
                    self._gone[task] = step.phase
        inside = tuple(f"{each} / " for each in self._gone)
        self._rows = {task: found for task, found in rows.items() if found or not task.startswith(inside)}

    @property
    def counts(self) -> Counter[str]:
        """Phase → how many tasks have it; an item of a loop is one."""
        return Counter(row.phase for rows in self._rows.values() for row in rows or [Row("")])

    def rows(self, most: int) -> list[Row]:
        """As many rows, in the order of the tasks: what failed and what goes on before others."""
        all_rows = [row for task, rows in self._rows.items() for row in _of_task(task, rows)]
        if len(all_rows) <= most:
            return all_rows
        chosen = sorted(range(len(all_rows)), key=lambda number: (*_rank(all_rows[number]), number))[:most]
        return [all_rows[number] for number in sorted(chosen)]


def _row(step: Step, node: Node, pod: str) -> Row:
    started = text(node.get("startedAt")) if step.phase == "Running" else ""
    return Row(step.name, step.phase, step.seconds, started, step.message, pod, step.since)


def _of_task(task: str, rows: list[Row]) -> Iterator[Row]:
    """The row of a task; of a loop one for all, and one for each item that goes on or has failed."""
    if len(rows) < 2:
        yield rows[0] if rows else Row(task)
        return
    phase = min((row.phase for row in rows), key=lambda each: _ORDER.index(each) if each in _ORDER else len(_ORDER))
    ended = sum(row.phase not in _GOES_ON for row in rows)
    rows = sorted(rows, key=lambda row: [int(each) for each in _NUMBER.findall(row.title)])
    yield Row(task, phase, note=f"{ended} of {len(rows)} items", since=max(row.since for row in rows))
    yield from (row for row in rows if row.phase in (*FAILED, *_GOES_ON))


def _rank(row: Row) -> tuple[int, str]:
    """What is shown first where there is too little room; of what has ended, the last."""
    if row.phase in FAILED:
        return 0, ""
    if row.phase in _GOES_ON:
        return 1, ""
    if row.phase == WAITING:
        return 2, ""
    return 3, "".join(chr(0x10FFFF - ord(each)) for each in row.since)
