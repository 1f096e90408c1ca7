"""How a run of a case went."""

from __future__ import annotations

from msgspec import Struct, field

from transpiler.engine.protocol import Kept, Pod
from transpiler.plan.argo_objects import Node
from transpiler.runs.homes import Home


class Played(Struct, eq=False):
    """An execution of a task: when it began and ended, counted in steps of the run."""

    home: Home
    began: int
    pod: Pod | None = None
    ended: int | None = None


class Left(Struct, frozen=True):
    """What a run leaves to the next one."""

    memo: dict[str, dict[str, Kept]]
    """The name of a cache → key → result."""
    files: dict[str, str]
    """Key → the text in the file."""
    ended: float
    """When, in virtual time."""


class Went(Struct):
    """How a run went."""

    workflow: Node = field(default_factory=dict)
    """Argo's object, with the status of the run."""
    played: dict[str, Played] = field(default_factory=dict)
    """The id of a node → what was played, in the order in which they began."""
    files: dict[str, str] = field(default_factory=dict)
    """Key → the text in the file."""
    cut: set[str] = field(default_factory=set)
    """The keys of files that have more in them than their text."""
    logs: dict[str, str] = field(default_factory=dict)
    """The id of a node → the end of what its real program has printed."""
    seconds: float = 0.0
    ended: float = 0.0
    """When, in virtual time."""
    memo: dict[str, dict[str, Kept]] = field(default_factory=dict)
    """What the caches hold at its end."""
    stuck: str = ""
    """Why it does not end; empty if it did."""

    @property
    def left(self) -> Left:
        """What the next run finds; not files of which only a part is known."""
        return Left(self.memo, {key: text for key, text in self.files.items() if key not in self.cut}, self.ended)
