"""Files that come from one branch or another: `tasks.a.output ?? tasks.b.output`, taken by path.

Argo can choose between artifacts only where a DAG yields one (`fromExpression`), and not where a task is passed one.
So a task of the compiler's own takes the files of all branches, as far as there are any, and yields the first. The
branches stay where they are, with all that waits for them or asks how they ended.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from transpiler.argo.naming import Names, port_name
from transpiler.diagnostics import Span
from transpiler.model.build_template import waiting_component
from transpiler.model.component import Component, Input, Output
from transpiler.model.depends import Depends, Junction, TaskResult, holds_without
from transpiler.model.pipeline import Argument, Dag, DagOutput, Task
from transpiler.model.types import ANY
from transpiler.read.expressions import (
    Binary,
    Boxed,
    Expression,
    InputReference,
    OutputReference,
    Text,
    references,
    replaced,
)
from transpiler.resolve.choices import has_always_a_value, may_lack_outputs
from transpiler.resolve.cycles import in_order
from transpiler.resolve.dataflow import Traced, Way
from transpiler.resolve.files import is_choice
from transpiler.resolve.names import identity
from transpiler.resolve.scope import Call, Scope, waits_for
from transpiler.resolve.types import type_of_value

_ENDS: Final = ("Succeeded", "Failed", "Errored", "Skipped", "Omitted")
_FILE: Final = "file"
"""What a task that chooses yields."""


def choose_files(traced: Traced) -> bool:
    """Let a task choose for every choice of files that another takes. True when there was one."""
    found: dict[Scope, set[tuple[str, str]]] = {}
    for instance in traced.instances:
        for task, call in instance.scope.calls.items() if instance.scope else ():
            takes = instance.callees[task].takes
            chosen = {
                (task, each.name) for each in call.arguments.values() if _is_chosen(each) and takes.get(each.name)
            }
            files = {each for each in chosen if Way.PATH in takes[each[1]]}
            if files and instance.scope:
                found.setdefault(instance.scope, set()).update(files)
    for scope, arguments in found.items():
        _Choosing(scope).carry_out(arguments)
    return bool(found)


def _is_chosen(argument: Argument) -> bool:
    whole = argument.value.whole if isinstance(argument.value, Text) else None
    return isinstance(whole, Binary) and is_choice(whole)


class _Choosing:
    """Adds to a scope the tasks that choose, one for all who choose alike."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.lacking = may_lack_outputs(call.task for call in scope.calls.values())
        self.names = Names(scope.calls)
        self.made: dict[tuple[object, ...], Call] = {}

    def carry_out(self, arguments: set[tuple[str, str]]) -> None:
        """Let those arguments, of a task by its name, come from tasks that choose."""
        for task, name in sorted(arguments):
            self.choose(self.scope.calls[task], name)
        calls = {**self.scope.calls, **{call.task.name: call for call in self.made.values()}}
        order = in_order({task: call.dependencies for task, call in calls.items()})
        self.scope.calls = {task: calls[task] for task in order}

    def choose(self, call: Call, name: str) -> None:
        """Let an argument of a task come from a task that chooses."""
        argument = call.arguments[name]
        assert isinstance(argument.value, Text)
        whole = argument.value.whole
        assert isinstance(whole, Binary)
        failed = frozenset(
            each.task
            for each in references(whole)
            if isinstance(each, OutputReference) and call.task.depends and holds_without(call.task.depends, each.task)
        )
        key = (identity(whole)[0], failed)
        if key not in self.made:
            self.made[key] = self.chooser(whole, failed)
        chooser, span = self.made[key].task.name, argument.span
        value = Text((OutputReference(chooser, _FILE, span, span, span),))
        given = tuple(replace(each, value=value) if each.name == name else each for each in call.task.arguments)
        changed = replace(call, task=replace(call.task, arguments=given))
        changed.dependencies = waits_for(changed) & {*self.scope.calls, chooser}
        self.scope.calls[call.task.name] = changed

    def chooser(self, whole: Binary, failed: frozenset[str]) -> Call:
        """The call of a group that takes the files and yields the first; some tasks may have `failed` when it runs."""
        ports: dict[str, Expression] = {}
        names = Names()

        def take(node: Expression) -> Expression:
            if not isinstance(node, (InputReference, OutputReference)):
                return node
            port = names.unique(port_name(identity(node)[1]))
            is_boxed = not has_always_a_value(node) and self.may_be_absent(node, failed)
            ports[port] = Boxed(node) if is_boxed else node
            return InputReference(port, node.span, is_boxed=is_boxed)

        span = whole.span
        outputs = (DagOutput(_FILE, span, Text((replaced(whole, take),)), span),)
        tasks = list(dict.fromkeys(each.task for each in references(whole) if isinstance(each, OutputReference)))
        name = self.names.unique("-or-".join(tasks)[:50].rstrip("-_") + ("" if len(tasks) > 1 else "-or-other"))
        inputs = tuple(Input(port, ANY, span, optional=True) for port in ports)
        group = Scope(
            name, inputs, outputs, {"pass": _pass(span)}, is_manifest=self.scope.is_manifest, parent=self.scope
        )
        declared = (Output(_FILE, type_of_value(Text((whole,)), self.scope), span),)
        arguments = tuple(Argument(port, span, Text((given,)), span) for port, given in ports.items())
        task = Task(name, span, None, arguments, depends=_whatever(failed, span))
        call = Call(task, Component(name, span, inputs, declared, Dag((), outputs)), group, frozenset(tasks))
        self.scope.adopt(call)
        return call

    def may_be_absent(self, reference: InputReference | OutputReference, failed: frozenset[str]) -> bool:
        """True for a file that is not there in some runs."""
        return isinstance(reference, InputReference) or reference.task in self.lacking | failed


def _pass(span: Span) -> Call:
    """A task that does nothing: a DAG has one at least."""
    return Call(Task("pass", span, None), waiting_component("pass", span))


def _whatever(tasks: frozenset[str], span: Span) -> Depends | None:
    """To wait for tasks however they end."""
    terms = tuple(Junction("||", tuple(TaskResult(task, result, span) for result in _ENDS)) for task in sorted(tasks))
    return Junction("&&", terms) if len(terms) > 1 else terms[0] if terms else None
