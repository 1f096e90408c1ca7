"""What a graph says of a pipeline: golden texts of samples, and the parts that combine."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REPOSITORY, Transpile
from tests.graph.manifests import doubling, many
from tests.graph.test_graphs import graph

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.mmd"))
CASES = Path(__file__).parent / "cases"
Write = Callable[[dict[str, str]], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def files(texts: dict[str, str]) -> Path:
        for name, text in texts.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    return files


def titles(found: dict[str, Any]) -> set[str]:
    return {node["id"] for node in found["nodes"]}


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda path: path.stem)
def test_the_text_is_as_reviewed(transpile: Transpile, golden: Path, request: pytest.FixtureRequest) -> None:
    """Of a case, or of the sample with that name."""
    homes = [CASES, REPOSITORY / "samples" / "features", REPOSITORY / "samples"]
    manifest = next(path for home in homes if (path := home / golden.stem / "pipeline.yaml").exists())
    printed = transpile("graph", manifest).stdout
    if request.config.getoption("--update"):
        golden.write_text(printed, encoding="utf-8")
    assert printed == golden.read_text(encoding="utf-8")


def test_a_graph_has_a_limit(transpile: Transpile, write: Write) -> None:
    """Seventeen levels are 131,072 tasks."""
    folder = write(doubling(17))
    result = transpile("graph", folder / "level-0.yaml", "--format", "json")
    found = json.loads(result.stdout)
    assert 10_000 < len(found["nodes"]) <= 20_000
    left = [node for node in found["nodes"] if node["unopened"]]
    assert left
    assert f"{len(left)} sub-pipelines and groups are not opened" in result.stderr


def test_a_focus_shows_a_task_and_its_neighbours(transpile: Transpile) -> None:
    manifest = REPOSITORY / "samples" / "ml" / "pipeline.yaml"
    assert titles(graph(transpile, manifest, "--focus", "train", "--steps", "0")) == {"train"}
    assert titles(graph(transpile, manifest, "--focus", "train")) == {"transform", "train", "predict"}
    found = graph(transpile, manifest, "--focus", "analyse", "--focus", "predict", "--steps", "0")
    assert titles(found) == {"analyse", "predict"}
    assert not [edge for edge in found["edges"] if edge["source"]["node"] and edge["target"]["node"]]


def test_a_focus_on_a_group_shows_what_is_in_it(transpile: Transpile) -> None:
    manifest = REPOSITORY / "samples" / "features" / "nested-loops" / "pipeline.yaml"
    assert titles(graph(transpile, manifest, "--focus", "tune", "--steps", "0")) == {
        "grid",
        "grid/tune",
        "grid/tune/say",
    }


def test_a_focus_that_is_not_there(transpile: Transpile) -> None:
    result = transpile("graph", REPOSITORY / "samples" / "ml" / "pipeline.yaml", "--focus", "trian")
    assert result.code == 2
    assert "did you mean `train`?" in result.stderr


def test_the_suffix_gives_the_format(transpile: Transpile, tmp_path: Path) -> None:
    manifest = REPOSITORY / "samples" / "add" / "pipeline.yaml"
    for suffix, start in {"mmd": "%% Made", "dot": "// Made", "svg": "<!-- Made", "json": '{"made by"'}.items():
        target = tmp_path / f"graph.{suffix}"
        assert transpile("graph", manifest, "-o", target).code == 0
        assert target.read_text(encoding="utf-8").startswith(start)
        assert transpile("graph", manifest, "-o", target).stderr.startswith("unchanged:"), "its own files it overwrites"
    result = transpile("graph", manifest, "-o", tmp_path / "graph.png")
    assert result.code == 2
    assert "`.png` names no format" in result.stderr


def test_a_file_of_somebody_else_stays(transpile: Transpile, tmp_path: Path) -> None:
    target = tmp_path / "graph.md"
    target.write_text("# My notes\n", encoding="utf-8")
    result = transpile("graph", REPOSITORY / "samples" / "add" / "pipeline.yaml", "-o", target)
    assert result.code == 2
    assert target.read_text(encoding="utf-8") == "# My notes\n"


def test_what_cannot_be_read_gives_no_picture(transpile: Transpile, write: Write) -> None:
    folder = write({"pipeline.yaml": "[1, 2]\n"})
    result = transpile("graph", folder / "pipeline.yaml", "-o", folder / "graph.svg")
    assert result.code == 1
    assert not (folder / "graph.svg").exists()


def test_a_task_of_a_component_with_a_mistake_is_marked_wherever_it_is_used(transpile: Transpile, write: Write) -> None:
    broken = "name: Broken\nimplementation:\n  container: {image: 'x:1', comand: [a]}\n"
    text = "name: two\ntasks:\n  one: {component: broken.yaml}\n  two: {component: broken.yaml}\n"
    folder = write({"pipeline.yaml": text, "broken.yaml": broken})
    result = transpile("graph", folder / "pipeline.yaml", "--format", "json")
    assert result.code == 1
    assert [bool(node["problems"]) for node in json.loads(result.stdout)["nodes"]] == [True, True]


def test_tasks_of_a_large_pipeline_are_all_in_its_json(transpile: Transpile, write: Write) -> None:
    folder = write({"pipeline.yaml": many(500)})
    assert len(graph(transpile, folder / "pipeline.yaml")["nodes"]) == 500
