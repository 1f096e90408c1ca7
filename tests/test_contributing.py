"""What CONTRIBUTING.md names exists, and its example prints what it says; test_architecture.py looks at its paths."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

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


def test_sections_of_the_table_of_contents_exist() -> None:
    text = PAGE.read_text(encoding="utf-8")
    headings = {
        re.sub(r"[^a-z -]", "", each.lower()).replace(" ", "-") for each in re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings


def test_the_example_prints_what_it_says(pytestconfig: pytest.Config) -> None:
    page = PAGE.read_text(encoding="utf-8")
    ((code, text),) = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", page, re.DOTALL)
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    if pytestconfig.getoption("--update"):
        PAGE.write_text(page.replace(f"```text\n{text}```", f"```text\n{done.stdout}```"), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8").count(f"```text\n{done.stdout}```") == 1
