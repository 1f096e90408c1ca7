"""Python that no component can be made of: exactly the diagnostics that its comments announce, each with a way out.

A line of a case ends in `# ! code` for each diagnostic expected on it. Cases are found from disk.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import Transpile

CASES = sorted((Path(__file__).parent / "function_errors").glob("*.py"))


def announced(case: Path) -> Counter[tuple[int, str]]:
    lines = case.read_text(encoding="utf-8").splitlines()
    marks = ((number, re.search(r"# ! ([a-z -]+)$", line)) for number, line in enumerate(lines, 1))
    return Counter((number, code) for number, mark in marks if mark for code in mark[1].split())


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_each_mistake_once_at_its_line(case: Path, transpile: Transpile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(case.parent)
    result = transpile("component", "from-function", f"{case.name}:function", "--format", "json")
    found = Counter((each["line"], each["code"]) for each in result.problems)
    expected = announced(case)
    assert expected
    assert (sorted(found - expected), sorted(expected - found)) == ([], []), "(unexpected, missing)"
    failed = any(each["severity"] == "error" for each in result.problems)
    assert (result.code, bool(result.stdout)) == ((1, False) if failed else (0, True))
    for each in result.problems:
        assert each["file"] == case.name
        assert each["hint"], each
        assert (each["endLine"], each["endColumn"]) > (each["line"], each["column"])
