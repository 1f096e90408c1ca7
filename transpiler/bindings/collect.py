"""A program → its bindings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from transpiler.bindings.bindings import Bindings, Definition, Kind, Use, by_position
from transpiler.bindings.written_tasks import WrittenTask, WrittenTasks, output_named
from transpiler.diagnostics import Span
from transpiler.model.component import Component
from transpiler.model.expressions.search import references_of
from transpiler.model.expressions.tree import FactReference, OutputReference, Reference
from transpiler.model.pipeline import Pipeline
from transpiler.model.ports import Input, Output
from transpiler.model.task import ComponentReference, Loop
from transpiler.resolve.names import Level


def bindings_of(manifest: str, pipeline: Pipeline | None, tasks: WrittenTasks) -> Bindings:
    """Every name of the files that a pipeline consists of; none for a manifest that cannot be read.

    `manifest` is its name in messages.
    """
    if pipeline is None:
        return Bindings((), (), manifest)
    collector = _Collector(pipeline, tasks)
    known: dict[tuple[object, ...], Definition] = {}
    for each in collector.definitions():
        known.setdefault(_identity(each), each)
    uses = [Use(known.setdefault(_identity(use.definition), use.definition), use.span) for use in collector.uses()]
    return Bindings(
        tuple(sorted(known.values(), key=lambda each: by_position(each.span, manifest))),
        tuple(sorted(dict.fromkeys(uses), key=lambda use: by_position(use.span, manifest))),
        manifest,
    )


def _identity(definition: Definition) -> tuple[object, ...]:
    """A name is identified by its position: a port of a component has its own path only at the component."""
    return definition.kind, definition.name, definition.span


class _Collector:
    def __init__(self, pipeline: Pipeline, tasks: WrittenTasks) -> None:
        self.pipeline = pipeline
        self.tasks = tasks
        self.short_names = {
            name: Definition(Kind.COMPONENT, name, (), used.span)
            for name, used in pipeline.components
            if used is not None
        }
        self.inline = {used: name for name, used in pipeline.components if isinstance(used, Component)}

    # ------------------------------------------------------------------ definitions

    def definitions(self) -> Iterator[Definition]:
        """The definitions in the files, used or not."""
        yield from self.short_names.values()
        for port in self.pipeline.inputs:
            yield Definition(Kind.INPUT, port.name, (), port.span)
        for level, dag in self.tasks.dags.items():
            for output in dag.dag.outputs:
                yield Definition(Kind.OUTPUT, output.name, self.tasks.paths[level], output.span)
        for written in self.tasks.all:
            kind = Kind.ENTRY if written.home.scope.is_library else Kind.TASK
            yield Definition(kind, written.hook or written.task.name, written.path, written.task.span)
            if written.task.loop is not None:
                yield self._item(written, written.task.loop)
            yield from self._ports(written)

    def _item(self, written: WrittenTask, loop: Loop) -> Definition:
        return Definition(Kind.ITEM, loop.alias, written.path, loop.span)

    def _ports(self, written: WrittenTask) -> Iterator[Definition]:
        """The ports of the component that a task names; those of a group are names around its tasks."""
        component = written.call.component if written.call is not None and written.task.group is None else None
        if component is None:
            return
        path: tuple[str, ...] = ()
        if component.span.source is self.pipeline.span.source:
            short = self.inline.get(component)
            path = ("components", short) if short is not None else written.own_path
        ports: tuple[Input | Output, ...] = (*component.inputs, *component.outputs)
        for port in ports:
            yield Definition(Kind.INPUT if isinstance(port, Input) else Kind.OUTPUT, port.name, path, port.span)

    # ------------------------------------------------------------------ uses

    def uses(self) -> Iterator[Use]:
        """The uses in the files, task by task."""
        for written in self.tasks.all:
            yield from self._of_task(written)
        for dag in self.tasks.dags.values():
            yield from self._references(references_of(dag.dag.outputs), dag.level, None)
        root = next(iter(self.tasks.dags), None)
        if root is not None:
            yield from self._references(references_of(self.pipeline.slots), root, None)

    def _of_task(self, written: WrittenTask) -> Iterator[Use]:
        task, level = written.task, written.home.level
        yield from self._references(references_of(written.without_parts), level, task.loop)
        yield from self._references(references_of(task.loop), level, None)
        for hook in task.hooks:
            yield from self._references(references_of(hook.when), level, None)
        for wait in written.waits:
            found = self.tasks.task(level, wait.task)
            if found is not None:
                yield Use(found, wait.span)
        yield from self._component(written)
        component = written.call.component if written.call is not None else None
        for argument in task.arguments if component is not None else ():
            port = component.input(argument.name) if component is not None else None
            if port is not None:
                yield Use(Definition(Kind.INPUT, port.name, (), port.span), argument.name_span)

    def _component(self, written: WrittenTask) -> Iterator[Use]:
        wanted = written.task.component
        if not isinstance(wanted, ComponentReference) or wanted.tag or wanted.name not in self.short_names:
            return
        if wanted.span.source is self.pipeline.span.source:
            yield Use(self.short_names[wanted.name], wanted.span)

    def _references(self, references: Iterable[Reference], level: Level, loop: Loop | None) -> Iterator[Use]:
        for reference in references:
            named = self.tasks.named(reference, level, loop)
            if named is None:
                continue
            yield Use(named.definition, _name_span(reference))
            if isinstance(reference, OutputReference):
                output = output_named(reference, named.scope, named.definition.path)
                if output is not None:
                    yield Use(output, reference.output_span)


def _name_span(reference: Reference) -> Span:
    """The name itself; for a reference to an output of a task, the task."""
    return reference.task_span if isinstance(reference, (OutputReference, FactReference)) else reference.span
