"""What the site of `transpile catalog docs` says of pipelines: their pages, and the tasks that run a component."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.catalog.test_catalog_docs import content, page_of, pipelines
from tests.conftest import REPOSITORY, Transpile

Write = Callable[[dict[str, str]], Path]
COMPONENT = (
    "name: %s\ninputs: [{name: data, type: CSV, optional: true}]\noutputs: [{name: data, type: CSV}]\n"
    "implementation: {container: {image: 'registry.test/%s:1', command: [run, {outputPath: data}]}}\n"
)
FILES = {
    ".git/HEAD": "",
    "c/load/component.yaml": COMPONENT % ("Load", "load"),
    "c/clean/component.yaml": COMPONENT % ("Clean", "clean"),
}
MAIN = """\
name: nightly
description: Every night.
catalogs: [../c]
schedule: {cron: 30 2 * * 1-5, timezone: Europe/Berlin, concurrencyPolicy: Forbid}
inputs: {rate: {type: Float, default: 0.5}}
tasks:
  load: {component: load, retry: {limit: 3}}
  all:
    forEach: [north, south]
    tasks:
      clean: {component: clean, arguments: {data: "${{ tasks.load.output }}"}}
  part: {pipeline: ./part.yaml, after: [all], when: "${{ inputs.rate > 0.1 }}"}
onExit: {tell: {component: load}}
outputs:
  table: ${{ tasks.load.output }}
"""
PART = "name: part\ncatalogs: [../c]\ntasks:\n  fetch: {component: load}\n"


def written(transpile: Transpile, write: Write, files: dict[str, str], *more: str) -> tuple[Path, str]:
    """The site of a catalog `c` beside these files, and what was told."""
    folder = write({**FILES, **files})
    result = transpile("catalog", "docs", folder / "c", "-o", folder / "site", *more)
    assert result.code == 0, result.stderr
    return folder / "site", result.stderr


def test_the_page_of_a_pipeline_says_what_it_does(transpile: Transpile, write: Write) -> None:
    site, _ = written(transpile, write, {"p/main.yaml": MAIN, "p/part.yaml": PART})
    page = page_of(site / "pipelines" / "p-main-yaml.html")
    assert page.cells[:7] == [
        ["Task", "Runs", "Waits for", "Settings"],
        ["load", "Load registry.test/load:1", "", "retry 3"],
        ["all", "group of 1 task", "", "each of 2 items"],
        ["all/clean 2 warnings", "Clean registry.test/clean:1", "waits for load", ""],
        ["part", "part sub-pipeline of 1 task", "waits for all", "when inputs.rate > 0.1"],
        ["part/fetch", "Load registry.test/load:1", "", ""],
        ["@onExit/tell", "Load registry.test/load:1", "", ""],
    ]
    assert ["rate", "Float", "default 0.5"] in page.cells
    assert ["table", "CSV", "${{ tasks.load.output }}"] in page.cells
    assert page.count("svg", "pipeline") == 1
    said = " ".join(page.text.split())
    assert (
        "Schedule at 02:30 from Monday to Friday 30 2 * * 1-5 time of Europe/Berlin does not start while the last"
        in said
    )
    assert "CronWorkflow" in said
    assert "Every night." in said


def test_everything_links_to_its_line(transpile: Transpile, write: Write) -> None:
    site, _ = written(transpile, write, {"p/main.yaml": MAIN, "p/part.yaml": PART})
    page = page_of(site / "pipelines" / "p-main-yaml.html")
    ids = {given["id"] for _, given in page.elements if "id" in given}
    assert {link[1:] for link in page.links if link.startswith("#L")} == {"L7", "L8", "L11", "L12", "L13"} <= ids
    assert page.links.count("#L7") == 2, "the table and the picture"
    assert page.links.count("p-part-yaml.html#L4") == 0
    assert page.links.count("../pipelines/p-part-yaml.html#L4") == 2, "a task of another file"
    assert "../components/load.html" in page.links
    assert "../pipelines/p-part-yaml.html" in page.links
    part = page_of(site / "pipelines" / "p-part-yaml.html")
    assert "../pipelines/p-main-yaml.html" in part.links, "what it is a sub-pipeline of"
    rows = re.findall(r'<span class="row" id="L(\d+)">(.*)\n</span>', (site / "pipelines/p-part-yaml.html").read_text())
    assert [(number, re.sub(r"<.*?>", "", text)) for number, text in rows] == [
        (str(number), text) for number, text in enumerate(PART.splitlines(), 1)
    ]


def test_a_graph_has_a_page_of_its_own(transpile: Transpile, write: Write) -> None:
    site, _ = written(transpile, write, {"p/main.yaml": MAIN, "p/part.yaml": PART})
    assert "../pipelines/p-main-yaml.graph.html" in page_of(site / "pipelines" / "p-main-yaml.html").links
    alone = (site / "pipelines" / "p-main-yaml.graph.html").read_text(encoding="utf-8")
    transpile("graph", site.parent / "p" / "main.yaml", "-o", site.parent / "main.html")
    made = (site.parent / "main.html").read_text(encoding="utf-8")
    assert alone == made.replace(str(site.parent / "p"), "p").replace(str(site.parent / "c"), "c")


def test_a_component_shows_the_tasks_that_run_it(transpile: Transpile, write: Write) -> None:
    users = {f"p/user-{number}.yaml": MAIN.replace("nightly", f"user {number}") for number in range(9)}
    site, _ = written(transpile, write, {**users, "p/part.yaml": PART})
    page = page_of(site / "components" / "load.html")
    assert page.count("svg", "pipeline") == 6, "there is no picture for each of hundreds of users"
    assert page.count("a", "chosen") == 1 + 5 * 3, "the tasks of part and of five others"
    said = " ".join(page.text.split())
    assert "Used by 10" in said
    assert "Tasks load, part/fetch, @onExit/tell" in said
    assert all(f"../pipelines/p-user-{number}-yaml.html" in page.links for number in range(9))
    assert "../pipelines/p-user-0-yaml.html#L7" in page.links
    assert page_of(site / "components" / "clean.html").links.count("../pipelines/p-user-0-yaml.html#L11") == 2


# ------------------------------------------------------------------ mistakes


BROKEN = """\
name: broken
catalogs: [../c]
tasks:
  a: {component: load}
  b: {component: lod, arguments: {data: "${{ tasks.a.output }}"}}
