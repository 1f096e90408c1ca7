"""What is expected of the outputs of loops, raw templates and caches; and which mistake stops which case."""

from __future__ import annotations

import pytest

from tests.rehearsal.desk import Desk, say, tell
from tests.rehearsal.test_cases import TASKS, one_line

LOOPS = {
    "fit": say("${{ item }}", forEach=["a", "b", "c"]),
    "each": {
        "forEach": [1, 2],
        "tasks": {"x": say("y")},
        "outputs": {"length": "${{ tasks.x.outputs.length }}"},
    },
    "list": {"component": "read", "arguments": {"file": "${{ tasks.one.outputs.note }}"}, "forEach": [1, 2]},
    "one": say("x"),
    "all": tell(
        "${{ string(tasks.fit.outputs.length) }} ${{ string(tasks.each.outputs.length) }} "
        "${{ string(tasks.list.outputs.words) }}"
    ),
}


@pytest.mark.parametrize(
    ("case", "told"),
    [
        ('fakes: {"fit[1]": {outputs: {length: 5}}}, expect: {tasks: {fit: {outputs: {length: [1, 5, 1]}}}}', []),
        ('fakes: {"each[1]/x": {outputs: {length: 7}}}, expect: {tasks: {each: {outputs: {length: [1, 7]}}}}', []),
        ("expect: {tasks: {fit: {outputs: {length: 1}}, list: {outputs: {words: []}}}}", []),
        ('fakes: {list: {outputs: {words: [a]}}}, expect: {tasks: {list: {outputs: {words: [[a], ["a"]]}}}}', []),
        (
            "expect: {tasks: {fit: {outputs: {length: [1, 1]}}}}",
            [
                'failed-expectation: it: output `length` of the items of `fit` is `["1", "1", "1"]`, not `[1, 1]`',
            ],
        ),
        (
            "expect: {tasks: {fit: {outputs: {length: [1, 1, x]}}}}",
            ["type-mismatch: output `length`: the string `x` is not of type Integer; write a whole number, such as 3"],
        ),
        (
            'expect: {tasks: {"fit[0]": {outputs: {length: [1]}}}}',
            ["type-mismatch: output `length`: a list is not of type Integer; write a whole number, such as 3"],
        ),
    ],
)
def test_outputs_of_loops(case: str, told: list[str], desk: Desk) -> None:
    desk.manifest(LOOPS)
    assert [each.partition(" ")[2] for each in desk.told(one_line(case))] == told


def test_an_output_of_a_cache_that_nobody_uses_is_told_as_that(desk: Desk) -> None:
    desk.manifest({"kept": say("x", cache="24h"), "all": tell("${{ string(tasks.kept.outputs.length) }}")})
    case = "cached: {kept: {note: n}}, expect: {tasks: {kept: {outputs: {length: 1, note: n}}}}"
    (told,) = desk.told(one_line(case))
    assert told.endswith("; no task uses it and the pipeline does not yield it, so no run keeps it")


def test_all_that_is_wrong_with_an_order_is_told(desk: Desk) -> None:
    desk.manifest({"a": say("x"), "b": say("y", after=["a"]), "c": tell("z", when="1 > 2", after=["b"])})
    assert [each.partition(" ")[2] for each in desk.told(one_line("expect: {order: [b, a, c]}"))] == [
        "failed-expectation: it: `a` starts before `b` has ended",
        "failed-expectation: it: `c` never ran; its `when` is false",
    ]


@pytest.mark.parametrize(
    ("case", "told"),
    [
        (
            "fakes: {approve: {outputs: {whoo: me}}}",
            "unknown-output: `approve` has no output `whoo`; did you mean `who`?",
        ),
        (
            "expect: {tasks: {approve: {outputs: {whoo: me}}}}",
            "unknown-output: `approve` has no output `whoo`; did you mean `who`?",
        ),
        (
            "expect: {tasks: {approve: {arguments: {size: 1}}}}",
            "unknown-input: `approve` has no input `size`; there are no inputs",
        ),
    ],
)
def test_names_of_a_raw_template_are_known(case: str, told: str, desk: Desk) -> None:
    desk.manifest({"approve": {"template": TASKS["approve"]["template"]}})
    assert [each.partition(" ")[2] for each in desk.told(one_line(case))] == [told]


def test_a_hint_names_a_task_that_can_be_named(desk: Desk) -> None:
    desk.manifest({"a": say("x")}, onExit={"tasks": {"report": tell("x")}})
    (told,) = desk.told(one_line("fakes: {onExit: Failed}"))
    assert "`@onExit/report`" in told


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("cases:\n  bad: {fakes: {a: Skipped}}\n  good: {}\n", ["NOT RUN", "passed"]),
        ("cases:\n  good: {}\n  bad: {expect: {tasks: {a: {}}}}\n", ["passed", "NOT RUN"]),
        ("cases:\n  bad: {after: none}\n  good: {}\n", ["NOT RUN", "passed"]),
        # a mistake of all cases, and one that an alias may have brought to another case
        ("fakes: {a: Skipped}\ncases:\n  one: {}\n  two: {}\n", ["NOT RUN", "NOT RUN"]),
        ("cases:\n  one: {}\n  two: {}\nfakes: {a: Skipped}\n", ["NOT RUN", "NOT RUN"]),
        ("cases:\n  one: &x {fakes: {a: Skipped}}\n  two: *x\n", ["NOT RUN", "NOT RUN"]),
    ],
)
def test_a_mistake_in_a_case_stops_that_case(text: str, states: list[str], desk: Desk) -> None:
    desk.manifest({"a": say("x")})
    desk.tests(text)
    result = desk.run()
    assert result.code == 1
    lines = [line[2:].rsplit(maxsplit=1)[0].strip() for line in result.stdout.splitlines()[1:3]]
    assert lines == states
