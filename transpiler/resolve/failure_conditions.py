"""Tasks whose `when` asks for a failure: they wait for that task however it ends, also where `after` names it.

`after`, and an output that is used, mean that the other task succeeded. A `when` that cannot hold then can only mean
a task of a failure; without this it would never run.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from transpiler.model.depends import Depends, Junction, however_ended, results
from transpiler.model.expressions.absence import guarded
from transpiler.model.expressions.search import references_of
from transpiler.model.expressions.tree import FactReference, OutputReference
from transpiler.resolve.amend import amend
from transpiler.resolve.outcomes import BADLY, runs_for
from transpiler.resolve.scope import Call, Scope, expressions_of


def let_failures_be_asked(scopes: Iterable[Scope]) -> None:
    """Let every task that runs on a failure, and needs nothing of a success, wait for any end."""
    for scope in scopes:
        for call in scope.calls.values():
            for task in sorted(asked_of(call)):
                if task in scope.calls and (runs_on_failure(call, task, scope) or _tolerates(call, task, scope)):
                    _wait_for_any_end(call, task)


def asked_of(call: Call) -> set[str]:
    """Tasks of which a call asks how they ended, and names none of it in its `depends`."""
    asked = {each.task for each in references_of(call.task) if isinstance(each, FactReference)}
    depends = call.task.depends
    return asked - ({each.task for each in results(depends)} if depends is not None else set())


def runs_on_failure(call: Call, task: str, scope: Scope) -> bool:
    """True for a call that runs when a task did not succeed, and in no other case."""
    is_of_success = runs_for(call, task, "Succeeded", scope)
    return not is_of_success and any(runs_for(call, task, end, scope) for end in BADLY)


def _tolerates(call: Call, task: str, scope: Scope) -> bool:
    """True for a call that may run on a failure, too, and says of each output of the task what counts then."""
    nodes = tuple(expressions_of(call))
    used = [each for each in references_of(nodes) if isinstance(each, OutputReference) and each.task == task]
    safe = {id(each) for node in nodes for each in guarded(node)}
    is_safe = bool(used) and all(id(each) in safe for each in used) and task not in dict(call.task.after)
    return is_safe and any(runs_for(call, task, end, scope) for end in BADLY)


def _wait_for_any_end(call: Call, task: str) -> None:
    said = call.task
    uses_output = any(isinstance(each, OutputReference) and each.task == task for each in references_of(said))
    after = tuple((name, span) for name, span in said.after if name != task)
    depends = _also(said.depends, however_ended(task, said.span)) if uses_output else said.depends
    amend(call, task=replace(said, after=after, depends=depends))


def _also(said: Depends | None, more: Depends) -> Depends:
    return more if said is None else Junction("&&", (said, more))
