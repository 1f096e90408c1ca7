"""Cases that pass, and what is told of those that do not: fakes, tries, items, values, order, time."""

from __future__ import annotations

from textwrap import dedent, indent
from typing import Final

import pytest

from tests.rehearsal.desk import Desk, Json, say, tell

TASKS: Final[Json] = {
    "load": say("x", timeout="1h", retry={"limit": 3, "backoff": {"duration": "10s", "factor": 2}}),
    "prepare": {
        "after": ["load"],
        "tasks": {
            "clean": say("c${{ inputs.size }}"),
            "check": say("${{ string(tasks.clean.outputs.length) }}"),
        },
    },
    "fit": say("${{ item }}", forEach="${{ inputs.names }}", after=["prepare"]),
    "sweep": say("${{ item.rate }}", forEach=[{"rate": 0.1, "depth": 1}, {"rate": 0.2, "depth": 2}]),
    "approve": {
        "after": ["fit"],
        "template": {"suspend": {}, "outputs": {"parameters": [{"name": "who", "valueFrom": {"supplied": {}}}]}},
    },
    "big": tell("${{ string(tasks.load.outputs.length) }}", when="${{ inputs.size > 5 }}", after=["approve"]),
    "count": {"component": "read", "arguments": {"file": "${{ tasks.load.outputs.note }}"}},
    "late": tell("bad", depends="fit.Failed || prepare.Failed", onExit=tell("${{ tasks.late.status }}")),
}
MORE: Final[Json] = {
    "inputs": {"size": 7, "names": {"type": "JsonArray", "default": ["a", "b"]}},
    "onExit": {"tasks": {"report": tell("${{ workflow.status }}")}},
    "outputs": {
        "length": "${{ tasks.load.outputs.length }}",
        "note": "${{ tasks.load.outputs.note }}",
        "words": "${{ tasks.count.output }}",
    },
}


@pytest.fixture
def pipeline(desk: Desk) -> Desk:
    """A pipeline with a bit of everything."""
    desk.manifest(TASKS, **MORE)
    return desk


PASSES: Final = {
    "the defaults": "{}",
    "nothing is said": "",
    "an outage passes": """
      fakes: {load: [1, Failed, {outputs: {length: 12}}]}
      expect:
        tasks:
          load: {phase: Succeeded, tries: 3, outputs: {length: 12, note: note}}
          big: {arguments: {status: 12}, command: [echo, "12"], env: {MODE: test}}
        outputs: {length: 12}
        duration: 39s
    """,
    "the last try stays": """
      fakes: {load: [Failed]}
      expect: {phase: Failed, tasks: {load: {phase: Failed, tries: 4, message: exit code 1}, prepare: Omitted}}
    """,
    "too late": """
      fakes: {load: [{duration: 2h}, {duration: 59m}]}
      expect: {tasks: {load: {phase: Succeeded, tries: 2}}, duration: 2h}
    """,
    "always too late": """
      fakes: {load: {duration: 2h}}
      expect: {phase: Failed, tasks: {load: {phase: Failed, message: deadline}}}
    """,
    "paths": """
      expect:
        tasks:
          prepare: Succeeded
          prepare/check: {arguments: {text: 1}, command: "echo \\"$0\\""}
          late: Omitted
          late.exit: NotStarted
          "@onExit/report": {arguments: {status: Succeeded}}
    """,
    "items": """
      fakes: {"fit[b]": {exitCode: 3, message: out of luck}, "sweep[rate=0.2]": {outputs: {length: 5}}}
      expect:
        phase: Failed
        tasks:
          fit: {phase: Failed, items: 2, message: luck}
          "fit[0]": Succeeded
          "fit[1]": Failed
          "fit['b']": {phase: Failed, tries: 1}
          "sweep[0]": {outputs: {length: 1}, arguments: {text: 0.1}}
          "sweep[1]": {outputs: {length: 5}, arguments: {text: 0.2}}
          late: Succeeded
          late.exit: {arguments: {status: Succeeded}}
          "@onExit/report": {arguments: {status: Failed}}
    """,
    "other items": """
      inputs: {names: [x, y, z]}
      expect: {tasks: {fit: {items: 3}, "fit[z]": {arguments: {text: z}}}}
    """,
    "no items": """
      inputs: {names: []}
      expect: {tasks: {fit: Skipped, approve: Succeeded, "fit[0]": Skipped}}
    """,
    "a condition": """
      inputs: {size: 1}
      expect: {tasks: {big: Skipped, prepare/clean: {arguments: {text: c1}}}}
    """,
    "a file": """
      fakes: {load: {outputs: {note: a b}}, count: {outputs: {words: [a, b]}}}
      expect:
        tasks: {count: {arguments: {file: a b}, outputs: {words: [a, b]}}}
        outputs: {note: a b}
    """,
    "a file that is not written": """
      fakes: {load: {outputs: {note: null}}}
      expect: {phase: Error, tasks: {load: {phase: Error, message: no such file}}}
    """,
    "somebody answers": """
      fakes: {approve: {outputs: {who: me}, duration: 3d}}
      expect: {tasks: {approve: {outputs: {who: me}}, big: Succeeded}}
    """,
    "somebody refuses": """
      fakes: {approve: Failed}
      expect: {phase: Failed, tasks: {approve: Failed, big: Omitted}}
    """,
    "somebody stops it": """
      fakes: {fit: {duration: 1h}}
      stopAfter: 30s
      expect: {phase: Failed, message: Stop, duration: 2m, tasks: {fit: Failed, "@onExit/report": Succeeded}}
    """,
    "order": """
      expect: {order: [load, prepare/clean, prepare/check, fit, approve, big, "@onExit/report"]}
    """,
    "order of items": """
      fakes: {"fit[a]": {duration: 9s}}
      expect: {order: [prepare, "fit[b]", approve]}
    """,
}


