"""The nodes of a run → the executions of each task of the manifest. Goes over every node once, from the outside in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct, field

from transpiler.plan.argo_objects import Node
from transpiler.runs.found import Execution, Found, Reach
from transpiler.runs.names import Said, said_by
from transpiler.runs.nodes import is_over, text
from transpiler.runs.places import Path, Place, Target

_LEFT_OUT: Final = ("Skipped", "Omitted")
_LOOP, _RETRIED = "TaskGroup", "Retry"


class _Arrival(Struct, eq=False):
    """A DAG of the manifest in a run, once: which of its tasks have a node."""

    reach: Reach
    goes_on: bool
    seen: set[Path] = field(default_factory=set)

    def see(self, task: Path) -> None:
        if task not in self.seen:
            self.seen.add(task)
            self.reach.seen[task, self.goes_on] += 1


class _Visit(Struct, eq=False):
    """A DAG of Argo's, whose nodes wait to be looked at."""

    name: str
    """The name of its node, which those of the nodes in it start with."""
    key: str
    place: Place | None = None
    """None for the run itself, and where no node is a task of the manifest."""
    run: Target | None = None
    at: tuple[int, ...] = ()
    items: tuple[str, ...] = ()
    owner: Execution | None = None
    """The execution that the DAG is put around, or that runs it."""
    arrival: _Arrival | None = None
    is_outdated: bool = False

    def target(self, task: str) -> Target | None:
        """What a task in it is."""
        if self.run is not None:
            return None if task else self.run
        return self.place.target(task) if self.place is not None else None

    def is_around(self, task: Target) -> bool:
        """True for a DAG that is put around a task."""
        return self.place is not None and self.place.single == task.path


class _Subject(Struct, eq=False):
    """A node that is no try, and its tries."""

    key: str
    node: Node
    target: Target
    execution: Execution | None
    tries: dict[int, tuple[str, Node]] = field(default_factory=dict)


def executions_of(nodes: Mapping[str, Node], name: str, run: Target, *, has_ended: bool) -> Found:
    """What each node is an execution of. `name` is that of the run, which is `run`."""
    walk = _Walk(nodes, has_ended=has_ended)
    walk.waiting.append(_Visit(name, "", run=run))
    while walk.waiting:
        walk.visit(walk.waiting.pop())
    return walk.found


