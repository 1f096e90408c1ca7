"""Judges are made once per machine and content, complete or not at all, and say when they take long."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.judges import store

PROCESS = """
import sys, time
from pathlib import Path
from tests.judges import store
def make(target):
    time.sleep(0.5)
    target.write_text("made")
    print("I made it")
path = store.kept("judge", b"source", make, "Compiling", folder=Path(sys.argv[1]))
assert path.read_text() == "made"
"""


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "say", lambda _: None)


def write(text: str) -> store.Make:
    def make(target: Path) -> None:
        target.write_text(text)

    return make


def test_one_of_several_processes_makes_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROCESS, str(tmp_path / "new")]
    asked = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    answers = [process.communicate() for process in asked]
    assert [process.returncode for process in asked] == [0, 0, 0], answers
    assert sorted(out for out, _ in answers) == ["", "", "I made it\n"]
    said = "".join(err for _, err in answers)
    assert said.count("Compiling, once for this machine") == 1
    assert "Compiling: done after" in said


def test_other_content_is_another_thing(tmp_path: Path) -> None:
    first, second = (store.kept("a", text.encode(), write(text), "", folder=tmp_path) for text in ("x", "y"))
    assert (first.read_text(), second.read_text()) == ("x", "y")
    assert store.kept("a", b"x", write("made again"), "", folder=tmp_path).read_text() == "x"


def test_what_fails_leaves_nothing_that_looks_complete(tmp_path: Path) -> None:
    def fail(target: Path) -> None:
        target.write_text("half")
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        store.kept("a", b"", fail, "", folder=tmp_path)
    assert not store.place("a", b"", tmp_path).exists()
    assert store.kept("a", b"", write("whole"), "", folder=tmp_path).read_text() == "whole"


def test_a_folder_without_its_proof_is_made_anew(tmp_path: Path) -> None:
    def make(target: Path) -> None:
        target.mkdir()
        (target / "python").write_text("works")

    folder = store.kept("environment", b"", make, "", "python", tmp_path)
    (folder / "python").unlink()
    assert (store.kept("environment", b"", make, "", "python", tmp_path) / "python").exists()


def test_things_that_nobody_used_for_long_are_deleted(tmp_path: Path) -> None:
    old, other, recent = (
        store.kept(name, text, write("x"), "", folder=tmp_path)
        for name, text in (("a", b"1"), ("b", b"1"), ("a", b"2"))
    )
    month_ago = time.time() - 31 * 24 * 3600
    for path in (old, other):
        os.utime(path, (month_ago, month_ago))
    newest = store.kept("a", b"3", write("x"), "", folder=tmp_path)
    assert [path.exists() for path in (old, other, recent, newest)] == [False, True, True, True]


def test_progress_is_seen_while_pytest_captures(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(
        "from tests.judges import store\ndef pytest_configure():\n    store.speak_past_capture()\n"
    )
    (tmp_path / "test_it.py").write_text(
        "from tests.judges import store\ndef test():\n    print('of the test')\n    store.say('Compiling')\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "1", str(tmp_path)]
    shown = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(REPOSITORY)}
    )
    assert "Compiling" in shown.stdout + shown.stderr
    assert "of the test" not in shown.stdout + shown.stderr
