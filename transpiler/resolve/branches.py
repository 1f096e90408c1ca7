"""Files that come from one branch or another: `tasks.a.output ?? tasks.b.output`, taken by path.

Argo can choose between artifacts only where a DAG yields one (`fromExpression`), and not where a task is passed one.
So the branches become a group, which yields the file of the one that ran.
"""

from __future__ import annotations

from itertools import pairwise

from transpiler.model.pipeline import Argument
from transpiler.read.expressions import Binary, OutputReference, Text, references
from transpiler.resolve.closure import closed
from transpiler.resolve.dataflow import Traced, Way
from transpiler.resolve.files import is_choice
from transpiler.resolve.regroup import regroup
from transpiler.resolve.scope import Scope


def join_branches(traced: Traced) -> bool:
    """Put the branches of every choice of files into a group. True when there was one: the pipeline has changed."""
    for instance in traced.instances:
        scope = instance.scope
        if scope is None:
            continue
        for call, callee in instance.called:
            for argument in call.arguments.values():
                if Way.PATH in callee.takes.get(argument.name, Way.NONE) and (tasks := _branches(argument, scope)):
                    members = next(iter(closed(pairwise(tasks), scope)), tasks)
                    if len(members) < len(scope.calls):
                        regroup(scope, {_name(tasks, scope): members})
                        return True
    return False


def _branches(argument: Argument, scope: Scope) -> list[str]:
    whole = argument.value.whole if isinstance(argument.value, Text) else None
    if not isinstance(whole, Binary) or not is_choice(whole):
        return []
    tasks = [each.task for each in references(whole) if isinstance(each, OutputReference)]
    return list(dict.fromkeys(tasks)) if all(task in scope.calls for task in tasks) else []


def _name(tasks: list[str], scope: Scope) -> str:
    name = "-or-".join(tasks)[:50].rstrip("-_")
    return name if name not in scope.calls else f"{name}-branches"
