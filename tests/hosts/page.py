"""docs/ci.md, by its headings."""

from __future__ import annotations

import re

from tests.conftest import REPOSITORY

PAGE = (REPOSITORY / "docs" / "ci.md").read_text(encoding="utf-8")


def blocks(language: str, heading: str) -> list[str]:
    """The code of a language below a heading."""
    section = re.split(r"^## ", PAGE, flags=re.MULTILINE)
    (found,) = (text for text in section if text.startswith(f"{heading}\n"))
    return re.findall(rf"^```{language}\n(.*?)^```$", found, re.DOTALL | re.MULTILINE)


def written(value: object) -> str:
    """The default of an input as a page, or a template, shows it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
