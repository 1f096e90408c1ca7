"""Every block of every page: files are written, commands and programs run, and print what stands below them."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import EmittedWorkflows
from tests.docs import fragments
from tests.docs.pages import Block, Page, pages
from tests.docs.scratch import Scratch

PAGES: Final = pages()
NOT_RUN: Final = 13
"""The blocks that no test runs are this many at most."""
_PRINTED: Final = ("", "text")


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_the_blocks_of_a_page_run(
    page: Page, tmp_path: Path, emitted: EmittedWorkflows, pytestconfig: pytest.Config
) -> None:
    assert shutil.which("bash"), "the pages are tried in bash"
    scratch = Scratch.of(page, tmp_path)
    for block in page.blocks:
        try:
            run(scratch, block)
        except OtherOutputError as other:
            if not pytestconfig.getoption("--update"):
                pytest.fail(f"{page}:{block.line}\n{other}", pytrace=False)
            other.correct(page.path)
        except AssertionError as wrong:
            pytest.fail(f"{page}:{block.line}\n{wrong}", pytrace=False)
    for workflow in scratch.workflows():
        emitted.add(workflow)


def test_few_blocks_are_not_run() -> None:
    left = [(page, block) for page in PAGES for block in page.blocks if block.comment == "not run"]
    assert [(str(page), block.line) for page, block in left if not block.reason] == []
    assert len(left) <= NOT_RUN, [f"{page}:{block.line} {block.reason}" for page, block in left]


def run(scratch: Scratch, block: Block) -> None:
    """Do what a reader would do with a block. Raises AssertionError if that goes wrong."""
    if block.comment == "not run":
        return
    before, scratch.printed = scratch.printed, None
    if block.name:
        file(scratch, block)
    elif block.comment == "output" or (block.language in _PRINTED and not block.text.startswith("$ ")):
        assert before is not None, "nothing above it prints anything"
        compare(block.text, before)
    elif block.language in ("console", *_PRINTED):
        console(scratch, block.text)
    else:
        RUNNERS[block.language](scratch, block.text)


def file(scratch: Scratch, block: Block) -> None:
    """A file to write; one with parts left out is compared with the file that is there."""
    if re.search(r"^\s*(# )?…$", block.text, re.MULTILINE):
        compare(block.text, scratch.file(block.name).read_text(encoding="utf-8"))
    else:
        scratch.write(block.name, block.text)


def console(scratch: Scratch, text: str) -> None:
    """Commands behind `$ `, each with what it prints."""
    assert text.startswith("$ "), "a console shows a command first"
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        while command.endswith("\\"):
            more, _, shown = shown.partition("\n")
            command += f"\n{more}"
        failed = re.search(r"^\S*error[:\[]|: error", shown, re.MULTILINE) is not None
        printed = scratch.run(command, code=1 if failed else 0)
        compare(shown, printed)


def compare(shown: str, printed: str) -> None:
    """A line `…` stands for any lines, and `…` in a line for any text."""
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() in ("…", "# …") else re.escape(line.rstrip()).replace("…", ".*") + r" *\n"
        for line in shown.strip("\n").splitlines()
    )
    if re.fullmatch(pattern or r"\n", f"{printed.strip(chr(10))}\n") is None:
        raise OtherOutputError(shown, printed)


class OtherOutputError(AssertionError):
    """A page shows something else than what is printed."""

    def __init__(self, shown: str, printed: str) -> None:
        super().__init__(f"shown:\n{shown}\nprinted:\n{printed}")
        self.shown, self.printed = shown, printed

    def correct(self, path: Path) -> None:
        """Write what is printed into the page."""
        text = path.read_text(encoding="utf-8")
        assert text.count(self.shown) == 1, self
        path.write_text(text.replace(self.shown, self.printed), encoding="utf-8")


RUNNERS: Final[dict[str, Callable[[Scratch, str], object]]] = {
    "sh": lambda scratch, text: scratch.run(text),
    "python": lambda scratch, text: scratch.python(text),
    "yaml": fragments.judge,
    "json": lambda _, text: json.loads(text),
    "toml": lambda _, text: tomllib.loads(text),
}
