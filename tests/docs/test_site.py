"""The web site of the pages: it is built without a warning, and works from the disk, in light and dark, on a phone."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import REPOSITORY
from tests.docs.picture import GRAPH, TARGET, graph, picture
from tests.judges.browser import Browser, browser, is_at_hand

PHONE: Final = (390, 844)
DESK: Final = (1280, 900)
SHOWN: Final = (
    "docs/index.html",
    "docs/language.html",
    "docs/features.html",
    "docs/features/loops.html",
    "docs/rules.html",
    "docs/python.html",
    "files/samples/add/pipeline.yaml.html",
)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make site` does."""
    if importlib.util.find_spec("sphinx") is None or importlib.util.find_spec("myst_parser") is None:
        message = "the web site needs Sphinx: pip install --group docs, or make site"
        assert not os.environ.get("TRANSPILE_REQUIRE_JUDGES"), message
        pytest.skip(message)
    target = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-c", "docs", ".", str(target)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture(scope="session")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser."""
    if not is_at_hand():
        pytest.skip("no chromium and chromedriver on PATH")
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


def test_the_pictures_in_the_readme_are_what_the_commands_print() -> None:
    assert TARGET.read_text(encoding="utf-8") == picture(), "run: python -m tests.docs.picture"
    assert GRAPH.read_text(encoding="utf-8") == graph(), "run: python -m tests.docs.picture"


def test_every_page_is_in_the_table_of_contents() -> None:
    index = (REPOSITORY / "docs" / "index.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^- \[.+?\]\(([\w-]+\.md)\)", index, re.MULTILINE))
    assert listed == {path.name for path in (REPOSITORY / "docs").glob("*.md")} - {"index.md"}


def test_each_link_of_a_page_leads_to_a_page_of_the_site(site: Path) -> None:
    dead = [
        f"{page.relative_to(site)} -> {link}"
        for page in sorted(site.rglob("*.html"))
        for link in re.findall(r'(?:href|src)="([^"#?:]+)[#?]?[^":]*"', page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists()
    ]
    assert dead == []


def test_programs_find_the_pages_as_markdown(site: Path) -> None:
    text = (site / "llms.txt").read_text(encoding="utf-8")
    title, _, summary = text.split("\n")[:3]
    assert (title, summary[:2]) == ("# transpile", "> ")
    pages = re.findall(r"^- \[[^\]]+\]\(([^)]+)\)", text, re.MULTILINE)
    assert len(pages) > 10
    everything = (site / "llms-full.txt").read_text(encoding="utf-8")
    for page in pages:
        assert (site / page).read_text(encoding="utf-8") in everything


def test_pages_fit_and_say_nothing_on_the_console_in_both_colours(site: Path, window: Browser) -> None:
    backgrounds = set()
    for scheme in ("light", "dark"):
        window.prefer(scheme)
        for size in (DESK, PHONE):
            window.resize(*size)
            for page in SHOWN:
                window.open((site / page).as_uri())
                widest = window.run("return document.documentElement.scrollWidth")
                assert widest <= size[0], f"{page} is {widest} wide on a screen of {size[0]}"
                assert window.complaints() == []
        backgrounds.add(window.run("return getComputedStyle(document.documentElement).backgroundColor"))
    assert len(backgrounds) == 2
    assert [each for each in window.requests() if each.startswith("http")] == []


def test_copying_a_console_gives_its_commands_alone(site: Path, window: Browser) -> None:
    window.open((site / "docs/tutorial.html").as_uri())
    window.run("document.execCommand = () => { window.copied = document.activeElement.value; return true }")
    blocks = window.run("return [...document.querySelectorAll('.highlight-console .copybtn')].length")
    copied = [
        window.run(
            "document.querySelectorAll('.highlight-console .copybtn')[arguments[0]].click(); return window.copied", each
        )
        for each in range(blocks)
    ]
    assert "transpile check" in copied, copied
    assert {line.split()[0] for text in copied for line in text.splitlines()} == {"transpile", "head", "kubectl"}


def test_the_search_works_from_the_disk(site: Path, window: Browser) -> None:
    window.resize(*DESK)
    window.complaints()
    window.open((site / "search.html").as_uri() + "?q=vendor")
    found = window.run(
        "return new Promise(done => { const look = left => {"
        " const found = [...document.querySelectorAll('#search-results a')].map(each => each.textContent);"
        " found.some(each => each.includes('lock and vendor')) || !left ? done(found)"
        " : setTimeout(look, 100, left - 1) }; look(200) })"
    )
    assert any("lock and vendor" in each for each in found)
    assert window.complaints() == []
