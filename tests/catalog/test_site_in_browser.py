"""The web site of `catalog docs` in a real browser, opened from the disk: what people do with it, and what they see."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.catalog.test_catalog_docs import ATTACKS, hostile_component, pages_of
from tests.conftest import CATALOG, REPOSITORY
from tests.judges import axe
from tests.judges import browser as judge
from tests.judges.browser import Browser
from transpiler.cli.main import main

SAMPLES = REPOSITORY / "samples"
LONG = "x" * 300
OVERFLOW = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
CONTRAST = """
const channel = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
function rgba(color) {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data];
}
function background(element) {
  for (; element; element = element.parentElement) {
    const color = rgba(getComputedStyle(element).backgroundColor);
    if (color[3] === 255) return color;
  }
  return [255, 255, 255];
}
const SKIPPED = "script, style, title, .pipeline .badge";  // a badge has a circle of its own behind it
const found = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest(SKIPPED)) continue;
  const style = getComputedStyle(element);
  const [one, other] = [rgba(element.closest("svg") ? style.fill : style.color), background(element)].map(light);
  found.push([(Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05), walker.currentNode.data.trim()]);
}
return found.sort((one, other) => one[0] - other[0]).slice(0, 3);
"""
OPEN_ALL = "for (const each of document.querySelectorAll('details')) each.open = true"
OUTLINED = """
const at = document.activeElement;
const { outlineStyle, outlineWidth } = getComputedStyle(at.closest(".item") || at);
return at === document.body || (outlineStyle !== "none" && outlineWidth !== "0px");
"""
POINT_AT_ALL = """
for (const each of document.querySelectorAll("*")) {
  for (const kind of ["mouseover", "focus", "error", "load"]) each.dispatchEvent(new Event(kind, { bubbles: true }));
}
"""
VISIBLE = "return [...document.querySelectorAll('[data-text]')].filter((each) => each.checkVisibility()).map((each) => "


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A window of a browser, for all tests of this file."""
    if not judge.is_at_hand():
        pytest.skip("no browser is at hand: apt-get install chromium chromium-driver, or run .ci/run")
    with judge.browser(tmp_path_factory.mktemp("profile")) as started:
        granted = ["clipboardReadWrite", "clipboardSanitizedWrite"]
        started.devtools("Browser.grantPermissions", permissions=granted)
        yield started


