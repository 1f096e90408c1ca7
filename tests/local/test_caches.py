"""Tasks with `cache` take what earlier runs have left, with files, until it is removed or new results are wanted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REPOSITORY
from transpiler.engine.protocol import Kept
from transpiler.executors.store import Store
from transpiler.local import caches
from transpiler.local.caches import Caches
from transpiler.local.folder import RunFolder, folders
from transpiler.runs.nodes import is_hit, nodes_of

WORKFLOW = """\
kind: Workflow
apiVersion: argoproj.io/v1alpha1
metadata: {generateName: p-}
spec:
  entrypoint: main
  arguments: {parameters: [{name: key, value: k1}]}
  templates:
  - name: main
    dag:
      tasks:
      - name: make
        template: make
      - name: read
        template: read
        depends: make
        arguments:
          parameters: [{name: x, value: "{{tasks.make.outputs.parameters.x}}"}]
          artifacts: [{name: f, from: "{{tasks.make.outputs.artifacts.f}}"}]
    outputs:
      parameters: [{name: said, valueFrom: {parameter: "{{tasks.read.outputs.result}}"}}]
      artifacts: [{name: f, from: "{{tasks.make.outputs.artifacts.f}}"}]
  - name: make
    memoize: {key: "{{workflow.parameters.key}}", cache: {configMap: {name: mine}}}
    dag: {tasks: [{name: it, template: program}]}
    outputs:
      parameters: [{name: x, valueFrom: {parameter: "{{tasks.it.outputs.parameters.x}}"}}]
      artifacts: [{name: f, from: "{{tasks.it.outputs.artifacts.f}}"}]
  - name: program
    script:
      image: none
      command: [sh]
      source: |
        mkdir -p /tmp/o/f; cat /proc/sys/kernel/random/uuid > /tmp/o/x; cp /tmp/o/x /tmp/o/f/data
    outputs:
      parameters: [{name: x, valueFrom: {path: /tmp/o/x}}]
      artifacts: [{name: f, path: /tmp/o/f}]
  - name: read
    inputs:
      parameters: [{name: x}]
      artifacts: [{name: f, path: /tmp/f}]
    script: {image: none, command: [sh], source: "echo {{inputs.parameters.x}} $(cat /tmp/f/data)"}
"""


def hits_of(workflow: Any) -> list[str]:
    """The names of the nodes whose results come from a cache."""
    return [each["name"] for each in nodes_of(workflow).values() if is_hit(each)]


class Runs:
    """Runs of one pipeline, whose cached task leaves another value each time that it runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "p.yaml").write_text(WORKFLOW, encoding="utf-8")

    def command(self, *words: str, code: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "transpiler", *words], cwd=self.folder, capture_output=True, text=True,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)}, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == code, done.stderr
        return done.stdout

    def run(self, *words: str) -> tuple[str, RunFolder]:
        """The value of the cached task, which its file has too, and the folder."""
        self.command("run", "p.yaml", "--run-dir", "runs", *words)
        folder = folders(self.folder / "runs")[-1]
        root = folder.workflow()["status"]["nodes"][folder.name]
        artifact = root["outputs"]["artifacts"][0]["s3"]["key"]
        said: str = root["outputs"]["parameters"][0]["value"]
        assert (folder.files / artifact / "data").read_text().strip() == said.split(maxsplit=1)[0]
        return said, folder


@pytest.mark.skipif(sys.platform != "linux", reason="the tasks read /proc")
def test_a_later_run_takes_the_result_with_its_files(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    value, first = runs.run()
    assert hits_of(first.workflow()) == []
    again, second = runs.run()
    assert (again, hits_of(second.workflow())) == (value, [f"{second.name}.make"])
    shown = runs.command("runs", "show", second.name, "--run-dir", "runs")
    assert [line.split()[:2] for line in shown.splitlines()][:2] == [["Cached", "make"], ["Succeeded", "read"]]
    runs.command("runs", "remove", first.name, "--run-dir", "runs")
    assert runs.run()[0] == value
    other, _ = runs.run("-p", "key=k2")
    new, _ = runs.run("--no-cache")
    assert len({value, other, new}) == 3
    assert runs.run()[0] == new
    assert runs.command("runs", "remove", "--cache", "--run-dir", "runs") == "removed 2 cached results\n"
    assert runs.run()[0] not in {value, new}


@pytest.mark.skipif(sys.platform != "linux", reason="the tasks read /proc")
def test_a_result_without_its_files_or_cut_short_is_no_result(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    values = [runs.run()[0]]
    home = tmp_path / "runs" / ".cache"
    (data,) = (home / "files").rglob("data")
    data.unlink()
    data.parent.rmdir()
    values.append(runs.run()[0])
    (result,) = (home / "results").iterdir()
    result.write_bytes(result.read_bytes()[:-20])
    values.append(runs.run()[0])
    assert len(set(values)) == 3
    assert json.loads(result.read_bytes())["key"] == "k1"


def test_the_oldest_results_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches, "MOST_BYTES", 250)
    files, kept = Store(tmp_path / "files"), Caches(tmp_path / "runs")
    for number in range(4):
        (tmp_path / "file").write_bytes(b"x" * 100)
        files.put(f"p/{number}", tmp_path / "file", keeps=True)
        outputs = {"artifacts": [{"name": "f", "s3": {"key": f"p/{number}"}}]}
        kept.keep({"mine": {f"k{number}": Kept(outputs, "n", float(number))}}, {}, files)
    assert sorted(each.name for each in (tmp_path / "runs" / ".cache" / "files" / "p").iterdir()) == ["2", "3"]
    assert len(list((tmp_path / "runs" / ".cache" / "results").iterdir())) == 2
