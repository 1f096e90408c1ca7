"""A run that is killed at any moment goes on where it was: nothing is lost, claimed too early, or left running."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.executors.bench import processes_of
from tests.support.examples import TIMES
from transpiler.engine.protocol import Ended
from transpiler.local.folder import RunFolder, folders
from transpiler.local.journal import read_journal
from transpiler.local.replay import replayed
from transpiler.runs.nodes import nodes_of

KILLS = 15 * TIMES
PODS = "a a.onExit b(0:1)(0) b(0:1)(1) b(1:2)(0) b(1:2)(1) c c.hooks.running onExit".split()
DONE = ("Succeeded", "Failed")
# Each task leaves a process that would go on; those of the loop fail at first, and all but handlers leave a file.
WORKFLOW = """\
kind: Workflow
apiVersion: argoproj.io/v1alpha1
metadata: {generateName: p-}
spec:
  entrypoint: main
  onExit: note
  arguments: {parameters: [{name: marker}]}
  templates:
  - name: main
    dag:
      tasks:
      - {name: a, template: make, hooks: {exit: {template: note}}}
      - name: b
        template: flaky
        depends: a
        withItems: [1, 2]
        arguments: {artifacts: [{name: f, from: "{{tasks.a.outputs.artifacts.f}}"}]}
      - name: c
        template: make
        depends: b
        hooks: {running: {template: note, expression: "tasks['c'].status == 'Succeeded'"}}
    outputs: {parameters: [{name: x, valueFrom: {parameter: "{{tasks.c.outputs.parameters.x}}"}}]}
  - name: make
    script:
      image: none
      command: [sh]
      source: |
        setsid sleep {{workflow.parameters.marker}} &
        mkdir -p /tmp/o; echo made | tee /tmp/o/f > /tmp/o/x
    outputs: &outputs
      parameters: [{name: x, valueFrom: {path: /tmp/o/x}}]
      artifacts: [{name: f, path: /tmp/o/f}]
  - name: flaky
    inputs: {artifacts: [{name: f, path: /tmp/f}]}
    retryStrategy: {limit: 2}
    script:
      image: none
      command: [sh]
      source: |
        setsid sleep {{workflow.parameters.marker}} &
        mkdir -p /tmp/o; cat /tmp/f | tee /tmp/o/f > /tmp/o/x; exit $((1 - {{retries}}))
    outputs: *outputs
  - name: note
    script: {image: none, command: [sh], source: "setsid sleep {{workflow.parameters.marker}} & true"}
"""


def start(folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "transpiler", "run", *words, "--executor", "process", "--run-dir", str(folder)],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def steps(folder: Path) -> int:
    """How many steps the journal of the only run has."""
    return sum(path.read_bytes().count(b"\n") for path in folder.glob("*/events.jsonl"))


def killed(process: subprocess.Popen[str], folder: Path, wanted: int, pause: float) -> bool:
    """Kill a process once the journal has so many steps; False if it has ended before."""
    while steps(folder) < wanted and process.poll() is None:
        time.sleep(0.002)
    time.sleep(pause)
    process.kill()
    _, said = process.communicate()
    assert process.returncode in {0, -9}, said
    return process.returncode != 0


def check(folder: RunFolder) -> set[str]:
    """Whatever the folder claims has happened; the nodes that have ended."""
    ends = [event for step in read_journal(folder.journal) for event in step.events if isinstance(event, Ended)]
    assert len({event.node for event in ends}) == len(ends)
    for key in (key for event in ends for key in event.files.values()):
        assert (folder.files / key).read_text() == "made\n"
    ended = {event.node for event in ends}
    pods = {key: node for key, node in nodes_of(folder.workflow()).items() if node["type"] == "Pod"}
    assert {key for key, node in pods.items() if node["phase"] in DONE} <= ended
    return ended


def run_with_kills(home: Path, marker: str, chance: random.Random, manifest: Path) -> Iterator[int]:
    """Runs the pipeline to its end, and yields at each kill."""
    ended: set[str] = set()
    words: tuple[str, ...] = (str(manifest), "-p", f"marker={marker}")
    while killed(start(home, *words), home, steps(home) + chance.randint(1, 5), chance.uniform(0, 0.02)):
        yield 1
        if not folders(home):
            continue
        (folder,) = folders(home)
        words = ("--resume", str(folder.path))
        now = check(folder)
        assert now >= ended
        ended = now
        if read_journal(folder.journal) and replayed(folder, folder.plan()).is_over:
            _, said = start(home, *words).communicate()  # it writes the status, if the kill came before that
            assert "has succeeded: there is nothing to go on with" in said
            return


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody adopts what a program leaves behind")
def test_a_run_survives_kills_at_random_moments(tmp_path: Path) -> None:
    marker = f"5{os.getpid()}"
    chance = random.Random(13)
    manifest = tmp_path / "p.yaml"
    manifest.write_text(WORKFLOW, encoding="utf-8")
    kills = number = 0
    while kills < KILLS:
        number += 1
        home = tmp_path / f"runs{number}"
        kills += sum(run_with_kills(home, marker, chance, manifest))
        (folder,) = folders(home)
        workflow = folder.workflow()
        assert workflow["status"]["phase"] == "Succeeded"
        check(folder)
        pods = [node["name"] for node in nodes_of(workflow).values() if node["type"] == "Pod"]
        assert sorted(pods) == [f"{folder.name}.{each}" for each in PODS]
        assert not list(folder.work.iterdir())
    for _ in range(200):
        if not processes_of(f"sleep {marker}"):
            break
        time.sleep(0.05)
    assert not processes_of(f"sleep {marker}")
