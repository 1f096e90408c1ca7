"""The page of a graph in a real browser, opened from the disk: what people do with it, and what they see."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.catalog.test_site_in_browser import CONTRAST, OPEN_ALL, OVERFLOW, POINT_AT_ALL
from tests.graph.pages import NESTED, SAMPLES, folder_of, large, page_of, parsed
from tests.graph.test_page import hostile
from tests.judges import axe
from tests.judges import browser as judge
from tests.judges.browser import Browser
from transpiler.cli.main import main

PICTURE_CONTRAST = """
const channel = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
const light = (color) => {
  const [r, g, b] = color.match(/[\\d.]+/g).map(Number);
  return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
};
const page = getComputedStyle(document.body).backgroundColor;
return [...document.querySelectorAll("#view text")].map((text) => {
  const back = text.closest(".chip")?.querySelector("rect") || text.closest(".badge")?.querySelector("circle")
    || text.closest("[data-id]")?.querySelector(".shape");
  const [one, other] = [getComputedStyle(text).fill, back ? getComputedStyle(back).fill : page].map(light);
  return [(Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05), text.textContent];
}).sort((one, other) => one[0] - other[0])[0];
"""
BOXES = "return [...document.querySelectorAll('#view [data-id]')].map((each) => each.dataset.id)"
CLICKED = "new MouseEvent('click', { bubbles: true })"
CLICK = f"""
const found = document.querySelector(`#view [data-id="${{arguments[0]}}"]`);
(found.querySelector(arguments[1]) || found).dispatchEvent({CLICKED});
"""
HEADER = "return document.querySelector('header').innerText"
BOXES_AT = """
return Object.fromEntries([...document.querySelectorAll("#view [data-id] > .shape")].map((each) => {
  const { x, y, width } = each.getBoundingClientRect();
  return [each.parentNode.dataset.id, [x, y, width].map(Math.round)];
}));
"""
BOUNDS = """
const canvas = document.getElementById("canvas").getBoundingClientRect();
return [...document.querySelectorAll("#view [data-id] > .shape")].every((each) => {
  const box = each.getBoundingClientRect();
  return box.left >= canvas.left && box.right <= canvas.right && box.top >= canvas.top && box.bottom <= canvas.bottom;
});
"""
SEEN = """
const canvas = document.getElementById("canvas").getBoundingClientRect();
const box = document.querySelector(`#view [data-id="${arguments[0]}"] > .shape`).getBoundingClientRect();
return box.left >= canvas.left && box.right <= canvas.right && box.top >= canvas.top && box.bottom <= canvas.bottom;
"""


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A window of a browser, for all tests of this file."""
    if not judge.is_at_hand():
        pytest.skip("no browser is at hand: apt-get install chromium chromium-driver, or run .ci/run")
    with judge.browser(tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.fixture
def quiet(window: Browser) -> Iterator[Browser]:
    """The window; at the end, it has complained of nothing, and asked for nothing but files that were opened."""
    with judge.quiet(window):
        yield window


@pytest.fixture(scope="module")
def nested(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the page of a loop with a group in it."""
    folder = tmp_path_factory.mktemp("nested")
    return page_of(folder_of(folder, NESTED), folder / "page.html").as_uri()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the page of a sample."""
    return page_of(SAMPLES / "ml" / "pipeline.yaml", tmp_path_factory.mktemp("ml") / "page.html").as_uri()


@pytest.fixture(scope="module")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the page of 50 groups of 20 tasks."""
    folder = tmp_path_factory.mktemp("thousand")
    return page_of(folder_of(folder, large(50, 20)), folder / "page.html").as_uri()


def boxes(window: Browser) -> set[str]:
    return set(window.run(BOXES))


def click(window: Browser, box: str, part: str = ".shape") -> None:
    window.run(CLICK, box, part)


def panel(window: Browser) -> str:
    return str(window.run("return document.getElementById('panel').innerText"))


def focused(window: Browser) -> str:
    return str(window.run("return document.activeElement.dataset.id || document.activeElement.id"))


def lit(window: Browser) -> set[str]:
    found = window.run("return [...document.querySelectorAll('.route.lit')].map((each) => each.dataset.route)")
    return set(found)


def status(window: Browser) -> str:
    return str(window.run("return document.getElementById('status').textContent"))


# ------------------------------------------------------------------ what people do


def test_it_opens_with_everything_in_sight(quiet: Browser, sample: str) -> None:
    quiet.open(sample)
    tasks = {"create-data", "analyse", "transform", "train", "predict"}
    assert boxes(quiet) == {*tasks, "@inputs", "@outputs"}
    assert quiet.run(BOUNDS)
    assert "Learn what flats cost" in panel(quiet)
    assert [each for each in quiet.requests() if each.startswith("file:")] == [sample]


def test_a_click_on_a_task_tells_of_it(quiet: Browser, sample: str) -> None:
    quiet.open(sample)
    click(quiet, "train")
    assert quiet.address.endswith("#task=train")
    quiet.run(OPEN_ALL)
    told = panel(quiet)
    for text in ("train", "components/train", "python:3.12-slim", "learning_rate", "${{ inputs.epochs }}", "transform"):
        assert text in told
    assert "samples/ml/pipeline.yaml:39" in told
    assert "epochs: ${{ inputs.epochs }}" in told, "the lines of the manifest"
    assert "name: train" in told, "the compiled template"
    assert "predict" in told, "who waits for it"
    assert lit(quiet) == {"@inputs > train", "transform > train", "train > predict", "train > @outputs"}
    quiet.run("document.querySelector('#details .partners a').click()")
    quiet.run("return new Promise((done) => setTimeout(done, 50))")
    assert quiet.address.endswith("#task=transform")
    assert "transform" in panel(quiet)


def test_a_click_on_a_line_tells_what_flows(quiet: Browser, sample: str) -> None:
    quiet.open(sample)
    quiet.run(f"document.querySelector('[data-route=\"transform > train\"] .hit').dispatchEvent({CLICKED})")
    told = panel(quiet)
    assert "train_data" in told
    assert "CSV" in told
    assert lit(quiet) == {"transform > train"}


def test_search_goes_through_what_it_finds_and_opens_what_hides_it(quiet: Browser, nested: str) -> None:
    quiet.open(nested)
    quiet.run("document.querySelector('[data-do=close-all]').click()")
    assert boxes(quiet) == {"load", "regions", "report", "archive", "@inputs"}
    quiet.press("/")
    assert focused(quiet) == "search"
    quiet.press(*"score:1")
    assert status(quiet) == "3 of 8 tasks found"
    quiet.press("Enter")
    assert quiet.address.endswith("#task=regions/fit/score")
    assert {"regions/fit", "regions/fit/score"} <= boxes(quiet)
    assert quiet.run(SEEN, "regions/fit/score")
    quiet.press("Enter")
    assert quiet.address.endswith("#task=report")
    quiet.press("Enter", "Enter")
    assert quiet.address.endswith("#task=regions/fit/score"), "after the last comes the first"
    assert focused(quiet) == "search"
    quiet.press("Escape")
    assert quiet.run("return document.getElementById('search').value") == ""
    quiet.press(*"nothing like it", "Enter")
    assert status(quiet) == "0 of 8 tasks found"


def test_frames_fold_and_open_where_they_stand(quiet: Browser, nested: str) -> None:
    quiet.open(nested)
    everything = boxes(quiet)
    click(quiet, "regions/fit", ".head")
    assert boxes(quiet) == everything - {"regions/fit/train", "regions/fit/score"}
    click(quiet, "regions/fit")
    assert boxes(quiet) == everything
    where = "return document.querySelector('[data-id=regions] > .shape').getBoundingClientRect().toJSON()"
    before = quiet.run(where)
    click(quiet, "regions", ".head")
    after = quiet.run(where)
    assert [round(after[key]) for key in ("left", "top")] == [round(before[key]) for key in ("left", "top")]
    assert boxes(quiet) == {"load", "regions", "report", "archive", "@inputs"}
    quiet.run("document.querySelector('[data-do=open-all]').click()")
    assert boxes(quiet) == everything


def test_what_is_near_before_and_after(quiet: Browser, nested: str) -> None:
    quiet.open(f"{nested}#task=regions/fit/train")
    dimmed = "return [...document.querySelectorAll('#view [data-id].dim')].map((each) => each.dataset.id)"
    quiet.run("document.querySelector('#details [data-do=upstream]').click()")
    assert set(quiet.run(dimmed)) == {"regions/fit/score", "report", "archive"}
    assert status(quiet) == "3 tasks upstream", "the inputs, and two tasks"
    quiet.run("document.querySelector('#details [data-do=downstream]').click()")
    assert set(quiet.run(dimmed)) == {"archive"}
    quiet.press("Escape")
    assert quiet.run(dimmed) == []
    quiet.press("f")
    around = {"regions", "regions/fit", "regions/fit/train", "regions/fit/score", "regions/clean"}
    assert boxes(quiet) - {"@inputs"} == around
    quiet.run("document.querySelector('[data-do=more]').click()")
    assert boxes(quiet) - {"@inputs"} == {*around, "load"}
    quiet.run("document.querySelector('[data-do=show-all]').click()")
    assert {"archive", "report"} <= boxes(quiet)
    assert not quiet.run("return document.getElementById('focus-bar').checkVisibility()")


def test_the_keyboard_walks_along_the_lines(quiet: Browser, nested: str) -> None:
    quiet.open(nested)
    if quiet.run("return document.querySelector('[data-id=load]').getBoundingClientRect().top "
                 "< document.querySelector('[data-id=archive]').getBoundingClientRect().top - 20"):  # fmt: skip
        after, before = "Down", "Up"
    else:
        after, before = "Right", "Left"
    quiet.run("document.querySelector('[data-do=help]').focus()")
    quiet.press("Tab")
    assert focused(quiet) in boxes(quiet), "Tab reaches the picture"
    quiet.run("document.querySelector('#view [data-id=\"regions/clean\"]').focus()")
    seen = ["regions/clean"]
    for key in (after, after, before, before, before):
        quiet.press(key)
        seen.append(focused(quiet))
    assert seen[1:] == ["regions/fit/train", "regions/fit/score", "regions/fit/train", "regions/clean", "load"]
    quiet.press("Enter")
    assert quiet.address.endswith("#task=load")
    assert focused(quiet) == "load"
    for box, key, other in (
        ("regions", after, "regions/clean"),
        ("regions/fit", after, "regions/fit/train"),
        ("regions/fit", before, "@inputs"),
        ("@inputs", after, "regions/fit"),
        ("archive", before, "load"),
        ("load", before, "load"),
    ):
        quiet.run("document.querySelector(`#view [data-id='${arguments[0]}']`).focus()", box)
        quiet.press(key)
        assert focused(quiet) == other, (box, key)
    quiet.run("document.querySelector('#view [data-id=\"regions\"]').focus()")
    quiet.press("Enter")
    assert "regions/clean" not in boxes(quiet)
    assert focused(quiet) == "regions"
    quiet.press(" ")
    assert "regions/clean" in boxes(quiet)
    quiet.press("Escape")
    assert "#" not in quiet.address
    quiet.press("?")
    assert quiet.run("return document.getElementById('help').open")
    quiet.press("Escape")
    assert not quiet.run("return document.getElementById('help').open")


def test_a_task_is_an_address(quiet: Browser, nested: str) -> None:
    quiet.open(f"{nested}#task=regions/clean")
    assert "registry.test/clean:1" in panel(quiet)
    for wrong in ("nobody", "%E0%A4%A", "<script>attacked()</script>"):
        quiet.open("about:blank")
        quiet.open(f"{nested}#task={wrong}")
        assert "A loop, and a group in it." in panel(quiet)
        if wrong != "%E0%A4%A":
            assert f"There is no task {wrong} in this pipeline." in quiet.run(HEADER)
    quiet.press("/", *"train", "Enter")
    assert "There is no task" not in quiet.run(HEADER)


def test_letters_can_be_read_when_it_opens(quiet: Browser, tmp_path: Path) -> None:
    """A chain of 60 tasks has no room in a window; nor has one of 8 on a telephone."""
    given = 'arguments: {data: "${{ tasks.t%d.output }}"}'
    rows = [f"  t{n}: {{component: clean{', ' + given % (n - 1) if n else ''}}}" for n in range(60)]
    manifest = folder_of(tmp_path, "\n".join(["name: chain", "tasks:", *rows, ""]))
    page = page_of(manifest, tmp_path / "page.html", "--direction", "down").as_uri()
    size = """
    const text = document.querySelector(`#view [data-id="${arguments[0]}"] .small`);
    return parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a;
    """
    for width, height in ((1280, 900), (390, 844)):
        quiet.resize(width, height)
        for task in ("t0", "t40", "t59"):
            quiet.open("about:blank")
            quiet.open(page if task == "t0" else f"{page}#task={task}")
            assert quiet.run(size, task) >= 9
            assert quiet.run(SEEN, task), (width, task)
    quiet.click("[data-do=fit]")
    assert quiet.run(BOUNDS)


def test_lines_of_what_is_selected_keep_their_colors(quiet: Browser, nested: str) -> None:
    colors = """
    return Object.fromEntries([...document.querySelectorAll(".route")].map((each) => {
      const style = getComputedStyle(each.querySelector("path:not(.hit)"));
      return [each.dataset.route, [style.stroke, style.strokeDasharray, parseFloat(style.strokeWidth)]];
    }));
    """
    quiet.open(nested)
    before = quiet.run(colors)
    click(quiet, "regions/fit/train")
    after = quiet.run(colors)
    assert {name: found[:2] for name, found in after.items()} == {name: found[:2] for name, found in before.items()}
    assert {name for name in after if after[name][2] > before[name][2]} == lit(quiet) != set()
    click(quiet, "regions/fit")
    for inside in ("regions/clean > regions/fit/train", "regions/fit/train > regions/fit/score"):
        assert inside in lit(quiet), "lines into a frame, and in it, are its own"


def test_the_table_has_all_tasks_and_can_be_sorted(quiet: Browser, nested: str) -> None:
    quiet.open(nested)
    quiet.press("t")
    shown = (
        "return [...document.querySelectorAll('#tasks tbody tr')].filter((each) => each.checkVisibility())"
        ".map((each) => each.dataset.row)"
    )
    order = quiet.run(shown)
    assert order[:3] == ["load", "regions", "regions/clean"]
    quiet.click("#tasks thead th button")
    assert quiet.run(shown) == sorted(order)
    quiet.click("#tasks thead th button")
    assert quiet.run(shown) == sorted(order, reverse=True)
    assert quiet.run("return document.querySelector('#tasks thead th').getAttribute('aria-sort')") == "descending"
    quiet.press("/", *"train")
    assert quiet.run(shown) == ["regions/fit/train"]
    quiet.click("[data-row='regions/fit/train'] a")
    assert "registry.test/train:1" in panel(quiet)
    quiet.click("[data-view=picture]")
    assert quiet.run(SEEN, "regions/fit/train")


def test_a_thousand_tasks_open_folded_and_can_be_opened(quiet: Browser, thousand: str) -> None:
    quiet.open(thousand)
    assert len(boxes(quiet)) == 50
    assert "Folded: 1,000 of 1,000 tasks" in quiet.run("return document.getElementById('note').textContent")
    click(quiet, "group-3")
    assert len(boxes(quiet)) == 70
    quiet.press("/", *"t40-7", "Enter")
    assert "group-40/t40-7" in boxes(quiet)
    quiet.run("document.querySelector('[data-do=open-all]').click()")
    assert len(boxes(quiet)) == 1_050
    quiet.run("document.querySelector('[data-do=close-all]').click()")
    assert len(boxes(quiet)) == 50


def test_tasks_that_are_alike_can_be_stacked(quiet: Browser, tmp_path: Path) -> None:
    rows = "".join(f"  t{n}: {{component: clean}}\n" for n in range(9))
    manifest = (
        f"name: flat\ntasks:\n{rows}  end: {{component: score, after: [{', '.join(f't{n}' for n in range(9))}]}}\n"
    )
    quiet.open(page_of(folder_of(tmp_path / "a", manifest), tmp_path / "page.html").as_uri())
    assert len(boxes(quiet)) == 10
    quiet.click("[data-do=bundles]")
    assert boxes(quiet) == {"t0", "end"}
    quiet.press("/", *"t7", "Enter")
    assert quiet.run(SEEN, "t7"), "what is found stands by itself"
    assert quiet.run("return document.querySelector('[data-do=bundles]').ariaPressed") == "false"
    quiet.press("Escape")
    quiet.click("[data-do=bundles]")
    click(quiet, "t0")
    assert "9 tasks" in panel(quiet)
    quiet.click("#details [data-do=unstack]")
    assert len(boxes(quiet)) == 10


def test_it_moves_and_zooms(quiet: Browser, sample: str) -> None:
    quiet.open(sample)
    seen = "return document.getElementById('view').getAttribute('transform')"
    places = [quiet.run(seen)]
    for selector in ("[data-do=zoom-in]", "[data-do=zoom-out]", "[data-do=fit]"):
        quiet.click(selector)
        places.append(quiet.run(seen))
    assert places[0] == places[2] == places[3] != places[1]
    for delta in ({"deltaY": 100}, {"deltaY": 100, "ctrlKey": True}):
        quiet.run("document.getElementById('picture').dispatchEvent("
                  "new WheelEvent('wheel', {bubbles: true, cancelable: true, ...arguments[0]}))", delta)  # fmt: skip
        places.append(quiet.run(seen))
    scales = [place.rpartition("scale(")[2] for place in places]
    assert scales[3] == scales[4]
    assert places[3] != places[4]
    assert scales[5] < scales[4]
    quiet.click("[data-do=turn]")
    assert quiet.run(SEEN, "create-data")
    quiet.click("[data-do=fit]")
    assert quiet.run(BOUNDS)


def test_a_mouse_clicks_and_drags(quiet: Browser, sample: str) -> None:
    quiet.open(sample)
    quiet.click("#view [data-id=predict] .title")
    assert quiet.address.endswith("#task=predict")
    where = "return document.querySelector('[data-id=train]').getBoundingClientRect().toJSON()"
    before = quiet.run(where)
    start = [round(before["x"] + 9), round(before["y"] + 9)]
    moves = [{"type": "pointerMove", "x": start[0] + step, "y": start[1] + step, "duration": 5} for step in (0, 20, 40)]
    actions = [moves[0], {"type": "pointerDown", "button": 0}, *moves[1:], {"type": "pointerUp", "button": 0}]
    quiet.call("POST", "/actions", {"actions": [{"type": "pointer", "id": "mouse", "actions": actions}]})
    after = quiet.run(where)
    assert [after[key] - before[key] for key in ("x", "y")] == pytest.approx([40, 40], abs=1)
    assert quiet.address.endswith("#task=predict"), "what is dragged is not selected"
    quiet.resize(1480, 900)
    wider = quiet.run(
        f"return new Promise((tell) => requestAnimationFrame(() => setTimeout(tell))).then(() => {{{where}}})"
    )
    assert [wider[key] - after[key] for key in ("x", "y")] == pytest.approx([100, 0], abs=1), (
        "what was in the middle stays"
    )


def test_a_run_is_told_at_its_tasks(quiet: Browser, tmp_path: Path) -> None:
    times = {"startedAt": "2026-01-01T00:00:00Z", "finishedAt": "2026-01-01T00:01:03Z"}
    failed = {"phase": "Failed", "message": "<b>no rows</b>", **times}
    nodes = {
        "run": {"name": "run", "type": "DAG", "templateName": "nested", **failed},
        "one": {"name": "run.load", "type": "Pod", "boundaryID": "run", **failed},
    }
    run = {"kind": "Workflow", "metadata": {"name": "run"}, "status": {"phase": "Failed", "nodes": nodes, **times}}
    (tmp_path / "status.json").write_text(json.dumps(run), encoding="utf-8")
    manifest = folder_of(tmp_path / "a", NESTED)
    page = page_of(manifest, tmp_path / "page.html", "--run", str(tmp_path / "status.json")).as_uri()
    quiet.open(page)
    assert "<b>no rows</b>" in panel(quiet)
    assert "run: Failed" in quiet.run(HEADER)
    assert f"{manifest}:5" in panel(quiet)
    quiet.click("#overview .problems a")
    assert quiet.address.endswith("#task=load")
    assert "failed · 1 min 3 s" in panel(quiet)
    assert panel(quiet).count("failed · ") == 1
    assert "<b>no rows</b>" in panel(quiet)
    quiet.press("?")
    assert quiet.run("return document.getElementById('help').innerText").count("failed") == 1


def test_two_versions_are_told(quiet: Browser, tmp_path: Path) -> None:
    new = (
        NESTED.replace("limit: 3}", "limit: 2}, timeout: 5m").replace("  report:", "  told:")
        + "  more: {component: train}\n"
    )
    old, new_path = folder_of(tmp_path / "old", NESTED), folder_of(tmp_path / "new", new)
    target = tmp_path / "page.html"
    assert main(["diff", str(old), str(new_path), "--graph", str(target)]) == 1
    quiet.open(target.as_uri())
    assert quiet.run("return document.title") == "nested · two versions"
    marks = [each["mark"]["kind"] for each in parsed(target).data["graph"]["nodes"] if each["mark"]]
    assert "two versions" in quiet.run(HEADER)
    assert "1 added, 2 changed" in quiet.run(HEADER)
    changes = quiet.run("return [...document.querySelectorAll('#overview .problems li')].map((each) => each.innerText)")
    assert len(changes) == len(marks)
    told = next(each for each in changes if each.startswith("changed load"))
    assert "retry" in told
    quiet.click("#overview .problems .changed a")
    assert quiet.address.endswith("#task=load")
    assert told.removeprefix("changed load").strip() in panel(quiet)


def test_problems_are_told_with_their_hints(quiet: Browser, tmp_path: Path) -> None:
    wrong = NESTED.replace("{component: load,", "{componet: load,")
    quiet.open(page_of(folder_of(tmp_path / "a", wrong), tmp_path / "page.html", code=1).as_uri())
    assert "did you mean `component`?" in panel(quiet)
    quiet.click("#overview .problems a")
    assert quiet.address.endswith("#task=load")


# ------------------------------------------------------------------ what people see


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1920])
def test_nothing_is_wider_than_the_screen(
    width: int, quiet: Browser, nested: str, thousand: str, tmp_path: Path
) -> None:
    quiet.resize(width, 844)
    pages = [f"{nested}#task=regions/fit/train", thousand]
    pages += [page_of(hostile(tmp_path / "a"), tmp_path / "page.html", code=1).as_uri()] if width in {390, 1024} else []
    for page in pages:
        quiet.open(page)
        for view in ("picture", "table"):
            quiet.run(f"document.querySelector('[data-view={view}]').click()")
            quiet.run(OPEN_ALL)
            assert quiet.run(OVERFLOW) <= 0, (page, view)


def test_a_narrow_table_names_its_columns(quiet: Browser, nested: str) -> None:
    quiet.resize(390, 844)
    quiet.open(nested)
    quiet.press("t")
    names = """
    const cells = document.querySelectorAll("[data-row='regions/clean'] td:not(:empty)");
    return [...cells].map((each) => getComputedStyle(each, "::before").content);
    """
    assert quiet.run(names) == ['"Component"', '"Runs"', '"Waits for"']


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read(scheme: str, quiet: Browser, nested: str, tmp_path: Path) -> None:
    wrong = NESTED.replace("component: load", "component: load, arguments: {x: 1}").replace(
        "rate: 0.1", "rate: 0.1, day: 1"
    )
    quiet.prefer(scheme)
    for page in (nested, page_of(folder_of(tmp_path / "a", wrong), tmp_path / "page.html", code=1).as_uri()):
        for task in ("", "#task=load", "#task=regions/fit"):
            quiet.open("about:blank")
            quiet.open(page + task)
            quiet.run(OPEN_ALL)
            worst: list[Any] = quiet.run(CONTRAST.replace("script, style", "script, style, svg"))
            assert worst[0][0] >= 4.5, (page, worst)
            assert quiet.run(PICTURE_CONTRAST)[0] >= 4.5, quiet.run(PICTURE_CONTRAST)
            quiet.press("t")
            assert quiet.run(CONTRAST.replace("script, style", "script, style, svg"))[0][0] >= 4.5


def test_axe_has_no_complaint(quiet: Browser, nested: str, thousand: str) -> None:
    if not axe.AXE.folder():
        pytest.skip("axe-core is not at hand: run .ci/run")
    for page in (nested, f"{nested}#task=regions/fit", f"{nested}#task=regions/fit/train", thousand):
        quiet.open("about:blank")
        quiet.open(page)
        quiet.run(OPEN_ALL)
        assert axe.complaints(quiet) == []
        quiet.press("t")
        assert axe.complaints(quiet) == []
    quiet.press("?")
    assert axe.complaints(quiet) == []


def test_what_a_screen_reader_says(quiet: Browser, nested: str) -> None:
    quiet.open(nested)
    names = {
        node["name"]["value"]
        for node in quiet.devtools("Accessibility.getFullAXTree")["nodes"]
        if node.get("role", {}).get("value") == "button"
    }
    assert "load, retry 3" in names
    assert "regions, group, each of 2 items" in names
    assert "train, waits for regions/clean" in names
    assert "report, score, waits for regions" in names


def test_without_script_all_is_there(quiet: Browser, nested: str) -> None:
    quiet.devtools("Emulation.setScriptExecutionDisabled", value=True)
    quiet.open(nested)
    text = str(quiet.devtools("DOMSnapshot.captureSnapshot", computedStyles=[]))
    quiet.devtools("Emulation.setScriptExecutionDisabled", value=False)
    for each in ("regions/fit/train", "registry.test/train:1", "each of 2 items", "A loop, and a group in it."):
        assert each in text


def test_paper_has_the_whole_picture_and_the_table(quiet: Browser, nested: str) -> None:
    quiet.open(f"{nested}#task=load")
    quiet.run("for (let n = 0; n < 9; n++) document.querySelector('[data-do=zoom-in]').click()")
    quiet.run("dispatchEvent(new Event('beforeprint'))")
    quiet.devtools("Emulation.setEmulatedMedia", media="print")
    assert quiet.run("return document.getElementById('picture').hasAttribute('viewBox')")
    visible = "return [...document.querySelectorAll(arguments[0])].filter((each) => each.checkVisibility()).length"
    assert quiet.run(visible, "#view [data-id]") == len(boxes(quiet))
    assert quiet.run(BOUNDS)
    assert quiet.run(visible, "#tasks tbody tr") == 8
    assert quiet.run(visible, ".tools, .zoom, input, #panel") == 0
    quiet.devtools("Emulation.setEmulatedMedia", media="")
    quiet.run("dispatchEvent(new Event('afterprint'))")
    before = quiet.run(BOXES_AT)
    quiet.run("document.querySelector('[data-do=close-all]').click()")
    folded = quiet.run(BOXES_AT)
    quiet.run("dispatchEvent(new Event('beforeprint'))")
    quiet.devtools("Emulation.setEmulatedMedia", media="print")
    assert quiet.run(BOUNDS), "what is folded is on paper too"
    assert quiet.run("return getComputedStyle(document.querySelector('thead button')).display") == "contents"
    quiet.devtools("Emulation.setEmulatedMedia", media="")
    quiet.run("dispatchEvent(new Event('afterprint'))")
    assert not quiet.run("return document.getElementById('picture').hasAttribute('viewBox')")
    assert quiet.run(BOXES_AT) == folded != before, "the screen is as it was"


# ------------------------------------------------------------------ what attackers get


def test_nothing_of_a_manifest_runs(quiet: Browser, tmp_path: Path) -> None:
    page = page_of(hostile(tmp_path / "a"), tmp_path / "page.html", code=1).as_uri()
    quiet.devtools("Page.addScriptToEvaluateOnNewDocument", source="window.attacked = () => { window.hit = true; }")
    quiet.open(page)
    for number in range(len(boxes(quiet))):
        quiet.run(f"document.querySelectorAll('#view [data-id]')[{number}]?.dispatchEvent({CLICKED})")
        quiet.run(OPEN_ALL)
    quiet.run(POINT_AT_ALL)
    found = quiet.run("return [typeof attacked, window.hit ?? null, document.images.length, document.scripts.length]")
    assert found == ["function", None, 0, 3]
    assert quiet.run("return [...document.links].every((each) => each.getAttribute('href').startsWith('#'))")
    for sign in "\u202e\u2066\u200b\x1b":
        assert sign not in quiet.run("return document.body.innerText")
