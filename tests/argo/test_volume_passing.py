"""Files that pass through a volume: every task finds the bytes that it would get from an object store."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REPOSITORY, Transpile
from tests.support.local_argo import Run

SAMPLES = REPOSITORY / "samples"
PIPELINES = {
    "ml": "",
    "catalog": "",
    "features/branches": "",
    "features/groups": "",
    "features/loop-files": "outputs: {model: '${{ tasks.train.outputs.model }}'}",
    "features/volume-passing": "",
}
"""Sample → what it must say beside, so that it yields a file."""
VOLUMES = {"a claim that exists": "{claim: data}", "a claim a run": "{size: 1Gi, prefix: here}"}


def compiled(sample: str, artifacts: str, transpile: Transpile, folder: Path) -> dict[str, Any]:
    """The Workflow of a sample whose files pass as `artifacts` says."""
    shutil.copytree(SAMPLES, folder)
    manifest = folder / sample / "pipeline.yaml"
    lines = manifest.read_text(encoding="utf-8").splitlines()
    own = "\n".join(line for line in lines if not line.startswith("artifacts:"))
    manifest.write_text(f"{own}\n{PIPELINES[sample]}\nartifacts: {artifacts}\n", encoding="utf-8")
    return transpile("compile", manifest, "--root", folder).workflow


def content(path: Path) -> object:
    """The content of a file, or of the files in a folder."""
    if path.is_dir():
        return {each.relative_to(path).as_posix(): each.read_bytes() for each in path.rglob("*") if each.is_file()}
    return path.read_bytes()


@pytest.mark.parametrize("volume", VOLUMES)
@pytest.mark.parametrize("sample", PIPELINES)
def test_a_run_yields_what_it_yields_with_an_object_store(
    sample: str, volume: str, transpile: Transpile, tmp_path: Path
) -> None:
    here = tmp_path / "run"
    here.mkdir()
    stored = Run(compiled(sample, "null", transpile, tmp_path / "stored"), here).outputs
    files = {name: content(path) for name, path in stored.artifacts.items()}
    assert files
    shutil.rmtree(here)  # programs may yield the paths that they see, so those must be the same
    here.mkdir()
    passed = Run(compiled(sample, VOLUMES[volume], transpile, tmp_path / "passed"), here)
    assert not passed.outputs.artifacts
    paths = {name: passed.outputs.parameters.pop(f"{name}-subpath") for name in files}
    assert {name: content(passed.volume / path) for name, path in paths.items()} == files
    assert passed.outputs.parameters == stored.parameters


# ------------------------------------------------------------------ another try

WORKER = """\
name: p
artifacts: {claim: data}
inputs: {place: {type: String}}
components:
  write:
    name: Write
    inputs: [{name: place, type: String}, {name: text, type: String, default: done}]
    outputs: [{name: table, type: CSV}]
    implementation:
      container:
        image: alpine:3.20
        command:
          - sh
          - -ec
          - |
            if test -e "$1"; then echo found what the last try left > "$2"; exit; fi
            echo half > "$2"
            test -e "$0-$3" || { touch "$0-$3"; exit 1; }
            echo "$3" > "$2"
        args: [{inputValue: place}, DECOY, {outputPath: table}, {inputValue: text}]
  show:
    name: Show
    inputs: [{name: table, type: CSV}]
    outputs: [{name: shown, type: String}]
    implementation:
      container:
        image: alpine:3.20
        command: [sh, -ec, 'mkdir -p "$(dirname "$1")"; find -L "$0" -type f -exec cat {} + | sort > "$1"']
        args: [{inputPath: table}, {outputPath: shown}]
tasks:
  write:
    component: write
    retry: 1
    arguments: {place: "${{ inputs.place }}"}
  show:
    component: show
    arguments: {table: "${{ tasks.write.output }}"}
outputs:
  shown: ${{ tasks.show.output }}
"""
LOOP = WORKER.replace(
    "    retry: 1\n    arguments: {", "    retry: 1\n    forEach: [a, b]\n    arguments: {text: '${{ item }}', "
)
Write = Callable[[dict[str, str]], Path]


def test_another_try_finds_nothing_of_the_last_one(write: Write, transpile: Transpile, tmp_path: Path) -> None:
    manifest = write({"pipeline.yaml": WORKER.replace("DECOY", "{outputPath: table}")}) / "pipeline.yaml"
    run = Run(transpile("compile", manifest).workflow, tmp_path, place=str(tmp_path / "tried"))
    assert run.outputs.parameters == {"shown": "done"}


def test_another_try_of_an_item_writes_over_the_last_one(write: Write, transpile: Transpile, tmp_path: Path) -> None:
    manifest = write({"pipeline.yaml": LOOP.replace("DECOY", "/no/such/file")}) / "pipeline.yaml"
    run = Run(transpile("compile", manifest).workflow, tmp_path, place=str(tmp_path / "tried"))
    assert run.outputs.parameters == {"shown": "a\nb"}


def test_a_group_that_is_tried_again_collects_files_of_its_last_try(write: Write, transpile: Transpile) -> None:
    group = LOOP.replace("DECOY", "{outputPath: table}").partition("tasks:\n")
    tasks = "".join(f"    {line}\n" for line in f"tasks:\n{group[2]}".partition("outputs:")[0].splitlines())
    manifest = write({"pipeline.yaml": f"{group[0]}tasks:\n  group:\n    retry: 2\n{tasks}"}) / "pipeline.yaml"
    (dag,) = (each for each in transpile("compile", manifest).workflow["spec"]["templates"] if each["name"] == "group")
    folders = {each["value"] for task in dag["dag"]["tasks"] for each in task["arguments"]["parameters"][-1:]}
    assert folders == {"artifacts/{{workflow.uid}}/{{=sprig.sha256sum(node.name)}}/{{retries}}/write/table"}
