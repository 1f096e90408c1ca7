"""What Mermaid and Graphviz make of the texts that we write for them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, Transpile
from tests.graph.manifests import chain, many
from tests.graph.test_graphs import SAMPLES
from tests.graph.test_svg import HOSTILE
from tests.judges import drawings
from tests.judges.drawings import Judge

pytestmark = pytest.mark.skipif(not drawings.are_at_hand(), reason="no browser, or no Mermaid and Graphviz")


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    with drawings.opened(tmp_path_factory.mktemp("drawings")) as opened:
        yield opened


@pytest.mark.parametrize("manifest", SAMPLES, ids=lambda path: path.parent.name)
def test_both_draw_each_task_of_a_sample(transpile: Transpile, judge: Judge, manifest: Path) -> None:
    nodes = json.loads(transpile("graph", manifest, "--format", "json").stdout)["nodes"]
    parents = {node["parent"] for node in nodes}
    drawn = judge.mermaid(transpile("graph", manifest, "--format", "mermaid").stdout)
    assert "error" not in drawn, drawn
    tasks = sorted(node["name"] for node in nodes if node["id"] not in parents)
    found = [text for text in drawn["nodes"] if not text.startswith(("inputs", "outputs"))]
    assert len(found) == len(tasks)
    assert all(any(text.startswith(name) for text in found) for name in tasks)
    assert len(drawn["frames"]) == len(parents - {""}) + len({node["section"] for node in nodes} - {"tasks"})
    drawn = judge.graphviz(transpile("graph", manifest, "--format", "dot").stdout)
    assert "error" not in drawn, drawn
    assert {node["id"] for node in nodes} <= set(drawn["names"])


def test_texts_of_strangers_are_only_texts(transpile: Transpile, judge: Judge, tmp_path: Path) -> None:
    (tmp_path / "pipeline.yaml").write_text(HOSTILE, encoding="utf-8")
    drawn = judge.mermaid(transpile("graph", tmp_path / "pipeline.yaml", "--format", "mermaid").stdout)
    assert len(drawn["nodes"]) == 3
    assert drawn["scripts"] == 0
    assert any("a<b>&\"'" in text and "<script>alert" in text for text in drawn["nodes"]), drawn
    drawn = judge.graphviz(transpile("graph", tmp_path / "pipeline.yaml", "--format", "dot").stdout)
    assert len(drawn["names"]) == 3, drawn


@pytest.mark.parametrize("text", [many(1_000), many(3_000), chain(2_000)], ids=["1,000", "3,000", "a chain of 2,000"])
def test_mermaid_draws_a_pipeline_of_any_size(transpile: Transpile, judge: Judge, tmp_path: Path, text: str) -> None:
    (tmp_path / "pipeline.yaml").write_text(text, encoding="utf-8")
    result = transpile("graph", tmp_path / "pipeline.yaml")
    assert "are folded" in result.stderr
    assert "are folded" in result.stdout
    drawn = judge.mermaid(result.stdout)
    assert "error" not in drawn, drawn
    assert 0 < drawn["edges"] <= 500


def test_markdown_has_a_fence(transpile: Transpile, tmp_path: Path) -> None:
    target = tmp_path / "graph.md"
    transpile("graph", REPOSITORY / "samples" / "add" / "pipeline.yaml", "-o", target)
    lines = target.read_text(encoding="utf-8").splitlines()
    assert lines[2] == "```mermaid"
    assert lines[-1] == "```"
