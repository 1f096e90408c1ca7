"""A scope of more tasks than one DAG may hold → the same tasks, most of them in groups.

`bounds` determines the tasks that must stay together, and `stages` where to cut the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count

from msgspec.structs import replace

from transpiler.argo.limits import MAX_INPUTS, MAX_TASKS
from transpiler.lower.partition.bounds import Bound, Kind, bounds
from transpiler.lower.partition.regroup import regroup
from transpiler.lower.partition.stages import partition
from transpiler.lower.partition.ties import TaskUses, asked_by, asks, uses_of
from transpiler.model.depends import results
from transpiler.resolve.amend import amend
from transpiler.resolve.graph import Graph, Nodes, topological
from transpiler.resolve.program import Program
from transpiler.resolve.scope import Scope, scopes_of


def split(program: Program) -> None:
    """Leave at most 200 calls in each DAG of a pipeline, wherever its tasks can be taken apart."""
    for root in reversed(program.roots):  # a scope that both roots call runs in lanes
        for scope in scopes_of(root):
            if len(scope.calls) > MAX_TASKS:
                _split(scope, is_at_the_end=root is program.on_exit)


def _split(scope: Scope, *, is_at_the_end: bool) -> None:
    for call in scope.calls.values():
        if call.task.depends is not None and not asks(call.task.depends):
            after = tuple((each.task, call.task.span) for each in results(call.task.depends))
            amend(call, task=replace(call.task, depends=None, after=after))  # which has the same meaning in any group
    uses = {name: uses_of(call) for name, call in scope.calls.items()}
    for bound in bounds(scope, uses, MAX_TASKS):
        parts = _parts(scope, bound, uses)
        if parts:
            groups = _named([part for part in _opened(parts) if len(part) > 1], scope)
            targets = {name: _targets(tasks, scope) for name, tasks in groups.items()}
            regroup(scope, groups, targets, is_at_the_end=is_at_the_end)
            return


# ---------------------------------------------------------------------- where to cut the rest


def _parts(scope: Scope, bound: Bound, uses: Mapping[str, TaskUses]) -> list[list[str]]:
    """The parts of a scope, with the tasks that stay apart as parts of one; [] when it cannot be taken apart."""
    nodes, graph = _graph(scope, bound.blocks)
    found = partition(graph, _classes(nodes, graph, bound), MAX_TASKS, min(MAX_TASKS, len(scope.calls) - 1))
    rank = {name: place for place, name in enumerate(scope.calls)}
    parts = [sorted((task for node in part for task in nodes[node]), key=rank.__getitem__) for part in found]
    return [piece for part in parts for piece in _narrow(part, uses)]


def _graph(scope: Scope, blocks: Iterable[Sequence[str]]) -> tuple[list[Sequence[str]], Graph]:
    """The blocks, and the tasks in none of them, as the nodes of a graph."""
    block_of = {task: block for block in blocks for task in block}
    units = list(dict.fromkeys(tuple(block_of.get(name, (name,))) for name in scope.calls))
    owner = {task: number for number, unit in enumerate(units) for task in unit}
    waits = [
        {owner[other] for task in unit for other in scope.calls[task].dependencies} - {number}
        for number, unit in enumerate(units)
    ]
    order = topological(waits)
    place = {unit: number for number, unit in enumerate(order)}
    before = [sorted(place[other] for other in waits[unit]) for unit in order]
    nodes: list[Sequence[str]] = [units[unit] for unit in order]
    return nodes, Graph.of(before, [len(unit) for unit in nodes])


def _classes(nodes: Sequence[Sequence[str]], graph: Graph, bound: Bound) -> list[Nodes]:
    """Nodes that may be in the same part: of one kind, and after the same tasks that stay in the DAG."""
    bit = {task: 1 << number for number, task in enumerate(sorted(bound.apart))}
    reached: list[int] = []
    found: dict[tuple[int, int, Kind], Nodes] = {}
    for number, tasks in enumerate(nodes):
        own = bit.get(tasks[0], 0)
        mask = own
        for other in graph.before[number]:
            mask |= reached[other]
        reached.append(mask)
        found.setdefault((own, mask, bound.kinds[tasks[0]]), []).append(number)
    return list(found.values())


def _narrow(part: list[str], uses: Mapping[str, TaskUses]) -> list[list[str]]:
    """A part, or the halves of it when it would take more inputs than Argo allows."""
    inside = set(part)
    outside = {
        (type(each), getattr(each, "task", ""), getattr(each, "name", ""), getattr(each, "output", ""))
        for task in part
        for each in uses[task].references
        if getattr(each, "task", "") not in inside
    }
    if len(outside) <= MAX_INPUTS or len(part) == 1:
        return [part]
    middle = len(part) // 2
    return [*_narrow(part[:middle], uses), *_narrow(part[middle:], uses)]


def _opened(parts: Sequence[list[str]]) -> list[list[str]]:
    """Parts, the small ones as single tasks while there is room: a single task waits for less than a group."""
    room = MAX_TASKS - len(parts)
    opened: set[int] = set()
    for number in sorted(range(len(parts)), key=lambda number: (len(parts[number]), number)):
        if len(parts[number]) - 1 > room:
            break
        room -= len(parts[number]) - 1
        opened.add(number)
    return [
        piece for number, part in enumerate(parts) for piece in ([[t] for t in part] if number in opened else [part])
    ]


# ---------------------------------------------------------------------- groups


def _named(parts: Sequence[list[str]], scope: Scope) -> dict[str, list[str]]:
    width = len(str(len(parts)))
    names = (f"part-{number:0{width}}" for number in count(1))
    free = (name for name in names if name not in scope.calls)
    return {next(free): part for part in parts}


def _targets(tasks: Sequence[str], scope: Scope) -> tuple[str, ...]:
    """The tasks whose results decide that of a group; () for its last tasks, Argo's default.

    A failure does not fail a DAG if a later task tests for it. But a task outside that waits for a failed one,
    or for one omitted because of it, must not run.
    """
    inside = set(tasks)
    if not any(asked_by(scope.calls[task]) for task in tasks):
        return ()
    others = (call.dependencies for name, call in scope.calls.items() if name not in inside)
    exported = inside.intersection(*[set().union(*others)])
    waited_for = set().union(*(scope.calls[task].dependencies for task in tasks))
    if not exported & waited_for:
        return ()
    return tuple(task for task in tasks if task not in waited_for or task in exported)
