"""What Argo's workflow controller makes of the tasks of a DAG: `judge run` of the Go program in `argo/`, kept running.

Each DAG is asked about by itself: what its template is given, and how its tasks ended, are part of the question.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import yaml

from tests.judges import argo, go

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Ended:
    """How a task ended. A loop has `items`, one for each item; none for an empty list."""

    phase: str = "Succeeded"
    outputs: Mapping[str, str] | None = None
    items: Sequence[Ended] | None = None
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def json(self) -> dict[str, Any]:
        """As the Go program reads it."""
        items = None if self.items is None else [each.json for each in self.items]
        return {"phase": self.phase, "outputs": self.outputs, "items": items, "facts": self.facts}


SKIPPED = Ended("Skipped")


@dataclass(frozen=True)
class Run:
    """What one run of a task receives; of a loop there are several. `error` says why Argo ends the run there."""

    when: str
    skipped: bool
    inputs: Mapping[str, str]
    error: str


@dataclass(frozen=True)
class Became:
    """What becomes of a task, and of its hooks. `waits` is the worst: Argo asks again and again, without end."""

    runs: Sequence[Run]
    hooks: Mapping[str, Run]
    error: str
    waits: bool


@dataclass(frozen=True)
class Dag:
    """The tasks of a DAG, and its outputs: a text, or None with the reason in `errors`."""

    tasks: Mapping[str, Became]
    outputs: Mapping[str, str | None]
    errors: Mapping[str, str]


class Controller:
    """The running judge. Use it as a context."""

    def __init__(self) -> None:
        judge = argo.build()
        if judge is None:
            raise go.NoJudgeError("set TRANSPILE_REQUIRE_JUDGES to learn why")
        self._process = subprocess.Popen(
            [str(judge), "run"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def run(
        self,
        workflow: str,
        *,
        arguments: Mapping[str, str] | None = None,
        ended: Mapping[str, Ended] | None = None,
        template: str = "",
        variables: Mapping[str, str] | None = None,
    ) -> Dag:
        """What becomes of the tasks of a template, by default the entry, in a Workflow (YAML).

        `arguments` are those of the run for the entry, which also are `workflow.parameters`, else of the template.
        `variables` are what else is known of the run, such as `workflow.status`.
        """
        spec = yaml.load(workflow, Loader)["spec"]
        given = {each["name"]: each.get("value") for each in spec.get("arguments", {}).get("parameters", [])}
        given |= arguments or {}
        question = {
            "templates": spec["templates"],
            "template": template or spec["entrypoint"],
            "arguments": arguments if template else given,
            "globals": {
                **GLOBALS,
                **({} if template else {f"workflow.parameters.{name}": given[name] for name in given}),
                **(variables or {}),
            },
            "outcomes": {task: each.json for task, each in (ended or {}).items()},
        }
        answer = self._ask(question)
        if answer["error"]:
            raise ValueError(answer["error"])
        return Dag(
            {task: _became(each) for task, each in answer["tasks"].items()},
            {name: None if each["error"] else each["text"] for name, each in answer["outputs"].items()},
            {name: each["error"] for name, each in answer["outputs"].items() if each["error"]},
        )

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the judge is gone, with {self._process.wait()}"
        answer: dict[str, Any] = json.loads(line)
        return answer


def _became(answer: dict[str, Any]) -> Became:
    hooks = {name: Run(**each) for name, each in (answer["hooks"] or {}).items()}
    return Became([Run(**each) for each in answer["runs"] or ()], hooks, answer["error"], answer["waits"])


GLOBALS = {
    "workflow.name": "nightly-x7b2k",
    "workflow.namespace": "argo",
    "workflow.uid": "3f6f9a2e-0000",
    "workflow.creationTimestamp": "2026-01-31T02:00:00Z",
    "workflow.creationTimestamp.RFC3339": "2026-01-31T02:00:00Z",
    "workflow.creationTimestamp.Y": "2026",
    "workflow.labels.app.kubernetes.io/name": "shop",
    "workflow.labels": '{"app.kubernetes.io/name":"shop"}',
    "workflow.annotations.owner": 'it\'s "us" \\ {them}',
}
"""What every run knows of itself."""