class _Walk:
    def __init__(self, nodes: Mapping[str, Node], *, has_ended: bool) -> None:
        self.has_ended = has_ended
        self.inside: dict[str, list[tuple[str, Node]]] = {}
        for key, node in nodes.items():
            self.inside.setdefault(text(node.get("boundaryID")), []).append((key, node))
        self.found = Found()
        self.waiting: list[_Visit] = []

    def visit(self, visit: _Visit) -> None:
        """Look at the nodes in a DAG."""
        nodes = self.inside.pop(visit.key, [])
        if visit.place is None and visit.run is None:
            self.below(visit, nodes)
            return
        named = _named(nodes, visit.name)
        tried = {name for name, (_, node) in named.items() if node.get("type") == _RETRIED}
        subjects: dict[str, _Subject] = {}
        tries: list[tuple[str, Node, Said]] = []
        for name, (key, node) in named.items():
            said = said_by(name, tried, is_run=visit.run is not None)
            if said is None:
                continue
            if said.is_row:
                self.found.homes[key] = None
            elif said.is_try:
                tries.append((key, node, said))
            elif (subject := self.subject(key, node, said, visit)) is not None:
                subjects[name] = subject
        for key, node, said in tries:
            if said.of in subjects:
                self.attempt(key, node, said.number, subjects[said.of])
        for subject in subjects.values():
            self.enter(subject, visit)

    def below(self, visit: _Visit, nodes: list[tuple[str, Node]]) -> None:
        """Nodes that are no tasks of the manifest belong to the task that runs them."""
        for key, node in nodes:
            self.found.homes[key] = visit.owner.target.path if visit.owner is not None else None
            self.found.below.add(key)
            if visit.owner is not None:
                visit.owner.below.append(node)
            self.waiting.append(_Visit("", key, owner=visit.owner))

    # ------------------------------------------------------------------ a node

    def subject(self, key: str, node: Node, said: Said, visit: _Visit) -> _Subject | None:
        """A node that is a task or a hook; None for one that no task explains, or that Argo's own fields add."""
        target = visit.target(said.task)
        if target is not None and said.hook:
            hook = target.hook(said.hook)
            if hook is None:  # it is one in Argo's own fields, of the task or of the run
                self.found.homes[key] = target.path
                self.found.below.add(key)
                self.waiting.append(_Visit("", key, owner=Execution(target, node)))
                return None
            target = hook
        if target is None:
            return None
        self.found.homes[key] = target.path
        execution = self.execution(node, said, target, visit) if target.path is not None else None
        return _Subject(key, node, target, execution)

    def execution(self, node: Node, said: Said, target: Target, visit: _Visit) -> Execution:
        """The execution that a node is, or belongs to."""
        assert target.path is not None
        owner, is_loop, is_item = visit.owner, node.get("type") == _LOOP, said.item is not None
        if owner is not None and visit.is_around(target) and owner.is_outdated == visit.is_outdated:
            owner.is_loop = owner.is_loop or is_loop or is_item
            if not is_item:
                owner.inner, owner.tries = node, {}
                return owner
        if visit.arrival is not None and not said.hook:
            visit.arrival.see(target.path)
        made = Execution(target, node, visit.at, visit.items, is_loop=is_loop, is_outdated=visit.is_outdated)
        if said.item is not None:
            made.at, made.items = (*made.at, said.number), (*made.items, said.item)
        self.found.executions.setdefault(target.path, []).append(made)
        return made

    def attempt(self, key: str, node: Node, number: int, subject: _Subject) -> None:
        """A try of a task."""
        self.found.homes[key] = subject.target.path
        subject.tries[number] = (key, node)
        if subject.execution is not None:
            subject.execution.tries[number] = node

    # ------------------------------------------------------------------ what is inside

    def enter(self, subject: _Subject, visit: _Visit) -> None:
        """Let the nodes inside of a node wait, or of its tries, of which the last counts."""
        last = max(subject.tries, default=0)
        inside = subject.tries or {last: (subject.key, subject.node)}
        for number, (key, node) in inside.items():
            self.waiting.append(self.inner(subject, key, node, visit, is_outdated=number != last))

    def inner(self, subject: _Subject, key: str, node: Node, visit: _Visit, *, is_outdated: bool) -> _Visit:
        """What is inside of a node."""
        place, execution = subject.target.inner, subject.execution
        if place is None:
            return _Visit("", key, owner=execution)
        name, is_outdated = text(node.get("name")), is_outdated or visit.is_outdated
        at, items = (execution.at, execution.items) if execution is not None else (visit.at, visit.items)
        made = _Visit(name, key, place, None, at, items, execution, is_outdated=is_outdated)
        if place.is_part:
            made.arrival, made.owner = visit.arrival, visit.owner
            if made.arrival is not None and node.get("phase") in _LEFT_OUT:
                made.arrival.reach.left_out[place, text(node["phase"]), made.arrival.goes_on] += 1
        elif place.is_written and not is_outdated and _is_entered(node):
            made.arrival = self.arrival(place, node)
        return made

    def arrival(self, place: Place, node: Node) -> _Arrival:
        """A run comes to a DAG of the manifest."""
        reach = self.found.reached.setdefault(place.path, Reach(place))
        goes_on = not self.has_ended and not is_over(node)
        reach.times[goes_on] += 1
        return _Arrival(reach, goes_on)


def _named(nodes: list[tuple[str, Node]], around: str) -> dict[str, tuple[str, Node]]:
    """Nodes by what their names say after that of the DAG around them; without those whose names say nothing."""
    found: dict[str, tuple[str, Node]] = {}
    for key, node in nodes:
        name = text(node.get("name"))
        if name.startswith(around):
            found.setdefault(name[len(around) :], (key, node))
    return found


def _is_entered(node: Node) -> bool:
    """True for a node in which there may be others: those of a loop are in its items."""
    return node.get("type") not in (_LOOP, "Skipped")
