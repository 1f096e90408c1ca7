"""A graph and the states of its tasks in a run → the graph with marks of what happened."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from transpiler.graph.model import SEPARATOR, Graph, Mark
from transpiler.runs.states import RunStates, State
from transpiler.runs.times import duration

_KINDS = {"NotStarted": "not started"}


def with_run(graph: Graph, run: RunStates) -> Graph:
    """The graph with the state of each task, and a mark that says it in short."""
    states = {node.id: run.of(tuple(node.id.split(SEPARATOR))) for node in graph.nodes}
    marks = {name: Mark(kind_of(state), " · ".join(_words(state))) for name, state in states.items()}
    return replace(graph, marks=marks, run=run, states=states)


def kind_of(state: State) -> str:
    """The phase as marks name it."""
    return _KINDS.get(state.phase, state.phase.lower())


def _words(state: State) -> Iterator[str]:
    yield "waits for approval" if state.is_suspended else "cached" if state.is_cached else kind_of(state)
    if state.because and state.phase == "Skipped":
        yield "by its when" if state.because == "when" else state.because
    if state.seconds is not None:
        yield duration(state.seconds)
    if len(state.tries) > 1:
        yield f"{len(state.tries)} tries"
    total = sum(state.counts.values())
    if total > 1:
        count = state.counts.get(state.phase, 0)
        yield f"{total} items" if count == total else f"{count} of {total} items"
