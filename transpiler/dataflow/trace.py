"""The transport of each value: as a parameter for `inputValue`, as an artifact for `inputPath`.

The demand of a callee for its inputs goes up to its callers, and that of callers for an output down to the tasks that
yield it, until nothing changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from transpiler.dataflow.instances import Dataflow, Instance, writes
from transpiler.dataflow.tracer import TooManyInstances, Tracer
from transpiler.diagnostics import Report, Span
from transpiler.model.expressions.search import references_of
from transpiler.model.expressions.tree import InputReference, OutputReference, Reference, whole_of
from transpiler.model.transport import Transport
from transpiler.resolve.files import is_file, may_be_file
from transpiler.resolve.program import Program
from transpiler.resolve.scope import Call, Scope
from transpiler.resolve.types import type_of


def trace(pipeline: Program, before: Dataflow | None = None) -> Dataflow:
    """All instances of a pipeline. Raises TooManyInstances.

    `before`: the same pipeline before some of its tasks were put into groups; its outputs leave in the same way.
    """
    tracer = Tracer()
    absent = frozenset(each.name for each in pipeline.tasks.inputs if each.is_passed_file and each.optional)
    entry = tracer.visit(None, pipeline.tasks, absent)
    on_exit = tracer.visit(None, pipeline.on_exit, absent) if pipeline.on_exit else None
    entries = tracer.visit(None, pipeline.entries, frozenset()) if pipeline.entries else None
    hooks = tuple((hook, tracer.visit(None, hook.scope, frozenset())) for hook in pipeline.hooks)
    instances = tuple(tracer.finished[::-1])
    _until_settled(_pass_up, tracer.finished)
    for output in pipeline.tasks.outputs:
        known = before.entry.yields if before else {}
        entry.yields[output.name] = known.get(output.name) or _asked_of(output.value, pipeline.tasks)
    for call, callee in entries.called if entries is not None else ():
        before_that = before.entries.callees[call.task.name] if before and before.entries else None
        _want_all(call, callee, before_that.yields if before_that else {})
    _until_settled(_pass_down, instances)
    while _until_settled(
        _pass_up, tracer.finished
    ):  # a choice of files takes its inputs as its callers want the output
        _until_settled(_pass_down, instances)
    return Dataflow(entry, on_exit, (entry, *(each for each in instances if each is not entry)), entries, hooks)


def _want_all(call: Call, callee: Instance, known: Mapping[str, Transport]) -> None:
    """Every output of an entry of a library: a file if it has a type of its own, else a value."""
    scope, written = callee.scope, call.component.outputs if call.component is not None else ()
    asked = {each.name: _asked_of(each.value, scope) for each in scope.outputs} if scope is not None else {}
    for output in (each for each in written if writes(callee, each.name)):
        is_file = output.type.is_custom if scope is None else asked.get(output.name) is Transport.PATH
        way = known.get(output.name) or (Transport.PATH if is_file else Transport.VALUE)
        callee.yields[output.name] = callee.yields.get(output.name, Transport.NONE) | way


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
    whole = whole_of(value)
    are_files = [type_of(each, scope)[0].is_custom for each in references_of(value)]
    if whole is None or not may_be_file(whole):
        return Transport.VALUE
    return Transport.PATH if are_files and all(are_files) else Transport.NONE


def _pass_up(instance: Instance) -> bool:
    """Propagate the demand for the inputs of a DAG from the tasks that use them. True if it has changed."""
    if instance.scope is None:
        return False
    takes: dict[str, Transport] = {}
    for reference, way in _uses(instance):
        if isinstance(reference, InputReference):
            given = instance.scope.input(reference.name)
            is_read = given is not None and given.value_from is not None  # Argo reads only parameters
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


def _pass_down(instance: Instance) -> bool:
    """Propagate the demand for outputs to the callees of a scope: from its tasks, and from its own callers."""
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
    """Record the demand for an output of a task; by value if it is not a file, such as the list of a loop."""
    key = _key(reference, scope)
    if key[1]:
        asked = way if Transport.PATH not in way or is_file(reference, scope) else Transport.VALUE
        wanted[key] = wanted.get(key, Transport.NONE) | asked


def _key(reference: Reference, scope: Scope) -> tuple[str, str]:
    found = scope.output_of(reference) if isinstance(reference, OutputReference) else None
    return (reference.task, found.name) if found and isinstance(reference, OutputReference) else ("", "")


def _export_way(asked: Transport, inside: Transport) -> Transport:
    """The transport of an output of the pipeline itself: a parameter, unless it is used only by path."""
    if asked:
        return asked
    return Transport.PATH if inside == Transport.PATH else Transport.VALUE
