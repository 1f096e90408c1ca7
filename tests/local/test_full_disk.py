"""A disk that is full: what has happened is in the journal, and a run ends as it does."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tests.local.runner import ECHO, Runner
from tests.local.stand_in import Job
from transpiler.local.errors import RunError
from transpiler.local.folder import RunFolder, new_folder
from transpiler.local.journal import Journal, read_journal
from transpiler.plan.argo_objects import Node

FULL = OSError(errno.ENOSPC, "No space left on device")


def test_room_is_kept_for_the_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, write = tmp_path / "events.jsonl", os.write

    def full(file: int, data: bytes) -> int:
        if (tmp_path / "spare").exists():
            raise FULL
        return write(file, data)

    with Journal(path) as journal:
        assert (tmp_path / "spare").stat().st_size > 10_000
        monkeypatch.setattr(os, "write", full)
        journal.add(1, ())
    assert [step.now for step in read_journal(path)] == [1]
    assert not (tmp_path / "spare").exists()


def test_without_room_the_journal_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int, __: bytes) -> int:
        raise FULL

    with Journal(tmp_path / "events.jsonl") as journal:
        monkeypatch.setattr(os, "write", full)
        with pytest.raises(RunError, match="No space left on device"):
            journal.add(1, ())


@pytest.mark.parametrize(("text", "phase"), [(ECHO, "Succeeded"), ("exit 3", "Failed")])
def test_a_status_that_does_not_fit_changes_no_end(
    text: str, phase: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = Runner(new_folder(tmp_path / ".transpile" / "runs", "p-", tmp_path))

    def full(_: RunFolder, __: Node) -> None:
        raise RunError("cannot write `status.json`: No space left on device")

    monkeypatch.setattr(RunFolder, "write_status", full)
    driver = runner.run({"a": Job(text)})
    assert (driver.is_over, driver.workflow["status"]["phase"]) == (True, phase)
    assert driver.unsaved == "cannot write `status.json`: No space left on device"