@pytest.fixture
def quiet(window: Browser) -> Iterator[Browser]:
    """The window; at the end, it has complained of nothing and asked no network for anything."""
    with judge.quiet(window):
        yield window


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the samples."""
    return write_site(SAMPLES / "catalog" / "catalog", tmp_path_factory.mktemp("site") / "site")


def write_site(catalog: Path, target: Path) -> Path:
    assert main(["catalog", "docs", str(catalog), "-o", str(target), "-q"]) == 0
    return target


def pages(site: Path) -> list[str]:
    return [path.as_uri() for path in pages_of(site)]


def shown(window: Browser) -> list[str]:
    found: list[str] = window.run(f"{VISIBLE} each.querySelector('h3').textContent)")
    return found


def focused(window: Browser) -> str:
    return str(window.run("return document.activeElement.textContent || document.activeElement.id"))


# ------------------------------------------------------------------ what people do


def test_search_filters_as_one_types(quiet: Browser, site: Path) -> None:
    quiet.open((site / "index.html").as_uri())
    assert shown(quiet) == ["Describe column", "Create table", "Filter table"]
    quiet.press("/")
    assert focused(quiet) == "search"
    quiet.press(*"csv tab")
    assert shown(quiet) == ["Describe column", "Create table", "Filter table"]
    quiet.press(*"le sort")
    assert shown(quiet) == ["Filter table"]
    assert quiet.run("return document.getElementById('status').textContent") == "1 of 3 components"
    assert quiet.run("return [...document.querySelectorAll('.group')].map((each) => each.checkVisibility())") == [
        False, True, False,
    ]  # fmt: skip
    assert quiet.run("return document.querySelectorAll('.count')[1].textContent") == "1"
    assert quiet.address.endswith("#q=csv%20table%20sort")
    quiet.press(*"qq")
    assert shown(quiet) == []
    assert quiet.run("return document.getElementById('none').checkVisibility()")
    quiet.press("Escape")
    assert len(shown(quiet)) == 3
    quiet.press("/")
    assert quiet.run("return document.getElementById('search').value") == "/", "a slash that is typed stays one"


def test_search_needs_no_mouse(quiet: Browser, site: Path) -> None:
    quiet.open((site / "index.html").as_uri())
    quiet.press("/", *"tables/", "Down")
    assert focused(quiet) == "Create table"
    quiet.press("Down")
    assert focused(quiet) == "Filter table"
    quiet.press("Down", "Up", "Up")
    assert focused(quiet) == "search"
    quiet.press("Enter")
    assert quiet.address == (site / "components" / "tables-create.html").as_uri()
    quiet.press("/")
    assert quiet.address.startswith((site / "index.html").as_uri())
    assert focused(quiet) == "search"


def test_a_search_is_an_address(quiet: Browser, site: Path) -> None:
    quiet.open(f"{(site / 'index.html').as_uri()}#q=sort%20rows")
    assert shown(quiet) == ["Filter table"]
    quiet.open(f"{(site / 'index.html').as_uri()}#q=%E0%A4%A")
    assert len(shown(quiet)) == 3
    quiet.open((site / "components" / "tables-filter.html").as_uri())
    quiet.click(".type[href$=ColumnStatistics], .type[href$=JsonObject]")
    assert shown(quiet) == ["Describe column", "Filter table"]


@pytest.mark.parametrize("clipboard", ["allowed", "refused"])
def test_copy(clipboard: str, quiet: Browser, site: Path) -> None:
    quiet.open((site / "components" / "tables-filter.html").as_uri())
    if clipboard == "refused":
        quiet.run("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))")
    for target in ("example", "digest", "reference", "image"):
        quiet.click(f"[data-copy={target}]")
        text = quiet.run("return document.getElementById(arguments[0]).textContent", target)
        assert quiet.run("return navigator.clipboard.readText()") == text
        assert quiet.run("return document.querySelector(`[data-copy=${arguments[0]}]`).textContent", target) == "Copied"
    assert text == "python:3.12-slim"


def test_no_link_is_dead(quiet: Browser, site: Path) -> None:
    known = [path.as_uri() for path in site.rglob("*.html")]
    script = "return [...document.links].map((each) => each.href)"
    links = []
    for page in known:
        quiet.open(page)
        links += quiet.run(script)
    assert {link.partition("#")[0] for link in links} == set(known), "each page is linked, and no other"
    for page in pages(site):
        quiet.open(page)
        targets = (
            "return [...document.links].map((each) => each.hash.slice(1)).filter((id) => id && !id.startsWith('q='))"
        )
        assert all(quiet.run("return !!document.getElementById(arguments[0])", name) for name in quiet.run(targets))


def test_without_script_all_is_there(quiet: Browser, site: Path) -> None:
    quiet.devtools("Emulation.setScriptExecutionDisabled", value=True)
    texts = []
    for page in (site / "index.html", site / "pipelines" / "samples-catalog-pipeline-yaml.html"):
        quiet.open(page.as_uri())
        texts.append(str(quiet.devtools("DOM.getDocument", depth=-1, pierce=True)))
    quiet.devtools("Emulation.setScriptExecutionDisabled", value=False)
    assert all(name in text for text in texts for name in ("Describe column", "Create table", "Filter table"))
    assert all(part in texts[1] for part in ("viewBox", "catalogs", "L12"))


# ------------------------------------------------------------------ what people see


@pytest.fixture(scope="module")
def large_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the public catalog where it is at hand, and of names that no page is wide enough for."""
    folder = tmp_path_factory.mktemp("large")
    (folder / "c" / LONG[:200]).mkdir(parents=True)
    text = (SAMPLES / "catalog" / "catalog" / "tables" / "filter" / "component.yaml").read_text(encoding="utf-8")
    for word in ("Filter table", "CSV", "Keep the rows", "Counts when", "python:3.12-slim", "tables", "100"):
        text = text.replace(word, LONG, 1)
    (folder / "c" / LONG[:200] / "component.yaml").write_text(text, encoding="utf-8")
    catalogs = [folder / "c", *([CATALOG] if CATALOG.is_dir() else [])]
    command = ["catalog", "docs", *map(str, catalogs), "-o", str(folder / "site"), "-q"]
    assert main([*command, "--pipelines", str(SAMPLES / "pipelines")]) == 0
    return folder / "site"


