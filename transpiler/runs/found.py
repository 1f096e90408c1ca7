"""What the nodes of a run say of the tasks of its manifest: executions, and which node belongs to which task."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct, field

from transpiler.plan.argo_objects import Node
from transpiler.runs.places import Path, Place, Target


class Execution(Struct, eq=False):
    """A task once: an item of its loop, or the task itself, in one item of each loop around it."""

    target: Target
    node: Node
    at: tuple[int, ...] = ()
    """The number of the item, for each loop from the outermost to its own."""
    items: tuple[str, ...] = ()
    """The texts of these items."""
    inner: Node | None = None
    """The node of the task itself, where the compiler has put a DAG around it."""
    tries: dict[int, Node] = field(default_factory=dict)
    below: list[Node] = field(default_factory=list)
    """Nodes of what it runs that are no tasks of the manifest: of a template of the cluster, or in Argo's own form."""
    is_loop: bool = False
    """True for the whole of a loop, whose items are executions of their own."""
    is_outdated: bool = False
    """True if it belongs to an earlier try of a task around it."""

    @property
    def last_try(self) -> Node | None:
        """The try that counts."""
        return self.tries[max(self.tries)] if self.tries else None


class Reach(Struct, eq=False):
    """How often a run has come to a DAG of the manifest, and to each task in it. `True` counts what still goes on."""

    place: Place
    times: Counter[bool] = field(default_factory=Counter)
    seen: Counter[tuple[Path, bool]] = field(default_factory=Counter)
    left_out: Counter[tuple[Place, str, bool]] = field(default_factory=Counter)
    """Parts of a split that were left out as a whole, with the phase."""


class Found(Struct):
    """All that the nodes of a run say of the tasks."""

    executions: dict[Path, list[Execution]] = field(default_factory=dict)
    reached: dict[Path, Reach] = field(default_factory=dict)
    """The path of a DAG → how often it was reached."""
    homes: dict[str, Path | None] = field(default_factory=dict)
    """The id of a node → its task; None for the run itself, and for what the compiler has added."""
    below: set[str] = field(default_factory=set)
    """The ids of nodes in what a task runs, that are no tasks of the manifest."""
