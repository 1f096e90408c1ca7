"""The results of loops: `tasks.train.results` → an output of a DAG around the task, with the item and its outputs.

Argo collects values of one output, and does not say whose they are. So each item runs in a DAG, which yields a JSON
object of the item and of what the task in it yields. Argo collects the objects as it collects all values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from transpiler.argo.naming import Names
from transpiler.dataflow.instances import Dataflow
from transpiler.lower.reshape.wrapping import name_outputs, own, rewrite, wrap
from transpiler.model.expressions.search import Replace
from transpiler.model.expressions.tree import RESULTS, Expression, ItemReference, OutputReference, Result, Text
from transpiler.model.ports import Output
from transpiler.model.task import DagOutput, Item, Loop
from transpiler.model.transport import Transport
from transpiler.model.values import Literal
from transpiler.resolve.amend import adopt, amend
from transpiler.resolve.group_defaults import hand_on_defaults
from transpiler.resolve.program import Program
from transpiler.resolve.scope import Call, Scope, calls_of, references_in, scopes_of
from transpiler.resolve.types import LIST, OBJECT

Stored = Mapping[Scope, Mapping[str, frozenset[str]]]
"""Scope → task → its outputs that are taken as files."""


def has_results(program: Program) -> bool:
    """True if a task uses the results of a loop."""
    return any(_used(scope) for scope in program.scopes)


def stored_files(dataflow: Dataflow) -> dict[Scope, dict[str, frozenset[str]]]:
    """The outputs of each task that are taken as files."""
    found: dict[Scope, dict[str, frozenset[str]]] = {}
    for instance in dataflow.instances:
        if instance.scope is None:
            continue
        known = found.setdefault(instance.scope, {})
        for task, callee in instance.callees.items():
            files = frozenset(name for name, way in callee.yields.items() if Transport.PATH in way)
            known[task] = known.get(task, frozenset()) | files
    return found


def collect_results(program: Program, stored: Stored) -> None:
    """Give every loop whose results are used an output with them."""
    for scope in scopes_of(*program.roots):
        used = _used(scope)
        if not used:
            continue
        said = (each for each in references_in(scope) if isinstance(each, OutputReference))
        short = {each.task for each in said if each.output is None}
        named: dict[str, str] = {}
        for name in used:
            call = scope.calls[name]
            if name in short:
                name_outputs({name}, scope)
            names = (each.name for each in (call.component.outputs if call.component is not None else ()))
            output = named[name] = Names(names).unique(RESULTS)
            if call.loop is None:
                _hand_on(call, output)
            else:
                files = stored.get(scope, {}).get(name, frozenset())
                wrap(call, scope, _Results(call, output, files).yielded, f"{name}-item")
        rewrite(scope, _named(named))
        for call in calls_of(scope):
            adopt(scope, call)
    hand_on_defaults(*program.roots)


def _used(scope: Scope) -> list[str]:
    """The tasks of a scope whose results are used."""
    said = (each for each in references_in(scope) if isinstance(each, OutputReference) and each.is_results)
    return sorted({each.task for each in said})


def _named(outputs: Mapping[str, str]) -> Replace:
    """The rewriting of results to the outputs that have them; `outputs` has that of each task."""

    def become(node: Expression) -> Expression:
        if not isinstance(node, OutputReference) or not node.is_results:
            return node
        return replace(node, output=outputs[node.task], is_results=False)

    return become


def _hand_on(call: Call, output: str) -> None:
    """A loop with limits or hooks is in a DAG already, which yields its list."""
    component, scope, span = call.component, call.scope, call.task.span
    assert component is not None
    assert scope is not None
    inside = replace(own(call.task.name, RESULTS, span), is_results=True)
    outputs = (*scope.outputs, DagOutput(output, span, Text((inside,)), span))
    amend(scope, outputs=outputs)
    amend(call, component=replace(component, outputs=(*component.outputs, Output(output, LIST, span))))


class _Results(Struct, frozen=True):
    """The output with the results of a loop."""

    call: Call
    name: str
    files: frozenset[str]
    """The outputs of the task that are taken as files."""

    def yielded(self, declared: tuple[Output, ...], captured: Replace) -> Iterator[tuple[Output, Text]]:
        """The output of the DAG around one item; Argo collects those of all."""
        task, loop = self.call.task, self.call.task.loop
        assert loop is not None
        own_ones = (
            self.call.component.outputs if self.call.component is not None else ()
        )  # of the cluster, not all used
        declared = tuple({each.name: each for each in (*declared, *own_ones)}.values())
        values = [each for each in declared if self.is_value(each)]
        item = ItemReference(loop.alias, None, task.span)
        result = Result(
            captured(item),
            _is_json(loop),
            tuple((each.name, own(task.name, each.name, task.span)) for each in values),
            tuple(each.name for each in declared if each.type.is_custom and each.name in self.files),
            task.span,
        )
        yield Output(self.name, OBJECT, task.span), Text((result,))

    def is_value(self, output: Output) -> bool:
        """True for an output that the program writes, and that is no file."""
        container = self.call.implementation.container
        written = (*container.command_line().written, *container.fixed_paths) if container is not None else ()
        is_written = container is None or output.name in written
        return is_written and not output.type.is_custom and not output.is_printed


def _is_json(loop: Loop) -> bool | None:
    """True if each item is a list or mapping, False if none is, None if only the run knows."""
    if loop.items is None:
        return True if loop.matrix is not None else None if loop.source is not None else False
    kinds = {isinstance(each, tuple) or _is_structure(each) for each in loop.items}
    return kinds.pop() if len(kinds) == 1 else None


def _is_structure(item: Item) -> bool | None:
    return isinstance(item.value, (list, dict)) if isinstance(item, Literal) else None
