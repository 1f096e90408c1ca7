"""Pipelines for older versions of Argo: its own validator accepts them, and its own controller does the same with them.

All golden cases, all samples and all runs of `tests/argo/runs` are compiled with `--argo`. What is refused is listed
here, and so is what differs.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

import pytest

from tests.argo.test_runs import (
    CASES,
    FOLDER,
    GOLDEN,
    SPECIAL,
    asked_of,
    compiled,
    differences,
    golden,
    in_the_cluster,
    load,
)
from tests.conftest import Result, Transpile
from tests.feature_pages.targets import PAGE, page
from tests.judges import argo, go, runs
from transpiler.argo.versions import NEWEST, VERSIONS

CODE: Final = "needs-newer-argo"
REFUSED: Final = {
    "3.6": {
        "samples/features/locks",
        "samples/features/retries",
        "tests/language/cases/argo_references",
        "life_cycle: As many tasks of onExit run at a time as the limit allows, groups, loops and hooks in it too",
        "life_cycle: What runs when a task has ended waits for a limit like a task",
        "life_cycle: Loops and tries of tasks in onExit keep to their lanes",
        "may_fail: A loop that may fail yields what its items yield that succeed",
    },
    "3.7": {"samples/features/plugin-storage"},
    "4.0": {"samples/features/argo-4-1"},
}
"""The version → what it refuses, beside all that later ones refuse."""
DIFFERS: Final = {
    ("3.6", "tests/language/cases/input_sources"): "a ConfigMap needs a label to be found",
    (
        "3.6",
        "whole_items: Numbers, Booleans, null, lists and mappings of an item stay what they are in its JSON",
    ): "the escapes of <, > and & in a mapping of values that the run knows",
    ("3.7", "life_cycle: Of others Argo runs the first tasks alone"): "it runs some more of them",
}
"""The version and what runs otherwise there, with the reason; docs/targets.md tells of it."""
TOPICS: Final = sorted({str(case.id).partition(":")[0] for case in CASES})


def refused(version: str) -> set[str]:
    """All that a version refuses."""
    return {name for each in VERSIONS[VERSIONS.index(version) : -1] for name in REFUSED[each]}


@pytest.fixture(autouse=True)
def judges() -> None:
    if argo.build() is None:
        pytest.skip("Argo's validator is not at hand: install Go, or run .ci/run")


def is_compiled(name: str, version: str, result: Result) -> bool:
    """True unless it is refused, as it should be."""
    if name not in refused(version):
        assert result.code == 0, result.stderr
        return True
    assert {problem["code"] for problem in result.problems} == {CODE}, result.stderr
    return False


def compiled_for(version: str, name: str, transpile: Transpile) -> Result:
    """A golden case or sample, as the same kind of object as beside it."""
    kind = load(GOLDEN[name] / "workflow.yaml")[-1]["kind"]
    return transpile("compile", GOLDEN[name] / "pipeline.yaml", "--argo", version, "--kind", kind, "--format", "json")


@pytest.mark.parametrize("version", go.VERSIONS)
def test_the_validator_of_a_version_accepts_what_is_compiled_for_it(
    version: str, transpile: Transpile, tmp_path: Path
) -> None:
    files, asked = {}, {}
    for number, name in enumerate(GOLDEN):
        result = compiled_for(version, name, transpile)
        if is_compiled(name, version, result):
            files[name] = tmp_path / f"{number}.json.yaml"
            files[name].write_text(
                result.stdout + "".join(f"---\n{each}\n" for each in map(json.dumps, in_the_cluster(name)))
            )
            asked[name] = golden(name, load(result.stdout))
    verdicts = argo.verdicts(list(files.values()), version)
    assert {name: verdicts[path] for name, path in files.items() if verdicts[path]} == {}
    if version == go.NEWEST:
        return  # test_runs.py runs them
    running = {name: run for name, run in asked.items() if run is not None}
    for name, went in zip(running, runs.reports(list(running.values()), version), strict=True):
        is_as_said = went["phase"] == SPECIAL.get(name, {}).get("phase", "Succeeded")
        assert is_as_said != ((version, name) in DIFFERS), f"{name}: {went}"


@pytest.mark.parametrize("version", go.VERSIONS[:-1])
@pytest.mark.parametrize("topic", TOPICS)
def test_the_controller_of_a_version_runs_what_is_compiled_for_it(
    topic: str, version: str, transpile: Transpile, tmp_path: Path
) -> None:
    asked = {}
    for number, each in enumerate(each for each in CASES if str(each.id).partition(":")[0] == topic):
        folder = tmp_path / str(number)
        folder.mkdir()
        result, cluster = compiled(each.values[0], transpile, folder, "--argo", version, "--format", "json")
        if is_compiled(str(each.id), version, result):
            asked[str(each.id)] = (each.values[0], asked_of(each.values[0], result, cluster))
    went = runs.reports([run for _, run in asked.values()], version)
    found = {
        name: differences(case, report, without_items)
        for (name, (case, _)), report in zip(asked.items(), went, strict=True)
    }
    differing = {name for name, each in found.items() if each}
    assert differing == {name for name in found if (version, name) in DIFFERS}, found


def without_items(node: str) -> str:
    """The name of a node without the texts of items, which 3.6 writes otherwise."""
    return re.sub(r"\((\d+):.*?\)(?=[.(]|$)", r"(\1)", node)


def test_the_page_of_versions_is_what_the_judges_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tests.feature_pages.targets`, and read the page"


def test_what_is_listed_exists() -> None:
    known = {*GOLDEN, *(str(case.id) for case in CASES)}
    assert FOLDER.exists()
    assert {name for each in REFUSED.values() for name in each} | {name for _, name in DIFFERS} <= known
    assert [*REFUSED, NEWEST] == list(VERSIONS)
