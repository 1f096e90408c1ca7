"""Manifests that run in Argo's own controller, with every state of the Workflow that the API would give."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.argo.test_runs import COMPONENTS, load
from tests.judges import go, runs
from tests.judges.runs import Deed, Run
from transpiler.analysis import Analysis, analyze
from transpiler.compiler import compile_analysis
from transpiler.runs.places import Path as TaskPath
from transpiler.runs.run_states import states_of
from transpiler.runs.runs import Runs
from transpiler.runs.states import RunStates
from transpiler.workspace.options import Options

Json = Any


@dataclass(frozen=True)
class Asked:
    """A manifest, the files beside it, what is in the cluster before, and what happens: see `tests.judges.runs.Run`."""

    manifest: Json
    beside: Mapping[str, Json] = field(default_factory=dict)
    pods: Mapping[str, Deed] = field(default_factory=dict)
    cluster: Sequence[Json] = ()
    stop: str = ""
    again: bool = False
    then: str = ""


@dataclass(frozen=True)
class Went:
    """How a run went: the report of the controller, and the analysis of the manifest."""

    analysis: Analysis
    report: Json

    @property
    def workflows(self) -> list[Json]:
        """The states of the Workflow, one after another."""
        found: list[Json] = self.report["states"]
        return found

    @property
    def end(self) -> RunStates:
        """The states of the tasks when the run has ended."""
        return states_of(self.analysis, self.workflows[-1])

    @property
    def all(self) -> list[RunStates]:
        """The states of the tasks, one after another."""
        return [states_of(self.analysis, each) for each in self.workflows]

    def homes(self, workflow: Json) -> dict[str, TaskPath | None]:
        """The name of a node → the task that it belongs to."""
        found = Runs(self.analysis).found(workflow).homes
        return {node["name"]: found[key] for key, node in workflow["status"].get("nodes", {}).items() if key in found}


def went(asked: Sequence[Asked], folder: Path, version: str = go.NEWEST) -> list[Went]:
    """How runs went, all of them in one controller, of a version of Argo."""
    analyses: list[Analysis] = []
    requests: list[Run] = []
    for number, each in enumerate(asked):
        home = folder / str(number)
        home.mkdir()
        for name, manifest in {"pipeline.yaml": each.manifest, **each.beside}.items():
            (home / name).parent.mkdir(exist_ok=True)
            (home / name).write_text(json.dumps(manifest), encoding="utf-8")
        analysis = analyze(home / "pipeline.yaml", Options(argo=version if version != go.NEWEST else ""))
        made = compile_analysis(analysis)
        assert made.text is not None, (made.diagnostics, each.manifest)
        analyses.append(analysis)
        requests.append(
            Run(
                [*each.cluster, *load(made.text)],
                {},
                each.pods,
                each.stop,
                again=each.again,
                then=each.then,
                whole=True,
            )
        )
    return [Went(*pair) for pair in zip(analyses, runs.reports(requests, version), strict=True)]


def pipeline(tasks: Json, **more: Json) -> Json:
    """A manifest with the components of all runs."""
    return {"name": "p", "tasks": tasks, "components": COMPONENTS, **more}
