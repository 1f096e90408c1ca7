"""The matrix of how tasks end (`life_cycles.py`), in Argo's own controller: enough of it for each pair of values."""

from __future__ import annotations

import pytest

from tests.judges import go, runs
from tests.support.life_cycles import HOOKS, Case, all_cases, all_reports, for_each_pair, trials

CASES = for_each_pair(all_cases())


@pytest.mark.parametrize("version", go.VERSIONS)
@pytest.mark.parametrize("hook", HOOKS)
def test_tasks_end_as_the_manifest_says(hook: str, version: str) -> None:
    if runs.program() is None:
        pytest.skip("Argo's controller is not at hand: install Go, or run .ci/run")
    tried = []
    for case in CASES:
        compilation = case.compiled(version) if case.hook == hook else None
        if compilation is not None and compilation.text is not None:
            tried += trials(case, compilation)
    went = all_reports([each.run for each in tried], version=version)
    wrong = {each: faults for each, run in zip(tried, went, strict=True) if (faults := each.faults(run))}
    assert tried
    assert not wrong


@pytest.mark.parametrize("case", [case for case in all_cases() if case.is_refused][::7])
def test_what_no_workflow_can_do_is_refused(case: Case) -> None:
    compilation = case.compiled()
    assert compilation is not None
    assert compilation.text is None
    assert {each.code for each in compilation.diagnostics if each.severity == "error"} <= {
        "hidden-end",
        "hook-reference",
    }


def test_nothing_else_is_refused() -> None:
    for case in CASES:
        compilation = case.compiled()
        assert compilation is not None
        assert (compilation.text is None) == case.is_refused, (case, compilation.diagnostics)
