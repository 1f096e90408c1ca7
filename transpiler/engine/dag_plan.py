"""What a DAG says, before anything of it runs: which task waits for which, and where it ends."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from transpiler.engine import depends
from transpiler.engine.depends import Condition
from transpiler.engine.errors import CallError
from transpiler.engine.items import LOOPS
from transpiler.plan.argo_objects import Node


class Plan(Struct):
    """The tasks of a DAG. `order`: each task after those that it waits for, from the targets."""

    tasks: dict[str, Node]
    awaited: dict[str, list[str]]
    conditions: dict[str, Condition | str | None]
    """A text is the reason why Argo cannot read it."""
    targets: list[str]
    order: list[str] = field(default_factory=list)
    place: dict[str, int] = field(default_factory=dict)
    dependants: dict[str, list[str]] = field(default_factory=dict)
    ancestors: dict[str, dict[str, None]] = field(default_factory=dict)
    loops: frozenset[str] = frozenset()
    """The tasks that may run once for each item of something."""


def planned(dag: Node) -> Plan:
    """The plan of a DAG. Raises CallError."""
    tasks: dict[str, Node] = {each["name"]: each for each in dag.get("tasks") or []}
    found = {name: depends.awaited(task, tasks) for name, task in tasks.items()}
    awaited = {name: names for name, (names, _) in found.items()}
    for each in (other for names in awaited.values() for other in names):
        if each not in tasks:
            raise CallError(f"target {each} does not exist")
    if len(tasks) < len(dag.get("tasks") or []):
        raise CallError("two tasks of a DAG have the same name")
    ends = set(tasks) - {each for names in awaited.values() for each in names}
    targets = str(dag.get("target") or "").split(" ") if dag.get("target") else sorted(ends)
    plan = Plan(tasks, awaited, {name: _condition(logic) for name, (_, logic) in found.items()}, targets)
    plan.loops = frozenset(name for name, task in tasks.items() if not LOOPS.isdisjoint(task))
    _order(plan)
    if not ends:
        raise CallError("sorting failed: graph with cycle")
    return plan


def _condition(logic: str) -> Condition | str | None:
    try:
        return depends.condition(logic) if logic else None
    except CallError as error:
        return str(error)


def _order(plan: Plan) -> None:
    seen: set[str] = set()
    for target in plan.targets:
        if target not in plan.tasks:
            raise CallError(f"target {target} does not exist")
        waiting = [(target, iter(plan.awaited[target]))]
        while waiting:
            name, others = waiting[-1]
            seen.add(name)
            other = next((each for each in others if each not in seen), None)
            if other is not None:
                waiting.append((other, iter(plan.awaited[other])))
                continue
            waiting.pop()
            _place(plan, name)


def _place(plan: Plan, name: str) -> None:
    if name in plan.place:
        return
    above: dict[str, None] = {}
    for each in plan.awaited[name]:
        if each not in plan.place or each == name:
            raise CallError("sorting failed: graph with cycle")
        plan.dependants.setdefault(each, []).append(name)
        above.update(plan.ancestors.get(each, {}))
        above[each] = None
    plan.ancestors[name] = above
    plan.place[name] = len(plan.order)
    plan.order.append(name)


def of_tasks(tasks: Mapping[str, Node]) -> str:
    """What decides about a plan: two DAGs with the same text have the same plan."""
    return repr(
        [(name, each.get("depends"), each.get("dependencies"), each.get("continueOn")) for name, each in tasks.items()]
    )