@pytest.mark.parametrize("name", PASSES)
def test_a_case_passes(name: str, pipeline: Desk) -> None:
    body = indent(dedent(PASSES[name]).strip(), "    ")
    assert pipeline.told(f"cases:\n  it:\n{body}\n") == []


def one_line(case: str) -> str:
    return f"cases:\n  it: {{{case}}}\n"


@pytest.mark.parametrize(
    ("case", "told"),
    [
        ("expect: Failed", ["2:16 failed-expectation: it: the run is Succeeded, not Failed"]),
        (
            "fakes: {load: Failed}",
            ["2:3 failed-expectation: it: the run is Failed, not Succeeded; `load` failed: main: Error (exit code 1)"],
        ),
        (
            "expect: {tasks: {big: Omitted}}",
            ["2:30 failed-expectation: it: `big` is Succeeded, not Omitted"],
        ),
        (
            "inputs: {size: 1}, expect: {tasks: {big: Succeeded}}",
            ["2:49 failed-expectation: it: `big` is Skipped, not Succeeded; its `when` is false"],
        ),
        (
            "fakes: {load: Failed}, expect: {phase: Failed, tasks: {big: Succeeded}}",
            [
                ("2:68 failed-expectation: it: `big` is Omitted, not Succeeded; its `depends`, or what it waits for, "
                "leaves it out; `load` failed: main: Error (exit code 1)")
            ],
        ),
        (
            "expect: {tasks: {load: {tries: 2}}}",
            ["2:39 failed-expectation: it: `load` was tried 1 time, not 2"],
        ),
        (
            "expect: {tasks: {fit: {items: 3}}}",
            ["2:38 failed-expectation: it: `fit` has 2 items, not 3"],
        ),
        (
            'expect: {tasks: {"fit[c]": Succeeded}}',
            ["2:25 failed-expectation: it: `fit[c]`: there is no such item; its items are `a`, `b`"],
        ),
        (
            'expect: {tasks: {"fit[1]": {arguments: {text: a}}}}',
            ["2:54 failed-expectation: it: argument `text` of `fit[1]` of item 1 is `b`, not `a`"],
        ),
        (
            "expect: {tasks: {big: {command: [echo], env: {MODE: x, HOME: y}}}}",
            [
                "2:40 failed-expectation: it: the command of `big` is `echo 1`",
                "2:60 failed-expectation: it: variable `MODE` of `big` is `test`, not `x`",
                "2:69 failed-expectation: it: variable `HOME` of `big` has no value, and should be `y`",
            ],
        ),
        (
            "expect: {tasks: {load: {outputs: {length: null}}}}",
            ["2:50 failed-expectation: it: output `length` of `load` is `1`, and there should be none"],
        ),
        (
            "expect: {outputs: {length: 3}}",
            ["2:35 failed-expectation: it: output `length` is `1`, not `3`"],
        ),
        (
            "expect: {order: [prepare, load]}",
            ["2:34 failed-expectation: it: `load` starts before `prepare` has ended"],
        ),
        (
            "expect: {order: [load, late]}",
            ["2:31 failed-expectation: it: `late` never ran; its `depends`, or what it waits for, leaves it out"],
        ),
        (
            "expect: {duration: 3s}",
            ["2:27 failed-expectation: it: the run takes 7s of virtual time, not at most 3s"],
        ),
        (
            "expect: {message: Stop}",
            ["2:26 failed-expectation: it: the run says nothing"],
        ),
    ],
)  # fmt: skip
def test_what_differs_is_told_at_its_line(case: str, told: list[str], pipeline: Desk) -> None:
    assert pipeline.told(one_line(case)) == told


