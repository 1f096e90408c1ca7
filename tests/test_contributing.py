"""What CONTRIBUTING.md names exists; test_architecture.py looks at its paths, tests/docs runs its example."""

from __future__ import annotations

import re

from tests.conftest import REPOSITORY

PAGE = REPOSITORY / "CONTRIBUTING.md"
SOURCES = "\n".join(
    path.read_text(encoding="utf-8")
    for folder in ("transpiler", "tests")
    for path in (REPOSITORY / folder).rglob("*.py")
)


def test_functions_and_tables_exist() -> None:
    names = {
        each
        for each in re.findall(r"`([^`\n]+)`", PAGE.read_text(encoding="utf-8"))
        if re.fullmatch(r"[a-z]+_[a-z_]+|_[a-z]+|KEYS|LOCK|RUNS|NAMES", each)
    }
    assert len(names) > 5
    assert [
        each for each in sorted(names) if not re.search(rf"^(    )?(def |class )?{each}\b", SOURCES, re.MULTILINE)
    ] == []
