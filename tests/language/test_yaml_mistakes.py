"""Mistakes of YAML, those of `errors/yaml_*.yaml`: each says the same alone, among others, and with other line ends."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.conftest import Transpile
from tests.language.test_errors import SEED

CASES: Final = sorted((Path(__file__).parent / "errors").glob("yaml_*.yaml"))
_TASK: Final = re.compile(r"^ {1,3}[a-z-]+(?:$|:\s*$)", re.MULTILINE)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(SEED, tmp_path / "components")
    monkeypatch.chdir(tmp_path)


def blocks(text: str) -> Iterator[tuple[int, str]]:
    """The tasks of a case, each with the number of lines before it; the last one has no mistake."""
    head = text.index("\ntasks:\n") + len("\ntasks:\n")
    starts = [head + each.start() for each in _TASK.finditer(text[head:])]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield text.count("\n", 0, start), text[start:end]


def said(transpile: Transpile, text: str | bytes) -> list[dict[str, Any]]:
    """What is reported about a manifest."""
    Path("pipeline.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return transpile("check", "pipeline.yaml", "--format", "json").problems


def shown(problems: list[dict[str, Any]], before: int = 0, lines: int = 1 << 30) -> list[tuple[Any, ...]]:
    """Place, code and text of what is reported in some lines, which are counted from 1; not the names of siblings."""
    wanted = ("column", "code", "message")
    return [
        (each["line"] - before, *(each[key] for key in wanted), re.sub(r", as `[^`]*`", "", each["hint"]))
        for each in problems
        if before < each["line"] <= before + lines
    ]


ALONE = [text for text in CASES if "\ntasks:\n" in text.read_text() and "\ncomponents:" not in text.read_text()]
"""Cases whose tasks need nothing that stands above them."""


@pytest.mark.parametrize("case", ALONE, ids=lambda each: each.stem)
def test_a_mistake_says_the_same_alone(case: Path, transpile: Transpile) -> None:
    text = case.read_text(encoding="utf-8")
    together, found = said(transpile, text), list(blocks(text))
    last = found[-1][1]
    assert "last:" in last or case.stem == "yaml_values"
    for before, block in found[:-1]:
        alone = said(transpile, f"name: x\ntasks:\n{block}{last}")
        lines = block.count("\n")
        assert shown(alone, 2, lines) == shown(together, before, lines), block
        assert len(alone) == len(shown(alone, 2, lines)), block


@pytest.mark.parametrize("case", CASES, ids=lambda each: each.stem)
def test_line_ends_do_not_matter(case: Path, transpile: Transpile) -> None:
    text = case.read_bytes()
    lines = text.split(b"\n")
    mixed = b"".join(line + (b"\r\n" if number % 2 else b"\n") for number, line in enumerate(lines))
    assert shown(said(transpile, text)) == shown(said(transpile, b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n")))
    assert shown(said(transpile, text)) == shown(said(transpile, mixed))
