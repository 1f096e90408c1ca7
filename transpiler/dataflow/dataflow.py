"""How each value travels: as a parameter to who takes `inputValue`, as an artifact to who takes `inputPath`.

Works on instances: a component together with the optional inputs that its caller leaves out, since those decide
which of its placeholders remain. Expects scopes without errors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from msgspec import Struct, field

from transpiler.diagnostics import Report, Span
from transpiler.model.command_line import CommandLine
from transpiler.model.component import Component
from transpiler.model.expressions.tree import InputReference, OutputReference, Reference, Text, references_of
from transpiler.model.expressions.types import SCALARS
from transpiler.model.ports import Input
from transpiler.model.transport import Transport
from transpiler.resolve.files import is_file, may_be_file
from transpiler.resolve.program import Program
from transpiler.resolve.scope import Call, Scope
from transpiler.resolve.types import type_of

MAX_INSTANCES: Final = 10_000
"""Fifty times the templates that one object may have."""


class ValueUse(NamedTuple):
    """The references of one value, and the input it is passed to, or the output of the DAG that it is.

    Without either it is used by value.
    """

    references: list[Reference]
    callee: Instance | None = None
    name: str = ""
    is_plain: bool = False
    is_output: bool = False


class Instance(Struct, eq=False):
    """A component, or the pipeline itself (component None), as one set of callers uses it."""

    component: Component | None
    scope: Scope | None
    absent: frozenset[str]
    command: CommandLine | None = None
    callees: dict[str, Instance] = field(default_factory=dict)
    """Task name → the instance it calls."""
    hooks: dict[tuple[str, str], Instance] = field(default_factory=dict)
    """Task name and hook name → the instance that the hook calls."""
    takes: dict[str, Transport] = field(default_factory=dict)
    """Input → how it is wanted inside."""
    yields: dict[str, Transport] = field(default_factory=dict)
    """Output → how it is wanted outside."""
    uses: tuple[ValueUse, ...] = ()
    """What its tasks refer to."""

    @property
    def called(self) -> Iterator[tuple[Call, Instance]]:
        """Every call of the scope, hooks too, with the instance that it calls."""
        for task, call in self.scope.calls.items() if self.scope else ():
            yield call, self.callees[task]
            for hook in call.hooks:
                yield hook.call, self.hooks[task, hook.name]


class Dataflow(Struct, frozen=True):
    """The instances of a pipeline, callers before callees; the entry is the first."""

    entry: Instance
    on_exit: Instance | None
    instances: tuple[Instance, ...]


class TooManyInstances(Exception):  # noqa: N818 - becomes a diagnostic
    """Graph components that use each other with ever other inputs: more templates than any cluster takes."""


def trace(pipeline: Program, before: Dataflow | None = None) -> Dataflow:
    """All instances of a pipeline. Raises TooManyInstances.

    `before`: the same pipeline before some of its tasks were put into groups; its outputs leave in the same way.
    """
    tracer = _Tracer()
    entry = tracer.visit(None, pipeline.tasks, frozenset())
    on_exit = tracer.visit(None, pipeline.on_exit, frozenset()) if pipeline.on_exit else None
    instances = tuple(tracer.finished[::-1])
    _until_settled(_pass_up, tracer.finished)
    for output in pipeline.tasks.outputs:
        known = before.entry.yields if before else {}
        entry.yields[output.name] = known.get(output.name) or _asked_of(output.value, pipeline.tasks)
    _until_settled(_pass_down, instances)
    while _until_settled(_pass_up, tracer.finished):  # who chooses between files wants its inputs as its callers say
        _until_settled(_pass_down, instances)
    return Dataflow(entry, on_exit, (entry, *(each for each in instances if each is not entry)))


def trace_or_report(program: Program, where: Span, report: Report) -> Dataflow | None:
    """All instances of a pipeline; None, with a diagnostic at `where`, when there are far too many."""
    try:
        return trace(program)
    except TooManyInstances:
        hint = "pass all optional inputs of graph components, or split the pipeline; each combination needs a template"
        report.error("too-large", "the pipeline compiles to more than 10,000 templates", where, hint)
        return None


def _until_settled(step: Callable[[Instance], bool], instances: Sequence[Instance]) -> bool:
    """Pass news on until there is none: twice over all, and once more for each level of recursion.

    True when there was any.
    """
    rounds = 1
    while sum(step(instance) for instance in instances):
        rounds += 1
    return rounds > 1


def _asked_of(value: object, scope: Scope) -> Transport:
    """How a pipeline's own output leaves: as an artifact when it is a file, else as its tasks want it."""
    references = references_of(value)
    return (
        Transport.PATH
        if references and all(type_of(each, scope)[0].is_custom for each in references)
        else Transport.NONE
    )


