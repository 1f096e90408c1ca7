"""What all parts of the engine share while a run goes on: its nodes, variables, time, and the orders of this step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice
from math import nextafter
from typing import Any, Final

from msgspec import Struct

from transpiler.engine.library import Context, Library
from transpiler.engine.locks import Locks
from transpiler.engine.names import display_name
from transpiler.engine.nodes import Nodes, NodeState
from transpiler.engine.protocol import Kept, Order, RunInfo
from transpiler.engine.tags.environment import environment
from transpiler.engine.texts import Variables
from transpiler.plan.argo_objects import Node

NEVER: Final = float("inf")


class Call(Struct, frozen=True):
    """That a template is to run: as a task, a step, a hook, or the entry of a run."""

    name: str
    """Of the node."""
    holder: Node
    """What names the template: the task, step or hook, with its values."""
    kind: str
    """`tasks` or `steps`: what the variables of the caller are called."""
    context: Context
    arguments: Node
    boundary: NodeState | None = None
    is_exit: bool = False
    """True in a handler of an exit: it runs although the run was stopped."""
    is_hook: bool = False
    up: NodeState | None = None
    """Who looks after the node."""
    key: object = None


class Work(Struct):
    """What a node runs: the template with the values of its inputs, and where the templates that it calls are."""

    call: Call
    template: Node
    context: Context
    raw: Node
    version: int = 0
    """Which variables of the run it has seen: `Run.version`."""


class Shutdown(Struct, frozen=True):
    """How somebody ended a run: `Stop`, `Terminate`, or not at all."""

    how: str = ""

    def allows(self, *, is_exit: bool) -> bool:
        """True if a pod may still start."""
        return not self.how or (self.how == "Stop" and is_exit)


Execute = Callable[["Run", Call], NodeState | None]
Preset = Callable[[str, str, Node, bool], Kept | None]
"""A node, the one that it is in, its template → what its cache is to hold, whatever the key; None: what it holds.

True: somebody reads what it prints.

It gives the same answers each time: the state of a run follows from them.
"""


class Run:
    """The state of a run. `execute` is `execute.execute`, which DAGs, steps and hooks call in turn."""

    def __init__(self, info: RunInfo, library: Library, execute: Execute, preset: Preset | None = None) -> None:
        self.preset = preset
        self.info, self.library, self.spec = info, library, library.spec
        self.nodes = Nodes(info.name)
        self.execute = execute
        self.globals: dict[str, Any] = {}
        self.version = 0
        """Grows when variables that were there already change, or outputs of the run come."""
        self.outputs: Node = {}
        self.now = info.created
        self.started = info.created
        self.finished: float | None = None
        self.phase, self.message = "", ""
        self.shutdown = Shutdown()
        self.orders: list[Order] = []
        self.wake = NEVER
        self.depth = 0
        self.pods: dict[str, NodeState] = {}
        """Id → the node of each pod that was started and has not ended, and of what the agent was asked."""
        self.agents: set[str] = set()
        """The ids of those that the agent was asked."""
        self.given_up: set[str] = set()
        """The ids of pods whose nodes have failed already: they count no more."""
        self.asked: dict[str, NodeState] = {}
        """Id → the node of each suspension that waits for somebody."""
        self.waiting: dict[tuple[NodeState | None, object], None] = {}
        """What a lock, a time, or the limit of a template holds back, by who looks after it."""
        self.held: dict[str, Work] = {}
        """The name of a node to come → what it runs, as far as a limit let it come."""
        self.queue: dict[tuple[NodeState | None, object], None] = {}
        """What the limit of the whole run holds back."""
        self.memo: dict[str, dict[str, Kept]] = {name: dict(kept) for name, kept in info.memo.items()}
        self.locks = Locks(info.namespace, library.config_maps)
        self.has_hooks = library.has_hooks
        self.cache: dict[Any, Any] = {}
        """What was derived from templates, by kind and identity of the template."""
        self.never_resolved = ""
        """Why a task waits for a value that may never come."""

    @property
    def deadline(self) -> float:
        """When the whole run has to end."""
        seconds = self.spec.get("activeDeadlineSeconds")
        return NEVER if seconds is None or not self.phase else int(self.started) + int(seconds)

    @property
    def running(self) -> int:
        """How many pods run, or are to."""
        return len(self.pods) - len(self.agents) - len(self.given_up)

    @property
    def has_more(self) -> bool:
        """True while something that changed was not looked at, or may start now."""
        return bool(self.nodes.woken or self.waiting or self.queue)

    def due(self, at: float) -> None:
        """Something is due at that time, unless that is over."""
        if at >= self.now:
            self.wake = min(self.wake, at)

    def due_after(self, at: float) -> None:
        """Something is due as soon as that time is over."""
        self.due(nextafter(at, NEVER))

    def mark(self, node: NodeState, phase: str, message: str | None = None) -> NodeState:
        """A node has another phase now."""
        return self.nodes.mark(node, phase, self.now, message)

    def fail(self, node: NodeState, message: str) -> NodeState:
        """A node ends with the phase Error."""
        return self.mark(node, "Error", message)

    def later(self, node: NodeState) -> None:
        """A node waits for something that is none of its own: it is looked at again."""
        self.hold(node.up, node.key, is_whole=False)

    def hold(self, above: NodeState | None, key: object, *, is_whole: bool) -> None:
        """A limit holds back a node, that of the whole run or another."""
        if above is not None:
            (self.queue if is_whole else self.waiting)[above, key] = None

    def wake_up(self, *, is_all: bool) -> bool:
        """What is held back is looked at: all, and of what waits for the whole run as much as may start.

        `is_all`: all of that too, since some of it starts no pod; so does nothing once the run is stopped.
        """
        woken, self.waiting = [*self.waiting], {}
        limit = self.spec.get("parallelism")
        free = 0 if limit is None else max(0, int(limit) - self.running)
        for each in list(islice(self.queue, len(self.queue) if free and (is_all or self.shutdown.how) else free)):
            del self.queue[each]
            woken.append(each)
        for above, key in woken:
            if above is not None:
                above.todo[key] = None
                self.nodes.notice(above)
        return bool(woken)

    def create(self, call: Call, kind: str, phase: str, message: str = "", *, is_try: bool = False) -> NodeState:
        """A new node for a call."""
        node = NodeState(
            call.name,
            self.nodes.id(call.name),
            kind,
            phase,
            self.now,
            display_name(call.name, call.boundary.name) if call.boundary is not None else call.name,
            call.boundary,
            message,
            scope=call.context.scope,
            template=str(call.holder.get("template") or ""),
            template_ref=call.holder.get("templateRef"),
            is_hook=call.is_hook,
            is_try=is_try,
            up=call.up,
            key=call.key,
        )
        return self.nodes.add(node)

    def variables(self, more: Mapping[str, Any]) -> Variables:
        """The variables of the run, and others."""
        return Variables(self.globals, self._env, more)

    def _env(self) -> dict[str, Any]:
        """What expressions can name of the variables of the run; few runs have any."""
        known = self.cache.get("env")
        if known is None or known[0] != self.version:
            known = self.cache["env"] = (self.version, environment(self.globals))
        found: dict[str, Any] = known[1]
        return found