@pytest.mark.parametrize("width", [320, 360, 600, 768, 1024, 1920])
def test_no_page_scrolls_sideways(width: int, quiet: Browser, site: Path, large_site: Path) -> None:
    quiet.resize(width, 800)
    for page in (*pages(site), *(pages(large_site) if width in {360, 1024} else ())):
        quiet.open(page)
        quiet.run(OPEN_ALL)
        assert quiet.run(OVERFLOW) <= 0, page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read(scheme: str, quiet: Browser, site: Path) -> None:
    quiet.prefer(scheme)
    for page in pages(site):
        quiet.open(page)
        worst: list[Any] = quiet.run(CONTRAST)
        assert worst[0][0] >= 4.5, (page, worst)


def test_dark_is_dark(quiet: Browser, site: Path) -> None:
    colors = "const style = getComputedStyle(document.body); return [style.backgroundColor, style.color]"
    seen = {}
    for scheme in ("light", "dark"):
        quiet.prefer(scheme)
        quiet.open((site / "index.html").as_uri())
        seen[scheme] = quiet.run(colors)
    assert seen["light"] == ["rgb(251, 251, 249)", "rgb(29, 33, 38)"]
    assert seen["dark"] == ["rgb(19, 21, 25)", "rgb(229, 232, 236)"]


def test_focus_is_seen_and_everything_has_a_name(quiet: Browser, site: Path) -> None:
    for page in pages(site):
        quiet.open(page)
        quiet.run(OPEN_ALL)
        for _ in range(
            quiet.run(
                "return document.querySelectorAll('a:not([tabindex]), button, input, summary, pre, .pane').length"
            )
        ):
            quiet.press("Tab")
            assert quiet.run(OUTLINED), (page, focused(quiet))
        for node in quiet.devtools("Accessibility.getFullAXTree")["nodes"]:
            if node.get("role", {}).get("value") in {"link", "button", "searchbox", "heading", "columnheader"}:
                assert node["ignored"] or node["name"]["value"].strip(), (page, node)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(scheme: str, quiet: Browser, site: Path, drawn: str) -> None:
    quiet.prefer(scheme)
    for page in (*pages(site), f"{drawn}/pipelines/p-wide-yaml.html", f"{drawn}/components/a.html"):
        quiet.open(page)
        quiet.run(OPEN_ALL)
        assert axe.complaints(quiet) == [], page


def test_a_table_stays_a_table_on_a_phone(quiet: Browser, site: Path) -> None:
    quiet.resize(360, 800)
    quiet.open((site / "components" / "tables-filter.html").as_uri())
    roles = [node.get("role", {}).get("value") for node in quiet.devtools("Accessibility.getFullAXTree")["nodes"]]
    assert roles.count("table") == 2
    assert roles.count("row") == 1 + 6 + 1 + 1
    assert roles.count("rowheader") == 6 + 1
    assert roles.count("columnheader") == 4 + 2


# ------------------------------------------------------------------ pictures

