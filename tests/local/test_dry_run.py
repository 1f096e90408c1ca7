"""`transpile run --dry-run`: what would run, in its order, with commands as far as they are known."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, Transpile

FEATURES = REPOSITORY / "samples" / "features"


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        ("expressions", ["level 1:", "  say (when: true)", "'501 of 1000, fast, orders-eu, a, 3 days, 0.5'"]),
        ("groups", ["  load", "today /tmp/outputs/table/data", "  fit", "    level 1:", "      train", "      note"]),
        ("loops", ['  backwards (withItems: ["10", "7", "4", "1"])', "  dates (withSequence:", "'part {{item}}'"]),
        ("sub-pipelines", ["level 1:"]),
    ],
)
def test_values_that_are_known_stand_in_commands(sample: str, expected: list[str], transpile: Transpile) -> None:
    done = transpile("run", FEATURES / sample / "pipeline.yaml", "--dry-run")
    assert done.code == 0, done.stderr
    at = 0
    for each in expected:
        at = done.stdout.index(each, at)
    assert "inputs.parameters" not in done.stdout
    assert "$$" not in done.stdout


def test_the_compiler_adds_no_tasks_to_it(transpile: Transpile, tmp_path: Path) -> None:
    tasks = "".join(f"  t{number}: {{component: x}}\n" for number in range(250))
    component = "x: {implementation: {container: {image: i, command: [echo]}}}"
    text = f"name: p\ncomponents: {{{component}}}\ntasks:\n{tasks}"
    (tmp_path / "p.yaml").write_text(text)
    done = transpile("run", tmp_path / "p.yaml", "--dry-run")
    lines = done.stdout.splitlines()
    assert lines[0] == "level 1:"
    assert len(lines) == 1 + 2 * 250
    assert {line for line in lines if line.startswith("    ")} == {"    i: echo"}
    assert sum(line.startswith("  t") for line in lines) == 250


def test_programs_are_shown_whole_to_who_wants_them(transpile: Transpile) -> None:
    sample = REPOSITORY / "samples" / "pipelines" / "map-reduce" / "pipeline.yaml"
    assert "'import json'… (9 lines more)" in transpile("run", sample, "--dry-run").stdout
    assert "      | import json\n      | " in transpile("run", sample, "--dry-run", "-v").stdout
