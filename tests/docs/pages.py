"""A page of Markdown as its blocks of code: what each is, and the file that it shows.

Five comments in a page, which readers do not see, say what a test cannot know:

    <!-- starts with: samples/ml -->        files of the repository that the page's folder has from the start;
                                            with a slash at the end, what is in that folder;
                                            by default tests/docs/project/, a small project
    <!-- starts empty -->                   the page's folder is empty
    <!-- tested by: tests/cli/test_x.py --> another test runs what stands in the page
    <!-- output -->                         before a block: what the block above it prints
    <!-- not run: why -->                   before a block: it stands for itself

A block is a file if the line above it ends with its name: `pipeline.yaml`:
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.conftest import REPOSITORY

MADE: Final = (
    "docs/rules.md",
    "docs/features.md",
    "docs/cli.md",
    "docs/manifest.md",
    "docs/targets.md",
    "docs/*-keys.md",
    "docs/features/*.md",
)
"""Pages that are made of something else, which has tests of its own."""
PROJECT: Final = "tests/docs/project/"
_FENCE: Final = re.compile(r"(?P<indent> *)(?P<fence>`{3,})(?P<language>[\w-]*)")
_NAME: Final = re.compile(
    r"`((?:[\w.-]+/)*(?:[\w.-]+\.(?:yaml|yml|py|sh|json|toml|sql|csv|txt|md)|Dockerfile|\.\w+))`[^`]{0,40}:$"
)
_COMMENT: Final = re.compile(r"<!-- (output|not run)(?:: (.+?))? -->$")
_EMPTY: Final = "<!-- starts empty -->"
_TESTED: Final = re.compile(r"^<!-- tested by: (\S+) -->$", re.MULTILINE)
_START: Final = re.compile(r"^<!-- starts with: (.+?) -->$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, text, and the line of the page where the text starts."""

    language: str
    text: str
    line: int
    name: str = ""
    """The path of the file that it is."""
    comment: str = ""
    """`output` or `not run`."""
    reason: str = ""


@dataclass(frozen=True)
class Page:
    """A page, and what its folder has from the start."""

    path: Path
    blocks: Sequence[Block]
    starts_with: Sequence[str]

    def __str__(self) -> str:
        return self.path.relative_to(REPOSITORY).as_posix()


def pages() -> list[Page]:
    """Every page that somebody wrote."""
    texts = sorted({*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*.md"), REPOSITORY / "samples/README.md"})
    made = {path for pattern in MADE for path in REPOSITORY.glob(pattern)}
    return [read(path) for path in texts if path not in made and not _is_tested(path)]


def _is_tested(path: Path) -> bool:
    """A page whose commands need more than a shell has a test of its own, which it names."""
    found = _TESTED.search(path.read_text(encoding="utf-8"))
    if found is not None:
        assert (REPOSITORY / found[1]).exists(), f"{path} names {found[1]}"
    return found is not None


def read(path: Path) -> Page:
    """A page, from its file."""
    text = path.read_text(encoding="utf-8")
    starts = [each for found in _START.findall(text) for each in found.split(", ")]
    if not starts and _EMPTY not in text:
        starts = [PROJECT]
    return Page(path, tuple(_blocks(text.splitlines())), starts)


def _blocks(lines: list[str]) -> Iterator[Block]:
    number = 0
    while number < len(lines):
        opened = _FENCE.match(lines[number])
        if opened is None:
            number += 1
            continue
        indent, end = opened["indent"], number + 1
        while lines[end].strip() != opened["fence"]:
            end += 1
        text = "".join(f"{line.removeprefix(indent)}\n" for line in lines[number + 1 : end])
        yield _block(opened["language"], text, number + 2, _above(lines, number))
        number = end + 1


def _above(lines: list[str], number: int) -> str:
    """The last line with words above a line."""
    return next((line.strip() for line in reversed(lines[:number]) if line.strip()), "")


def _block(language: str, text: str, line: int, above: str) -> Block:
    comment, name = _COMMENT.match(above), _NAME.search(above)
    if comment is not None:
        return Block(language, text, line, "", comment[1], comment[2] or "")
    return Block(language, text, line, name[1] if name else "")
