"""Files that come from one branch or another: `tasks.a.output ?? tasks.b.output`, taken by path.

Argo can choose between artifacts only where a DAG yields one (`fromExpression`), and not where a task is passed one.
So the branches become a group, which yields the file of the one that ran.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import chain, count, pairwise

from transpiler.model.pipeline import Argument
from transpiler.read.expressions import Binary, OutputReference, Text, references
from transpiler.resolve.closure import closed
from transpiler.resolve.dataflow import Traced, Way
from transpiler.resolve.files import is_choice
from transpiler.resolve.regroup import regroup
from transpiler.resolve.scope import Scope


def join_branches(traced: Traced) -> bool:
    """Put the branches of the choices of files into groups, all at once. True when the pipeline has changed.

    What a group yields may be a choice again, where it stands in another: call it until nothing changes.
    """
    choices: dict[Scope, dict[tuple[str, ...], None]] = {}
    for instance in traced.instances:
        for call, callee in instance.called:
            for argument in call.arguments.values():
                scope = instance.scope
                is_file = Way.PATH in callee.takes.get(argument.name, Way.NONE)
                if scope and is_file and (tasks := _branches(argument, scope)):
                    choices.setdefault(scope, {})[tasks] = None
    return any([_join(scope, list(found)) for scope, found in choices.items()])  # noqa: C419 - all of them


def _join(scope: Scope, choices: list[tuple[str, ...]]) -> bool:
    """Put the branches of each choice into a group, of several choices where these cannot be apart."""
    together = _together(choices, scope)
    alone = (_together([choice], scope) for choice in choices)  # each by itself where a group would be the whole scope
    groups = next((found for found in chain([together], alone) if found), {})
    if groups:
        regroup(scope, groups)
    return bool(groups)


def _together(choices: list[tuple[str, ...]], scope: Scope) -> dict[str, list[str]]:
    """Name → tasks of the groups that hold the branches of these choices."""
    pairs = [pair for choice in choices for pair in pairwise(choice)]
    blocks = closed(pairs, scope) + [[choice[0]] for choice in choices if len(choice) == 1]
    home = {task: tuple(block) for block in reversed(blocks) for task in block}
    named: dict[tuple[str, ...], dict[str, None]] = {}
    for choice in choices:
        named.setdefault(home[choice[0]], {}).update(dict.fromkeys(choice))
    groups: dict[str, list[str]] = {}
    taken = set(scope.calls)
    for block, tasks in named.items():
        if len(block) < len(scope.calls):
            name = _name(tasks, taken)
            taken.add(name)
            groups[name] = list(block)
    return groups


def _branches(argument: Argument, scope: Scope) -> tuple[str, ...]:
    whole = argument.value.whole if isinstance(argument.value, Text) else None
    if not isinstance(whole, Binary) or not is_choice(whole):
        return ()
    tasks = [each.task for each in references(whole) if isinstance(each, OutputReference)]
    return tuple(dict.fromkeys(tasks)) if all(task in scope.calls for task in tasks) else ()


def _name(tasks: Iterable[str], taken: Collection[str]) -> str:
    name = "-or-".join(tasks)[:50].rstrip("-_")
    others = (f"{name}-branches{number or ''}" for number in count())
    return next(each for each in chain([name], others) if each not in taken)
