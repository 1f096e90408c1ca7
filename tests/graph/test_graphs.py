"""`transpile graph` on every sample and every manifest with mistakes: what is drawn, and where it stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.conftest import REPOSITORY, Transpile

SCHEMA = json.loads((REPOSITORY / "schemas" / "graph.schema.json").read_text(encoding="utf-8"))
SAMPLES = sorted((REPOSITORY / "samples").rglob("pipeline.yaml"))
ERRORS = sorted((REPOSITORY / "tests" / "language" / "errors").glob("*.yaml"))

Json = dict[str, Any]


def graph(transpile: Transpile, manifest: Path, *more: str) -> Json:
    """The graph as JSON, judged by its schema."""
    printed = transpile("graph", manifest, "--format", "json", *more).stdout
    found: Json = json.loads(printed)
    Draft202012Validator(SCHEMA).validate(found)
    return found


@pytest.mark.parametrize("manifest", SAMPLES, ids=lambda path: path.parent.name)
def test_the_graph_of_a_sample_is_whole(transpile: Transpile, manifest: Path) -> None:
    found = graph(transpile, manifest)
    nodes = {node["id"]: node for node in found["nodes"]}
    assert len(nodes) == len(found["nodes"])
    assert nodes or "workflowTemplateRef" in manifest.read_text(encoding="utf-8")
    for node in nodes.values():
        assert bool(node["unopened"]) == any(fact["key"] == "recursion" for fact in node["facts"])
    seen = {""}
    for node in found["nodes"]:
        assert node["parent"] in seen, "a frame stands before what it holds"
        seen.add(node["id"])
        assert not node["hookOf"] or node["hookOf"] in nodes
        assert not node["problems"] or all(each["severity"] == "warning" for each in node["problems"])
    for edge in found["edges"]:
        assert {edge["source"]["node"], edge["target"]["node"]} <= seen
        assert edge["transport"] != "unknown"


@pytest.mark.parametrize("manifest", ERRORS, ids=lambda path: path.stem)
def test_a_manifest_with_mistakes_is_drawn_with_each_of_them(transpile: Transpile, manifest: Path) -> None:
    told = transpile("compile", manifest, "--format", "json").problems
    for form in ("json", "mermaid", "dot", "svg", "html"):
        result = transpile("graph", manifest, "--format", form)
        assert result.code == (1 if any(each["severity"] == "error" for each in told) else 0), result.stderr
        assert "Traceback" not in result.stderr
    if result.stdout:
        found = graph(transpile, manifest)
        marked = [each for node in found["nodes"] for each in node["problems"]] + found["problems"]
        places = {(each["code"], each["file"], each["line"], each["column"]) for each in marked}
        assert places == {(each["code"], each["file"], each["line"], each["column"]) for each in told}
