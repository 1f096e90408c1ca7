"""What happened to the tasks of a manifest in a run, as data. Its texts come from the cluster: they are not trusted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct, field

from transpiler.diagnostics import Span
from transpiler.runs.places import Path

WAITING, NOT_STARTED = "Waiting", "NotStarted"
"""The phases of a task that has no node, while what runs it goes on, and when that has ended."""
WORST_FIRST: Final = (
    "Failed",
    "Error",
    "Running",
    "Pending",
    WAITING,
    "Succeeded",
    "Skipped",
    "Omitted",
    NOT_STARTED,
)
"""Every phase; the first one that an execution of a task has is that of the task."""


class Try(Struct, frozen=True):
    """One execution of a task with `retry`."""

    number: int
    """From 1."""
    phase: str
    message: str
    seconds: float | None
    exit_code: str


class Item(Struct, frozen=True):
    """A task for one item of its loop, or of the loops around it."""

    at: tuple[int, ...]
    """The number of the item, from 0, in each loop from the outermost to its own."""
    text: str
    """The items as Argo shows them, those of loops around it first."""
    phase: str
    message: str
    seconds: float | None
    is_cached: bool = False
    tries: int = 0


class State(Struct, frozen=True):
    """A task in one place of the pipeline: all its executions together."""

    phase: str
    """The worst of its executions; see `WORST_FIRST`."""
    message: str = ""
    """What the first execution with that phase says."""
    seconds: float | None = None
    """From its first start to its last end; None if it never ran, or has not ended."""
    started: str = ""
    """Times are RFC 3339."""
    finished: str = ""
    tries: tuple[Try, ...] = ()
    """Those of a task without items; of many the last ones."""
    items: tuple[Item, ...] = ()
    """The executions of a loop or in one, in the order of its items, but those that failed first; not all of many."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Phase → how many executions have it, the worst first."""
    is_cached: bool = False
    """True if each result was kept from an earlier run."""
    is_suspended: bool = False
    """True while the run waits for somebody to let it go on."""
    because: str = ""
    """Why it was left out: `when`, `depends`, or `no items`."""
    outputs: Mapping[str, str] = field(default_factory=dict)
    """The values that it yields, by the names of its component; not those of a loop. Long ones are cut."""


class Failure(Struct, frozen=True):
    """A task that failed."""

    path: Path
    span: Span
    """The task in its file."""
    message: str
    is_cause: bool
    """False for one that failed because of tasks in it, and for one that may fail."""


class RunStates(Struct, frozen=True):
    """A run as states of the tasks of its manifest."""

    name: str
    phase: str
    message: str
    started: str
    finished: str
    states: Mapping[Path, State]
    """The tasks in all DAGs that the run has come to; ask `of` for any task."""
    unknown: int
    """How many nodes no task explains: the run is one of another manifest, or of another version of it."""
    unknown_names: tuple[str, ...]
    """The names of some of them."""
    failures: tuple[Failure, ...]
    """The causes first."""
    has_ended: bool

    @property
    def has_tasks(self) -> bool:
        """True if a node of it belongs to a task of the manifest."""
        return any(state.phase not in {WAITING, NOT_STARTED} for state in self.states.values())

    def of(self, path: Path) -> State:
        """The state of a task, which may be in a DAG that the run has not come to."""
        found = self.states.get(path)
        if found is not None:
            return found
        around = next(
            (self.states[path[:end]] for end in range(len(path) - 1, 0, -1) if path[:end] in self.states), None
        )
        goes_on = not self.has_ended and (around is None or around.phase in {"Running", "Pending", WAITING})
        return State(WAITING if goes_on else NOT_STARTED)


def worst(phases: Iterable[str]) -> str:
    """The phase that decides."""
    return min(phases, key=WORST_FIRST.index)