"""


def test_a_broken_pipeline_says_so(transpile: Transpile, write: Write) -> None:
    site, told = written(transpile, write, {"p/broken.yaml": BROKEN, "p/part.yaml": PART})
    assert told.endswith("(2 components, 2 pipelines, 1 with errors)\n")
    page = page_of(site / "pipelines" / "p-broken-yaml.html")
    said = " ".join(page.text.split())
    assert "It does not compile: 1 error" in said
    assert "there is no component lod (line 5, missing-component)" in said
    assert "did you mean load?" in said
    assert page.links.count("#L5") == 3, "the problem, the table, the picture"
    assert ["b 1 error", "lod", "waits for a"] in page.cells
    assert page.count("span", "wrong") == 1
    assert page_of(site / "index.html").text.count("does not compile") == 1
    assert page_of(site / "components" / "load.html").text.count("does not compile") == 1
    assert "compile" not in page_of(site / "pipelines" / "p-part-yaml.html").text.replace("Compiles to", "")


def test_a_mistake_in_a_component_links_to_its_page(transpile: Transpile, write: Write) -> None:
    wrong = (COMPONENT % ("Graph", "x")).partition("implementation")[0]
    wrong += "implementation: {graph: {tasks: {t: {componentRef: {url: ../load}, arguments: {x: 1}}}}}\n"
    site, told = written(transpile, write, {"c/graph/component.yaml": wrong, "p/x.yaml": PART.replace("load", "graph")})
    assert "1 with errors" in told
    page = page_of(site / "pipelines" / "p-x-yaml.html")
    assert "c/graph/component.yaml, line" in page.text
    assert [link for link in page.links if link.startswith("../components/graph.html#L")]


@pytest.mark.parametrize("text", ["name: x\ntasks:\n  a: [\n  b: }\n", BROKEN.replace("load}", "lood}")])
def test_none_is_left_out_in_silence(text: str, transpile: Transpile, write: Write) -> None:
    """A manifest whose mistakes hide what it runs may be a fixture of a test: it is told of, and shown where asked."""
    site, told = written(transpile, write, {"p/x.yaml": text, "p/part.yaml": PART})
    assert pipelines(site) == ["p-part-yaml.html"]
    assert (
        "note: 1 manifest with errors uses no component, as far as can be read, such as p/x.yaml: --pipelines" in told
    )
    site, told = written(transpile, write, {}, "--pipelines", str(site.parent / "p"))
    assert pipelines(site) == ["part-yaml.html", "x-yaml.html"]
    assert "note" not in told
    page = page_of(site / "pipelines" / "x-yaml.html")
    assert "It does not compile" in page.text
    assert [line for line in text.splitlines() if line not in page.text] == []


def test_a_pipeline_has_the_options_of_its_project(transpile: Transpile, write: Write) -> None:
    project = "catalogs: [own]\nexclude: [old/*]\nkind: WorkflowTemplate\n"
    manifest = "name: x\ntasks: {a: {component: mine}, b: {component: load}}\n"
    files = {
        "r/transpile.yaml": project,
        "r/own/mine/component.yaml": COMPONENT % ("Mine", "mine"),
        "r/x.yaml": manifest,
        "r/old/y.yaml": manifest,
    }
    site, told = written(transpile, write, files)
    assert told.endswith("(2 components, 1 pipeline)\n")
    page = page_of(site / "pipelines" / "r-x-yaml.html")
    assert page.cells[1:3] == [["a", "Mine registry.test/mine:1"], ["b", "Load registry.test/load:1"]]
    assert "WorkflowTemplate" in page.text


def test_secrets_are_not_published(transpile: Transpile, write: Write) -> None:
    secret = "hunter2-hunter2"
    text = (
        f"name: x\ncatalogs: [../c]\ninputs: {{password: {secret}}}\ntasks:\n  a: {{component: load}}\n"
        f"  b: {{component: 'https://bob:{secret}@example.com/c.yaml'}}\n"
    )
    site, _ = written(transpile, write, {"p/x.yaml": text})
    page = site / "pipelines" / "p-x-yaml.html"
    assert "looks like a secret" in page_of(page).text
    assert not [name for name, data in content(site).items() if secret.encode() in data]
    assert not list(site.rglob("*.graph.html")), "it would have the whole manifest"


# ------------------------------------------------------------------ sizes, schedules, places


def test_thousands_of_tasks_are_folded(transpile: Transpile, write: Write) -> None:
    tasks = [f"  t{number}: {{component: {'load' if number % 2 else 'clean'}}}\n" for number in range(2_000)]
    large = f"name: large\ncatalogs: [../c]\ntasks:\n{''.join(tasks)}  last: {{component: load, after: [t1, t2]}}\n"
    site, _ = written(transpile, write, {"p/large.yaml": large})
    path = site / "pipelines" / "p-large-yaml.html"
    page = page_of(path)
    assert 1 <= page.count("g", "box") <= 150
    assert "folded" in page.text
    assert page.count("table", "tasks") == 1
    assert len([row for row in page.cells if row[0].startswith("t")]) == 1_000
    assert "1,001 tasks more are in the manifest" in " ".join(page.text.split())
    assert path.stat().st_size < 1_000_000
    user = page_of(site / "components" / "load.html")
    assert user.count("g", "box") <= 16
    assert "and 993 more" in " ".join(user.text.split())


CRON = {
    "0 3 * * *": "at 03:00 every day",
    "*/15 * * * *": "every 15 minutes",
    "* * * * *": "every minute",
    "0 * * * *": "every hour",
    "5 */2 * * *": "every 2 hours at minute 5",
    "0 9-17 * * MON-FRI": "every hour from 09:00 to 17:00 from Monday to Friday",
    "*/10 9-17 * * *": "every 10 minutes from 09:00 to 17:50",
    "0 0 1,15 * 1": "at 00:00 on days 1 and 15 of the month and on Monday",
    "0 0 1 */3 ?": "at 00:00 on day 1 of the month in January, April, July and October",
    "0,30 6 * * SAT,SUN": "at 06:00 and 06:30 on Sunday and Saturday",
    "0 0 * jan-mar *": "at 00:00 every day from January to March",
    "@daily": "at 00:00 every day",
    "@every 1h30m": "every 1h30m",
    "*/7 * * * *": "*/7 * * * *",
    "0 0 */2 * *": "0 0 */2 * *",
    "0 0 31 2-1 *": "0 0 31 2-1 *",
    "0 99999999999 * * *": "0 99999999999 * * *",
}


def test_a_schedule_in_words(transpile: Transpile, write: Write) -> None:
    """What words would not make clearer stays as it is written."""
    manifests = {
        f"p/{number:02}.yaml": PART.replace("tasks", f"schedule: '{cron}'\ntasks", 1)
        for number, cron in enumerate(CRON)
    }
    site, _ = written(transpile, write, manifests)
    starts = re.findall(r"<dt>starts</dt><dd>(.*?)</dd>", (site / "index.html").read_text(encoding="utf-8"))
    assert dict(zip(CRON, starts, strict=True)) == CRON


def test_mistakes_read_the_same_from_anywhere(write: Write) -> None:
    folder = write({**FILES, "p/broken.yaml": BROKEN.replace("lod", "./zzz").replace("load", "lxxd"), "deep/x": ""})
    made = []
    for home in (folder, folder / "deep", folder / "c"):
        command = ["catalog", "docs", os.path.relpath(folder / "c", home), "-o", str(folder / f"site-{home.name}")]
        more = ["--pipelines", os.path.relpath(folder / "p", home)]
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
        done = [sys.executable, "-m", "transpiler", *command, *more]
        subprocess.run(done, cwd=home, env=environment, check=True, capture_output=True, timeout=60)
        made.append(content(folder / f"site-{home.name}"))
    assert made[0] == made[1] == made[2]
    assert b"looked at: p/lxxd, c/lxxd" in made[0]["pipelines/broken-yaml.html"]
