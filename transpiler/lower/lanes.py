"""The `onExit` of a pipeline with a limit of pods → the same, in lanes that never exceed the limit.

Argo delays a pod above a limit. But if the pod belongs to the `onExit` of a run, its controller looks for
the node of that pod, finds none, and exits (`nodeRequiresTaskSetReconciliation` of v4.0.7). So no pod there may exceed
a limit. In a lane, each task starts when the one before it has ended, whatever its result.
"""

from __future__ import annotations

from transpiler.model.task import Limit
from transpiler.resolve.amend import amend
from transpiler.resolve.pods import pods_under_limits
from transpiler.resolve.scope import Scope


def in_lanes(on_exit: Scope, limit: Limit | None) -> None:
    """Let the tasks of an `onExit` wait for each other. One that needs more pods than the limit takes all lanes."""
    for each in pods_under_limits(on_exit, limit):
        if each.limit is not None:
            most = each.limit.most
            _arrange(each.scope, {name: int(min(pods, most)) for name, pods in each.pods.items()}, most)


def _arrange(scope: Scope, pods: dict[str, int], lanes: int) -> None:
    """Put the tasks of a scope into lanes, in their order: where they wait anyhow, else where it is free longest."""
    last: list[str | None] = [None] * min(lanes, sum(pods.values()))
    rank = {name: number for number, name in enumerate(scope.calls)}
    before: dict[str, set[str]] = {}
    ends = scope.calls.keys() - {each for call in scope.calls.values() for each in call.dependencies}
    for name, call in scope.calls.items():  # in topological order
        before[name] = set(call.dependencies).union(*(before[each] for each in call.dependencies))

        def cost(lane: int, before: set[str] = before[name]) -> tuple[int, int]:
            task = last[lane]
            return (1, 0) if task is None else (0 if task in before else 2, rank[task])

        for lane in sorted(range(len(last)), key=cost)[: pods[name]]:
            ahead = last[lane]
            if ahead is not None and ahead not in before[name]:
                amend(call, runs_after_end_of=call.runs_after_end_of | {ahead})
                before[name] |= {ahead, *before[ahead]}
            last[lane] = name
    if not scope.targets and any(call.runs_after_end_of for call in scope.calls.values()):
        # Only the ends before there were lanes decide how the DAG ends.
        amend(scope, targets=tuple(sorted(ends, key=rank.__getitem__)))
