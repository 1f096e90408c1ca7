"""An analysis → its graph. A manifest with mistakes has one too: as much of it as can be understood."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from transpiler.analysis import Analysis
from transpiler.bindings.edges import Edge as NamedEdge
from transpiler.bindings.edges import Edges
from transpiler.bindings.edges import End as NamedEnd
from transpiler.bindings.written_tasks import WrittenTask
from transpiler.diagnostics import Span
from transpiler.graph.describe import Descriptions
from transpiler.graph.model import SECTIONS, SEPARATOR, Edge, End, Fact, Graph, Node
from transpiler.graph.ports import inputs_of_pipeline, outputs_of_dag
from transpiler.graph.problems import placed
from transpiler.graph.secrets import without_secrets
from transpiler.graph.tree import frames_first
from transpiler.read.yaml.places import Places
from transpiler.resolve.program import WrittenDag
from transpiler.resolve.scope import Scope

MAX_NODES: Final = 20_000
"""Sub-pipelines that call each other twice, ten levels deep, would be millions."""

Path = tuple[str, ...]


def graph_of(analysis: Analysis) -> Graph:
    """The graph of a manifest. Its nodes and edges are frozen data, free of Argo's terms."""
    pipeline, program = analysis.pipeline, analysis.program
    if pipeline is None or program is None:
        nothing: Graph = Graph(analysis.name, analysis.name, analysis.kind, "", (), (), (), (), ())
        return replace(nothing, problems=analysis.diagnostics)
    collector = _Collector(analysis)
    collector.collect()
    nodes, left = placed(tuple(collector.nodes), analysis.diagnostics)
    graph = Graph(
        name=pipeline.name,
        manifest=analysis.name,
        kind=analysis.kind,
        description=pipeline.description.strip(),
        schedule=tuple(line for line, _ in pipeline.schedule.cron) if pipeline.schedule is not None else (),
        inputs=inputs_of_pipeline(pipeline),
        outputs=outputs_of_dag(pipeline.dag, program.tasks),
        nodes=nodes,
        edges=tuple(dict.fromkeys(collector.edges)),
        problems=left,
    )
    return without_secrets(graph, analysis.diagnostics)


class _File(Struct, eq=False):
    """A file as one place of the pipeline has it: the id of the frame that it is, and the ids of its tasks."""

    frame: str
    section: str
    around: _File | None = None
    """The tasks of the pipeline, for those that run in their states or at their end."""
    ids: dict[Path, str] = field(default_factory=dict)
    loops: dict[Span, str] = field(default_factory=dict)
    """Where a loop is written → the id of its task."""

    def node(self, path: Path) -> str | None:
        """The id for a path of the file; None for a task that is left out."""
        if not path:
            return self.frame
        return self.ids.get(path) or (self.around.node(path) if self.around is not None else None)

    def loop(self, span: Span) -> str | None:
        """The id of the task with a loop."""
        return self.loops.get(span) or (self.around.loop(span) if self.around is not None else None)


class _Tasks(Struct, frozen=True, eq=False):
    """The tasks of a DAG that become nodes: of which file, and inside which frame."""

    dag: WrittenDag
    file: _File
    parent: str
    around: _Tasks | None = None

    def frame_of(self, dag: WrittenDag) -> str | None:
        """The id of the frame around these tasks that holds a DAG, which is started again; None if there is none."""
        tasks: _Tasks | None = self
        while tasks is not None and tasks.dag is not dag:
            tasks = tasks.around
        return tasks.parent if tasks is not None else None


