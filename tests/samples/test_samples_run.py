"""The samples do what they say: what compiles from them is run here, on this machine and without a cluster."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REPOSITORY, Transpile

SAMPLES = REPOSITORY / "samples"
Json = Any


class Run:
    """A run of a Workflow whose entry is a DAG of container templates; every container is a process, in a folder."""

    def __init__(self, workflow: Json, folder: Path, **arguments: str) -> None:
        """Run it to the end. Raises CalledProcessError when a container fails."""
        self.folder = folder
        self.templates = {template["name"]: template for template in workflow["spec"]["templates"]}
        given = _given(workflow["spec"], arguments)
        roots = ("inputs", "workflow")  # required inputs of a Workflow are read from the run
        self.known = {f"{root}.parameters.{name}": value for root in roots for name, value in given.items()}
        """What each tag of the entry stands for: a value, or the path of an artifact."""
        entry = self.templates[workflow["spec"]["entrypoint"]]
        tasks = {task["name"]: task for task in entry["dag"]["tasks"]}
        for name in TopologicalSorter({name: _depends(task) for name, task in tasks.items()}).static_order():
            self._task(tasks[name])
        outputs = entry["outputs"]
        self.parameters = {
            each["name"]: self._resolved(each["valueFrom"]["parameter"]) for each in outputs.get("parameters", [])
        }
        self.artifacts = {each["name"]: Path(self._resolved(each["from"])) for each in outputs.get("artifacts", [])}

    def _resolved(self, text: str) -> str:
        return _filled(text, self.known)

    def _content(self, artifact: Json) -> bytes:
        """What an argument holds: another task's file, or a text of its own."""
        if "raw" in artifact:
            return _expanded(self._resolved(artifact["raw"]["data"]), {}).encode()
        return Path(self._resolved(artifact["from"])).read_bytes()

    def _task(self, task: Json) -> None:
        """Run the container of a task, and remember what it yields."""
        given = task.get("arguments", {})
        values = {each["name"]: self._resolved(each["value"]) for each in given.get("parameters", [])}
        files = {each["name"]: self._content(each) for each in given.get("artifacts", [])}
        template, folder = self.templates[task["template"]], self.folder / task["name"]
        outputs = _container(template, values, files, folder)
        for each in outputs.get("parameters", []):
            text = _local(each["valueFrom"]["path"], folder)
            value = Path(text).read_text(encoding="utf-8").removesuffix("\n")  # one line end, as Argo does
            self.known[f"tasks.{task['name']}.outputs.parameters.{each['name']}"] = value
        for each in outputs.get("artifacts", []):
            self.known[f"tasks.{task['name']}.outputs.artifacts.{each['name']}"] = _local(each["path"], folder)


def _container(template: Json, values: dict[str, str], files: dict[str, bytes], folder: Path) -> Json:
    """Run a container template to its end; its outputs, as it declares them."""
    inputs, container = template.get("inputs", {}), template["container"]
    folder.mkdir()
    for each in inputs.get("artifacts", []):
        path = Path(_local(each["path"], folder))
        path.parent.mkdir(parents=True)
        path.write_bytes(files[each["name"]] if each["name"] in files else _expanded(each["raw"]["data"], {}).encode())
    words = [_local(word, folder) for word in container_words(template, values)]
    env = {each["name"]: each["value"] for each in container.get("env", [])}
    words[0] = sys.executable if words[0] == "python3" else words[0]
    subprocess.run(words, cwd=folder, env=os.environ | env, check=True, timeout=60)
    return template.get("outputs", {})


def container_words(template: Json, values: dict[str, str], *, expand: bool = True) -> list[str]:
    """The command and args that a container is started with, by Argo and then the kubelet (`expand`)."""
    container, inputs = template["container"], template.get("inputs", {})
    given = {name: _filled(value, OF_THE_RUN) for name, value in _given({"arguments": inputs}, values).items()}
    known = OF_THE_RUN | {f"inputs.parameters.{name}": value for name, value in given.items()}
    env = {each["name"]: each["value"] for each in container.get("env", [])}
    words = [_filled(word, known) for word in (*container["command"], *container.get("args", []))]
    return [_expanded(word, env) for word in words] if expand else words


def _given(spec: Json, passed: dict[str, str]) -> dict[str, str]:
    """The value of every parameter: the one that was passed, else its default."""
    declared = spec.get("arguments", {}).get("parameters", [])
    assert passed.keys() <= {each["name"] for each in declared}
    return {each["name"]: passed[each["name"]] if each["name"] in passed else each["value"] for each in declared}


