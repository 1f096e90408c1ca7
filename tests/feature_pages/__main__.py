"""`python -m tests.feature_pages` writes the pages of docs/ that are made: features, samples, keys and commands."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import REPOSITORY
from tests.feature_pages.commands import commands_page
from tests.feature_pages.keys import SCHEMAS, keys_page
from tests.feature_pages.pages import features_page, sample_page
from tests.feature_pages.rows import feature_samples

DOCS = REPOSITORY / "docs"


def documents() -> dict[Path, str]:
    """Every document that is made: its path, and what stands in it."""
    pages = {DOCS / "features" / f"{sample}.md": sample_page(sample) for sample in feature_samples()}
    made = {"features": features_page(), "cli": commands_page(), **{name: keys_page(name) for name in SCHEMAS}}
    return {**{DOCS / f"{name}.md": text for name, text in made.items()}, **pages}


def main() -> None:
    """Write them all; a page of a sample that is gone goes too."""
    made = documents()
    (DOCS / "features").mkdir(exist_ok=True)
    for path in set((DOCS / "features").glob("*.md")) - made.keys():
        path.unlink()
    for path, text in made.items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