class _Collector:
    """Goes through the DAGs from the outside in, so that a graph that is too large lacks the innermost tasks."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.tasks = analysis.written
        self.named = Edges(analysis.written, analysis.dataflow)
        places = Places()
        if analysis.laid is not None:
            places.know(analysis.laid)
        self.descriptions = Descriptions(places)
        self.dags = {dag.scope: dag for dag in self.tasks.dags.values()}
        self.by_home: dict[int, list[WrittenTask]] = {}
        for written in self.tasks.all:
            self.by_home.setdefault(id(written.home), []).append(written)
        for tasks in self.by_home.values():
            tasks.sort(key=lambda each: each.task.span[1:])
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self.count = 0
        self.taken = {"", "@inputs", "@outputs", *(f"@{key}" for key in SECTIONS)}

    def collect(self) -> None:
        """Fill `nodes` and `edges`."""
        waiting = list(self._sections())
        places: list[_Tasks] = []
        for tasks in waiting:  # grows as it goes
            places.append(tasks)
            waiting += self._nodes(tasks)
        for tasks in places:
            for written in self._written(tasks.dag):
                self._edges(self.named.of_task(written), tasks.file)
            self._edges(self.named.of_outputs(tasks.dag), tasks.file)
        self.nodes = frames_first(self.nodes)

    def _sections(self) -> Iterator[_Tasks]:
        program = self.analysis.program
        assert program is not None
        main = _File("", "tasks")
        sections: list[tuple[str, Scope | None]] = [("tasks", program.tasks), ("entries", program.entries)]
        sections += [("hooks", hook.scope) for hook in program.hooks]
        sections += [("onExit", program.on_exit)]
        for key, scope in sections:
            dag = self.dags.get(scope) if scope is not None else None
            if dag is not None:
                self.count += len(self._written(dag))
                yield _Tasks(dag, main if key == "tasks" else _File("", key, main), "")

    def _written(self, dag: WrittenDag) -> list[WrittenTask]:
        return self.by_home.get(id(dag), [])

    def _nodes(self, tasks: _Tasks) -> Iterator[_Tasks]:
        """Make the nodes of a DAG. Yields the DAGs inside them."""
        for written in self._written(tasks.dag):
            made = self._node(written, tasks)
            tasks.file.ids[written.own_path] = made.id
            if written.task.loop is not None:
                tasks.file.loops[written.task.loop.span] = made.id
            dag = self._dag_inside(written)
            again = tasks.frame_of(dag) if dag is not None else None
            if dag is None:
                self.nodes.append(made)
            elif again is not None:
                recursion = Fact("recursion", again or self.analysis.name)
                self.nodes.append(replace(made, unopened=len(self._written(dag)), facts=(*made.facts, recursion)))
            elif self.count + len(self._written(dag)) > MAX_NODES:
                self.nodes.append(replace(made, unopened=len(self._written(dag))))
            else:
                self.count += len(self._written(dag))
                self.nodes.append(made)
                file = tasks.file if written.task.group is not None else _File(made.id, tasks.file.section)
                yield _Tasks(dag, file, made.id, tasks)

    def _node(self, written: WrittenTask, tasks: _Tasks) -> Node:
        section = tasks.file.section
        start = tasks.parent or ("" if section == "tasks" else f"@{section}")
        hook_of = _joined(start, written.path[-1]) if written.hook else ""
        is_frame = self._dag_inside(written) is not None
        name = self._unique(_joined(start, written.name))
        return self.descriptions.node(written, name, tasks.parent, section, hook_of=hook_of, is_frame=is_frame)

    def _unique(self, name: str) -> str:
        """An id of its own. Names that are reported may be empty, or have the separator in them."""
        while name in self.taken:
            name += "'"
        self.taken.add(name)
        return name

    def _dag_inside(self, written: WrittenTask) -> WrittenDag | None:
        scope = written.call.scope if written.call is not None else None
        return self.dags.get(scope) if scope is not None else None

    # ------------------------------------------------------------------ edges

    def _edges(self, found: Iterator[NamedEdge], file: _File) -> None:
        for each in found:
            source, target = self._source(each.source, file), file.node(each.target.task)
            if source is None or target is None or (source == target and source):
                continue
            kind = each.type.written if each.type is not None else ""
            ends = End(source, each.source.port, each.source.span), End(target, each.target.port, each.target.span)
            self.edges.append(Edge(*ends, kind, each.how, each.is_negated))

    @staticmethod
    def _source(end: NamedEnd, file: _File) -> str | None:
        """The node of a source; the item of a loop comes from the task that has the loop."""
        return file.loop(end.span) if end.port.startswith("item.") else file.node(end.task)


def _joined(around: str, name: str) -> str:
    return f"{around}{SEPARATOR}{name}" if around else name
