"""The files that tasks call: each graph component and sub-pipeline is resolved once, for all its uses."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, field

from transpiler.catalog.catalog import Catalog, Loaded, LoadedPipeline
from transpiler.catalog.locate import Folder
from transpiler.diagnostics import Related, Report, Span
from transpiler.model.component import Component
from transpiler.model.expressions.types import ANY
from transpiler.model.ports import Output
from transpiler.model.task import ComponentReference, Dag, Task
from transpiler.read.yaml.nodes import Map
from transpiler.resolve.nesting import Nesting
from transpiler.resolve.scope import Scope
from transpiler.resolve.task_file import TaskFile

Callee = tuple[Component | None, Scope | None]
"""What a task calls, as a component, and the scope inside when that is a DAG; None where a mistake is reported."""


class Callees(Struct):
    """Finds what tasks call. `fill` resolves the tasks of a DAG into its scope."""

    catalog: Catalog
    report: Report
    nesting: Nesting
    fill: Callable[[Scope, Dag, TaskFile], Scope]
    _opened: dict[Component, Scope | None] = field(default_factory=dict)
    """Graph components, each with the scope inside."""
    _pipelines: dict[LoadedPipeline, Component] = field(default_factory=dict)
    """Sub-pipelines, each as the component that tasks call."""
    _scopes: dict[LoadedPipeline, Scope] = field(default_factory=dict)

    def component(self, task: Task, file: TaskFile) -> Callee:
        """The component that a task names or holds."""
        wanted, span = task.component, task.span
        if isinstance(wanted, ComponentReference):
            span = wanted.span
            if wanted.name in file.names and not wanted.tag:
                wanted = file.names[wanted.name]
        if isinstance(wanted, ComponentReference):
            loaded = self.catalog.load(wanted, file.folder, file.short_names)
            return self.usable(loaded.component, loaded.folder, span) if loaded else (None, None)
        return self.usable(wanted, file.folder, span) if wanted else (None, None)

    def usable(self, component: Component, folder: Folder, used_at: Span) -> Callee:
        """A component and the scope inside; nothing when it has a mistake, which is reported."""
        scope = self.open_graph(component, folder, used_at) if component.is_complete else None
        broken = not component.is_complete or (scope is None and component.implementation.is_graph)
        return (None, None) if broken else (component, scope)

    def open_graph(self, component: Component, folder: Folder, used_at: Span) -> Scope | None:
        """The scope inside a graph component; the same one for each of its uses."""
        graph = component.implementation
        if not isinstance(graph, Dag):
            return None
        if component in self.nesting:
            self.nesting.report_cycle(component, used_at)
            return None
        if component not in self._opened:
            if self.nesting.is_too_deep(used_at):
                return None
            scope = Scope(component.name, component.inputs, graph.outputs)
            with self.nesting.opening(component):
                self._opened[component] = self.fill(scope, graph, TaskFile(folder))
        return self._opened[component]

    def sub_pipeline(self, wanted: ComponentReference, file: TaskFile, values: tuple[Map, ...] = ()) -> Callee:
        """Another manifest, or a graph component, as what a task calls. `values` are settings of its tasks."""
        loaded = self.catalog.load_pipeline(wanted, file.folder, values)
        if isinstance(loaded, Loaded):
            return self.usable(loaded.component, loaded.folder, wanted.span)
        if loaded is None:
            return None, None
        if loaded.pipeline.workflow_template is not None:
            message = f"`{loaded.pipeline.name}` runs a template of the cluster instead of tasks"
            related = (Related("declared here", loaded.pipeline.workflow_template.span),)
            hint = "call one of its templates with `templateRef`"
            self.report.error("wrong-setting", message, wanted.span, hint, related)
            return None, None
        if loaded.pipeline.is_library:
            message = f"`{loaded.pipeline.name}` has entries and no tasks"
            hint = "call what its entry runs, or add `tasks` to it"
            self.report.error("wrong-setting", message, wanted.span, hint)
            return None, None
        if loaded in self.nesting and not self.nesting.may_end(loaded):
            self.nesting.report_cycle(loaded, wanted.span)
            return None, None
        if loaded not in self._pipelines and not self.nesting.is_too_deep(wanted.span):
            self.open_pipeline(loaded)
        return self._pipelines.get(loaded), self._scopes.get(loaded)

    def open_pipeline(self, loaded: LoadedPipeline) -> None:
        """Resolve a sub-pipeline, once for all its uses."""
        pipeline = loaded.pipeline
        scope = Scope(
            pipeline.name,
            pipeline.inputs,
            pipeline.dag.outputs,
            incomplete_names=pipeline.incomplete_names,
            is_manifest=True,
            parallelism=pipeline.parallelism.most if pipeline.parallelism else None,
            fail_fast=pipeline.fail_fast,
            has_incomplete_outputs=pipeline.dag.has_incomplete_outputs,
        )
        self._pipelines[loaded] = as_component(scope, pipeline.span)
        self._scopes[loaded] = scope
        with self.nesting.opening(loaded):
            self.fill(scope, pipeline.dag, TaskFile.of(pipeline, loaded.folder))


def as_component(scope: Scope, span: Span) -> Component:
    """A DAG as the component that its callers see; the types of what it yields are known when all is resolved."""
    outputs = tuple(Output(each.name, ANY, each.span) for each in scope.outputs if each.value)
    dag = Dag((), scope.outputs)
    return Component(
        scope.name,
        span,
        scope.inputs,
        outputs,
        dag,
        has_incomplete_ports=scope.has_incomplete_outputs,
        has_incomplete_inputs="inputs" in scope.incomplete_names,
    )
