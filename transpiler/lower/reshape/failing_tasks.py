"""A task with `mayFail` → the same task, and one beside it that succeeds when it has ended. The others wait for that.

Argo fails a DAG whose last tasks fail, are skipped or are omitted after a failure (`assessDAGPhase` of v4.0.7). Behind
a task that succeeded none of this counts. The task itself keeps its result, its outputs and its hooks, so whoever asks
hears the truth. In steps, Argo's own `continueOn` does the same (`plan/templates/dag.py`).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from msgspec.structs import replace

from transpiler.argo.limits import MAX_TASKS
from transpiler.argo.naming import Names
from transpiler.build.template import waiting_component
from transpiler.diagnostics import Span
from transpiler.lower.reshape.failing_items import let_items_fail
from transpiler.model.depends import Depends, Junction, Negation, TaskResult, results
from transpiler.model.expressions.tree import Binary, Constant, Expression, FactReference, OutputReference
from transpiler.model.task import Task
from transpiler.resolve.absences import guarded_in, may_be_omitted
from transpiler.resolve.amend import amend
from transpiler.resolve.cycles import in_order
from transpiler.resolve.program import Program
from transpiler.resolve.scope import Call, Scope, only_asked_how_they_ended

_PHASES: Final = {"Errored": "Error"}
"""Result → its name as a status, if that differs."""
_ENDED: Final = frozenset(["", "Succeeded", "Skipped", "Failed", "Errored", "Daemoned"])


def has_tasks_that_may_fail(program: Program) -> bool:
    """True when a task of a program may fail, and the run goes on."""
    return any(call.task.may_fail for scope in program.scopes for call in scope.calls.values())


def let_tasks_fail(program: Program, in_steps: Collection[Scope]) -> None:
    """Add what lets the run go on after a failure; not in scopes that become steps."""
    for scope in program.scopes:
        if scope not in in_steps and any(call.task.may_fail for call in scope.calls.values()):
            _Failing(scope).carry_out()


class _Failing:
    """Lets the tasks of a scope wait for the ends of those that may fail."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.names = Names(scope.calls)
        self.omitted = may_be_omitted(scope)
        self.made: dict[str, Call] = {}
        self.asked: dict[tuple[str, str], str] = {}
        """Task and result → the task that runs after this result."""
        self.starts: dict[str, str] = {}
        failing = [call for call in scope.calls.values() if call.task.may_fail]
        self.is_large = len(scope.calls) + len(failing) >= MAX_TASKS
        self.ends = {call.task.name: self.end_of(call) for call in failing}

    def carry_out(self) -> None:
        """Give the scope its new calls, in lexicographic topological order."""
        calls = {name: self.awaiting(call) for name, call in self.scope.calls.items()} | self.made
        order = in_order({name: call.dependencies for name, call in calls.items()})
        amend(self.scope, calls={name: calls[name] for name in order})
        let_items_fail(self.scope, [name for name in self.ends if self.scope.calls[name].limited is not None])

    # ------------------------------------------------------------------ tasks that are added

    def end_of(self, call: Call) -> str:
        """The task that succeeds when another has ended, unless that was omitted."""
        name, span = call.task.name, call.task.span
        ended: Depends = Junction("||", tuple(TaskResult(name, result, span) for result in ("", "Failed", "Errored")))
        start = self.start_of(call)
        return self.add(f"{name[:50]}-ended", span, ended, {name, *start}, after=start)

    def start_of(self, call: Call) -> list[str]:
        """The first task of a DAG, below which Argo finds what waits for one that ended in an error.

        A DAG that could not yield its outputs has no last nodes, and what waits for them would stand below nothing: the
        run would never end. In a DAG that is split each has its own one, so that no parts wait for each other.
        """
        if call.scope is None and not call.implementation.is_of_several and not call.implementation.is_in_cluster:
            return []
        key = call.task.name if self.is_large else ""
        if key not in self.starts:
            name = f"{key[:50]}-start" if key else "start"
            self.starts[key] = self.add(name, call.task.span, None, set())
        return [self.starts[key]]

    def result_of(self, asked: TaskResult) -> str:
        """The task that runs if another has ended with that result, and is skipped otherwise."""
        key = asked.task, asked.result
        if key not in self.asked:
            end, span = self.ends[asked.task], asked.span
            status = FactReference(asked.task, "status", span, span, span)
            when = Binary("==", status, Constant(_PHASES.get(asked.result, asked.result), span), span)
            name = f"{asked.task[:50]}-{asked.result.lower()}"
            self.asked[key] = self.add(name, span, _or_omitted(end, span), {end}, when=when)
        return self.asked[key]

    def add(
        self,
        name: str,
        span: Span,
        depends: Depends | None,
        waits_for: set[str],
        after: Collection[str] = (),
        when: Expression | None = None,
    ) -> str:
        """Add a task that does nothing; its name."""
        name = self.names.unique(name[:60].rstrip("-_"))
        task = Task(name, span, None, after=tuple((each, span) for each in after), depends=depends, when=when)
        self.made[name] = Call(task, waiting_component("ended", span), dependencies=frozenset(waits_for))
        return name

    # ------------------------------------------------------------------ tasks that wait

    def awaiting(self, call: Call) -> Call:
        """A call that waits for the ends of tasks that may fail."""
        mine = call.dependencies & self.ends.keys()
        if not mine:
            return call
        task = call.task
        named = {each.task for each in results(task.depends)} if task.depends is not None else set()
        terms = [self.logic(task.depends)] if task.depends is not None else []
        absent = {each.task for each in guarded_in(call) if isinstance(each, (OutputReference, FactReference))}
        in_any_way = only_asked_how_they_ended(call) | (absent & self.omitted)
        terms += [_or_omitted(self.ends[each], task.span) for each in sorted((mine - named) & in_any_way)]
        after = dict(task.after)
        after = {self.ends.get(name, name): span for name, span in after.items()}
        after |= {self.ends[each]: task.span for each in sorted(mine - named - in_any_way)}
        depends = terms[0] if len(terms) == 1 else Junction("&&", tuple(terms)) if terms else None
        changed = replace(task, after=tuple(after.items()), depends=depends)
        waits_for = {*(call.dependencies - mine), *(self.ends[each] for each in mine - named), *after}
        waits_for |= {each.task for each in results(depends)} if depends is not None else set()
        return replace(call, task=changed, dependencies=frozenset(waits_for))

    def logic(self, node: Depends) -> Depends:
        """The logic of a `depends`, in terms of tasks that do not fail."""
        if isinstance(node, TaskResult):
            return self.result(node)
        if isinstance(node, Negation):
            return Negation(self.logic(node.operand))
        operands = node.operands
        for name in sorted({each.task for each in operands if isinstance(each, TaskResult)} & self.ends.keys()):
            operands = _however(name, operands) if node.operator == "||" else operands
        terms = tuple(dict.fromkeys(map(self.logic, operands)))
        return Junction(node.operator, terms) if len(terms) > 1 else terms[0]

    def result(self, asked: TaskResult) -> TaskResult:
        """A result of a task; for one that may fail, of the task that stands for its end, or for this result."""
        if asked.task not in self.ends:
            return asked
        if asked.result in {"", "Omitted"}:
            return replace(asked, task=self.ends[asked.task])
        return replace(asked, task=self.result_of(asked), result="Succeeded")


def _however(task: str, operands: tuple[Depends, ...]) -> tuple[Depends, ...]:
    """The operands of an `||`, with the name of a task alone for all results of one that ran and ended."""
    mine = [each for each in operands if isinstance(each, TaskResult) and each.task == task]
    found = {each.result for each in mine}
    if not {"Failed", "Errored"} <= found or not ("" in found or {"Succeeded", "Skipped"} <= found):
        return operands
    short = [replace(each, result="") for each in mine if each.result in _ENDED]
    return (short[0], *(each for each in operands if each not in mine or each.result not in _ENDED))


def _or_omitted(task: str, span: Span) -> Depends:
    return Junction("||", (TaskResult(task, "", span), TaskResult(task, "Omitted", span)))