def test_an_output_that_nobody_uses_is_kept_by_no_run(desk: Desk) -> None:
    desk.manifest({"load": say("x")})
    (told,) = desk.told(one_line("expect: {tasks: {load: {outputs: {length: 1}}}}"))
    assert told.endswith("; no task uses it and the pipeline does not yield it, so no run keeps it")


def test_fakes_of_a_case_win_over_those_of_the_file_and_items_over_tasks(pipeline: Desk) -> None:
    text = """
inputs: {size: 1}
fakes: {load: Failed, "fit[0]": Failed, fit: {outputs: {length: 4}}}
cases:
  own:
    inputs: {size: 9}
    fakes: {load: Succeeded, fit: {outputs: {length: 6}}}
    expect: {tasks: {"fit[0]": {outputs: {length: 6}}, big: Succeeded}}
  shared:
    fakes: {load: Succeeded}
    expect: {phase: Failed, tasks: {"fit[0]": Failed, "fit[1]": {outputs: {length: 4}}, big: Omitted}}
  neither: {expect: Failed}
"""
    assert pipeline.told(text) == []


def test_cases_run_in_the_order_of_the_file_with_a_line_each(pipeline: Desk) -> None:
    pipeline.tests("cases: {zebra: {expect: Failed}, ant: {}}")
    result = pipeline.run()
    assert result.code == 1
    assert "  FAILED   zebra\n  passed   ant\n" in result.stdout
    assert result.stderr == "2 cases: 1 passed, 1 failed\n"


def test_cases_are_chosen_and_listed_by_name(pipeline: Desk) -> None:
    pipeline.tests("cases: {zebra: {expect: Failed}, ant: {}}")
    chosen = pipeline.run("-k", "AN")
    assert (chosen.code, chosen.stderr) == (0, "1 case: 1 passed\n")
    listed = pipeline.run("--list")
    assert [line.rpartition(": ")[2] for line in listed.stdout.splitlines()] == ["zebra", "ant"]
    unknown = pipeline.run("-k", "bee")
    assert unknown.code == 2
    assert "no case has `bee` in its name" in unknown.stderr


def test_junit_has_a_test_for_each_case(pipeline: Desk) -> None:
    pipeline.tests("cases: {zebra: {expect: Failed}, ant: {}}")
    printed = pipeline.run("--format", "junit").stdout
    assert 'tests="2" failures="1"' in printed
    assert '<testcase name="ant"' in printed
    assert '<testcase name="failed-expectation: zebra: the run is Succeeded, not Failed"' in printed


def test_names_of_cases_are_not_trusted(pipeline: Desk) -> None:
    pipeline.tests('cases: {"\\e[31m\\n::error::x": {expect: Failed}}')
    for form in ("text", "github", "junit", "json"):
        assert "\x1b" not in pipeline.run("--format", form).stdout
