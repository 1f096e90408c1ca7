"""`transpile diff --graph`: two versions in one picture."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.cli.repositories import committed
from tests.conftest import REPOSITORY, Transpile
from tests.graph.test_graphs import SCHEMA

ML = REPOSITORY / "samples" / "ml"
NEW = """\
  audit:
    component: components/analyse
    arguments: {data: "${{ tasks.transform.outputs.test_data }}"}

  predict:
"""
TASK = "{component: {name: C, implementation: {container: {image: x, command: [a]}}}}"
Json = dict[str, Any]
Sides = Callable[[Callable[[str], str]], tuple[Path, Path]]


@pytest.fixture
def sides(tmp_path: Path) -> Sides:
    """The sample ml, and an edited copy of it."""

    def made(edit: Callable[[str], str]) -> tuple[Path, Path]:
        for name in ("old", "new"):
            shutil.copytree(ML, tmp_path / name)
        manifest = tmp_path / "new" / "pipeline.yaml"
        manifest.write_text(edit(manifest.read_text(encoding="utf-8")), encoding="utf-8")
        return tmp_path / "old" / "pipeline.yaml", manifest

    return made


def both(transpile: Transpile, one: Path, other: Path) -> Json:
    target = other.parent.parent / "both.json"
    assert transpile("diff", one, other, "--graph", target, "--force").code == 1
    found: Json = json.loads(target.read_text(encoding="utf-8"))
    Draft202012Validator(SCHEMA).validate(found)
    return found


def marks(found: Json) -> dict[str, str]:
    return {node["id"]: node["mark"]["kind"] for node in found["nodes"] if node["mark"]}


def edited(text: str) -> str:
    text = text.replace("  analyse:\n", "  inspect:\n").replace("tasks.analyse.output", "tasks.inspect.output")
    return text.replace("  predict:\n", NEW).replace("epochs: ${{ inputs.epochs }}", "epochs: 5")


def test_what_was_added_changed_and_renamed(transpile: Transpile, sides: Sides) -> None:
    found = both(transpile, *sides(edited))
    assert marks(found) == {"inspect": "changed", "audit": "added", "train": "changed"}
    assert "analyse" not in {node["id"] for node in found["nodes"]}


def test_what_was_removed_is_still_drawn(transpile: Transpile, sides: Sides) -> None:
    old, new = sides(edited)
    found = both(transpile, new, old)
    assert marks(found) == {"analyse": "changed", "audit": "removed", "train": "changed"}
    assert ("transform", "audit") in {(each["source"]["node"], each["target"]["node"]) for each in found["edges"]}


def test_lines_that_neither_version_has_are_not_drawn(transpile: Transpile, sides: Sides) -> None:
    """Mermaid: the old line to `predict` is red and dashed, the new one green, and no others have changed."""
    old, new = sides(
        lambda text: text.replace(
            "data: ${{ tasks.transform.outputs.test_data }}", "data: ${{ tasks.create-data.output }}"
        )
    )
    text = transpile("diff", old, new, "--graph", "-").stdout
    lines = text.splitlines()
    styled = {lines[place - 1].split("|")[1]: line for place, line in enumerate(lines) if "linkStyle" in line}
    assert {key: "dasharray" in line for key, line in styled.items()} == {
        '"data: CSV"': False,
        '"test_data: CSV"': True,
    }


def test_a_component_that_changed_marks_all_that_run_it(transpile: Transpile, sides: Sides) -> None:
    old, new = sides(str)
    component = new.parent / "components" / "train" / "component.yaml"
    component.write_text(
        component.read_text(encoding="utf-8").replace("image: python", "image: pypy"), encoding="utf-8"
    )
    assert marks(both(transpile, old, new)) == {"train": "changed"}


def test_nothing_is_drawn_where_nothing_differs(transpile: Transpile, sides: Sides, tmp_path: Path) -> None:
    result = transpile("diff", *sides(str), "--graph", tmp_path / "both.svg")
    assert result.code == 0
    assert "nothing to draw" in result.stderr
    assert not (tmp_path / "both.svg").exists()


def test_changes_of_a_revision_have_its_names(
    transpile: Transpile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    manifest = tmp_path / "pipeline.yaml"
    manifest.write_text(f"name: p\ntasks: {{one: {TASK}}}\n", encoding="utf-8")
    committed(tmp_path)
    manifest.write_text(f"name: p\ntasks: {{two: {TASK.replace('x', 'y')}}}\n", encoding="utf-8")
    transpile("diff", "--graph", "both.json")
    text = Path("both.json").read_text(encoding="utf-8")
    assert {node["source"]["file"] for node in json.loads(text)["nodes"]} == {"HEAD:pipeline.yaml", "pipeline.yaml"}
    assert "/tmp" not in text


def test_several_pipelines_need_markdown(transpile: Transpile, tmp_path: Path) -> None:
    for side, name in (("old", "one"), ("new", "two")):
        for pipeline in "ab":
            (tmp_path / side).mkdir(exist_ok=True)
            text = f"name: {pipeline}\ntasks: {{{name}: {TASK}}}\n"
            (tmp_path / side / f"{pipeline}.yaml").write_text(text, encoding="utf-8")
    result = transpile("diff", tmp_path / "old", tmp_path / "new", "--graph", tmp_path / "both.svg")
    assert result.code == 2
    assert "2 pipelines differ, and a picture shows one" in result.stderr
    assert transpile("diff", tmp_path / "old", tmp_path / "new", "--graph", tmp_path / "both.md").code == 1
    text = (tmp_path / "both.md").read_text(encoding="utf-8")
    assert text.count("```mermaid\n") == text.count("\n## ") == 2
    assert transpile("diff", tmp_path / "old", tmp_path / "new", "--graph", tmp_path / "both.md").code == 1
