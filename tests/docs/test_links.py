"""Links of every page lead to files and headings, as GitHub makes their anchors."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import REPOSITORY

PAGES: Final = [*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*.md"), *REPOSITORY.glob("samples/*.md")]
_CODE: Final = re.compile(r"^( *)```.*?^\1```$|``.*?``|`[^`\n]*`", re.DOTALL | re.MULTILINE)
_LINK: Final = re.compile(r"\]\((?!\w+:)([^)\s]+)\)")


@cache
def anchors(path: Path) -> frozenset[str]:
    """The headings of a page as GitHub names them; a name that comes again gets a number."""
    text = re.sub(r"^( *)```.*?^\1```$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    names: list[str] = []
    for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE):
        plain = re.sub(r"\]\([^)]*\)", "", heading)
        names.append(re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-"))
    return frozenset(f"{name}-{count}" if (count := names[:at].count(name)) else name for at, name in enumerate(names))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(REPOSITORY).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in _LINK.findall(_CODE.sub("`", page.read_text(encoding="utf-8"))):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_the_contents_of_the_language_are_its_sections() -> None:
    text = (REPOSITORY / "docs" / "language.md").read_text(encoding="utf-8")
    listed = re.findall(r"\]\(#([^)]+)\)", text.split("**Contents**")[1].split("\n## ")[0])
    sections = [each.lower().replace(" ", "-") for each in re.findall(r"^## (.*)$", text, re.MULTILINE)]
    assert [each for each in listed if each in sections] == sections
