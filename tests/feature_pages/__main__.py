"""`python -m tests.feature_pages` writes docs/features.md and a page for each sample, from what the samples say now."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import REPOSITORY
from tests.feature_pages.pages import features_page, sample_page
from tests.feature_pages.rows import feature_samples

DOCS = REPOSITORY / "docs"


def documents() -> dict[Path, str]:
    """Every document that is made: its path, and what stands in it."""
    pages = {DOCS / "features" / f"{sample}.md": sample_page(sample) for sample in feature_samples()}
    return {DOCS / "features.md": features_page(), **pages}


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
