"""Compiled components of KFP v2 as files: found, read in any form, and refused when they are bad, with a diagnostic."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.components.test_v2 import COMPILED, compile_one, compiled
from tests.conftest import REPOSITORY, Transpile
from tests.language.test_determinism import shuffled
from tests.language.test_properties import assert_inside, damaged
from transpiler import check_component


@pytest.mark.parametrize("path", sorted(COMPILED.iterdir()), ids=lambda path: path.stem)
def test_a_compiled_file_is_a_component(path: Path, transpile: Transpile) -> None:
    result = transpile("check", path, "--format", "json")
    assert (result.code, result.problems) == (0, [])


def test_the_form_of_the_file_does_not_matter(transpile: Transpile, tmp_path: Path) -> None:
    """JSON in another order of keys gives the same bytes: a mapping has no order."""
    text = compile_one("print_all", {"text": "x", "file": "y"}, tmp_path, transpile).stdout
    document = shuffled(compiled("print_all"), random.Random(1))
    (tmp_path / "component.yaml").write_text(json.dumps(document))
    assert transpile("compile", tmp_path / "pipeline.yaml").stdout == text


def test_check_finds_components_and_passes_over_pipelines(transpile: Transpile, tmp_path: Path) -> None:
    """A pipeline that KFP compiled is nothing of ours, until somebody names it."""
    pipeline = (REPOSITORY / "tests" / "language" / "errors" / "foreign_files" / "kfp2.yaml").read_bytes()
    (tmp_path / "pipeline_of_kfp.yaml").write_bytes(pipeline)
    (tmp_path / "divide.yaml").write_bytes((COMPILED / "divide.yaml").read_bytes())
    (tmp_path / "divide.json.yaml").write_text(json.dumps(compiled("divide")))
    result = transpile("check", tmp_path)
    assert (result.code, result.stderr) == (
        0,
        "checked 2 files: no problems; skipped 1 that are neither a manifest nor a component\n",
    )
    assert transpile("check", tmp_path / "pipeline_of_kfp.yaml").code == 1


def test_a_graph_component_calls_a_compiled_one(transpile: Transpile, tmp_path: Path) -> None:
    (tmp_path / "divide.yaml").write_bytes((COMPILED / "divide.yaml").read_bytes())
    graph = {
        "inputs": [{"name": "a", "type": "Integer"}],
        "outputs": [{"name": "half", "type": "Float"}],
        "implementation": {
            "graph": {
                "tasks": {
                    "by two": {
                        "componentRef": {"name": "divide.yaml"},
                        "arguments": {"a": {"graphInput": {"inputName": "a"}}},
                    }
                },
                "outputValues": {"half": {"taskOutput": {"taskId": "by two", "outputName": "Output"}}},
            }
        },
    }
    (tmp_path / "graph.yaml").write_text(json.dumps(graph))
    task = {"component": "./graph.yaml", "arguments": {"a": 3}}
    outputs = {"half": "${{ tasks.t.outputs.half }}"}
    (tmp_path / "pipeline.yaml").write_text(json.dumps({"name": "x", "tasks": {"t": task}, "outputs": outputs}))
    templates = transpile("compile", tmp_path / "pipeline.yaml").workflow["spec"]["templates"]
    assert [template["name"] for template in templates] == ["x", "graph", "divide"]


HOSTILE = {
    "deep JSON": ['{"Concat": [' * 60_000 + '"a"' + "]}" * 60_000],
    "nested too deep": ['{"Concat": [' * 40 + '"a"' + "]}" * 40],
    "half a character": ['{"Concat": ["\\ud800"]}'],
    "half a character as a name": ['{"IfPresent": {"InputName": "\\ud800", "Then": "a"}}'],
    "everything many times": ["{{$}}" * 100_000],
    "open braces": ["{{$.inputs" * 90_000 + "}}"],
    "an escape sequence": ["{{$.pipeline_\x1b[31m}}"],
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_texts_are_one_mistake(case: str, transpile: Transpile, tmp_path: Path) -> None:
    document = compiled("print_all")
    (executor,) = document["deploymentSpec"]["executors"].values()
    executor["container"]["command"] = HOSTILE[case]
    (tmp_path / "component.yaml").write_text(json.dumps(document))
    result = transpile("check", tmp_path / "component.yaml", "--format", "json")
    assert result.code == 1
    assert len(result.problems) == 1
    assert "\x1b" not in transpile("check", tmp_path / "component.yaml").stdout


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["left_out", "print_all", "train"]).flatmap(
        lambda name: damaged((COMPILED / f"{name}.yaml").read_bytes())
    )
)
def test_a_damaged_file_gives_diagnostics(data: bytes) -> None:
    assert_inside(check_component(COMPILED / "damaged.yaml", data))
