"""What happens when a Workflow runs in Argo's own workflow controller, on a cluster whose pods are simulated.

The Go program in `argo/controller` is compiled as one more test of Argo's package `workflow/controller`: all decisions
are Argo's own code. A pod writes the first word of its command, after the program, to each of its outputs, unless it
is told another thing.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from tests.judges import go

Json = Any

_SOURCES: Final = tuple(
    f"controller/{name}_test.go" for name in ("argo", "cluster", "objects", "pods", "runs", "shown", "turns")
)
_PACKAGE: Final = "workflow/controller"


_LONGEST: Final = 600
"""Seconds for all runs of a request."""


@dataclass(frozen=True)
class Deed:
    """What a pod does: the exit code of its main container, what it writes to outputs, what it prints.

    `once`: only the first pod of that name does it. `fault` is trouble around its program, one of those of
    `argo/controller/pods_test.go`. It takes `seconds` in a run with an `order`.
    """

    exit: int = 0
    once: bool = False
    outputs: Mapping[str, str] = field(default_factory=dict)
    result: str | None = None
    fault: str = ""
    seconds: int = 0


@dataclass(frozen=True)
class Run:
    """The objects of a manifest, the arguments of a run, and what pods do.

    Pods are named by node, by a pattern of nodes, or by the first word that they are passed, behind a `>`.

    `stop` is the node of the pod during which somebody stops the run (`argo stop`). `again`: the same ran before, so
    that the results that it keeps are there, and `between` seconds have passed since. `then`: it is the second run,
    after `argo retry` ("retry") or `argo resubmit --memoized` ("resubmit") of one that failed. `whole`: the report has
    the `states` of the whole Workflow, as the API gives it, one after another.

    With an `order` pods take their time, and those that are due end one at a time, in an order that this number gives
    (`argo/controller/turns_test.go`). After so many ends (`stop_after`) somebody stops the run, by `how`.
    """

    objects: Sequence[Json]
    arguments: Mapping[str, str] = field(default_factory=dict)
    pods: Mapping[str, Deed] = field(default_factory=dict)
    stop: str = ""
    again: bool = False
    then: str = ""
    whole: bool = False
    order: int | None = None
    stop_after: int | None = None
    how: str = "Stop"
    between: int = 0

    @property
    def request(self) -> str:
        """As the Go program reads it: one line of JSON."""
        pods = {node: vars(deed) for node, deed in self.pods.items()}
        return json.dumps({**vars(self), "pods": pods})


def reports(runs: Sequence[Run], version: str = go.NEWEST) -> list[Json]:
    """How each run went: phase, pods in the order in which they started, phases of nodes, outputs.

    A run that ends the controller itself has the phase "Controller exited". Raises NoJudgeError where there is no Go.
    """
    answers: list[Json] = []
    judge = program(version)
    if judge is None:
        raise go.NoJudgeError("set TRANSPILE_REQUIRE_JUDGES to learn why")
    environment = {**os.environ, "INFORMER_WRITE_BACK": "never"}  # else it waits a second after each step
    while len(answers) < len(runs):
        lines = "\n".join(run.request for run in runs[len(answers) :])
        done = subprocess.run(
            [judge, "-test.run", "^TestRuns$"],
            input=lines,
            capture_output=True,
            encoding="utf-8",
            env=environment,
            check=False,
            timeout=_LONGEST,
        )
        answers += [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"phase"')]
        if len(answers) < len(runs):
            answers.append({"phase": "Controller exited", "message": done.stderr[-2000:], "pods": [], "nodes": {}})
    return answers


@cache
def program(version: str = go.NEWEST) -> Path | None:
    """The compiled program, None where it cannot be had; see `go.made`."""
    overlay = {f"{_PACKAGE}/ours_{Path(source).name}": source for source in _SOURCES}
    package = f"{go.argo(version)}/{_PACKAGE}"
    return go.compiled("runs", _SOURCES, "test", "-c", "-vet=off", package, overlay=overlay, version=version)
