"""One node of a run that goes on → the task that it is an execution of, from what is known of the nodes around it.

`executions.py` goes over all nodes of a run at once; who hears of one node after another asks here.
"""

from __future__ import annotations

from collections.abc import Callable, Container

from msgspec import Struct
from msgspec.structs import replace

from transpiler.resolve.scope import Call
from transpiler.runs.names import Said, said_by
from transpiler.runs.places import Path, Place, Target


class Around(Struct, frozen=True):
    """What is known of a node by its name: the DAG or steps that it is in, and whether nodes below are its tries."""

    boundary: str = ""
    is_tried: bool = False


class Home(Struct, frozen=True, eq=False):
    """Where a node belongs."""

    path: Path | None
    """The task; None for the run itself, and for what the compiler has added."""
    call: Call | None = None
    """The task as written."""
    at: tuple[int, ...] = ()
    """The number of the item, for each loop from the outermost to its own."""
    items: tuple[str, ...] = ()
    attempt: int = 0
    """The number of the try, from 0."""
    inner: Place | None = None
    """The tasks in it."""
    beside: Target | None = None
    """What the run starts, for the run itself."""
    is_below: bool = False
    """True for a node in what a task runs, that is no task of the manifest."""


_NOWHERE = Home(None)


class Homes:
    """Finds homes. `around` tells what is known of a node by its name, once it is there."""

    def __init__(self, name: str, run: Target, around: Callable[[str], Around | None]) -> None:
        self._name, self._run, self._around = name, run, around
        self._known: dict[str, Home] = {}

    def of(self, name: str) -> Home:
        """The home of a node."""
        known = self._known.get(name)
        if known is None:
            around = self._around(name)
            known = self._known[name] = self._find(name, around.boundary if around is not None else "")
        return known

    def at(self, name: str, boundary: str) -> Home:
        """The home of a node that is to come, in one that is there."""
        return self._find(name, boundary)

    def _find(self, name: str, boundary: str) -> Home:
        if not boundary:
            return self._of_the_run(name)
        around = self.of(boundary)
        if around.inner is None:
            return replace(around, is_below=True)
        said = said_by(name[len(boundary) :], _Tried(boundary, self._around))
        if said is None or said.is_row:
            return replace(around, path=around.path if around.is_below else None, inner=None)
        if said.is_try:
            return replace(self.of(boundary + said.of), attempt=said.number)
        return _home(said, around.inner.target(said.task), around)

    def _of_the_run(self, name: str) -> Home:
        said = said_by(name[len(self._name) :], _Tried(self._name, self._around), is_run=True)
        if said is None:
            return _NOWHERE
        if said.is_try:
            return replace(self.of(self._name + said.of), attempt=said.number)
        return _home(said, self._run, _NOWHERE)


class _Tried(Container[str]):
    """The nodes of tries in a DAG, by what their names say after that of the DAG."""

    def __init__(self, boundary: str, around: Callable[[str], Around | None]) -> None:
        self._boundary, self._around = boundary, around

    def __contains__(self, name: object) -> bool:
        found = self._around(f"{self._boundary}{name}")
        return found is not None and found.is_tried


def _home(said: Said, target: Target | None, around: Home) -> Home:
    """What a task in a DAG is, or a hook of it."""
    if target is not None and said.hook:
        hook = target.hook(said.hook)
        if hook is None:  # it is one in Argo's own fields
            return Home(target.path, target.call, around.at, around.items, is_below=True)
        target = hook
    if target is None:
        return _NOWHERE
    at, items = around.at, around.items
    if said.item is not None:
        at, items = (*at, said.number), (*items, said.item)
    return Home(target.path, target.call, at, items, inner=target.inner)
