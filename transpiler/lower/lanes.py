"""What runs when a pipeline ends, under a limit of pods → the same, in lanes: no more pods than the limit are ever due.

Argo waits with a pod that a limit holds back. But where it belongs to the `onExit` of a run, its controller looks for
the node of that pod, finds none, and exits (`nodeRequiresTaskSetReconciliation` of v4.0.7). So nothing there may reach
a limit. Each lane is a row of tasks in which one starts when that before it has ended, however it has.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf

from transpiler.diagnostics import Related, Report
from transpiler.model.task import Limit
from transpiler.resolve.amend import amend
from transpiler.resolve.pods import items_of, own_pods
from transpiler.resolve.scope import Call, Scope


def in_lanes(on_exit: Scope, limit: Limit | None, report: Report) -> None:
    """Let the tasks of an `onExit` wait for each other. Reports what may start more pods than the limit at once."""
    _Lanes(report).pods_of(on_exit, limit, None)


@dataclass(slots=True)
class _Lanes:
    report: Report
    known: dict[tuple[Scope, int], float] = field(default_factory=dict)
    """Scope and limit → pods, of those that are in lanes."""

    def pods_of(self, scope: Scope, limit: Limit | None, call: Call | None) -> float:
        """How many pods of a scope run at a time, once it is in lanes. `call` is who calls it."""
        limit = _closest(scope, limit, call)
        key = scope, limit.most if limit is not None else 0
        if key not in self.known:
            self.known[key] = inf  # for who calls itself
            pods = {name: self.pods_of_call(each, limit) for name, each in scope.calls.items()}
            self.known[key] = sum(pods.values()) if limit is None else self.arrange(scope, pods, limit)
        return self.known[key]

    def arrange(self, scope: Scope, pods: dict[str, float], limit: Limit) -> float:
        """Put a scope into lanes, and say how many pods it runs then."""
        for name, most in pods.items():
            if most > limit.most:
                _report(scope.calls[name], limit, self.report, is_sure=most < inf)
                pods[name] = limit.most
        _arrange(scope, {name: int(most) for name, most in pods.items()}, limit.most)
        return min(sum(pods.values()), limit.most)

    def pods_of_call(self, call: Call, limit: Limit | None) -> float:
        """Those of a call, for all items of its loop; or of a hook, which runs when those have ended."""
        items = items_of(call)
        hooks = max((self.pods_of_call(hook.call, limit) for hook in call.hooks), default=0)
        share = limit and Limit(max(1, int(limit.most // max(1, items))), limit.span)
        one = own_pods(call) if call.scope is None else self.pods_of(call.scope, share, call)
        return max(one * items, hooks)


def _closest(scope: Scope, limit: Limit | None, call: Call | None) -> Limit | None:
    """The narrower of two limits: one from outside, and that of a scope itself."""
    if scope.parallelism is None or call is None or (limit is not None and limit.most <= scope.parallelism):
        return limit
    said = scope.group.parallelism if scope.group is not None else None
    return Limit(scope.parallelism, said.span if said is not None else call.task.span)


def _report(call: Call, limit: Limit, report: Report, *, is_sure: bool) -> None:
    """Report a task that is too much; as a warning where only a run, or the cluster, knows how many pods it has."""
    pods = f"{limit.most} pod{'' if limit.most == 1 else 's'}"
    message = f"`{call.task.name}` may start more than {pods} at once, and Argo cannot hold any back in `onExit`"
    hint = "leave out this limit, or say it of groups of the tasks that run before the end"
    say = report.error if is_sure else report.warning
    say("held-back", message, call.task.span, hint, (Related("the limit", limit.span),))


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
