"""Files that come from one branch or another: `tasks.a.output ?? tasks.b.output`, taken by path.

Argo can choose between artifacts only where a DAG yields one (`fromExpression`), and not where a task is passed one.
So a task of the compiler's own takes the files of all branches, as far as there are any, and yields the first. The
branches stay where they are, with all that waits for them or asks how they ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Final

from msgspec.structs import replace

from transpiler.argo.naming import Names
from transpiler.build.template import waiting_component
from transpiler.dataflow.instances import Dataflow
from transpiler.diagnostics import Span
from transpiler.model.component import Component
from transpiler.model.depends import Depends, Junction, holds_without, however_ended
from transpiler.model.expressions.tree import (
    Binary,
    Boxed,
    Expression,
    InputReference,
    OutputReference,
    Reference,
    Text,
    is_choice,
    references,
    whole_of,
)
from transpiler.model.expressions.types import ANY
from transpiler.model.ports import Input, Output
from transpiler.model.task import Argument, Dag, DagOutput, Task
from transpiler.model.transport import Transport
from transpiler.resolve.amend import amend
from transpiler.resolve.captures import identity
from transpiler.resolve.choices import has_always_a_value, lacking_in
from transpiler.resolve.cycles import in_order
from transpiler.resolve.files import may_be_file
from transpiler.resolve.scope import Call, Scope, named_in, used_at_its_end

_FILE: Final = "file"
"""The output of a choice of files."""


Choices = dict[Scope, dict[tuple[str, str], Transport]]
"""Scope → task and argument that are a choice of files → how the task takes it."""


def chosen_files(traced: Dataflow) -> Choices:
    """Every choice of files that a task takes by path."""
    found: Choices = {}
    for instance in traced.instances:
        for task, call in instance.scope.calls.items() if instance.scope else ():
            takes = instance.callees[task].takes
            for argument in filter(_is_chosen, call.arguments.values()):
                way = takes.get(argument.name, Transport.NONE)
                if Transport.PATH in way and instance.scope:
                    ways = found.setdefault(instance.scope, {})
                    ways[task, argument.name] = ways.get((task, argument.name), Transport.NONE) | way
    return found


def choose_files(choices: Choices) -> None:
    """Add a task that chooses for each of the choices."""
    known: dict[object, tuple[Component, Scope]] = {}
    for scope, arguments in choices.items():
        _Choosing(scope, known).carry_out(arguments)


def _is_chosen(argument: Argument) -> bool:
    whole = whole_of(argument.value)
    return is_choice(whole) and may_be_file(whole)


class _Choosing:
    """Adds the choices of files to a scope, one for all equal choices."""

    def __init__(self, scope: Scope, known: dict[object, tuple[Component, Scope]]) -> None:
        self.scope = scope
        self.calls = dict(scope.calls)
        self.known = known
        self.lacking = lacking_in(scope)
        self.names = Names(scope.calls)
        self.made: dict[tuple[object, ...], Call] = {}

    def carry_out(self, arguments: Mapping[tuple[str, str], Transport]) -> None:
        """Let those arguments, of a task by its name, come from tasks that choose."""
        for (task, name), way in sorted(arguments.items(), key=lambda each: each[0]):
            self.choose(self.calls[task], name, way)
        calls = {**self.calls, **{call.task.name: call for call in self.made.values()}}
        order = in_order({task: call.dependencies for task, call in calls.items()})
        amend(self.scope, calls={task: calls[task] for task in order})

    def choose(self, call: Call, name: str, way: Transport) -> None:
        """Let an argument of a task come from a task that chooses."""
        argument = call.arguments[name]
        whole = whole_of(argument.value)
        assert isinstance(whole, Binary)
        depends = call.task.depends
        asked = {each.task for each in references(whole) if isinstance(each, OutputReference)}
        failed = frozenset(each for each in asked if depends is not None and holds_without(depends, each))
        key = (identity(whole)[0], failed, way)
        if key not in self.made:
            self.made[key] = self.chooser(whole, failed, way)
        chooser, span = self.made[key].task.name, argument.span
        value = Text((OutputReference(chooser, _FILE, span, span, span),))
        given = tuple(replace(each, value=value) if each.name == name else each for each in call.task.arguments)
        changed = replace(call.task, arguments=given)
        at_its_end = {each.task for each in used_at_its_end(call)}
        waits_for = (named_in(changed) | at_its_end) & {*self.calls, chooser}
        self.calls[call.task.name] = replace(call, task=changed, dependencies=waits_for)

    def chooser(self, whole: Binary, failed: frozenset[str], way: Transport) -> Call:
        """The call that takes the files and yields the first; some tasks may have `failed` when it runs."""
        span, given = whole.span, list(references(whole))
        values = [Boxed(each) if self.may_be_absent(each, failed) else each for each in given]
        key = (tuple(isinstance(each, Boxed) for each in values), way, self.scope.is_at_the_end)
        if key not in self.known:
            self.known[key] = _chooser(*key[0], span=span, on_exit=self.scope.is_at_the_end)
        component, scope = self.known[key]
        tasks = list(dict.fromkeys(each.task for each in given if isinstance(each, OutputReference)))
        name = self.names.unique("-or-".join(tasks)[:50].rstrip("-_") + ("" if len(tasks) > 1 else "-or-other"))
        ports = zip(component.inputs, values, strict=True)
        arguments = tuple(Argument(port.name, span, Text((value,)), span) for port, value in ports)
        task = Task(name, span, None, arguments, depends=_whatever(failed, span))
        return Call(task, component, scope, frozenset(tasks))

    def may_be_absent(self, reference: Reference, failed: frozenset[str]) -> bool:
        """True for a file that is not there in some runs."""
        if isinstance(reference, OutputReference):
            return reference.task in self.lacking | failed
        return not has_always_a_value(reference)


def _chooser(*are_boxed: bool, span: Span, on_exit: bool) -> tuple[Component, Scope]:
    """A DAG that yields the first of its inputs that exists; `are_boxed` marks those that may be absent."""
    names = [f"{_FILE}-{number}" for number in range(1, len(are_boxed) + 1)]
    pairs = zip(names, are_boxed, strict=True)
    files: list[Expression] = [InputReference(name, span, is_boxed=is_boxed) for name, is_boxed in pairs]
    first = reduce(lambda one, other: Binary("??", one, other, span), files)
    inputs = tuple(Input(name, ANY, span, optional=True) for name in names)
    outputs = (DagOutput(_FILE, span, Text((first,)), span),)
    boxed = frozenset(name for name, is_boxed in zip(names, are_boxed, strict=True) if is_boxed)
    nothing = Call(Task("pass", span, None), waiting_component("pass", span))  # a DAG has one task at least
    scope = Scope("first-file", inputs, outputs, {"pass": nothing}, on_exit=on_exit, boxed=boxed)
    component = Component(scope.name, span, inputs, (Output(_FILE, ANY, span),), Dag((), outputs))
    return component, scope


def _whatever(tasks: frozenset[str], span: Span) -> Depends | None:
    """To wait for tasks however they end."""
    terms = tuple(however_ended(task, span) for task in sorted(tasks))
    return Junction("&&", terms) if len(terms) > 1 else terms[0] if terms else None
