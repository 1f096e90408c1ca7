"""Containers of a run that was killed are removed: when it goes on, when it is removed, and by the next run."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.conftest import REPOSITORY
from tests.judges.containers import SMALL
from transpiler.local.folder import folders

WORKFLOW = """\
kind: Workflow
apiVersion: argoproj.io/v1alpha1
metadata: {{generateName: {name}-}}
spec:
  entrypoint: main
  templates: [{{name: main, container: {{image: "{image}", command: [sleep, "{seconds}"]}}}}]
"""


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "transpiler", *words]


def running(engine: str) -> list[str]:
    done = subprocess.run([engine, "ps", "--quiet"], capture_output=True, text=True, check=True)
    return done.stdout.split()


def killed(engine: str, folder: Path, *words: str, before: str = "none") -> str:
    """Start a run, and kill it once its container runs, and the one before is gone; the container."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    process = subprocess.Popen(command(*words), cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    while not (found := running(engine)) or before in found:
        assert process.poll() is None
        time.sleep(0.1)
    process.kill()
    process.wait()
    assert len(found) == 1
    return found[0]


def done(folder: Path, *words: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    ran = subprocess.run(
        command(*words), cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert ran.returncode == 0, ran.stderr


def test_containers_of_a_killed_run_are_removed(engine: str, tmp_path: Path) -> None:
    for name, seconds in (("long", 600), ("short", 0)):
        text = WORKFLOW.format(name=name, image=SMALL, seconds=seconds)
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    options = ("--executor", engine, "--run-dir", "runs")
    first = killed(engine, tmp_path, "run", "long.yaml", *options)
    (run,) = folders(tmp_path / "runs")
    assert (run.path / "containers.json").exists()
    second = killed(engine, tmp_path, "run", "--resume", str(run.path), *options, before=first)
    done(tmp_path, "run", "short.yaml", "--executor", "process", "--run-dir", "runs")
    assert running(engine) == []
    assert not (run.path / "containers.json").exists()
    third = killed(engine, tmp_path, "run", "--resume", str(run.path), *options)
    assert len({first, second, third}) == 3
    done(tmp_path, "runs", "remove", run.name, "--run-dir", "runs")
    assert running(engine) == []
    assert not run.path.exists()
