"""The ml sample, with an outage, a failing branch, and a handler at its end that is told how the run went."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import REPOSITORY
from tests.rehearsal.desk import Desk

_HANDLER: Final = """
components:
  tell:
    inputs: [{name: status, type: String}]
    implementation: {container: {image: alpine, command: [echo, {inputValue: status}]}}
onExit:
  tasks:
    report: {component: tell, arguments: {status: "${{ workflow.status }}"}}
"""
_TESTS: Final = """
fakes:
  analyse: {outputs: {statistics: {rent: {mean: 900, deviation: 250}}}}
cases:
  it trains and predicts:
    inputs: {epochs: 5}
    fakes: {predict: {outputs: {metrics: {rmse: 120}}}}
    expect:
      tasks:
        train: {arguments: {epochs: 5}, command: --epochs 5}
        transform: {arguments: {statistics: {rent: {mean: 900, deviation: 250}}, data: data}}
        "@onExit/report": {arguments: {status: Succeeded}}
      outputs: {metrics: {rmse: 120}}
      order: [create-data, analyse, transform, train, predict, "@onExit/report"]
  an outage is over after two tries:
    fakes: {create-data: [{phase: Failed, exitCode: 7, message: no route to host}, Failed, Succeeded]}
    expect:
      tasks: {create-data: {phase: Succeeded, tries: 3}}
  an outage that stays fails the run:
    fakes: {create-data: {exitCode: 7}}
    expect:
      phase: Failed
      tasks:
        create-data: {phase: Failed, tries: 4, message: exit code 7}
        analyse: Omitted
        predict: Omitted
        "@onExit/report": {arguments: {status: Failed}}
  training fails:
    fakes: {train: Failed}
    expect:
      phase: Failed
      tasks: {transform: Succeeded, train: Failed, predict: Omitted, "@onExit/report": {arguments: {status: Failed}}}
"""


@pytest.fixture
def ml(desk: Desk) -> Desk:
    """The sample with what it lacks for these cases."""
    shutil.copytree(REPOSITORY / "samples" / "ml", desk.folder, dirs_exist_ok=True)
    manifest = Path(desk.folder / "pipeline.yaml")
    text = manifest.read_text(encoding="utf-8")
    retried = text.replace("component: components/create_data", "component: components/create_data\n    retry: 3")
    manifest.write_text(retried + _HANDLER, encoding="utf-8")
    return desk


def test_all_cases_pass_and_run_all_tasks(ml: Desk) -> None:
    assert ml.told(_TESTS, "--coverage") == []
    assert "6 of 6 tasks ran" in ml.run("--coverage").stdout


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("status: Failed", "status: Succeeded", "argument `status` of `@onExit/report` is `Failed`, not `Succeeded`"),
        ("predict: Omitted", "predict: Skipped", "`predict` is Omitted, not Skipped"),
        ("tries: 3", "tries: 2", "`create-data` was tried 3 times, not 2"),
        ("metrics: {rmse: 120}}\n      order", "metrics: {rmse: 12}}\n      order", "output `metrics` is `"),
    ],
)
def test_a_wrong_expectation_fails(right: str, wrong: str, told: str, ml: Desk) -> None:
    found = ml.told(_TESTS.replace(right, wrong))
    assert found
    assert all(told in each for each in found)
