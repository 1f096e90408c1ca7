"""Runs of one manifest: what each node of them is, in terms of the manifest."""

from __future__ import annotations

from functools import cached_property

from transpiler.analysis import Analysis
from transpiler.compiler import lowered_program
from transpiler.plan.argo_objects import Node
from transpiler.resolve.program import Program
from transpiler.runs.executions import executions_of
from transpiler.runs.found import Found
from transpiler.runs.nodes import has_ended, mapping, name_of, nodes_of, text
from transpiler.runs.places import Target, run_of


class Runs:
    """Reads runs of a manifest, which is lowered for the first one."""

    def __init__(self, analysis: Analysis, lowered: Program | None = None) -> None:
        """`lowered`: what a compilation of the analysis has made of its program."""
        self._analysis, self._made = analysis, lowered

    def found(self, workflow: Node) -> Found:
        """What each node of a run is."""
        nodes, name = nodes_of(workflow), name_of(workflow)
        run = self.run(nodes.get(name, {}))
        return executions_of(nodes, name, run, has_ended=has_ended(workflow)) if run is not None else Found()

    def run(self, node: Node) -> Target | None:
        """What a run starts; `node` is its first one. None if that is not known, for reported mistakes."""
        pipeline, written = self._analysis.pipeline, self._analysis.program
        if pipeline is None or written is None or self._lowered is None:
            return None
        if pipeline.workflow_template is not None:
            return Target(None)  # what runs is known to the cluster alone
        started = text(mapping(node.get("templateRef")).get("template")) or text(node.get("templateName"))
        return run_of(written, self._lowered, started)

    @cached_property
    def _lowered(self) -> Program | None:
        """The program as Argo is told of it; as written, if a mistake keeps it from being lowered."""
        pipeline, written, dataflow = self._analysis.pipeline, self._analysis.program, self._analysis.dataflow
        if self._made is not None or pipeline is None or written is None or dataflow is None:
            return self._made or written
        return lowered_program(pipeline, written, dataflow)[0]
