"""What a case says of a task, and its run never comes to, is told: a case that passes would show nothing of it."""

from __future__ import annotations

import pytest

from tests.rehearsal.desk import Desk, say, tell
from tests.rehearsal.test_cases import one_line

TASKS = {
    "load": say("x", retry={"limit": 3}),
    "fit": say("${{ item }}", forEach=["a", "b"]),
    "each": {"forEach": [1, 2], "tasks": {"x": tell("y")}},
    "big": tell("b", when="${{ inputs.size > 5 }}", cache="24h"),
}


@pytest.fixture
def pipeline(desk: Desk) -> Desk:
    """Tasks with tries, items and a condition."""
    desk.manifest(TASKS, inputs={"size": 1})
    return desk


@pytest.mark.parametrize(
    ("case", "told"),
    [
        (
            'fakes: {"fit[zz]": Failed}',
            "2:16 it: the fake of `fit[zz]` is never used; there is no such item; its items are `a`, `b`",
        ),
        (
            'fakes: {"each[7]/x": 5}',
            "2:16 it: the fake of `each[7]/x` is never used; there is no such item; its items are `1`, `2`",
        ),
        (
            "fakes: {load: [Failed, Succeeded, Failed]}",
            "2:42 it: try 3 of the fake of `load` is never reached; the task was tried 2 times",
        ),
        ("fakes: {big: Failed}", "2:16 it: the fake of `big` is never used; its `when` is false"),
        ("real: [big]", "2:15 it: `big` is to be real, and never runs; its `when` is false"),
        ("cached: {big: {}}", "2:17 it: what the cache holds for `big` is never used; its `when` is false"),
        (
            'fakes: {fit: Failed, "fit[0]": Succeeded, "fit[b]": Succeeded}',
            "2:16 it: the fake of `fit` is never used; the fakes of its items go before it",
        ),
    ],
)
def test_a_fake_that_no_run_comes_to_is_told(case: str, told: str, pipeline: Desk) -> None:
    assert [each.replace("unused-fake: ", "") for each in pipeline.told(one_line(case))] == [told]
    assert pipeline.run().code == 0
    assert pipeline.run("--strict").code == 1


@pytest.mark.parametrize(
    "case",
    [
        'fakes: {"fit[a]": {outputs: {length: 3}}, fit: {outputs: {length: 4}}, "each[1]/x": {duration: 2s}}',
        "fakes: {load: [Failed, Succeeded]}",
        "fakes: {load: [Failed, Succeeded, Failed]}, expect: {tasks: {load: {tries: 2}}}",
        "fakes: {big: Failed}, expect: {tasks: {big: Skipped}}",
        "cached: {big: {}}, fakes: {big: Failed}, inputs: {size: 9}",
    ],
)
def test_what_is_used_or_expected_not_to_run_is_not_told(case: str, pipeline: Desk) -> None:
    assert pipeline.told(one_line(case)) == []


def test_a_fake_of_all_cases_is_told_if_none_uses_it(pipeline: Desk) -> None:
    text = "fakes: {big: {duration: 2s}}\ncases: {one: {}, two: {inputs: {size: 9}}}\n"
    assert pipeline.told(text) == []
    assert pipeline.told(text, "-k", "one") == []
    assert pipeline.told(text.replace("9", "3")) == [
        "1:9 unused-fake: the fake of `big` is never used; no case of the file comes to it"
    ]