WIDE = "name: wide\ncatalogs: [../c]\ntasks:\n" + "".join(
    f"  t{number}: {{component: a, after: [{f't{number - 1}' if number % 10 else ''}]}}\n" for number in range(140)
)
SMALL = "\n".join(WIDE.replace("name: wide", "name: small").splitlines()[:8])
WIDE += f"  last: {{component: a, after: [{', '.join(f't{number}' for number in range(9, 140, 10))}]}}\n"
SHOWN = """
const svg = document.querySelector("svg.pipeline").getBoundingClientRect();
const pane = document.querySelector(".pane");
return { scale: svg.width / document.querySelector("svg.pipeline").getAttribute("width"),
         scrolls: pane.scrollWidth > pane.clientWidth, cut: getComputedStyle(pane).overflowX !== "visible" };
"""


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a site with a picture that is wider than a screen, and a small one."""
    folder = tmp_path_factory.mktemp("wide")
    for name, text in {
        "c/a/component.yaml": "implementation: {container: {image: a, command: [b]}}",
        "p/wide.yaml": WIDE,
        "p/small.yaml": SMALL,
        ".git/HEAD": "",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return write_site(folder / "c", folder / "site").as_uri()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_wide_picture_scrolls_in_its_pane(width: int, quiet: Browser, drawn: str) -> None:
    quiet.resize(width, 800)
    for name, least, scrolls in (("wide", 0.79, True), ("small", 0.99, False)):
        quiet.open(f"{drawn}/pipelines/p-{name}-yaml.html")
        seen = quiet.run(SHOWN)
        assert least < seen["scale"] <= 1, "its texts can be read"
        assert (seen["cut"], seen["scrolls"]) == (True, scrolls)
        assert quiet.run(OVERFLOW) <= 0


def test_a_picture_is_printed_whole(quiet: Browser, drawn: str) -> None:
    quiet.devtools("Emulation.setEmulatedMedia", media="print")
    quiet.open(f"{drawn}/pipelines/p-wide-yaml.html")
    seen = quiet.run(SHOWN)
    quiet.devtools("Emulation.setEmulatedMedia", media="")
    assert (seen["cut"], seen["scrolls"]) == (False, False)


def test_a_task_of_the_picture_leads_to_its_line(quiet: Browser, drawn: str) -> None:
    page = f"{drawn}/pipelines/p-small-yaml.html"
    for selector in (".pipeline a[href='#L8'] .title", ".tasks a[href='#L8']"):
        quiet.open(page)
        assert not quiet.run("return document.getElementById('L8').checkVisibility()")
        quiet.click(selector)
        assert quiet.address == f"{page}#L8"
        assert quiet.run("return document.getElementById('L8').checkVisibility()")
        top, height = quiet.run("return [document.getElementById('L8').getBoundingClientRect().top, innerHeight]")
        assert 0 < top < height, "it is seen"
        assert quiet.run("return document.querySelector(':target').textContent").startswith("  t4:")
    quiet.open(f"{drawn}/components/a.html")
    quiet.click(".pipeline .chosen .title")
    assert quiet.address == f"{page}#L4"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_have_the_colors_of_the_page(scheme: str, quiet: Browser, drawn: str) -> None:
    quiet.prefer(scheme)
    quiet.open(f"{drawn}/pipelines/p-small-yaml.html")
    text, box = quiet.run(
        "return ['.pipeline .title', '.pipeline .shape'].map((each) => "
        "getComputedStyle(document.querySelector(each)).fill)"
    )
    assert (text, box) == {
        "light": ("rgb(29, 33, 38)", "rgb(255, 255, 255)"),
        "dark": ("rgb(229, 232, 236)", "rgb(31, 35, 42)"),
    }[scheme]


# ------------------------------------------------------------------ what attackers get


def test_nothing_of_a_component_runs(quiet: Browser, tmp_path: Path, write: Callable[[dict[str, str]], Path]) -> None:
    files = {f"c/{number}/component.yaml": hostile_component(text) for number, text in enumerate(ATTACKS)}
    files["c/<img src=x onerror=attacked()>/component.yaml"] = "implementation: {container: {image: a, command: [b]}}"
    tasks = {text: {"component": "<img src=x onerror=attacked()>", "when": text} for text in ATTACKS}
    files |= {"p/x.yaml": json.dumps({"name": ATTACKS[0], "catalogs": ["../c"], "tasks": tasks}), ".git/HEAD": ""}
    site = write_site(write(files) / "c", tmp_path / "site")
    address = (site / "index.html").as_uri()
    searches = [f"{address}#q={text}" for text in ("<img%20src=x%20onerror=attacked()>", "javascript:attacked()")]
    quiet.devtools("Page.addScriptToEvaluateOnNewDocument", source="window.attacked = () => { window.hit = true; }")
    for page in (*pages(site), *searches):
        quiet.open("about:blank")
        quiet.open(page)
        quiet.run(OPEN_ALL)
        quiet.run(POINT_AT_ALL)
        assert quiet.run("return [typeof attacked, window.hit ?? null, document.images.length]") == [
            "function",
            None,
            0,
        ]
