"""Pipeline + catalog → scopes: every task with its component, graph components opened, each once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from transpiler.catalog.catalog import Catalog, Loaded
from transpiler.catalog.locate import Folder
from transpiler.diagnostics import Related, Report, Span
from transpiler.model.component import Component
from transpiler.model.pipeline import ComponentReference, Dag, Pipeline, Task
from transpiler.resolve.scope import Call, Scope, build_scope

MAX_DEPTH = 32
"""How deep graph components may contain each other; Argo allows 100 levels of templates."""


def resolve(pipeline: Pipeline, folder: Folder, catalog: Catalog, report: Report) -> Scope:
    """The pipeline's tasks, resolved. Unknown names and cycles are reported; what they name is left out."""
    resolver = _Resolver(catalog, report, dict(pipeline.components), "components" in pipeline.open_names)
    for given in dict(pipeline.components).values():
        if isinstance(given, ComponentReference):
            catalog.load(given, folder)  # a wrong path is a mistake even when no task uses it
    calls = [resolver.call(task, folder) for task in pipeline.dag.tasks]
    scope = Scope(
        pipeline.name, pipeline.inputs, pipeline.dag.outputs, open_names=pipeline.open_names, is_manifest=True
    )
    return build_scope(scope, pipeline.dag, calls, report)


def resolve_component(loaded: Loaded, catalog: Catalog, report: Report) -> Scope | None:
    """The tasks of a graph component on its own, as `check` looks at it; None for a container component."""
    return _Resolver(catalog, report, {}).open(loaded.component, loaded.folder, loaded.component.span)


@dataclass(slots=True)
class _Resolver:
    catalog: Catalog
    report: Report
    names: dict[str, ComponentReference | Component | None]
    """The short names of the manifest's `components`."""
    names_are_open: bool = False
    opened: dict[Component, Scope | None] = field(default_factory=dict)
    opening: list[Component] = field(default_factory=list)

    def call(self, task: Task, folder: Folder) -> Call:
        """Find the component of a task, and open it when it is a graph."""
        wanted = task.component
        span = task.span
        if isinstance(wanted, ComponentReference):
            span = wanted.span
            if wanted.name in self.names and not wanted.tag and not self.opening:
                wanted = self.names[wanted.name]
        if isinstance(wanted, ComponentReference):
            loaded = self.catalog.load(wanted, folder, self.short_names)
            return self.using(task, loaded.component, loaded.folder, span) if loaded else Call(task, None)
        return self.using(task, wanted, folder, span) if wanted else Call(task, None)

    def using(self, task: Task, component: Component, folder: Folder, used_at: Span) -> Call:
        """The call of a component; of none, when that has a mistake which is reported."""
        scope = self.open(component, folder, used_at)
        usable = component.is_sound and not (scope is None and isinstance(component.implementation, Dag))
        return Call(task, component, scope) if usable else Call(task, None)

    @property
    def short_names(self) -> Collection[str] | None:
        """Names that a task of the manifest could have meant; None when not all of them are known."""
        if self.opening:
            return ()
        return None if self.names_are_open else self.names

    def open(self, component: Component, folder: Folder, used_at: Span) -> Scope | None:
        """The scope inside a graph component; the same one for each of its uses."""
        graph = component.implementation
        if not isinstance(graph, Dag):
            return None
        if component in self.opening:
            self.report_cycle(component, used_at)
            return None
        if component not in self.opened:
            if len(self.opening) >= MAX_DEPTH:
                self.report.error("too-deep", f"components nested more than {MAX_DEPTH} levels deep", used_at)
                return None
            self.opening.append(component)
            calls = [self.call(task, folder) for task in graph.tasks]
            scope = Scope(component.name, component.inputs, graph.outputs)
            self.opened[component] = build_scope(scope, graph, calls, self.report)
            self.opening.pop()
        return self.opened[component]

    def report_cycle(self, component: Component, used_at: Span) -> None:
        """Report a component that contains itself, with the way back to it."""
        way = [given.name for given in self.opening[self.opening.index(component) :]] + [component.name]
        message = f"component `{component.name}` contains itself: " + " → ".join(f"`{name}`" for name in way)
        related = (Related("the component", component.span),)
        self.report.error("component-cycle", message, used_at, "remove one of these references", related)
