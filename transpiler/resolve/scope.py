"""The tasks of one pipeline, group or graph component with their names resolved: calls and their order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from msgspec import Struct, field

from transpiler.diagnostics import Span
from transpiler.model.component import Component
from transpiler.model.depends import is_negated, results
from transpiler.model.expressions.absence import guarded
from transpiler.model.expressions.search import expressions_in, references_of
from transpiler.model.expressions.tree import (
    REFERENCES,
    RESULTS,
    Boxed,
    Expression,
    FactReference,
    InputReference,
    OutputReference,
    Reference,
)
from transpiler.model.expressions.types import ANY, parse_type
from transpiler.model.implementation import NO_IMPLEMENTATION, Implementation
from transpiler.model.ports import RESULT, Input, Output
from transpiler.model.task import EXIT, Argument, DagOutput, Loop, Task
from transpiler.model.values import StoredFile


class Call(Struct, frozen=True, eq=False, dict=True):
    """A task and its callee (None if that has a reported mistake).

    The references of the task are those of this scope: captured values of a group have become inputs.
    """

    task: Task
    component: Component | None
    scope: Scope | None = None
    """The tasks of a group, sub-pipeline or graph component."""
    dependencies: frozenset[str] = frozenset()
    """The tasks it waits for, by name."""
    hooks: tuple[HookCall, ...] = ()
    limited: Loop | None = None
    """The loop in a group that represents it, if it has limits or hooks of its own."""
    runs_after_end_of: frozenset[str] = frozenset()
    """Tasks that must have ended first, in whatever way, since no more may run at a time."""

    def prints(self, output: Output) -> bool:
        """True for what the program of the call prints; a DAG yields that of a task in it under a name."""
        return output.is_printed and self.scope is None

    @cached_property
    def arguments(self) -> dict[str, Argument]:
        """Input name → argument, without those that say `null`."""
        return {given.name: given for given in self.task.arguments if given.value is not None}

    @property
    def implementation(self) -> Implementation:
        """The implementation that the call runs."""
        return self.component.implementation if self.component is not None else NO_IMPLEMENTATION

    @property
    def loop(self) -> Loop | None:
        """The loop that runs the call for each item."""
        return self.task.loop

    @property
    def may_be_skipped(self) -> bool:
        """True when a run may leave the call out, so that its outputs may be absent."""
        return self.task.when is not None or (self.loop is not None and self.loop.may_be_empty)

    @property
    def is_daemon(self) -> bool:
        """True for a pod that runs beside its dependents (Argo's `daemon`)."""
        given = self.task.settings.argo_template
        return bool(self.implementation.argo_fields.get("daemon")) or bool(
            given is not None and given.data.get("daemon")
        )


class HookCall(Struct, frozen=True, eq=False):
    """A call in a state of another: after its end, or as soon as `when` is true."""

    name: str
    call: Call
    when: Expression | None

    @property
    def is_exit(self) -> bool:
        """True for the exit handler of the task."""
        return self.name == EXIT

    @property
    def references(self) -> list[Reference]:
        """Every reference of the hook."""
        return [*references_of(self.call.task), *references_of(self.when)]


class Scope(Struct, frozen=True, eq=False, dict=True):
    """Tasks that see each other, in an order that the order of the file does not change."""

    name: str
    inputs: tuple[Input, ...]
    outputs: tuple[DagOutput, ...]
    calls: Mapping[str, Call] = field(default_factory=dict)
    incomplete_names: frozenset[str] = frozenset()
    """`inputs` and `tasks`, where a mistake that is reported hides some of their names."""
    is_manifest: bool = False
    """True for the tasks of a manifest, False for those of a graph component."""
    parent: Scope | None = None
    """The scope around a group."""
    captures: Mapping[str, Expression] = field(default_factory=dict)
    """Input of a group → the captured expression, in terms of the surrounding scope."""
    group: Task | None = None
    """The task that a group is."""
    may_lack_files: bool = False
    """True for the pipeline that is run, whose output files have no consumers: a skipped task then yields none."""
    on_exit: bool = False
    """True for the `onExit` of the pipeline."""
    is_library: bool = False
    """True for the entries of a library: who calls them, and with what, is not known here."""
    is_hook: bool = False
    """True for a hook of the run."""
    has_incomplete_outputs: bool = False
    """True if a reported mistake may hide outputs of it."""
    boxed: frozenset[str] = frozenset()
    """Inputs whose arguments are `Boxed`, for a DAG that is not a group."""
    parallelism: int | None = None
    fail_fast: bool | None = None
    retries_all: bool = False
    """True when Argo tries everything again in the run, DAGs and hooks too."""
    targets: tuple[str, ...] = ()
    """The tasks whose results decide that of the DAG; () for its last tasks, Argo's default."""

    @property
    def is_at_the_end(self) -> bool:
        """True for the `onExit` of the pipeline, and for groups in it."""
        return self.on_exit or (self.parent is not None and self.parent.is_at_the_end)

    @property
    def is_in_a_hook(self) -> bool:
        """True for a hook of the run, and for groups in it."""
        return self.is_hook or (self.parent is not None and self.parent.is_in_a_hook)

    def input(self, name: str) -> Input | None:
        """The input of that name."""
        return self._inputs.get(name)

    @cached_property
    def _inputs(self) -> dict[str, Input]:
        return {given.name: given for given in self.inputs}

    def output_of(self, reference: OutputReference) -> Output | None:
        """The output that a reference names; None if it is unknown, or `.output` is ambiguous."""
        call = self.calls.get(reference.task)
        if call is None or call.component is None:
            return None
        if reference.is_results:
            return self._results(call)
        component, implementation = call.component, call.component.implementation
        name = implementation.default_output(component.outputs) if reference.output is None else reference.output
        if name is None:
            return None
        return component.output(name) or self._undeclared(name, component, reference.output_span)

    @staticmethod
    def _results(call: Call) -> Output | None:
        """The item of a loop with its outputs: an object for each item, or the list of all."""
        if call.loop is None and call.limited is None:
            return None
        return Output(RESULTS, parse_type("JsonObject" if call.loop is not None else "JsonArray"), call.task.span)

    def _undeclared(self, name: str, component: Component, used_at: Span) -> Output | None:
        """An output of a template of the cluster, or what the program of a component prints; None if there is none."""
        is_in_cluster = component.implementation.is_in_cluster
        is_printed = name == RESULT and (is_in_cluster or (self.is_manifest and component.prints_result))
        return Output(name, ANY, used_at, is_printed=is_printed) if is_in_cluster or is_printed else None

    def yielded(self, output: str) -> OutputReference | None:
        """The output of a task that the DAG yields under a name; None if it yields something else."""
        return next((each.reference for each in self.outputs if each.name == output), None)

    def origin(self, reference: Reference) -> tuple[Scope, Reference]:
        """The scope and reference from which an input of a group is captured, through all groups."""
        scope = self
        while isinstance(reference, InputReference) and scope.parent and reference.name in scope.captures:
            outer = scope.captures[reference.name]
            outer = outer.reference if isinstance(outer, Boxed) else outer
            if not isinstance(outer, REFERENCES):
                break
            scope, reference = scope.parent, outer
        return scope, reference

    def declared(self, reference: Expression) -> Input | None:
        """The input that a reference to one names, through all groups; None for any other expression."""
        if not isinstance(reference, InputReference):
            return None
        home, origin = self.origin(reference)
        return home.input(origin.name) if isinstance(origin, InputReference) else None

    def is_boxed(self, name: str) -> bool:
        """True for an input of a group whose argument is `Boxed`."""
        return name in self.boxed or isinstance(self.captures.get(name), Boxed)


def asks_for_results(task: Task) -> bool:
    """True for a task whose `depends` tests results: it is omitted after other results."""
    depends = task.depends
    return depends is not None and (is_negated(depends) or any(each.result for each in results(depends)))


def named_in(task: Task) -> frozenset[str]:
    """The tasks that a task waits for: those whose outputs or states it uses, in `after` and in `depends`."""
    used = {each.task for each in references_of(task) if isinstance(each, (OutputReference, FactReference))}
    asked = {each.task for each in results(task.depends)} if task.depends is not None else set()
    return frozenset({*used, *asked, *(name for name, _ in task.after)})


def used_at_its_end(call: Call) -> list[OutputReference | FactReference]:
    """What the exit handler of a call uses of other tasks, for which the call waits too."""
    name = call.task.name
    said = [each for hook in call.hooks if hook.is_exit for each in hook.references]
    return [each for each in said if isinstance(each, (OutputReference, FactReference)) and each.task != name]


def guarded_at_its_end(call: Call) -> Iterator[Reference]:
    """What may be absent of that, because a `??` gives an alternative."""
    for hook in call.hooks:
        for node in (*expressions_in(hook.call.task), *([hook.when] if hook.when is not None else ())):
            yield from guarded(node) if hook.is_exit else ()


def expressions_of(call: Call) -> Iterator[Expression]:
    """Every expression of a call, and the conditions of its hooks."""
    yield from expressions_in(call.task)
    if call.task.when is not None:
        yield call.task.when
    yield from (hook.when for hook in call.hooks if hook.when is not None)


def references_in(scope: Scope) -> Iterator[Reference]:
    """Every reference of a scope: of its tasks, of their hooks, and of its outputs."""
    for call in scope.calls.values():
        yield from references_of(call.task)
        for hook in call.hooks:
            yield from hook.references
    yield from references_of(scope.outputs)


def stored_files_of(call: Call) -> Iterator[tuple[Argument, StoredFile]]:
    """The arguments of a call that are files that exist, given by their locations."""
    for argument in call.arguments.values():
        if isinstance(argument.value, StoredFile):
            yield argument, argument.value


def calls_of(scope: Scope) -> Iterator[Call]:
    """Every call of a scope, hooks too."""
    for call in scope.calls.values():
        yield call
        yield from (hook.call for hook in call.hooks)


def scopes_of(*roots: Scope | None) -> Iterator[Scope]:
    """Scopes and all below them, each once. Those below one are collected after the consumer has processed it."""
    waiting, seen = [each for each in roots if each is not None], set()
    while waiting:
        scope = waiting.pop()
        if scope not in seen:
            seen.add(scope)
            yield scope
            waiting.extend(call.scope for call in calls_of(scope) if call.scope is not None)


def only_asked_how_they_ended(call: Call) -> set[str]:
    """Tasks of which a call uses the status or exit code, and nothing that only one which succeeded has."""
    said = references_of(call.task)
    asked = {each.task for each in said if isinstance(each, FactReference) and each.fact in {"status", "exitCode"}}
    needed = {each.task for each in said if isinstance(each, OutputReference)} | {name for name, _ in call.task.after}
    safe = {id(each) for each in guarded_at_its_end(call)}
    at_its_end = (each for each in used_at_its_end(call) if isinstance(each, OutputReference) and id(each) not in safe)
    return asked - needed - {each.task for each in at_its_end}
