"""Tasks of a case that run their programs, among others that pretend."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

import pytest

from tests.rehearsal.desk import Desk, Json, say, tell

COPY: Final[Json] = {
    "inputs": [{"name": "script", "type": "String"}, {"name": "file", "type": "TXT"}],
    "outputs": [{"name": "number", "type": "Integer"}, {"name": "made", "type": "TXT"}],
    "implementation": {
        "container": {
            "image": "alpine",
            "command": ["sh", "-c", {"inputValue": "script"}, {"inputPath": "file"}],
            "args": [{"outputPath": "number"}, {"outputPath": "made"}],
            "env": {"WORD": "w"},
        }
    },
}
"""Runs a script, which gets its file as $0, and the paths of its outputs as $1 and $2."""
WRITES: Final = 'mkdir -p "${1%/*}" "${2%/*}"; wc -c < "$0" > "$1"; cat "$0" > "$2"; echo " $WORD" >> "$2"'


def copy(script: str, file: str = "${{ tasks.load.outputs.note }}", **more: Json) -> Json:
    """A task that runs a script."""
    return {"component": COPY, "arguments": {"script": script, "file": file}, **more}


TASKS: Final[Json] = {
    "load": say("x"),
    "make": copy(f"${{{{ inputs.first }}}} {WRITES}", retry={"limit": 2}, timeout="20s"),
    "next": copy(WRITES, "${{ tasks.make.outputs.made }}"),
    "loop": copy(f'test "${{{{ item }}}}" = b || exit 4; {WRITES}', forEach=["a", "b"]),
    "last": tell("${{ string(tasks.next.outputs.number) }}"),
    "read": {"component": "read", "arguments": {"file": "${{ tasks.next.outputs.made }}"}},
    "approve": {"template": {"suspend": {}}},
    "boxed": {"template": {"container": {"image": "alpine"}}},
    "absent": {"template": {"container": {"image": "alpine", "command": ["no-such-program"]}}},
    "secret": {
        "component": {"implementation": {"container": {"image": "alpine", "command": ["sh", "-c", "echo $A; false"]}}},
        "secrets": {"A": "s/k"},
    },
}  # fmt: skip


@pytest.fixture
def pipeline(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A pipeline, and a folder for temporary files that has to be empty after each command."""
    desk.manifest(TASKS, inputs={"first": {"type": "String", "default": ""}})
    (desk.folder / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(desk.folder / "tmp"))
    return desk


def told(pipeline: Desk, case: str, *options: str) -> list[str]:
    """What is told of a case."""
    found = pipeline.told(f"cases:\n  it: {{{case}}}\n", *options)
    assert not list((pipeline.folder / "tmp").iterdir())
    return found


FAKED: Final = "fakes: {load: {outputs: {note: 'a b'}}}"


@pytest.mark.parametrize(
    "case",
    [
        # what a fake leaves is a file for a program, and what that leaves one for the next, and for a fake
        f"""real: [make, next], {FAKED}, expect: {{duration: 5s, order: [make, next, read], tasks: {{
            make: {{outputs: {{made: "a b w\\n"}}, command: "cat", env: {{WORD: w}}}},
            next: {{outputs: {{number: 6, made: "a b w\\n w\\n"}}}},
            last: {{arguments: {{status: 6}}}}, read: {{arguments: {{file: "a b w\\n w\\n"}}}}}}}}""",
        # a program that fails is tried again, and each try is one second
        """real: [make], inputs: {first: "exit 3;"}, expect: {phase: Failed, duration: 5s,
            tasks: {make: {tries: 3, message: exit code 3}, next: Omitted}}""",
        # items, of which others pretend
        'real: ["loop[1]"], expect: {tasks: {"loop[0]": Succeeded, "loop[1]": Succeeded}}',
        'real: [loop], expect: {phase: Failed, tasks: {"loop[0]": {message: exit code 4}, "loop[1]": Succeeded}}',
    ],
)
def test_programs_run(case: str, pipeline: Desk) -> None:
    assert told(pipeline, case) == []


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (
            f"real: [next], {FAKED}, expect: {{tasks: {{next: {{outputs: {{number: 1}}}}}}}}",
            "failed-expectation: it: output `number` of `next` is `4`, not `1`",
        ),
        (
            'real: [make], inputs: {first: "echo out of luck; echo; exit 3;"}',
            (
                "failed-expectation: it: the run is Failed, not Succeeded; "
                "`make` failed: main: Error (exit code 3); its log ends with `out of luck`"
            ),
        ),
        (
            'real: [make], inputs: {first: "exit 0;"}',
            (
                "failed-expectation: it: the run is Error, not Succeeded; "
                "`make` failed: the output `made`: the program has written no file"
            ),
        ),
        ("real: [approve]", "cannot-rehearse: it: `approve` cannot run for real: it waits for an answer, and runs no"),
        ("real: [boxed]", "cannot-rehearse: it: `boxed` cannot run for real: there is no `command`, so the image"),
        (
            "real: [absent], expect: Error",
            "cannot-rehearse: it: `absent` cannot run for real: there is no program `no-such-program` on this machine",
        ),
        ("real: [secret]", "cannot-rehearse: it: `secret` cannot run for real: no values are given for the Secret `s`"),
        ("real: [nxet]", "unknown-task: there is no task `nxet`; did you mean `next`?"),
        ("real: [make], fakes: {make: 1}", "wrong-value: `make` has a fake, and is to be real; remove it from `real`"),
    ],
)
def test_what_goes_wrong_is_told(case: str, expected: str, pipeline: Desk) -> None:
    (found,) = told(pipeline, case)
    assert found.partition(" ")[2].startswith(expected)


def test_a_fake_of_a_case_wins_over_what_is_real_in_all(pipeline: Desk) -> None:
    text = """
real: [make]
fakes: {next: Failed}
cases:
  own: {fakes: {make: {exitCode: 9}}, real: [next], expect: {phase: Failed, tasks: {
    make: {message: exit code 9}, next: Omitted}}}
  shared: {inputs: {first: exit 3;}, expect: {phase: Failed, tasks: {make: {message: exit code 3}}}}
  neither: {fakes: {make: Succeeded}, expect: {phase: Failed, tasks: {next: Failed}}}
"""
    assert pipeline.told(text) == []


def test_secrets_are_given_and_never_told(pipeline: Desk, tmp_path: Path) -> None:
    (tmp_path / "values").write_text("k=hush-hush\n", encoding="utf-8")
    (found,) = told(pipeline, "real: [secret]", "--secret", f"s={tmp_path / 'values'}")
    assert "its log ends with `***`" in found


def test_a_program_that_would_not_end_is_ended_with_the_run(pipeline: Desk) -> None:
    case = 'real: [make], inputs: {first: "sleep 1000;"}, stopAfter: 1500ms, expect: {phase: Failed, message: Stop}'
    assert told(pipeline, case) == []


def test_the_limit_of_a_task_holds_for_its_program(pipeline: Desk) -> None:
    pipeline.manifest({"load": say("x"), "make": copy("sleep 1000", timeout="2s")})
    assert told(pipeline, "real: [make], expect: {phase: Failed, tasks: {make: {message: deadline}}}") == []


def test_an_executor_that_is_not_there(pipeline: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline.tests("cases: {it: {real: [make]}}")
    monkeypatch.setenv("PATH", os.fspath(pipeline.folder))
    result = pipeline.run("--executor", "podman")
    assert (result.code, result.stderr) == (1, "transpile: error: there is no `podman` on PATH\n")
