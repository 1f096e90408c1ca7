"""The edges between the tasks of a program, in the user's own terms, also into and out of groups and loops."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from transpiler.bindings.bindings import Kind, by_position
from transpiler.bindings.written_tasks import Named, Wait, WrittenTask, WrittenTasks, output_named
from transpiler.dataflow.instances import Dataflow
from transpiler.diagnostics import Span
from transpiler.model.expressions.search import references_of
from transpiler.model.expressions.tree import RESULTS, FactReference, OutputReference, Reference, whole_of
from transpiler.model.expressions.types import Type
from transpiler.model.task import Loop
from transpiler.model.transport import Transport
from transpiler.resolve.files import may_be_file
from transpiler.resolve.names import Level
from transpiler.resolve.program import WrittenDag
from transpiler.resolve.scope import Call, Scope, used_at_its_end
from transpiler.resolve.types import type_of


class End(Struct, frozen=True):
    """One end of an edge: the path of a task, its `port`, and the position in the source.

    The port of a source is the target of a reference: `inputs.NAME`, `outputs.NAME`, `item.NAME` (the item of a loop),
    a fact such as `status`; for an order it is the result that `depends` asks for, or empty. The port of a target is
    the key that contains the reference: `arguments.NAME`, `when`, `forEach`, `settings`, `after`, `depends`, `onExit`
    (the handler of the task uses the other), or `outputs.NAME`. The path is `()` for the pipeline, or the graph
    component, that the file defines.
    """

    task: tuple[str, ...]
    port: str
    span: Span


class Edge(Struct, frozen=True):
    """One value that a task takes from another task or from the inputs, or an order without a value.

    `transport` tells how Argo passes the value: as a parameter, an artifact, or both; it is Transport.NONE for an edge
    that only orders, and None where a mistake in the pipeline leaves it open. `type` is None for an order, too.
    """

    source: End
    target: End
    type: Type | None
    transport: Transport | None
    is_negated: bool = False
    """True for an order of `depends` that asks for anything but the result."""

    @property
    def how(self) -> str:
        """The transport in words: `parameter`, `artifact`, `parameter and artifact`, `order` or `unknown`."""
        if self.transport is None:
            return "unknown"
        ways = {Transport.VALUE: "parameter", Transport.PATH: "artifact"}
        return " and ".join(word for way, word in ways.items() if way in self.transport) or "order"


def edges_of(manifest: str, tasks: WrittenTasks, dataflow: Dataflow | None) -> tuple[Edge, ...]:
    """Every edge by the position of its target, those in the manifest first.

    `manifest` is its name in messages; `dataflow` is None where mistakes leave it open.
    """
    edges = Edges(tasks, dataflow)
    found = [edge for written in tasks.all for edge in edges.of_task(written)]
    found += [edge for dag in tasks.dags.values() for edge in edges.of_outputs(dag)]
    return tuple(sorted(found, key=lambda edge: by_position(edge.target.span, manifest)))


class Edges:
    """The edges of a program, by the task or DAG that they lead to."""

    def __init__(self, tasks: WrittenTasks, dataflow: Dataflow | None) -> None:
        self.tasks = tasks
        self.takes: dict[Call, dict[str, Transport]] = {}
        self.yields: dict[Scope, dict[str, Transport]] = {}
        self.by_value = Transport.VALUE if dataflow is not None else None
        for instance in dataflow.instances if dataflow is not None else ():
            for call, callee in instance.called:
                _add(self.takes.setdefault(call, {}), callee.takes)
            if instance.scope is not None:
                _add(self.yields.setdefault(instance.scope, {}), instance.yields)

    def of_task(self, written: WrittenTask) -> Iterator[Edge]:
        """The edges that lead to a task: the values that it takes, and the tasks that it waits for."""
        yield from self._data(written)
        yield from self._order(written)

    def _data(self, written: WrittenTask) -> Iterator[Edge]:
        """The edges of the values that a task takes."""
        task, level, path = written.task, written.home.level, written.own_path
        taken = self.takes.get(written.call, {}) if written.call is not None else {}
        for argument in task.arguments:
            transport = taken.get(argument.name, self.by_value) if _is_whole(argument.value) else self.by_value
            yield from self._edges(argument.value, level, task.loop, path, f"arguments.{argument.name}", transport)
        settings = (task.settings, *(hook.when for hook in task.hooks))
        yield from self._edges(task.when, level, task.loop, path, "when", self.by_value)
        yield from self._edges(settings, level, task.loop, path, "settings", self.by_value)
        yield from self._shared(written)
        yield from self._edges(task.loop, level, None, path, "forEach", self.by_value)

    def _shared(self, written: WrittenTask) -> Iterator[Edge]:
        """The edges of the settings that a task takes from `defaults` and presets, which name what their file has."""
        call, level = written.call, written.home.level
        if call is None:
            return
        own = {each.span for each in references_of(written.task.settings)}
        top = level
        while top.parent is not None:
            top = top.parent
        for reference in references_of(call.task.settings):
            if reference.span not in own:
                _, origin = written.home.scope.origin(reference)
                yield from self._edges(origin, top, None, written.own_path, "settings", self.by_value)

    def _order(self, written: WrittenTask) -> Iterator[Edge]:
        """The edges of the tasks that a task waits for by name, or because its exit handler uses them."""
        for wait in (*written.waits, *_at_its_end(written)):
            found = self.tasks.task(written.home.level, wait.task)
            if found is not None and found.span is not None:
                source = End((*found.path, found.name), wait.result, found.span)
                target = End(written.own_path, wait.key, wait.span)
                yield Edge(source, target, None, Transport.NONE, wait.is_negated)

    def of_outputs(self, dag: WrittenDag) -> Iterator[Edge]:
        """The edges that lead to the outputs of a DAG."""
        yields = self.yields.get(dag.scope, {})
        for output in dag.dag.outputs:
            transport = yields.get(output.name) or self.by_value
            path = self.tasks.paths[dag.level]
            yield from self._edges(output.value, dag.level, None, path, f"outputs.{output.name}", transport)

    def _edges(
        self,
        value: object,
        level: Level,
        loop: Loop | None,
        path: tuple[str, ...],
        port: str,
        transport: Transport | None,
    ) -> Iterator[Edge]:
        """An edge for each reference of a value at a level, in a task with that loop."""
        for reference in references_of(value):
            named = self.tasks.named(reference, level, loop)
            source = _source(reference, named) if named is not None else None
            if source is not None and named is not None:
                target = End(path, port, reference.span)
                yield Edge(source, target, type_of(reference, named.scope)[0], transport)


def _at_its_end(written: WrittenTask) -> Iterator[Wait]:
    """What a task waits for because its exit handler uses it, once for each."""
    call = written.home.scope.calls.get(written.task.name) if not written.hook else None
    used = {each.task: each for each in used_at_its_end(call)} if call is not None else {}
    yield from (Wait("onExit", name, "", reference.span) for name, reference in used.items())


def _add(known: dict[str, Transport], more: Mapping[str, Transport]) -> None:
    for name, transport in more.items():
        known[name] = known.get(name, Transport.NONE) | transport


def _is_whole(value: object) -> bool:
    """True for a reference, or one `??` another; any other expression is a string, passed by value."""
    whole = whole_of(value)
    return whole is not None and may_be_file(whole)


def _source(reference: Reference, named: Named) -> End | None:
    """The source of the value of a reference; None for a variable, which no task yields."""
    found = named.definition
    if found.span is None:
        return None
    if isinstance(reference, OutputReference) and reference.is_results:
        return End((*found.path, found.name), RESULTS, found.span)
    if isinstance(reference, OutputReference):
        output = output_named(reference, named.scope, found.path)
        span = output.span if output is not None and output.span is not None else found.span
        name = output.name if output is not None else reference.output or ""
        return End((*found.path, found.name), f"outputs.{name}", span)
    if isinstance(reference, FactReference):
        return End((*found.path, found.name), reference.fact, found.span)
    return End(found.path, f"{'inputs' if found.kind is Kind.INPUT else 'item'}.{found.name}", found.span)
