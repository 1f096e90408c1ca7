"""What no case runs: tasks, branches of `when`, and results that never decide whether a task runs."""

from __future__ import annotations

from typing import Final

import pytest

from tests.rehearsal.desk import Desk, Json, say, tell
from tests.rehearsal.test_cases import MORE, TASKS


@pytest.fixture
def pipeline(desk: Desk) -> Desk:
    """A pipeline with a bit of everything."""
    desk.manifest(TASKS, **MORE)
    return desk


def test_coverage_tells_what_no_case_runs(pipeline: Desk) -> None:
    told = pipeline.told("cases: {it: {}}", "--coverage")
    assert [each.partition(" ")[2] for each in told] == [
        "untested-branch: the `when` of `big` is never false; write a case in which it is false",
        "untested-branch: no case runs `late`; write a case in which it runs",
        "untested-branch: no case runs `late.exit`; write a case in which it runs",
    ]
    assert pipeline.run("--coverage").code == 0
    assert pipeline.run("--coverage", "--strict").code == 1
    more = """cases: {it: {}, fails: {fakes: {fit: Failed}, expect: Failed}, small: {inputs: {size: 1}},
        broken: {fakes: {prepare/clean: Failed}, expect: Failed}}"""
    assert pipeline.told(more, "--coverage", "--strict") == []
    assert (
        "12 of 12 tasks ran, 2 of 2 branches of `when` were taken, 2 of 2 results in `depends`"
        in pipeline.run("--coverage").stdout
    )


RESULTS: Final[Json] = {
    "a": say("x"),
    "b": say("x", mayFail=True),
    "loop": say("${{ item }}", forEach=["1", "2"]),
    "either": tell("x", depends="a.Failed || b.Failed"),
    "both": tell("x", depends="a && !b.Failed"),
    "any": tell("x", depends="loop.AnySucceeded || loop.AllFailed"),
}
TOLD: Final = {
    "a.Failed/either": "{fakes: {a: Failed}, expect: Failed}",
    "b.Failed/either": "{fakes: {b: Failed}}",
    "a/both": "{}",
    "b.Failed/both": "{fakes: {b: Failed}}",
    "loop.AnySucceeded/any": "{}",
    "loop.AllFailed/any": "{fakes: {loop: Failed}, expect: Failed}",
}
"""A result, and a case in which it decides."""


def undecided(desk: Desk, *cases: str) -> set[str]:
    """The results that no case decides by."""
    lines = [f"  c{number}: {each}" for number, each in enumerate(cases)]
    told = desk.told("\n".join(["cases:", *lines]), "--coverage")
    found = [each.split("`") for each in told if " never decides whether " in each]
    return {f"{words[1]}/{words[3]}" for words in found}


@pytest.mark.parametrize(
    ("case", "missing"),
    [
        ("{}", {"b.Failed/both", "loop.AllFailed/any"}),
        ("{fakes: {a: Failed}, expect: Failed}", {"b.Failed/either", "loop.AllFailed/any"}),
        ("{fakes: {b: Failed}}", {"a.Failed/either", "loop.AllFailed/any"}),
        (
            "{fakes: {a: Failed, b: Failed}, expect: Failed}",
            {"a.Failed/either", "b.Failed/either", "loop.AllFailed/any"},
        ),
        ("{fakes: {loop: Failed}, expect: Failed}", {"b.Failed/both", "loop.AnySucceeded/any"}),
    ],
)
def test_coverage_tells_which_results_never_decide(case: str, missing: set[str], desk: Desk) -> None:
    """Of tasks that run: of others it tells that."""
    desk.manifest(RESULTS)
    assert undecided(desk, case) == missing


def test_coverage_counts_the_results_that_decided(desk: Desk) -> None:
    desk.manifest(RESULTS)
    assert undecided(desk, *dict.fromkeys(TOLD.values())) == set()
    assert "6 of 6 results in `depends` decided" in desk.run("--coverage").stdout