def _depends(task: Json) -> list[str]:
    return str(task["depends"]).split(" && ") if "depends" in task else []


OF_THE_RUN = {
    "workflow.name": "run-abc12",
    "workflow.uid": "a0a0a0a0",
    "tasks.name": "the-task",
    "pod.name": "run-abc12-the-task-1",
}
"""What stands for the run in each container."""
_FUNCTIONS: dict[str, Callable[[str], str]] = {"toJson": json.dumps, "lower": str.lower, "": str}
_VALUE = r"(toJson|lower)?\(?inputs\.parameters\['([^']+)'\]\)?"
_EXPRESSION = re.compile(rf"\{{\{{=('\{{' \+ )?(replace\()?{_VALUE}(?(2), '\$', '\$\$'\))\}}\}}")
_EITHER = re.compile(r"\{\{((?:inputs|tasks|workflow|pod)\.[^{}]+)\}\}|\{\{=.*?\}\}")


def _filled(text: str, known: dict[str, str]) -> str:
    """Text with the tags of Argo replaced, in one pass. Raises KeyError for one that stands for nothing."""

    def put(tag: re.Match[str]) -> str:
        found = _EXPRESSION.fullmatch(tag[0])
        if found is None:
            return known[tag[1]]
        value = _FUNCTIONS[found[3] or ""](known[f"inputs.parameters.{found[4]}"])
        return ("{" if found[1] else "") + (value.replace("$", "$$") if found[2] else value)

    return _EITHER.sub(put, text)


def _expanded(text: str, env: dict[str, str]) -> str:
    """Text as the kubelet hands it on: `$$` is `$`, and `$(NAME)` the variable where there is one."""
    return re.sub(r"\$\$|\$\((\w+)\)", lambda found: env.get(found[1], found[0]) if found[1] else "$", text)


def _local(text: str, folder: Path) -> str:
    """Text with the paths in a container moved below a folder."""
    return re.sub(r"/tmp/(?=inputs|outputs)", f"{folder}/", text)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("sample", ["add", "catalog", "ml"])
def test_the_workflow_beside_a_manifest_is_what_it_compiles_to(sample: str, transpile: Transpile) -> None:
    result = transpile("compile", SAMPLES / sample / "pipeline.yaml")
    _, _, workflow = (SAMPLES / sample / "workflow.yaml").read_text(encoding="utf-8").partition("\n")
    assert workflow == result.stdout, result.stderr


def test_add(transpile: Transpile, tmp_path: Path) -> None:
    workflow = transpile("compile", SAMPLES / "add" / "pipeline.yaml").workflow
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    assert Run(workflow, tmp_path / "one").parameters == {"result": "24"}
    assert Run(workflow, tmp_path / "two", a="2", b="-3").parameters == {"result": "-5"}


@pytest.mark.parametrize("scaling", ["standard", "min-max"])
def test_ml_beats_always_answering_the_mean(scaling: str, transpile: Transpile, tmp_path: Path) -> None:
    run = Run(transpile("compile", SAMPLES / "ml" / "pipeline.yaml").workflow, tmp_path, scaling=scaling)
    metrics = json.loads(run.parameters["metrics"])
    model = json.loads(run.artifacts["model"].read_text(encoding="utf-8"))
    assert metrics["rmse"] < metrics["baseline"] / 4
    assert model["target"] == "rent"
    assert {name: weight > 0 for name, weight in model["weights"].items()} == {
        "area": True, "rooms": True, "distance": False
    }  # fmt: skip


@pytest.mark.parametrize(
    ("column", "complete", "large"),
    [
        ("amount", ["Ada", "Carl", "Dora", "Emmy", "Felix"], ["Emmy", "Dora"]),
        ("pieces", ["Ada", "Blaise", "Carl", "Dora", "Emmy", "Felix"], ["Dora", "Carl"]),
    ],
)
def test_catalog_filters_with_and_without_the_optional_input(
    column: str, complete: list[str], large: list[str], transpile: Transpile, tmp_path: Path
) -> None:
    workflow = transpile("compile", SAMPLES / "catalog" / "pipeline.yaml").workflow
    run = Run(workflow, tmp_path, column=column)
    assert [row["customer"] for row in table(run.artifacts["complete"])] == complete
    assert [row["customer"] for row in table(run.artifacts["large"])] == large
    assert json.loads(run.parameters["statistics"])["rows"] == len(complete)
    assert {"filter-table", "filter-table-2"} <= {template["name"] for template in workflow["spec"]["templates"]}
