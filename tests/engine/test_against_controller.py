"""Runs in our engine are those in Argo's own controller: nodes, phases, messages, values, and what each pod gets.

The sources: what the compiler emits for the cases of `tests/argo/runs` and all golden Workflows, Argo's own examples,
random Workflows, these again with trouble from outside and pods that end one at a time (`weather.py`), and all that can
befall a pod in all places (`matrix.py`). What is refused, and each difference that is left, stands in a table here,
with its reason.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.argo import test_runs
from tests.conftest import Transpile
from tests.engine.compared import differences, simulated
from tests.engine.examples import examples
from tests.engine.generate import asked
from tests.engine.matrix import cases
from tests.engine.simulated import Simulation
from tests.engine.weather import weathered
from tests.judges import runs
from tests.judges.runs import Deed, Run
from tests.support.examples import examples as examples_of
from transpiler.engine.protocol import RefusedError

Json = Any
_STORAGE = "the simulated controller has no driver of a plugin"
_STOPPED = "stopped while a limit holds items back, the controller panics over items that are not there, and says Error"
_TURNS = "of the nodes that the limit of the run holds back, the controller takes the first of the DAG, ours the eldest"
DIFFERENT = {
    "golden samples/features/plugin-storage": _STORAGE,
    "example artifact-passing-explicit-plugin.yaml": _STORAGE,
    "example artifactory-artifact.yaml": "the judge knows a stored file by its address, and the simulation by its key",
    "weather 104": _STOPPED,
    "weather 392": _TURNS,
    "weather 657": _TURNS,
    "weather 736": "what a deadline fails in a try of an exit handler runs on in the cluster, and its node with it",
    "example pod-spec-from-previous-step.yaml": "the controller applies `podSpecPatch`, here the executor does",
}
REFUSED = {
    "dollars: A value in a manifest stays one value": "resource",
    "texts: A text from a file arrives as the file has it, but for the tags of Argo": "resource",
    "golden tests/language/cases/defaults": "http",
    "golden tests/language/cases/defaults_over": "sidecars",
    "golden tests/language/cases/texts_in_files": "resource",
    "golden samples/features/argo-4-1": "executorPlugins",
    "golden samples/features/claims": "resource",
    "golden samples/features/containers": "lifecycle",
    "golden samples/features/daemon": "daemon",
    "golden samples/features/data": "data",
    "golden samples/features/http": "http",
    "golden samples/features/locks": "database",
    "golden samples/features/pass-through": "sidecars",
    "golden samples/features/plugins": "plugin",
    "golden samples/features/resource-files": "resource",
    "golden samples/features/resources": "resource",
    "golden samples/features/script-files": "resource",
    "golden samples/features/sidecars": "sidecars",
    "golden samples/features/snapshots": "resource",
    "golden samples/features/templates": "resource",
    "golden samples/pipelines/chaos": "daemon",
    "golden samples/pipelines/ray": "resource",
}
"""Case → a field that one of the reasons names."""
SAID = {
    "coinflip.yaml": {".*": Deed(result="heads")},
    "coinflip-recursive.yaml": {".*flip-coin": Deed(result="heads")},
    "conditionals-complex.yaml": {".*": Deed(result="heads")},
    "conditional-artifacts.yaml": {".*": Deed(result="tails")},
    "conditional-parameters.yaml": {".*": Deed(result="tails")},
    "dag-conditional-artifacts.yaml": {".*": Deed(result="heads")},
    "dag-coinflip.yaml": {".*": Deed(result="heads")},
    "dag-conditional-parameters.yaml": {".*": Deed(result="heads")},
    "loops-param-result.yaml": {".*": Deed(result="[20, 21]")},
    "recursive-for-loop.yaml": {".*": Deed(result="11")},
    "map-reduce.yaml": {".*": Deed(result="[0, 1]")},
    "retry-container.yaml": {".*": Deed(exit=3)},
    "retry-conditional.yaml": {".*": Deed(exit=2)},
    "exit-handlers.yaml": {"run": Deed(exit=1)},
    "dag-targets.yaml": {".*B.*": Deed(exit=1)},
}
"""Example → what its pods do, so that more of it happens."""
_SEEDS = range(240)
_FOUND = {695}
"""Seeds of runs that have found a fault."""
_WAYS = 8
"""How often the controller is asked about a run that differs."""
ENDS_THE_CONTROLLER = {"seed 23", "seed 222", "weather 23"}
"""Runs in which a limit or a cache refuses a node that has a parent already: the controller itself ends then."""


@pytest.fixture(autouse=True)
def controller() -> None:
    if runs.program() is None:
        pytest.skip("Argo's controller is not at hand: install Go, or run .ci/run")


def test_cases_go_as_in_the_controller(transpile: Transpile, tmp_path: Path) -> None:
    requests = {}
    for number, parameters in enumerate(test_runs.CASES):
        case: Json = parameters.values[0]
        folder = tmp_path / str(number)
        folder.mkdir()
        requests[str(parameters.id)] = test_runs.asked_of(case, *test_runs.compiled(case, transpile, folder))
    for name, folder in test_runs.GOLDEN.items():
        request = test_runs.golden(name, test_runs.load(folder / "workflow.yaml"))
        if request is not None:
            requests[f"golden {name}"] = request
    refused = _compare(requests)
    assert {name: fields for name, fields in refused.items() if REFUSED.get(name) not in fields} == {}
    assert set(refused) == set(REFUSED)


def test_examples_go_as_in_the_controller() -> None:
    found = examples()
    requests = {f"example {name}": Run(objects, {}, SAID.get(name, {})) for name, objects in found.items()}
    assert set(SAID) <= set(found)
    refused = _compare(requests)
    assert len(requests) - len(refused) > 150


def test_random_workflows_go_as_in_the_controller() -> None:
    _compare({f"seed {seed}": asked(seed) for seed in _SEEDS})


def test_random_runs_with_trouble_go_as_in_the_controller() -> None:
    seeds = {*range(examples_of(180)), *_FOUND}
    _compare({f"weather {seed}": weathered(asked(seed), seed) for seed in sorted(seeds)})


def test_every_trouble_in_every_place_goes_as_in_the_controller() -> None:
    found = cases()
    some = sorted(found, key=lambda name: (name not in DIFFERENT, zlib.crc32(name.encode())))[: examples_of(len(found))]
    _compare({name: found[name] for name in some})


def _compare(requests: dict[str, Run]) -> dict[str, set[str]]:
    """Asserts that nothing differs but what the table has; what was refused, with the fields of the reasons."""
    asked_for = {name: replace(request, whole=True) for name, request in requests.items()}
    refused: dict[str, set[str]] = {}
    mine = {}
    for name, request in asked_for.items():
        try:
            mine[name] = simulated(request)
        except RefusedError as error:
            refused[name] = {str(part) for each in error.refusals for part in each.path}
    reports = dict(zip(mine, runs.reports([asked_for[name] for name in mine]), strict=True))
    known = {name for name, report in reports.items() if report["phase"] != "Controller exited"}
    assert reports.keys() - known <= ENDS_THE_CONTROLLER
    left = {name: found for name in known if (found := differences(mine[name], reports[name]))}
    _ask_again({name: asked_for[name] for name in left if name not in DIFFERENT}, mine, left)
    print(f"{len(known) - len(left)} of {len(requests)} runs are equal, {len(refused)} are refused")  # noqa: T201 - shown by -s
    new = {name: found[:3] for name, found in left.items() if name not in DIFFERENT}
    assert not new, json.dumps(new, indent=1, default=str)[:5000]
    assert {name for name in DIFFERENT if name in mine} == set(left)
    return refused


def _ask_again(requests: dict[str, Run], mine: dict[str, Simulation], left: dict[str, list[Json]]) -> None:
    """Takes off runs that the controller does in several ways, if ours is one of them.

    It visits the tasks that a task waits for in the order of a map of Go, which is another one each time.
    """
    for _ in range(_WAYS):
        names = [name for name in requests if name in left]
        for name, report in zip(names, runs.reports([requests[name] for name in names]), strict=True):
            if not differences(mine[name], report):
                del left[name]
