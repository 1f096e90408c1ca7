"""Results from caches: what a case says that they hold, and what the run of another case has left in them."""

from __future__ import annotations

from typing import Final

import pytest

from tests.rehearsal.desk import Desk, Json, say, tell
from tests.rehearsal.test_cases import one_line

COUNT: Final[Json] = {
    "inputs": [{"name": "text", "type": "String"}],
    "outputs": [{"name": "length", "type": "Integer"}],
    "implementation": {
        "container": {"image": "alpine", "command": ["wc", {"inputValue": "text"}, {"outputPath": "length"}]}
    },
}
TASKS: Final[Json] = {
    "load": say("x"),
    "train": say("${{ inputs.size }} ${{ string(tasks.load.outputs.length) }}", cache="24h"),
    "tried": say("${{ string(inputs.size) }}", cache="24h", retry={"limit": 2}),
    "fit": {"component": COUNT, "arguments": {"text": "${{ item }}"}, "cache": "24h", "forEach": ["a", "b"]},
    "raw": {
        "template": {
            "container": {"image": "a", "command": ["b"]},
            "memoize": {"key": "k", "maxAge": "48h", "cache": {"configMap": {"name": "c"}}},
            "outputs": {"parameters": [{"name": "p", "valueFrom": {"path": "/p"}}]},
        }
    },
    "read": {"component": "read", "arguments": {"file": "${{ tasks.train.outputs.note }}"}},
    "told": tell("${{ tasks.train.outputs.length }} ${{ tasks.tried.outputs.length }} ${{ tasks.raw.outputs.p }}"),
    "all": tell("${{ string(tasks.fit.outputs.length) }}"),
}


@pytest.fixture
def pipeline(desk: Desk) -> Desk:
    """Tasks with a cache, of each kind."""
    desk.manifest(TASKS, inputs={"size": 1})
    return desk


@pytest.mark.parametrize(
    "case",
    [
        """cached: {train: {length: 7, note: kept}}, expect: {tasks: {train: {phase: Succeeded, cached: true, tries: 1},
           load: {cached: false}, told: {arguments: {status: 7 1 p}}, read: {arguments: {file: kept}}}}""",
        # a fake of a task says nothing of one that its cache answers for; other outputs fit their types
        """cached: {train: , tried: {length: 3}}, fakes: {train: Failed, tried: Failed},
           expect: {tasks: {told: {arguments: {status: 1 3 p}}, read: {arguments: {file: note}}}}""",
        """cached: {"fit[b]": {length: 9}}, fakes: {fit: {outputs: {length: 4}}},
           expect: {tasks: {"fit[0]": {cached: false}, "fit[1]": {cached: true},
           all: {arguments: {status: '["4","9"]'}}}}""",
        """cached: {raw: {p: q}},
           expect: {tasks: {raw: {cached: true, outputs: {p: q}}, told: {arguments: {status: 1 1 q}}}}""",
        # what is left out asks no cache
        "cached: {train: {}}, fakes: {load: Failed}, expect: {phase: Failed, tasks: {train: Omitted}}",
    ],
)  # fmt: skip
def test_a_cache_answers(case: str, pipeline: Desk) -> None:
    assert pipeline.told(one_line(case.replace("\n", " "))) == []


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("cached: {load: {}}", "failed-expectation: it: `load` runs, and asks no cache; it needs a `cache`"),
        ("expect: {tasks: {train: {cached: true}}}", "failed-expectation: it: `train` is not taken from a cache"),
        (
            "cached: {train: {}}, expect: {tasks: {train: {cached: false}}}",
            "failed-expectation: it: `train` is taken from a cache",
        ),
        ("cached: {trian: {}}", "unknown-task: there is no task `trian`; did you mean `train`?"),
        ("cached: {train: {size: 3}}", "unknown-output: `train` has no output `size`; the outputs are"),
        ("cached: {train: {length: x}}", "type-mismatch: output `length`: the string `x` is not of type Integer"),
        ("after: is", "unknown-name: there is no case `is`; the cases are `it`"),
        ("after: it", "wrong-value: `it` comes after itself; one of the cases must come first"),
        ("after: {later: 3s}", "missing-key: `after` has no `case`; "),
    ],
)
def test_what_goes_wrong_is_told(case: str, expected: str, pipeline: Desk) -> None:
    (found,) = pipeline.told(one_line(case))
    assert found.partition(" ")[2].startswith(expected)


RUNS: Final = """
cases:
  third: {after: second, expect: {tasks: {train: {cached: true, outputs: {length: 5, note: mine}}}}}
  first:
    fakes: {train: {outputs: {length: 5, note: mine}}, tried: [Failed, Succeeded]}
    expect: {tasks: {train: {cached: false}, fit: {cached: false}}}
  second:
    after: first
    fakes: {train: Failed, load: {outputs: {length: 1}}}
    expect:
      tasks:
        train: {cached: true}
        tried: {cached: true}
        fit: {cached: true}
        raw: {cached: true}
        read: {arguments: {file: mine}}
      duration: 2s
  other values: {after: first, inputs: {size: 2}, expect: {tasks: {train: {cached: false}, fit: {cached: true}}}}
  within a day: {after: {case: first, later: 23h}, expect: {tasks: {train: {cached: true}}}}
  a day later: {after: {case: first, later: 25h}, expect: {tasks: {train: {cached: false}, raw: {cached: true}}}}
"""


def test_a_run_finds_what_another_has_left(pipeline: Desk) -> None:
    assert pipeline.told(RUNS) == []
    assert pipeline.told(RUNS, "-k", "third") == []
    assert pipeline.run("-k", "third").stderr == "1 case: 1 passed\n"


def test_a_case_after_one_that_cannot_run_is_not_run(pipeline: Desk) -> None:
    manifest = {**TASKS, "sent": {"template": {"daemon": True, "container": {"image": "a", "command": ["b"]}}}}
    pipeline.manifest(manifest, inputs={"size": 1})
    told = pipeline.told("cases: {first: {}, second: {after: first}}", "-k", "second")
    reason = "first: pods that go on in the background need a cluster"
    assert [each.partition(" ")[2] for each in told] == [
        f"cannot-rehearse: second: the case `first` cannot be run; {reason}"
    ]
