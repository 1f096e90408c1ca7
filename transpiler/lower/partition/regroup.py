"""Moves tasks of a scope into groups that the compiler makes: the same tasks, one level deeper.

Values from outside that a group uses become its inputs; values that others use, its outputs. Expects a scope
without errors, and groups that no path leaves and enters again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from msgspec import Struct, field

from transpiler.argo.naming import Names, port_name
from transpiler.model.component import Component
from transpiler.model.expressions.search import replaced
from transpiler.model.expressions.tree import (
    Binary,
    Expression,
    FactReference,
    InputReference,
    OutputReference,
    Reference,
    Text,
    WorkflowReference,
    references,
)
from transpiler.model.expressions.types import ANY
from transpiler.model.ports import Input, Output
from transpiler.model.task import Argument, Dag, DagOutput, Task
from transpiler.resolve.amend import adopt, amend
from transpiler.resolve.captures import Captures, identity
from transpiler.resolve.choices import has_always_a_value, inside_choice, lacking_in
from transpiler.resolve.cycles import in_order
from transpiler.resolve.graph import Graph, levels
from transpiler.resolve.scope import Call, HookCall, Scope, calls_of
from transpiler.resolve.types import type_of_value


def regroup(
    scope: Scope,
    groups: Mapping[str, Sequence[str]],
    targets: Mapping[str, tuple[str, ...]] | None = None,
    *,
    is_at_the_end: bool = False,
) -> None:
    """Put tasks of a scope into groups of those names; tasks that are in none stay where they are.

    Each group may have `targets`. The groups share the limit of the scope, where it has one; at the end of a run they
    all have the same one, since lanes keep to it there.
    """
    owner = {task: group for group, tasks in groups.items() for task in tasks}
    ports = {group: _Ports(group, frozenset(tasks)) for group, tasks in groups.items()}
    lacking = lacking_in(scope)
    limit = scope.parallelism if is_at_the_end else _share(scope, groups.values())
    regrouping = _Regrouping(scope, owner, ports, targets or {}, limit, lacking)
    regrouping.carry_out({group: [scope.calls[task] for task in tasks] for group, tasks in groups.items()})


class _Ports(Struct):
    """The inputs and outputs of a group, as they turn out to be needed."""

    group: str
    tasks: frozenset[str]
    captures: Captures = field(default_factory=Captures)
    yielded: dict[str, Text] = field(default_factory=dict)
    output_names: Names = field(default_factory=Names)
    exported: dict[tuple[str, ...], str] = field(default_factory=dict)

    def give(self, reference: Expression) -> OutputReference:
        """An output of the group for an output of one of its tasks."""
        key, name = identity(reference)
        if key not in self.exported:
            self.exported[key] = self.output_names.unique(port_name(name))
            self.yielded[self.exported[key]] = Text((reference,))
        span = reference.span
        return OutputReference(self.group, self.exported[key], span, span, span)


class _Regrouping(Struct, frozen=True):
    scope: Scope
    owner: Mapping[str, str]
    ports: Mapping[str, _Ports]
    targets: Mapping[str, tuple[str, ...]]
    parallelism: int | None
    may_lack_outputs: frozenset[str]

    def carry_out(self, members: Mapping[str, Sequence[Call]]) -> None:
        """Give the scope its new calls, in lexicographic topological order."""
        stay = {
            task: self.said(call, self.outside) for task, call in self.scope.calls.items() if task not in self.owner
        }
        outputs = tuple(replaced(output, self.outside) for output in self.scope.outputs)
        inside = {group: self.calls(ports, members[group]) for group, ports in self.ports.items()}
        calls = {**stay, **{group: self.call(ports, inside[group]) for group, ports in self.ports.items()}}
        for call in calls.values():
            amend(call, dependencies=frozenset(self.owner.get(each, each) for each in call.dependencies))
        order = in_order({task: call.dependencies for task, call in calls.items()})
        targets = tuple(dict.fromkeys(self.owner.get(task, task) for task in self.scope.targets))
        amend(self.scope, calls={task: calls[task] for task in order}, outputs=outputs, targets=targets)
        for scope in (self.scope, *(inner for group in self.ports if (inner := calls[group].scope))):
            for call in calls_of(scope):
                adopt(scope, call)

    def outside(self, node: Expression) -> Expression:
        """A reference as seen by the scope: to an output of the group, if its task is in one; likewise for a `??`."""
        everywhere = (InputReference, WorkflowReference)  # a group can use them too
        homes = {self.home(each) for each in references(node) if not isinstance(each, everywhere)}
        group = homes.pop() if len(homes) == 1 else None
        return self.ports[group].give(node) if group is not None else node

    def home(self, reference: Reference) -> str | None:
        """The group that the task of a reference is in."""
        return self.owner.get(reference.task) if isinstance(reference, (OutputReference, FactReference)) else None

    def calls(self, ports: _Ports, members: Sequence[Call]) -> dict[str, Call]:
        """The calls of a group, as seen inside it."""
        return {call.task.name: self.said(call, self.inside(ports)) for call in members}

    def inside(self, ports: _Ports) -> Callable[[Expression], Expression]:
        """How a group says what its scope says."""

        def is_inside(reference: Reference) -> bool:
            return not _is_outside(reference, ports.tasks)

        def inside(node: Expression) -> Expression:
            if all(map(is_inside, references(node))):
                return node
            if isinstance(node, Binary):
                take = partial(ports.captures.capture, outside=self.outside)
                return inside_choice(node, is_inside, self.may_be_absent, take)
            return ports.captures.hand_on(node, self.outside)

        return inside

    def may_be_absent(self, reference: Reference) -> bool:
        """True for a reference without a value in some runs."""
        if isinstance(reference, (OutputReference, FactReference)) and reference.task not in self.may_lack_outputs:
            return False
        return not has_always_a_value(reference)

    def said(self, call: Call, become: Callable[[Expression], Expression]) -> Call:
        """A call with its references rewritten for another scope."""
        hooks = tuple(
            HookCall(hook.name, self.said(hook.call, become), _maybe(hook.when, become)) for hook in call.hooks
        )
        return Call(replaced(call.task, become), call.component, call.scope, call.dependencies, hooks, call.limited)

    def call(self, ports: _Ports, calls: dict[str, Call]) -> Call:
        """The call of a group."""
        span = next(iter(calls.values())).task.span
        yielded = {name: replaced(text, self.inside(ports)) for name, text in ports.yielded.items()}
        outputs = tuple(DagOutput(name, span, text, span) for name, text in yielded.items())
        inputs = tuple(Input(name, ANY, span, optional=True) for name in ports.captures.values)
        group = Scope(
            ports.group,
            inputs,
            outputs,
            calls,
            is_manifest=self.scope.is_manifest,
            parent=self.scope,
            parallelism=self.parallelism,
            fail_fast=self.scope.fail_fast,
            retries_all=self.scope.retries_all,
            targets=self.targets.get(ports.group, ()),
        )
        declared = tuple(Output(name, type_of_value(text, self.scope), span) for name, text in ports.yielded.items())
        waits_for = frozenset(other for call in calls.values() for other in call.dependencies) - ports.tasks
        needed = waits_for & {name for call in calls.values() for name, _ in call.task.after}
        for call in calls.values():
            amend(call, dependencies=call.dependencies & ports.tasks)
        arguments = (Argument(each, ref.span, Text((ref,)), ref.span) for each, ref in ports.captures.values.items())
        component = Component(ports.group, span, inputs, declared, Dag((), outputs))
        after = tuple((self.owner.get(name, name), span) for name in sorted(needed))
        return Call(Task(ports.group, span, None, tuple(arguments), after=after), component, group, waits_for)


def _is_outside(reference: Reference, tasks: frozenset[str]) -> bool:
    """True for a value that a group of those tasks must capture."""
    if isinstance(reference, (OutputReference, FactReference)):
        return reference.task not in tasks
    return isinstance(reference, InputReference)


def _maybe(node: Expression | None, become: Callable[[Expression], Expression]) -> Expression | None:
    return None if node is None else replaced(node, become)


def _share(scope: Scope, groups: Iterable[Sequence[str]]) -> int | None:
    """The limit of tasks of a group that run at the same time, so that all groups together respect that of the scope.

    The quotient of both limits is the number of groups that may run at the same time.
    """
    limit = scope.parallelism
    if limit is None:
        return None
    widest = max((_width(tasks, scope) for tasks in groups), default=1)
    inner = min(limit, widest)
    amend(scope, parallelism=max(1, limit // inner))
    return inner


def _width(tasks: Sequence[str], scope: Scope) -> int:
    """The most tasks of a group that are the same number of steps from its start."""
    place = {task: number for number, task in enumerate(tasks)}
    before = [[place[other] for other in scope.calls[task].dependencies if other in place] for task in tasks]
    level = levels(list(range(len(tasks))), Graph.of(before, [1] * len(tasks)))
    found = list(level.values())
    return max(found.count(number) for number in set(found))