class _Tracer(Struct):
    known: dict[tuple[Component | Scope | None, frozenset[str]], Instance] = field(default_factory=dict)
    finished: list[Instance] = field(default_factory=list)

    def visit(self, component: Component | None, scope: Scope | None, absent: frozenset[str]) -> Instance:
        key = (scope or component, absent)
        if key in self.known:
            return self.known[key]
        if len(self.known) >= MAX_INSTANCES:
            raise TooManyInstances
        instance = self.known[key] = Instance(component, scope, absent)
        if scope is not None:
            for name, call in scope.calls.items():
                instance.callees[name] = self.callee(call, instance)
                for hook in call.hooks:
                    instance.hooks[name, hook.name] = self.callee(hook.call, instance)
            instance.uses = tuple(use for use in _found_uses(instance) if use.references)
        elif component is not None:
            _leaf(instance, component)
        self.finished.append(instance)
        return instance

    def callee(self, call: Call, caller: Instance) -> Instance:
        """The instance that a call means: the component, without what the call leaves out."""
        assert call.component is not None
        missing = frozenset(given.name for given in call.component.inputs if is_absent(given, call, caller))
        instance = self.visit(call.component, call.scope, missing)
        if call.implementation.is_in_cluster and caller.scope is not None:
            instance.takes = _passed_to_cluster(call, caller.scope)
        return instance


def _leaf(instance: Instance, component: Component) -> None:
    """What the template of a component without tasks takes, and in which way."""
    container, names = component.implementation.container, [each.name for each in component.inputs]
    instance.command = container.command_line(instance.absent) if container is not None else None
    instance.takes = component.implementation.takes(names, instance.absent)


def _passed_to_cluster(call: Call, scope: Scope) -> dict[str, Transport]:
    """Nothing is known of a template of the cluster: files are passed as what they are, all else by value."""
    return {name: _way_of(argument.value, scope) for name, argument in call.arguments.items()}


def _way_of(value: object, scope: Scope) -> Transport:
    whole = value.whole if isinstance(value, Text) and _is_plain(value) else None
    outputs = [each for each in references_of(whole) if isinstance(scope.origin(each)[1], OutputReference)]
    files = [type_of(each, scope)[0].is_custom for each in outputs]
    home, origin = scope.origin(whole) if isinstance(whole, InputReference) else (scope, None)
    given = home.input(origin.name) if isinstance(origin, InputReference) else None
    is_stored = given is not None and given.artifact is not None
    return Transport.PATH if is_stored or (files and all(files)) else Transport.VALUE


def files_of(instance: Instance) -> list[str]:
    """The outputs that the program of a component writes, but for values of a type such as Integer."""
    component, command = instance.component, instance.command
    container = component.implementation.container if component is not None else None
    if component is None or command is None or container is None:
        return []
    written = {*command.written, *container.fixed_paths}
    return [each.name for each in component.outputs if each.name in written and each.type.name not in SCALARS]


def unused_files(traced: Dataflow) -> list[str]:
    """The files that programs write and nothing takes or stores: `TASK.OUTPUT`, each once."""
    found: dict[str, None] = {}
    for caller in traced.instances:
        for call, callee in caller.called:
            settings = call.task.settings
            stored = {each.output for each in settings.storage}
            for output in files_of(callee) if not settings.keep_files else ():
                if not callee.yields.get(output) and output not in stored:
                    found[f"{call.task.name}.{output}"] = None
    return list(found)


def is_absent(given: Input, call: Call, caller: Instance) -> bool:
    """True when a call leaves out an optional input: no default, and no argument, or one that is absent itself."""
    if given.has_source:
        return False
    argument = call.arguments.get(given.name)
    return argument is None or passes_absence(argument.value, caller)


