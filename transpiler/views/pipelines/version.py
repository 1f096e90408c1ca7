"""One version of a pipeline: its analysis, its Workflow, and its tasks as written, by the DAG that they are in."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from msgspec import Struct

from transpiler.analysis import Analysis
from transpiler.bindings.written_tasks import WrittenTask, WrittenTasks
from transpiler.compiler import Compilation
from transpiler.model.pipeline import Pipeline
from transpiler.read.yaml.nodes import Map
from transpiler.read.yaml.places import Places
from transpiler.resolve.program import Program, WrittenDag
from transpiler.resolve.scope import Scope


class Version(Struct, frozen=True, eq=False, dict=True):
    """A pipeline that compiles."""

    analysis: Analysis
    compilation: Compilation

    @property
    def pipeline(self) -> Pipeline:
        """What the manifest says."""
        assert self.analysis.pipeline is not None
        return self.analysis.pipeline

    @property
    def program(self) -> Program:
        """Its names, resolved."""
        assert self.analysis.program is not None
        return self.analysis.program

    @property
    def document(self) -> Map:
        """The manifest with its places, and the values of its environment."""
        assert self.analysis.laid is not None
        return self.analysis.laid

    @cached_property
    def places(self) -> Places:
        """Where each name of its files stands."""
        places = Places()
        places.know(self.document)
        return places

    @property
    def tasks(self) -> WrittenTasks:
        """All tasks of its files."""
        return self.analysis.written

    @cached_property
    def _dags(self) -> dict[Scope, WrittenDag]:
        return {dag.scope: dag for dag in self.program.written}

    def dag(self, scope: Scope | None) -> WrittenDag | None:
        """The tasks of a scope as a file has them."""
        return self._dags.get(scope) if scope is not None else None

    @cached_property
    def _by_home(self) -> dict[Any, dict[str, WrittenTask]]:
        found: dict[Any, dict[str, WrittenTask]] = {}
        for each in self.tasks.all:
            found.setdefault(each.home, {})[each.name] = each
        return found

    def tasks_in(self, dag: WrittenDag | None) -> dict[str, WrittenTask]:
        """The tasks of a DAG by name; a hook of a task is called `TASK.HOOK`."""
        return self._by_home.get(dag, {}) if dag is not None else {}

    def implementation(self, written: WrittenTask) -> Map | None:
        """The mapping of what the component of a task runs: its container, or its template; None if there is none."""
        component = written.call.component if written.call is not None else None
        if component is None or component.implementation.argo_node is not None:
            return component.implementation.argo_node if component is not None else None
        found: Any = self.places.around(component.span)
        for key in ("implementation", "container"):
            found = found.get(key) if isinstance(found, Map) else None
        return found if isinstance(found, Map) else None

    def body(self, written: WrittenTask) -> Map | None:
        """The mapping of a task in its file."""
        return self.places.body(written.task.span)
