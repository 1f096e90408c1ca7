"""A run that is killed at any moment goes on where it was: nothing is lost, claimed too early, or left running."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.executors.bench import processes_of
from transpiler.engine.protocol import Ended
from transpiler.local.folder import RunFolder, new_folder
from transpiler.local.journal import read_journal

KILLS = 50
# A line of tasks beside a fan: each leaves a value, a file, and a process that would go on.
PROGRAM = """\
import sys
from pathlib import Path
from tests.local.runner import Runner
from tests.local.stand_in import FILE, OUT, Job
from transpiler.local.folder import RunFolder
marker = sys.argv[2]
text = f"setsid sleep {marker} & mkdir -p /tmp/outputs; echo $0 > {OUT}; sleep 0.01; echo $0 > {FILE}"
jobs = {"t0": Job(text)}
for number in range(1, 10):
    jobs[f"t{number}"] = Job(text, (f"t{number - 1}",), takes=f"t{number - 1}")
    jobs[f"u{number}"] = Job(text, ("t0",), tries=2)
print("ready", flush=True)
folder = RunFolder(Path(sys.argv[1]))
with folder.locked():
    driver = Runner(folder).run(jobs, at_once=3)
print(driver.is_over, flush=True)
"""


def start(folder: RunFolder, marker: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder.path), marker],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def check(folder: RunFolder) -> set[str]:
    """Whatever the folder claims has happened; the nodes that have ended."""
    ended = {event.node for step in read_journal(folder.journal) for event in step.events if isinstance(event, Ended)}
    for node in ended:
        name = node.partition("-")[2].partition(".")[0]
        assert (folder.files / "p" / name).read_text() == f"{name}\n"
    if folder.status.exists():
        nodes = json.loads(folder.status.read_bytes())["status"]["nodes"]
        assert {node for node, each in nodes.items() if each["phase"] == "Succeeded" and each["type"] == "Pod"} <= ended
    return ended


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody adopts what a program leaves behind")
def test_a_run_survives_kills_at_random_moments(tmp_path: Path) -> None:
    marker = f"5{os.getpid()}"
    chance = random.Random(13)
    kills = 0
    while kills < KILLS:
        folder = new_folder(tmp_path / "runs", "p-", tmp_path)
        ended: set[str] = set()
        while True:
            process = start(folder, marker)
            try:
                out, _ = process.communicate(timeout=chance.uniform(0, 0.4))
                assert (process.returncode, out) == (0, "True\n")
                break
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                kills += 1
            now = check(folder)
            assert now >= ended
            ended = now
        assert len(check(folder)) == 19
        assert folder.workflow()["status"]["phase"] == "Succeeded"
        assert not list(folder.work.iterdir())
    for _ in range(100):
        if not processes_of(f"sleep {marker}"):
            break
        time.sleep(0.05)
    assert not processes_of(f"sleep {marker}")
