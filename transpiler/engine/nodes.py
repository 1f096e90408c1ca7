"""The nodes of a run, as Argo's status has them, and what is counted over them.

A node lives through Pending → Running → one of Succeeded, Failed, Error; or it is Skipped or Omitted from the start. It
is *over* in the last five. Argo looks at all nodes again and again; here each change of a node is entered at once in
what is asked of many nodes:

- `up` and `todo`: who has to look at a node that changed. A change is noted upwards: item → loop → DAG → … → run.
- `going`: how many nodes below a DAG are not over. A DAG goes on as long as there is one (`assess.py`).
- `active`, `failed`, `pods`: what limits of parallelism count among the nodes directly below.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct, field

from transpiler.argo.phases import ENDED
from transpiler.engine.names import node_id
from transpiler.plan.argo_objects import Node

OVER: Final = frozenset(ENDED)
COMPLETED: Final = frozenset(["Succeeded", "Failed", "Error"])
FAILED: Final = frozenset(["Failed", "Error"])
_COUNTED: Final = frozenset(["Pod", "Steps", "DAG"])
_ACTIVE: Final = frozenset(["Pending", "Running"])


class NodeState(Struct, eq=False):
    """One node. Times are seconds from the epoch; `children` are names, in the order in which they came."""

    name: str
    id: str
    type: str
    phase: str
    started: float
    display: str = ""
    boundary: NodeState | None = None
    message: str = ""
    finished: float | None = None
    scope: str = ""
    template: str = ""
    template_ref: Node | None = None
    is_hook: bool = False
    is_try: bool = False
    inputs: Node | None = None
    outputs: Node | None = None
    memo: Node | None = None
    waits_for: str = ""
    """The lock that it waits for."""
    children: dict[str, None] = field(default_factory=dict)
    parents: list[NodeState] = field(default_factory=list)
    outbound: list[str] | None = None
    """The ids of the nodes where a DAG or steps end."""
    # ------------------------------------------------ of the engine alone
    up: NodeState | None = None
    key: object = None
    todo: dict[object, None] = field(default_factory=dict)
    """What changed among the nodes that this one looks after: their keys."""
    work: Any = None
    """What runs it: the template with its values, and where it was called (`calls.py`)."""
    frame: Any = None
    """What a DAG, steps, or a loop remember while they run."""
    going: int = 0
    active: int = 0
    failed: int = 0
    pods: int = 0
    is_running_pod: bool = False

    @property
    def is_over(self) -> bool:
        """True in a phase in which it stays."""
        return self.phase in OVER

    @property
    def is_completed(self) -> bool:
        """True if it ran, and has ended."""
        return self.phase in COMPLETED

    @property
    def has_failed(self) -> bool:
        """True for Failed and Error."""
        return self.phase in FAILED


class Nodes:
    """All nodes of a run."""

    def __init__(self, run: str) -> None:
        self.run = run
        self.by_name: dict[str, NodeState] = {}
        self.promised: dict[str, tuple[NodeState, list[NodeState]]] = {}
        """A node that has parents, but waits for its turn: the DAG that it is in, and its parents."""
        self.changes = 0
        """Grows with each change, so that a run knows when nothing changes any more."""
        self.woken: dict[NodeState, None] = {}
        """Nodes without anybody above that have something to look at."""

    def get(self, name: str) -> NodeState | None:
        """The node of that name, if there is one."""
        return self.by_name.get(name)

    def id(self, name: str) -> str:
        """Argo's id of a node."""
        return node_id(self.run, name)

    def add(self, node: NodeState) -> NodeState:
        """A new node is there. Nobody may have been called that before."""
        self.changes += 1
        self.by_name[node.name] = node
        if node.name in self.promised:
            home, parents = self.promised.pop(node.name)
            node.parents = parents
            self._count_open(home, -1)
        self._count(node, 1)
        if node.is_over and node.finished is None:
            node.finished = node.started
        return node

    def mark(self, node: NodeState, phase: str, now: float, message: str | None = None) -> NodeState:
        """A node has another phase. Its message stays if none is given."""
        if message is not None and message != node.message:
            node.message = message
            self.changes += 1
        if phase != node.phase:
            self.changes += 1
            self._count(node, -1)
            node.phase = phase
            self._count(node, 1)
            if node.is_over and node.finished is None:
                node.finished = now
            self.notice(node)
        return node

    def starts(self, node: NodeState, *, runs: bool) -> None:
        """The pod of a node runs, or runs no more."""
        if runs != node.is_running_pod:
            node.is_running_pod = runs
            if node.boundary is not None:
                node.boundary.pods += 1 if runs else -1

    def connect(self, parent: NodeState, child: str, home: NodeState) -> None:
        """One node comes after another. The child may be a name that waits for its turn, in the DAG `home`."""
        if child in parent.children:
            return
        self.changes += 1
        parent.children[child] = None
        there = self.by_name.get(child)
        if there is not None:
            there.parents.append(parent)
        elif child in self.promised:
            self.promised[child][1].append(parent)
        else:
            self.promised[child] = (home, [parent])
            self._count_open(home, 1)

    def notice(self, node: NodeState) -> None:
        """Whoever looks after a node has to look at it, and so on up to the run."""
        above = node.up
        while above is not None:
            if node.key in above.todo:
                return
            above.todo[node.key] = None
            node, above = above, above.up
        self.woken[node] = None

    def _count(self, node: NodeState, step: int) -> None:
        boundary = node.boundary
        if boundary is None:
            return
        if not node.is_over:
            self._count_open(boundary, step)
        if node.type in _COUNTED:
            boundary.active += step if node.phase in _ACTIVE else 0
            boundary.failed += step if node.phase in FAILED else 0

    def _count_open(self, node: NodeState | None, step: int) -> None:
        while node is not None:
            node.going += step
            node = node.boundary

    def children(self, node: NodeState) -> Iterator[NodeState]:
        """The nodes that come after a node, as far as they are there."""
        return (self.by_name[name] for name in node.children if name in self.by_name)