def passes_absence(value: object, caller: Instance) -> bool:
    """True for an argument that is nothing but an input which the caller's own caller left out."""
    reference = value.plain_reference if isinstance(value, Text) else None
    return isinstance(reference, InputReference) and reference.name in caller.absent


def _pass_up(instance: Instance) -> bool:
    """What a DAG wants of its inputs: what the tasks that it passes them to want. True when that is news."""
    if instance.scope is None:
        return False
    takes: dict[str, Transport] = {}
    for reference, way in _uses(instance):
        if isinstance(reference, InputReference):
            given = instance.scope.input(reference.name)
            is_read = given is not None and given.value_from is not None  # Argo reads parameters alone
            takes[reference.name] = takes.get(reference.name, Transport.NONE) | (Transport.VALUE if is_read else way)
    changed = takes != instance.takes
    instance.takes = takes
    return changed


def _uses(instance: Instance) -> Iterator[tuple[Reference, Transport]]:
    """Each reference of a scope, and how it is wanted."""
    for use in instance.uses:
        if use.is_output:
            way = instance.yields.get(use.name, Transport.NONE)
        else:
            way = Transport.VALUE if use.callee is None else use.callee.takes.get(use.name, Transport.NONE)
        if way:
            way = way if use.is_plain else Transport.VALUE
            yield from ((each, way) for each in use.references)


def _found_uses(instance: Instance) -> Iterator[ValueUse]:
    for call, callee in instance.called:
        for name, argument in call.arguments.items():
            yield ValueUse(references_of(argument.value), callee, name, _is_plain(argument.value))
        task = call.task
        yield ValueUse(references_of((task.when, task.loop, task.settings)))
        for hook in call.hooks:
            yield ValueUse(references_of(hook.when))
    for given in instance.scope.inputs if instance.scope else ():
        yield ValueUse(references_of(given.artifact))
    for output in instance.scope.outputs if instance.scope else ():
        if output.reference is None:
            inputs: list[Reference] = [each for each in references_of(output.value) if isinstance(each, InputReference)]
            is_choice_of_files = _is_plain(output.value)
            yield ValueUse(inputs, None, output.name, is_choice_of_files, is_output=is_choice_of_files)


def _is_plain(value: object) -> bool:
    """True for a reference, or one `??` another: what can be passed as a file."""
    whole = value.whole if isinstance(value, Text) else None
    return whole is not None and may_be_file(whole)


def _pass_down(instance: Instance) -> bool:
    """Tell the instances that a scope calls how their outputs are wanted: by its tasks, and by its own callers."""
    scope = instance.scope
    if scope is None:
        return False
    wanted: dict[tuple[str, str], Transport] = {}
    for reference, way in _uses(instance):
        _want(reference, way, scope, wanted)
    for output in scope.outputs:
        references = references_of(output.value)
        if output.name in instance.yields:
            inside = Transport.NONE
            for each in references:
                inside |= wanted.get(_key(each, scope), Transport.NONE)
            instance.yields[output.name] |= _export_way(instance.yields[output.name], inside)
            for each in references:
                _want(each, instance.yields[output.name], scope, wanted)
    return sum(_demand(instance, task, output, way) for (task, output), way in wanted.items()) > 0


def _demand(instance: Instance, task: str, output: str, way: Transport) -> bool:
    yields = instance.callees[task].yields
    before = yields.get(output, Transport.NONE)
    yields[output] = before | way
    return yields[output] != before


def _want(reference: Reference, way: Transport, scope: Scope, wanted: dict[tuple[str, str], Transport]) -> None:
    """Record how an output of a task is wanted; by value what is no file, like the list that a loop collects."""
    key = _key(reference, scope)
    if key[1]:
        asked = way if Transport.PATH not in way or is_file(reference, scope) else Transport.VALUE
        wanted[key] = wanted.get(key, Transport.NONE) | asked


def _key(reference: Reference, scope: Scope) -> tuple[str, str]:
    found = scope.output_of(reference) if isinstance(reference, OutputReference) else None
    return (reference.task, found.name) if found and isinstance(reference, OutputReference) else ("", "")


def _export_way(asked: Transport, inside: Transport) -> Transport:
    """Nobody asks how a pipeline's own output leaves: as a parameter, unless it is wanted by path only."""
    if asked:
        return asked
    return Transport.PATH if inside == Transport.PATH else Transport.VALUE
