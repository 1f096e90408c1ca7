"""What is drawn of a graph that is folded: whatever is closed, no line is lost, and none is made up."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.graph.manifests import chain, many, nested
from transpiler.analysis import analyze_bytes
from transpiler.graph.bands import MOST, banded
from transpiler.graph.collect import graph_of
from transpiler.graph.fold import Folding, Limits, Shown, fitting
from transpiler.graph.levels import levels_of
from transpiler.graph.lines import lines_of
from transpiler.graph.model import Graph
from transpiler.graph.prune import pruned


def graph(text: str) -> Graph:
    analysis = analyze_bytes("pipeline.yaml", text.encode(), Path.cwd())
    assert not analysis.failed, analysis.diagnostics
    return graph_of(analysis)


@pytest.mark.parametrize("seed", range(60))
def test_a_pruned_graph_has_the_lines_that_a_folded_one_shows(seed: int) -> None:
    whole, chance = graph(nested(seed)), Random(seed)
    frames = [node.id for node in whole.nodes if node.is_frame]
    closed = frozenset(each for each in frames if chance.random() < 0.5)
    shown = Shown(whole, Folding(closed))
    small = pruned(whole, closed)
    assert [node.id for node in small.nodes] == [node.id for node in shown.nodes(whole)]
    expected = {ends for ends in shown.lines(lines_of(whole)) if ends[0] != ends[1]}
    assert {(line.source, line.target) for line in lines_of(small)} == expected
    tasks = sum(not node.is_frame for node in whole.nodes)
    assert sum(node.unopened if node.is_frame else 1 for node in small.nodes) == tasks


@pytest.mark.parametrize("seed", range(20))
def test_lines_lead_from_task_to_task(seed: int) -> None:
    """A value of a group is that of the task in it; only an order can end at a group."""
    whole = graph(nested(seed))
    for line in lines_of(whole):
        if line.kind != "order":
            assert not whole.node(line.source).is_frame
            assert not whole.node(line.target).is_frame


@pytest.mark.parametrize("text", [many(200), many(1_000), chain(700), nested(1, 300)])
@pytest.mark.parametrize("most", [10, 50, 400])
def test_every_graph_fits(text: str, most: int) -> None:
    whole = graph(text)
    limits = Limits(most, most * 2)
    view, folding = fitting(whole, lines_of(whole), limits)
    shown = Shown(view, folding)
    boxes = [node for node in shown.nodes(view) if not node.is_frame or node.id in folding.closed]
    assert len(boxes) + len(folding.bundles) <= max(most, MOST)
    assert {node.id for node in whole.nodes} <= {node.id for node in view.nodes}


def test_bands_wait_for_earlier_ones_only() -> None:
    whole = graph(many(1_000))
    lines = lines_of(whole)
    view = banded(whole, lines)
    bands = [node.id for node in view.nodes if node.is_frame]
    assert all(len(below) <= MOST for below in view.below.values())
    top = {node.id: place for place, node in enumerate(view.below[""])}
    shown = Shown(view, Folding(frozenset(bands)))
    assert all(top[source] < top[target] for source, target in shown.lines(lines))


def test_levels_are_the_longest_ways() -> None:
    whole = graph(chain(2_000))
    assert sorted(levels_of(whole, lines_of(whole)).values()) == list(range(2_000))
