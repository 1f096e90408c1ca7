"""Runs in Argo's own controller: what runs, with which values and files, and how it ends. Found from disk.

A case is a YAML document in `tests/argo/runs`:

- `says`: what it shows; `manifest`: without the components of `tests/argo/runs/components.yaml`, which other manifests
  `beside` it, by their names, may use as well; a text there is a file.
- `given`: arguments of the run, `cluster`: objects that are there before, `libraries`: manifests that are there as
  WorkflowTemplates, `stop`: the pod during which somebody stops the run, `again`: the same ran before, so that the
  results that it keeps are there. `pods`: what pods do, by node or by a pattern of nodes: `fails`, `exits N`, or the
  outputs that they write (`result` is what they print). A pod that
  is not named writes the first word of its command, after the program, to each.
- `ran`: every pod that must run, by node, with the words of its command after the program; paths of outputs and input
  files are left out, and a single word is written as a text. Words, variables and files are as the program sees them,
  when Kubernetes has filled in variables.
- `phase` (`Running`: it never ends) and `outputs` of the run; `env`, `files` (the output that each input file is),
  `source` (of a script or manifest), `cached` (the cache key) and `labels` of some pods; and some of the `spec` of some
  pods, as Kubernetes gets it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from benchmarks import shapes
from tests.conftest import REPOSITORY, Result, Transpile
from tests.judges import runs
from tests.judges.runs import Deed, Run

FOLDER = Path(__file__).parent / "runs"
KEYS = {
    "says",
    "manifest",
    "beside",
    "given",
    "cluster",
    "libraries",
    "stop",
    "again",
    "pods",
    "ran",
    "phase",
    "outputs",
    "env",
    "files",
    "source",
    "cached",
    "labels",
    "spec",
}
Json = Any


def load(source: Path | str) -> list[Json]:
    return list(YAML(typ="safe", pure=True).load_all(source))


@pytest.fixture(autouse=True)
def controller() -> None:
    if runs.program() is None:
        pytest.skip("Argo's controller is not at hand: install Go, or run .ci/run")


COMPONENTS = load(FOLDER / "components.yaml")[0]
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['says']}")
    for path in sorted(FOLDER.glob("*.yaml"))
    if path.name not in ("components.yaml", "golden.yaml")
    for case in load(path)
]


@pytest.mark.parametrize("case", CASES)
def test_a_run(case: Json, transpile: Transpile, tmp_path: Path) -> None:
    assert set(case) <= KEYS
    result, cluster = compiled(case, transpile, tmp_path)
    assert result.code == 0, result.stderr
    (went,) = runs.reports([asked_of(case, result, cluster)])
    assert differences(case, went) == [], f"{went['message']} {went['nodes']}\n{result.stdout}"


def compiled(case: Json, transpile: Transpile, folder: Path, *options: str) -> tuple[Result, list[Json]]:
    """A case compiled in a folder, and the objects that are in the cluster before; options go to the command."""
    libraries = {f"library-{number}.yaml": each for number, each in enumerate(case.get("libraries", []))}
    for name, manifest in {"pipeline.yaml": case["manifest"], **case.get("beside", {}), **libraries}.items():
        (folder / name).write_text(written(manifest), encoding="utf-8")
    cluster = list(case.get("cluster", []))
    for name in libraries:
        library = transpile("compile", folder / name, "--kind", "WorkflowTemplate", *options)
        assert library.code == 0, library.stderr
        cluster += load(library.stdout)
    if cluster:
        (folder / "cluster.yaml").write_text("\n---\n".join(map(json.dumps, cluster)), encoding="utf-8")
    return transpile("compile", folder / "pipeline.yaml", *options), cluster


def asked_of(case: Json, result: Result, cluster: list[Json]) -> Run:
    """What the controller is asked to run."""
    objects = [*cluster, *load(result.stdout)]
    given, pods = texts(case.get("given", {})), deeds(case.get("pods", {}))
    return Run(objects, given, pods, case.get("stop", ""), again=case.get("again", False))


def differences(case: Json, went: Json, name: Callable[[str], str] = str) -> list[Json]:
    """What went otherwise than the case says; `name` is how nodes are called in both."""
    ran = {name(pod["node"]): pod for pod in went["pods"]}
    expected = {name(node): said for node, said in texts(case["ran"]).items()}
    told = {node: words(pod) for node, pod in ran.items()}
    found: list[Json] = [
        (key, one, other)
        for key, one, other in [
            ("ran", told, expected),
            ("phase", went["phase"], case.get("phase", "Succeeded")),
            ("outputs", went["outputs"], texts(case.get("outputs", went["outputs"]))),
        ]
        if one != other
    ]
    for key in ("env", "files", "source", "cached", "labels"):
        for node, said in case.get(key, {}).items():
            if name(node) in ran and ran[name(node)][key] != said:
                found.append((key, ran[name(node)][key], said))
    for node, said in case.get("spec", {}).items():
        if name(node) in ran and not has(ran[name(node)]["spec"], said):
            found.append(("spec", ran[name(node)]["spec"], said))
    return found


def written(file: Json) -> str:
    """A manifest with the components of all runs, or a text as it is."""
    if isinstance(file, str):
        return file
    return json.dumps({**file, "components": COMPONENTS | file.get("components", {})}, indent=1)


def has(found: Json, expected: Json) -> bool:
    """Whether there is all that is expected: of a mapping the values, of a list each entry somewhere."""
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(has(found.get(key), value) for key, value in expected.items())
    if isinstance(expected, list):
        return isinstance(found, list) and all(any(has(each, value) for each in found) for value in expected)
    return bool(found == expected)


def texts(values: Json) -> Json:
    """The same, with all single values as texts."""
    if isinstance(values, dict):
        return {str(key): texts(value) for key, value in values.items()}
    return [texts(value) for value in values] if isinstance(values, list) else str(values)


def deeds(pods: Json) -> dict[str, Deed]:
    return {node: deed(does) for node, does in pods.items()}


def deed(does: Json) -> Deed:
    if isinstance(does, dict):
        return Deed(outputs=texts(does), result=does.get("result"))
    exits = re.fullmatch(r"fails|exits (\d+)", does)
    assert exits, does
    return Deed(exit=int(exits[1] or 1))


def words(pod: Json) -> Json:
    said = pod["words"][1:]
    return said[0] if len(said) == 1 else said


# ------------------------------------------------------------------ all that is emitted elsewhere

GOLDEN = {
    path.parent.relative_to(REPOSITORY).as_posix(): path.parent
    for place in ("tests/language/cases", "samples", "samples/features", "samples/pipelines")
    for path in sorted((REPOSITORY / place).glob("*/workflow.yaml"))
}
SPECIAL = load(FOLDER / "golden.yaml")[0]
"""What some of them need: objects in the cluster, arguments, outputs of a certain form; or another phase, and why."""


@pytest.mark.parametrize("name", GOLDEN)
def test_a_golden_workflow_comes_to_a_good_end(name: str) -> None:
    asked = golden(name, load(GOLDEN[name] / "workflow.yaml"))
    if asked is None:
        pytest.skip("a library is called, and does not run by itself")
    (went,) = runs.reports([asked])
    assert went["phase"] == SPECIAL.get(name, {}).get("phase", "Succeeded"), went


def in_the_cluster(name: str) -> list[Json]:
    """The objects that a golden Workflow finds in the cluster."""
    beside = GOLDEN[name] / "cluster.yaml"
    return [*SPECIAL.get(name, {}).get("cluster", []), *(load(beside) if beside.exists() else [])]


def golden(name: str, objects: list[Json]) -> Run | None:
    """What the controller is asked to run; None for a library, which is called and does not run by itself."""
    needs = SPECIAL.get(name, {})
    if objects[-1]["kind"] == "WorkflowTemplate" and "entrypoint" not in objects[-1]["spec"]:
        return None
    asked = [*in_the_cluster(name), *objects]
    return Run(asked, texts(needs.get("given", {})), deeds(needs.get("pods", {})))


def test_what_golden_workflows_need_is_for_ones_that_exist() -> None:
    assert set(SPECIAL) <= set(GOLDEN)


# ------------------------------------------------------------------ split pipelines


@pytest.mark.parametrize("shape", ["chains", "diamond", "grid", "near", "random"])
def test_a_split_pipeline_runs_every_task_with_the_values_that_it_asks_for(
    shape: str, transpile: Transpile, tmp_path: Path
) -> None:
    graph = shapes.SHAPES[shape](300)
    (tmp_path / "pipeline.yaml").write_text(shapes.manifest(shape, graph, by_value=True), encoding="utf-8")
    result = transpile("compile", tmp_path / "pipeline.yaml")
    writes = {rf"(.*\.)?t{number}": Deed(outputs={"o": f"value {number}"}) for number in range(len(graph))}
    (went,) = runs.reports([Run(load(result.stdout), {}, writes)])
    assert went["phase"] == "Succeeded", went
    got = {pod["node"].rpartition(".")[2]: pod["words"][1:3] for pod in went["pods"]}
    assert got == {f"t{number}": asked(others) for number, others in enumerate(graph)}
    started = {pod["node"].rpartition(".")[2]: place for place, pod in enumerate(went["pods"])}
    for number, others in enumerate(graph):
        assert all(started[f"t{other}"] < started[f"t{number}"] for other in others)


def asked(others: list[int]) -> list[str]:
    """What a task of the manifest is passed."""
    return (
        [*(f"value {other}" for other in others[:2]), "1", "2"][:2] if len(others) != 1 else [f"value {others[0]}", "2"]
    )
