"""Fakes of templates that run no program of a component: what only a cluster could do, a fake answers."""

from __future__ import annotations

from typing import Final

import pytest

from tests.rehearsal.desk import Desk, Json, tell
from tests.rehearsal.test_cases import one_line

_PARAMETERS: Final = [
    {"name": "name", "valueFrom": {"jsonPath": "{.metadata.name}"}},
    {"name": "pods", "valueFrom": {"jqFilter": ".status.succeeded", "default": "0"}},
]
_MAIN: Final[Json] = {"name": "main", "image": "alpine", "command": ["true"]}
TASKS: Final[Json] = {
    "call": {
        "template": {"http": {"url": "https://example.com/${{ inputs.day }}", "method": "POST", "body": "x"}},
        "retry": {"limit": 2, "policy": "Always"},
    },
    "slow": {"template": {"http": {"url": "https://example.com"}}, "timeout": "1m"},
    "job": {
        "template": {
            "resource": {"action": "create", "manifest": "kind: Job\nmetadata: {name: ${{ inputs.day }}}"},
            "outputs": {"parameters": _PARAMETERS},
        }
    },
    "list": {
        "template": {
            "data": {
                "source": {"artifactPaths": {"name": "a", "s3": {"key": "b"}}},
                "transformation": [{"expression": "data"}],
            }
        }
    },
    "each": tell("${{ item }}", forEach="${{ tasks.list.outputs.result }}"),
    "ask": {
        "template": {
            "plugin": {"slack": {"text": "x"}},
            "outputs": {"parameters": [{"name": "who", "valueFrom": {"path": "/who"}}]},
        }
    },
    "set": {
        "template": {
            "containerSet": {
                "retryStrategy": {"retries": "2"},
                "containers": [{**_MAIN, "name": "first"}, {**_MAIN, "dependencies": ["first"]}],
            }
        }
    },
    "beside": {
        "template": {
            "container": {"image": "alpine", "command": ["true"], "lifecycle": {"preStop": {}}},
            "sidecars": [{"name": "a", "image": "b"}],
            "initContainers": [{"name": "c", "image": "d"}],
        }
    },
    "told": tell("${{ tasks.call.outputs.result }} ${{ tasks.job.outputs.name }} ${{ tasks.job.outputs.pods }}"),
    "answered": tell("${{ tasks.ask.outputs.who }}"),
}


@pytest.fixture
def pipeline(desk: Desk) -> Desk:
    """A task of each kind."""
    desk.manifest(TASKS, inputs={"day": "monday"})
    return desk


@pytest.mark.parametrize(
    "case",
    [
        "expect: {tasks: {each: Skipped, told: {arguments: {status: result name pods}}}}",
        """fakes: {call: {prints: done}, job: {outputs: {name: j1, pods: null}}, list: {prints: [a, b]},
           ask: {outputs: {who: me}}}, expect: {tasks: {each: {items: 2}, "each[1]": {arguments: {status: b}},
           told: {arguments: {status: done j1 0}}, answered: {arguments: {status: me}}}}""",
        """expect: {tasks: {call: {command: "POST https://example.com/monday"}, job: {command: "name: monday"},
           ask: {command: slack}, list: {command: artifactPaths}}}""",
        """fakes: {job: Failed, ask: {phase: Failed, message: nobody}}, expect: {phase: Failed, tasks: {
           job: Failed, ask: {message: nobody}, told: Omitted, answered: Omitted}}""",
        # what is asked of an agent stays Pending, so a timeout holds for it from its start
        """fakes: {slow: {duration: 2m}}, expect: {phase: Failed, duration: 62s, tasks: {slow: {phase: Failed}}}""",
        "fakes: {call: [Failed, {prints: x}]}, expect: {tasks: {call: {tries: 2, outputs: {result: x}}}}",
        """fakes: {call: {duration: 50s}}, stopAfter: 10s, expect: {phase: Failed, message: Stop, duration: 11s,
           tasks: {call: {phase: Failed, message: "Stopped with strategy 'Stop'"}, set: Succeeded}}""",
    ],
)
def test_a_fake_answers(case: str, pipeline: Desk) -> None:
    assert pipeline.told(one_line(case.replace("\n", " "))) == []


def test_a_limit_of_pods_counts_none_that_an_agent_answers(desk: Desk) -> None:
    calls = {f"c{number}": {"template": {"http": {"url": "https://example.com"}}} for number in range(3)}
    pods = {f"p{number}": tell("x") for number in range(3)}
    desk.manifest({**pods, **calls}, argo={"spec": {"parallelism": 2}})
    assert desk.told(one_line("expect: {duration: 2s}")) == []
    (told,) = desk.told(one_line("expect: {duration: 1s}"))
    assert told.endswith("the run takes 2s of virtual time, not at most 1s")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("call", "http templates need a cluster"),
        ("list", "data templates need a cluster"),
        ("beside", "commands around the program need a cluster"),
    ],
)
def test_none_of_them_is_real(name: str, why: str, pipeline: Desk) -> None:
    (told,) = pipeline.told(one_line(f"real: [{name}]"))
    assert told.endswith(f"cannot-rehearse: it: `{name}` cannot run for real: {why}")
