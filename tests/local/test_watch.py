"""`transpile run --watch`: again after each change of what the run has read; what has not changed is reused."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.conftest import REPOSITORY, Transpile

MANIFEST = """\
name: watched
tasks:
  one: {component: say.yaml, arguments: {text: one}}
  two: {component: other.yaml, arguments: {text: "${{ tasks.one.output }}"}}
"""
COMPONENT = """\
inputs: [{name: text, type: String}]
outputs: [{name: text, type: String}]
implementation:
  container:
    image: none
    command: [sh, -ec, 'mkdir -p "${1%/*}"; echo "$0" > "$1"', {inputValue: text}, {outputPath: text}]
"""
READY = "files for changes; Ctrl-C ends it"


class Watching:
    """A process that watches, and what it prints."""

    def __init__(self, folder: Path) -> None:
        words = [sys.executable, "-m", "transpiler", "run", "p.yaml", "--watch", "--executor", "process"]
        self.process = subprocess.Popen(
            words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        self._lines: SimpleQueue[str] = SimpleQueue()
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def told(self) -> list[str]:
        """The lines until it waits for a change."""
        found: list[str] = []
        while not found or READY not in found[-1]:
            found.append(self._lines.get(timeout=60))
        return [" ".join(line.split()) for line in found]


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[Watching]:
    (tmp_path / "p.yaml").write_text(MANIFEST)
    (tmp_path / "say.yaml").write_text(COMPONENT)
    (tmp_path / "other.yaml").write_text(COMPONENT)
    found = Watching(tmp_path)
    yield found
    found.process.kill()
    found.process.wait()
    found.reader.join()
    assert found.process.stdout is not None
    found.process.stdout.close()


def test_a_change_of_a_file_runs_what_it_changes(watching: Watching, tmp_path: Path) -> None:
    first = watching.told()
    assert any(line.startswith("Succeeded watched-") for line in first)
    (tmp_path / "other.yaml").write_text(COMPONENT.replace("echo", "printf %s"))
    told = watching.told()
    assert "other.yaml changed" in told
    assert [line.partition(":")[0] for line in told if line.startswith(("Reused", "Again"))] == [
        "Reused one",
        "Again two",
    ]
    (tmp_path / "p.yaml").write_text(MANIFEST.replace("other.yaml,", "gone.yaml,"))
    told = watching.told()
    assert not any(line.startswith(("Reused", "Succeeded")) for line in told)
    assert any("gone.yaml" in line for line in told)
    (tmp_path / "p.yaml").write_text(MANIFEST)
    told = watching.told()
    assert [line.partition(":")[0] for line in told if line.startswith("Reused")] == ["Reused one", "Reused two"]
    watching.process.send_signal(signal.SIGINT)
    assert watching.process.wait(timeout=60) == 130


def test_only_files_are_watched(transpile: Transpile, tmp_path: Path) -> None:
    for words in (["-", "--watch"], [str(tmp_path / "p.yaml"), "--watch", "--dry-run"]):
        done = transpile("run", *words)
        assert (done.code, "--watch needs a manifest that is a file" in done.stderr) == (2, True)
    done = transpile("run", "--resume", "x", "--watch")
    assert (done.code, "--watch: --resume goes on with a run" in done.stderr) == (2, True)
