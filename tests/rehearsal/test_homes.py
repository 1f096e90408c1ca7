"""While a run goes on each node has the home that it has when all of the run is known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REPOSITORY
from transpiler.analysis import analyze
from transpiler.compiler import compile_analysis
from transpiler.engine.protocol import RefusedError
from transpiler.rehearsal.acting import Cast
from transpiler.rehearsal.play import play
from transpiler.rehearsal.values import plausible
from transpiler.rehearsal.went import Went
from transpiler.runs.found import Execution, Found
from transpiler.runs.runs import Runs

SAMPLES = sorted((REPOSITORY / "samples").rglob("pipeline.yaml"))


def played(manifest: Path) -> tuple[Went, Found] | None:
    """A run of a manifest; None for one that cannot be run by itself."""
    analysis = analyze(manifest)
    objects = compile_analysis(analysis).objects
    if not objects:
        return None
    assert analysis.pipeline is not None
    needed = {each.name: plausible(each.type, each.name) for each in analysis.pipeline.inputs if each.required}
    runs = Runs(analysis)
    try:
        went = play(objects, needed, runs, Cast({}), None)
    except RefusedError:
        return None
    return went, runs.found(went.workflow)


@pytest.mark.parametrize("manifest", SAMPLES, ids=lambda path: path.parent.relative_to(REPOSITORY).as_posix())
def test_of_all_samples(manifest: Path) -> None:
    found = played(manifest)
    if found is None:
        pytest.skip("it is not run by itself here")
    went, all_of_it = found
    for key, each in went.played.items():
        assert each.home.path == all_of_it.homes[key]
        assert each.home.is_below == (key in all_of_it.below)
        if each.home.path is not None and not each.home.is_below:
            (same,) = executions(all_of_it.executions[each.home.path], key)
            assert (same.at, same.items) == (each.home.at, each.home.items)
            assert each.home.attempt in (same.tries or {0: {}})


def executions(of_task: list[Execution], key: str) -> Iterator[Execution]:
    """The execution that a node is, or a try of."""
    for each in of_task:
        nodes: list[Any] = [each.node, each.inner or {}, *each.tries.values()]
        if any(node.get("id") == key for node in nodes):
            yield each


def test_most_samples_run() -> None:
    """The check above would pass for none, too."""
    names = ("ml", "features/loops", "features/retries", "features/groups", "features/hooks", "features/exit-handlers")
    manifests = [REPOSITORY / "samples" / name / "pipeline.yaml" for name in names]
    runs = [played(each) for each in manifests if each.exists()]
    assert len(runs) > 4
    assert all(run is not None and len(run[0].played) > 1 for run in runs)
