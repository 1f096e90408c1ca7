"""Samples in real containers end as they do as commands of this machine: the same nodes, values and files."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REPOSITORY
from transpiler.local.folder import RunFolder, folders
from transpiler.runs.nodes import name_of, nodes_of

SAMPLES = REPOSITORY / "samples"
SECRETS = ["--env-file", "secrets.env", "--config-map", "settings=settings.env"]
WORDS = {"ml": ["-p", "rows=40", "-p", "epochs=5"], "features/secrets": SECRETS}
IN_PODMAN = ("add", "ml", "features/exit-handlers", "features/volume-passing")
IN_DOCKER = ("add", "features/loop-files", "features/secrets", "features/retries")


def execute(sample: str, executor: str, folder: Path, words: list[str]) -> RunFolder:
    """Run a sample to its end; its folder."""
    (folder / "secrets.env").write_text(
        "api.token=t\ndatabase.user=me\norders-db.password=hush\ntokens.deploy=key\n", encoding="utf-8"
    )
    (folder / "settings.env").write_text("region=eu\n", encoding="utf-8")
    command = [sys.executable, "-m", "transpiler", "run", str(SAMPLES / sample / "pipeline.yaml")]
    done = subprocess.run(
        [*command, "--executor", executor, "--run-dir", executor, *words],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(REPOSITORY)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (run,) = folders(folder / executor)
    assert not list(run.work.iterdir())
    assert not (run.path / "containers.json").exists()
    return run


def told(run: RunFolder) -> dict[str, Any]:
    """What happened to each node, without names of the run and times."""
    workflow = run.workflow()
    name = name_of(workflow)
    found = {}
    for node in nodes_of(workflow).values():
        outputs = _nameless(json.dumps(node.get("outputs"), sort_keys=True), run)
        found[str(node["name"]).removeprefix(name)] = (node["type"], node["phase"], node.get("message"), outputs)
    return found


def stored(run: RunFolder) -> list[tuple[str, bytes]]:
    """The files of a run, without its name."""
    return sorted((_nameless(path, run), data) for path, data in _files(run))


def _nameless(text: str, run: RunFolder) -> str:
    """A text without what differs from run to run: its name and id, and the ids and hashes made of these."""
    named = text.replace(run.name, "RUN").replace(run.plan().info.uid, "UID")
    return re.sub(r"[0-9a-f]{64}", "HASH", re.sub(r"-\d{6,}", "-N", named))


def _files(run: RunFolder) -> Iterator[tuple[str, bytes]]:
    for folder in (run.files, run.claims):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                assert path.stat().st_uid == os.getuid()
                yield str(path.relative_to(folder)), path.read_bytes()


@pytest.mark.parametrize(
    ("engine", "sample"),
    [*(("podman", each) for each in IN_PODMAN), *(("docker", each) for each in IN_DOCKER)],
    indirect=["engine"],
)
def test_a_sample_ends_alike_in_containers(engine: str, sample: str, tmp_path: Path) -> None:
    words = WORDS.get(sample, [])
    here = execute(sample, "process", tmp_path, words)
    there = execute(sample, engine, tmp_path, words)
    assert told(there) == told(here)
    assert stored(there) == stored(here)
