"""The table of a run on a terminal: what it has room for, and what a terminal gets."""

from __future__ import annotations

import fcntl
import os
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REPOSITORY
from transpiler.cli.run_board import Board
from transpiler.local.known_tasks import tasks_of
from transpiler.runs.recorded import Recorded

NAMES = {"p": {"a": "a", "group": "group", "z": "z"}, "g": {"b": "b", "c": "c"}}
WORKFLOW: dict[str, Any] = {
    "kind": "Workflow",
    "spec": {
        "entrypoint": "p",
        "templates": [
            {"name": "p", "dag": {"tasks": [
                {"name": "z", "template": "x", "depends": "group"}, {"name": "a", "template": "x"},
                {"name": "group", "template": "g", "depends": "a"},
            ]}},
            {"name": "g", "dag": {"tasks": [
                {"name": "b", "template": "x"}, {"name": "c", "template": "x", "withItems": [1, 2, 3]}
            ]}},
            {"name": "x", "container": {}},
        ],
    },
}  # fmt: skip


def node(name: str, kind: str, phase: str, **more: Any) -> dict[str, Any]:
    display = name.rpartition(".")[2]
    boundary = "p-1.group" if ".group." in name else "p-1" if name != "p-1" else ""
    template = {"p-1": "p", "p-1.group": "g"}.get(name, "x")
    return {
        "id": name, "name": name, "displayName": display, "type": kind, "phase": phase, "boundaryID": boundary,
        "templateName": template, "startedAt": "2026-01-01T00:00:00Z", **more,
    }  # fmt: skip


def status(*nodes: dict[str, Any]) -> dict[str, Any]:
    every = [node("p-1", "DAG", "Running"), *nodes]
    return {"metadata": {"name": "p-1"}, "status": {"phase": "Running", "nodes": {each["id"]: each for each in every}}}


def board(*nodes: dict[str, Any], kept: Mapping[str, str] | None = None) -> Board:
    found = Board(tasks_of([WORKFLOW], NAMES), Recorded(NAMES))
    found.update(status(*nodes), kept or {})
    return found


def shown(found: Board, most: int = 50) -> list[str]:
    return [" ".join([each.phase, each.title, *([each.note] if each.note else [])]) for each in found.rows(most)]


GROUP = node("p-1.group", "DAG", "Running")
ITEMS = [
    node("p-1.group.c(0:1)", "Pod", "Succeeded", finishedAt="2026-01-01T00:00:02Z"),
    node("p-1.group.c(1:2)", "Pod", "Running"),
    node("p-1.group.c(2:3)", "Pod", "Failed", message="exit code 1", finishedAt="2026-01-01T00:00:09Z"),
]


def test_tasks_stand_in_their_order_before_they_run() -> None:
    found = board()
    assert shown(found) == ["Waiting a", "Waiting group / b", "Waiting group / c", "Waiting z"]
    assert found.counts == {"Waiting": 4}
    assert tasks_of([WORKFLOW], {}) == [("a",), ("group", "b"), ("group", "c"), ("z",)]


def test_a_loop_is_one_row_and_those_of_its_items_that_matter() -> None:
    found = board(node("p-1.a", "Pod", "Succeeded"), GROUP, *ITEMS, kept={"p-1.a": "p-0"})
    assert shown(found) == [
        "Reused a",
        "Waiting group / b",
        "Failed group / c 2 of 3 items",
        "Running group / c(1:2)",
        "Failed group / c(2:3) exit code 1",
        "Waiting z",
    ]
    assert found.counts == {"Reused": 1, "Waiting": 2, "Succeeded": 1, "Running": 1, "Failed": 1}


def test_what_a_cache_had_is_told() -> None:
    hit = {"memoizationStatus": {"hit": True}, "finishedAt": "2026-01-01T00:00:00Z"}
    assert shown(board(node("p-1.a", "Pod", "Succeeded", **hit)))[0] == "Cached a"


def test_where_there_is_no_room_failures_and_what_goes_on_come_first() -> None:
    found = board(node("p-1.a", "Pod", "Succeeded", finishedAt="2026-01-01T00:00:01Z"), GROUP, *ITEMS)
    assert shown(found, 3) == [
        "Failed group / c 2 of 3 items",
        "Running group / c(1:2)",
        "Failed group / c(2:3) exit code 1",
    ]
    assert "Succeeded a" not in shown(found, 5)


def test_what_is_in_a_group_that_is_left_out_does_not_wait() -> None:
    found = board(node("p-1.a", "Pod", "Failed"), node("p-1.group", "Skipped", "Omitted"))
    assert shown(found) == ["Failed a", "Waiting z", "Omitted group"]


MANIFEST = """\
name: live
components:
  say:
    outputs: [{name: text, type: String}]
    implementation:
      container:
        image: none
        command: [sh, -ec, 'printf "\\033]0;title\\007 one\\n"; mkdir -p "${0%/*}"; echo x > "$0"']
        args: [{outputPath: text}]
tasks:
  first: {component: say}
  second: {component: say, after: [first]}
"""


def on_a_terminal(folder: Path, *words: str, columns: int = 80, **variables: str) -> tuple[int, str]:
    """Run a command on a terminal of 24 lines; what the terminal got."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    clean = {key: value for key, value in os.environ.items() if key not in {"NO_COLOR", "FORCE_COLOR", "COLUMNS"}}
    process = subprocess.Popen(
        words, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        env={**clean, "PYTHONPATH": str(REPOSITORY), "TERM": "xterm-256color", **variables},
    )  # fmt: skip
    os.close(theirs)
    found = b""
    while data := _read(ours):
        found += data
    os.close(ours)
    return process.wait(timeout=60), found.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:
        return b""  # nobody has it open any more


RUN = (sys.executable, "-m", "transpiler", "run", "p.yaml", "--executor", "process")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "p.yaml").write_text(MANIFEST)
    return tmp_path


def needs_rich() -> None:
    if find_spec("rich") is None and not os.environ.get("TRANSPILE_REQUIRE_JUDGES"):
        pytest.skip("rich is not installed: pip install --group dev")


def test_a_terminal_gets_a_table(folder: Path) -> None:
    needs_rich()
    code, got = on_a_terminal(folder, *RUN, "-v")
    assert code == 0
    assert "Ctrl-C stops it" in got
    assert re.search(r"^Waiting +second", re.sub(r"\x1b\[[\d;]*m", "", got), re.MULTILINE)
    assert r"first | \x1b]0;title\x07 one" in got
    assert "\x1b]0;" not in got
    assert got.rindex("\x1b[?25h") > got.rindex("\x1b[?25l")
    assert "2 of 2 tasks" in got
    assert re.search(r"Succeeded\S*  live-\w{5}", got)


def test_colours_are_left_out_where_nobody_wants_them(folder: Path) -> None:
    needs_rich()
    code, got = on_a_terminal(folder, *RUN, NO_COLOR="1")
    assert (code, "Ctrl-C stops it" in got) == (0, True)
    assert not re.search(r"\x1b\[(\d+;)*3\d", got)


def test_without_rich_or_a_terminal_there_are_lines(folder: Path) -> None:
    script = (
        "import sys; sys.modules['rich'] = None; from transpiler.cli.main import main; sys.exit(main(sys.argv[1:]))"
    )
    code, got = on_a_terminal(folder, sys.executable, "-c", script, *RUN[3:])
    assert (code, "Ctrl-C stops it" in got) == (0, False)
    assert re.search(r"Succeeded\S*  second", got)
    code, got = on_a_terminal(folder, *RUN, TERM="dumb")
    assert (code, "\x1b" in got) == (0, False)
