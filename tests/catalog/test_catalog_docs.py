"""`transpile catalog docs`: the files that it writes, and those that it leaves alone. The browser has its own tests."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.conftest import CATALOG, REPOSITORY, Transpile

SAMPLES = REPOSITORY / "samples"
Write = Callable[[dict[str, str]], Path]
CONTAINER = "implementation: {container: {image: alpine, command: [echo]}}\n"
ATTACKS = (
    "<script>attacked()</script>",
    "</script><script>attacked()</script>",
    "</style><script>attacked()</script>",
    '"onmouseover="attacked()',
    "'><img src=x onerror=attacked()>",
    "javascript:attacked()",
    "[x](javascript:attacked())",
    "https://x.test/\"onclick='attacked()'",
    "<a href=javascript:attacked()>x</a>",
    "{{ 7 * 191 }} {% raw %} ${attacked()}",
    "--><script>attacked()</script><!--",
    "&lt;script&gt;",
    "\u202eattacked\x1b[31m",
)


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    """The samples in a checkout of their own, where no other manifests have to be searched for uses."""
    (tmp_path / "checkout" / ".git").mkdir(parents=True)
    folder = tmp_path / "checkout" / "samples"
    for name in ("add", "catalog"):
        shutil.copytree(SAMPLES / name, folder / name)
    return folder


class Page(HTMLParser):
    """What a page is made of: its elements, and the text outside of scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.inline: dict[str, str] = {}
        self.text = ""
        self._cells: list[list[str]] = []
        self._inside = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._inside = tag if tag in {"script", "style", "td", "th"} else self._inside
        if tag == "tr":
            self._cells.append([])
        elif tag in {"td", "th"}:
            self._cells[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside in {"script", "style"}:
            self.inline[self._inside] = self.inline.get(self._inside, "") + data
            return
        self.text += data
        if self._inside:
            self._cells[-1][-1] += data

    @property
    def cells(self) -> list[list[str]]:
        """The rows of the tables."""
        return [[" ".join(cell.split()) for cell in row] for row in self._cells]

    @property
    def links(self) -> list[str]:
        """The addresses of its links."""
        return [given["href"] for tag, given in self.elements if tag == "a"]

    def count(self, tag: str, kind: str) -> int:
        """How many elements have a class."""
        return sum(kind in given.get("class", "").split() for name, given in self.elements if name == tag)


def pages_of(site: Path) -> list[Path]:
    """The pages of a site but those of a graph alone, which `transpile graph` makes too."""
    return [path for path in sorted(site.rglob("*.html")) if not path.name.endswith(".graph.html")]


def page_of(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


def hostile_component(text: str) -> str:
    said, image = json.dumps(text), json.dumps("".join(text.lower().split()))  # as an image's name may be
    port = f"{{name: {said}, type: {said}, description: {said}"
    return (
        f"name: {said}\ndescription: {said}\nmetadata: {{annotations: {{x: {said}}}}}\n"
        f"inputs: [{port}, default: {said}}}, {{name: y, type: {{{said}: {{{said}: {said}}}}}}}]\noutputs: [{port}}}]\n"
        f"implementation: {{container: {{image: {image}, command: [{{outputPath: {said}}}]}}}}\n# {said}\n"
    )


def hostile_catalog(write: Write) -> Path:
    files = {f"c/{number}/component.yaml": hostile_component(text) for number, text in enumerate(ATTACKS)}
    files["c/<img src=x onerror=attacked()>/component.yaml"] = CONTAINER
    files["c/'\"onclick=attacked() x=/component.yaml"] = CONTAINER
    files["c/javascript:attacked()/component.yaml"] = CONTAINER
    tasks = "".join(
        f'  {json.dumps(text)}: {{component: "<img src=x onerror=attacked()>", when: {json.dumps(text)}, '
        f"description: {json.dumps(text)}, arguments: {{{json.dumps(text)}: {json.dumps(text)}}}}}\n"
        for text in ATTACKS
    )
    files["p/<script>attacked()<x>/pipeline.yaml"] = (
        f"name: x\ndescription: {json.dumps(ATTACKS[1])}\ncatalogs: [../../c]\nschedule: {json.dumps(ATTACKS[0])}\n"
        f"inputs: {{a: {{type: {json.dumps(ATTACKS[0])}, default: {json.dumps(ATTACKS[4])}}}}}\n"
        'tasks:\n  t: {component: "<img src=x onerror=attacked()>"}\n'
        f"{tasks}outputs: {{{json.dumps(ATTACKS[3])}: {json.dumps(ATTACKS[2])}}}\n"
    )
    files[".git/HEAD"] = ""
    return write(files)


def test_no_text_of_a_component_is_markup(transpile: Transpile, write: Write) -> None:
    folder = hostile_catalog(write)
    title = ATTACKS[1]
    result = transpile("catalog", "docs", folder / "c", "-o", folder / "site", "--title", title)
    assert result.code == 0, result.stderr
    pages = {path: page_of(path) for path in pages_of(folder / "site")}
    assert len(pages) == len(ATTACKS) + 5
    inline = {tuple(page.inline.items()) for page in pages.values()}
    assert len(inline) == 1, "one style and one script, the same on every page"
    for path, page in pages.items():
        tags = [tag for tag, _ in page.elements]
        assert tags.count("script") == tags.count("style") == 1
        assert not {"img", "iframe", "object", "embed", "base", "form", "foreignobject"} & set(tags)
        for tag, attributes in page.elements:
            assert not [name for name in attributes if name.startswith("on") or name == "style"], (path, tag)
            for link in (attributes[name] for name in ("href", "src") if name in attributes):
                assert re.match(r"https?://|#|data:,$|(\.\./)?(components/|pipelines/|index\.html)", link), link
        assert tags.count("svg") >= 2 or "pipelines" not in path.parts, "a picture, and the room that it needs"
        assert "\u202e" not in page.text
        assert "\x1b" not in page.text
    everything = "".join(page.text for page in pages.values())
    for text in ATTACKS[:-1]:
        assert everything.count(text) >= 6, f"{text} is shown as it is written"


def test_the_policy_allows_only_what_is_there(transpile: Transpile, samples: Path, tmp_path: Path) -> None:
    transpile("catalog", "docs", samples / "catalog" / "catalog", "-o", tmp_path / "site")
    for path in pages_of(tmp_path / "site"):
        page = Page(path.read_text(encoding="utf-8"))
        policy = next(each["content"] for _, each in page.elements if each.get("http-equiv"))
        hashes = {tag: b64encode(sha256(text.encode()).digest()).decode() for tag, text in page.inline.items()}
        assert policy == (
            f"default-src 'none'; style-src 'sha256-{hashes['style']}'; script-src 'sha256-{hashes['script']}'; "
            "img-src data:; base-uri 'none'; form-action 'none'"
        )


def test_a_page_says_all(transpile: Transpile, samples: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    result = transpile("catalog", "docs", samples / "catalog" / "catalog", "-o", site)
    assert (result.code, result.stdout, result.stderr) == (0, "", f"wrote {site} (3 components, 1 pipeline)\n")
    page = Page((site / "components" / "tables-filter.html").read_text(encoding="utf-8"))
    entry = json.loads(transpile("catalog", "show", "tables/filter", samples, "--format", "json").stdout)
    for words in ("name", "digest", "image", "example"):
        assert entry[words].replace("catalog/catalog/", "") in page.text
    for port in (*entry["inputs"], *entry["outputs"]):
        assert port["name"] in page.text
        assert port["description"] in page.text
        assert port["type"].partition(" ")[0] in page.text
    assert "large-orders" in page.text
    assert "samples/catalog/pipeline.yaml" in page.text
    links = [each["href"] for tag, each in page.elements if tag == "a"]
    assert "../pipelines/samples-catalog-pipeline-yaml.html" in links
    pipeline = Page((site / "pipelines" / "samples-catalog-pipeline-yaml.html").read_text(encoding="utf-8"))
    assert "../components/tables-filter.html" in [each["href"] for tag, each in pipeline.elements if tag == "a"]


def test_pipelines_are_looked_for_where_it_is_said(transpile: Transpile, write: Write, tmp_path: Path) -> None:
    use = "name: %s\ncatalogs: [../c]\ntasks: {t: {component: a}}\n"
    folder = write({
        "c/a/component.yaml": CONTAINER,
        "c/b/component.yaml": CONTAINER,
        "p/one.yaml": use % "one",
        "q/two.yaml": use % "two",
        "q/broken.yaml": "name: three\ncatalogs: [../c]\ntasks: {t: {component: b, arguments: {x: 1}}}\n",
        ".git/HEAD": "",
    })  # fmt: skip
    transpile("catalog", "docs", folder / "c", "-o", tmp_path / "all")
    assert pipelines(tmp_path / "all") == ["p-one-yaml.html", "q-broken-yaml.html", "q-two-yaml.html"]
    transpile("catalog", "docs", folder / "c", "-o", tmp_path / "one", "--pipelines", folder / "p")
    assert pipelines(tmp_path / "one") == ["one-yaml.html"]


def pipelines(site: Path) -> list[str]:
    """The names of the pages of pipelines."""
    return [path.name for path in pages_of(site / "pipelines")]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_pages_of_like_names_are_told_apart(transpile: Transpile, write: Write) -> None:
    paths = ["a/b", "a-b", "A_B", "ä", "ö", "n" * 200, "n" * 199 + "m", "index", "con"]
    folder = write({f"c/{path}/component.yaml": f"name: {path}\n{CONTAINER}" for path in paths})
    transpile("catalog", "docs", folder / "c", "-o", folder / "site")
    pages = names(folder / "site" / "components")
    assert len({page.lower() for page in pages}) == len(paths)
    assert all(re.fullmatch(r"[a-z0-9-]{1,63}\.html", page) for page in pages)
    headings = {re.search(r"<h1>(.*)</h1>", text.decode()) for text in content(folder / "site" / "components").values()}
    assert len(headings) == len(paths)


# ------------------------------------------------------------------ the folder


def test_the_same_bytes_from_anywhere(transpile: Transpile, samples: Path, tmp_path: Path) -> None:
    made = []
    for seed, folder in (("0", samples.parent), ("7", tmp_path)):
        command = [
            "catalog",
            "docs",
            os.path.relpath(samples / "catalog" / "catalog", folder),
            "-o",
            str(tmp_path / seed),
        ]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(REPOSITORY)}
        done = [sys.executable, "-m", "transpiler", *command]
        subprocess.run(done, cwd=folder, env=environment, check=True, capture_output=True, timeout=60)
        made.append(content(tmp_path / seed))
    assert made[0] == made[1]
    assert not [name for name, data in made[0].items() if str(samples.parent).encode() in data]
    transpile("catalog", "docs", samples / "catalog" / "catalog", "-o", tmp_path / "0")
    assert content(tmp_path / "0") == made[0]


def test_nothing_is_touched_when_nothing_changed(transpile: Transpile, samples: Path, tmp_path: Path) -> None:
    command = ("catalog", "docs", samples / "add" / "components", "-o", tmp_path / "site")
    transpile(*command)
    os.utime(tmp_path / "site" / "index.html", (1, 1))
    assert transpile(*command).stderr == f"unchanged: {tmp_path / 'site'} (3 components, 1 pipeline)\n"
    assert (tmp_path / "site" / "index.html").stat().st_mtime == 1
    assert transpile(*command, "-q").stderr == ""
    assert names(tmp_path) == ["checkout", "site"], "no temporary folder stays"


def test_what_went_leaves_the_site(transpile: Transpile, write: Write) -> None:
    folder = write({"c/a/component.yaml": CONTAINER, "c/b/component.yaml": CONTAINER})
    transpile("catalog", "docs", folder / "c", "-o", folder / "deep" / "site")
    (folder / "c" / "b" / "component.yaml").unlink()
    assert transpile("catalog", "docs", folder / "c", "-o", folder / "deep" / "site").code == 0
    assert names(folder / "deep" / "site" / "components") == ["a.html"]


@pytest.mark.parametrize("file", ["index.html", "readme.md", ".hidden/x", "components/mine.html"])
def test_a_folder_of_others_is_left_alone(file: str, transpile: Transpile, write: Write) -> None:
    folder = write({"c/a/component.yaml": CONTAINER, f"site/{file}": "mine"})
    result = transpile("catalog", "docs", folder / "c", "-o", folder / "site")
    assert result.code == 2
    assert f"contains `{file}`, which this command did not write" in result.stderr
    assert content(folder / "site") == {file: b"mine"}


def test_files_of_others_in_a_site_are_left_alone(transpile: Transpile, write: Write) -> None:
    folder = write({"c/a/component.yaml": CONTAINER})
    command = ("catalog", "docs", folder / "c", "-o", folder / "site")
    transpile(*command)
    (folder / "site" / "CNAME").write_text("example.com")
    before = content(folder / "site")
    (folder / "c" / "a" / "component.yaml").write_text(f"name: new\n{CONTAINER}")
    result = transpile(*command)
    assert result.code == 2
    assert "contains `CNAME`" in result.stderr
    assert content(folder / "site") == before


def test_a_list_that_lies_gives_nothing_away(transpile: Transpile, write: Write) -> None:
    """The list may come with a checkout, and name whatever stands there."""
    digest = sha256(b"theirs").hexdigest()
    for mine in ("mine", "index.html"):
        listed = "".join(f"{head}{name}\n" for head in ("", f"{digest}  ") for name in ("mine", "index.html", "link/x"))
        files = {"c/a/component.yaml": CONTAINER, "site/.transpile-site": listed, f"site/{mine}": "mine"}
        folder = write({**files, "other/x": "theirs"})
        before = content(folder)
        refused = transpile("catalog", "docs", folder / "c", "-o", folder / "site")
        assert (refused.code, f"contains `{mine}`, which has been changed since" in refused.stderr) == (2, True)
        assert content(folder) == before
        (folder / "site" / mine).unlink()
    (folder / "site" / "link").symlink_to("../other")
    assert transpile("catalog", "docs", folder / "c", "-o", folder / "site").code == 2
    (folder / "site" / "link").unlink()
    assert transpile("catalog", "docs", folder / "c", "-o", folder / "site").code == 0
    (folder / "site" / "index.html").write_text("better")
    assert transpile("catalog", "docs", folder / "c", "-o", folder / "site").code == 2


@pytest.mark.parametrize("target", ["link", "link/site", "link/../site2"])
def test_no_link_of_a_checkout_leads_the_site_out(target: str, transpile: Transpile, write: Write) -> None:
    folder = write({"r/.git/HEAD": "", "r/c/a/component.yaml": CONTAINER, "victim/x/mine": "mine"})
    transpile("catalog", "docs", folder / "r" / "c", "-o", folder / "victim" / "site")
    (folder / "r" / "link").symlink_to("../victim/site" if target == "link" else "../victim")
    (folder / "r" / "c" / "a" / "component.yaml").write_text(f"name: new\n{CONTAINER}")
    before = content(folder / "victim")
    refused = transpile("catalog", "docs", folder / "r" / "c", "-o", folder / "r" / target)
    assert (refused.code, "cannot write" in refused.stderr) == (2, True)
    assert content(folder / "victim") == before
    assert names(folder) == ["r", "victim"]


def test_the_catalog_itself_is_no_output(transpile: Transpile, write: Write) -> None:
    folder = write({"c/a/component.yaml": CONTAINER})
    for target in (folder / "c", folder, folder / "c" / "a" / "component.yaml"):
        before = content(folder)
        assert transpile("catalog", "docs", folder / "c", "-o", target).code == 2
        assert content(folder) == before


def test_an_empty_folder_may_be_used_and_a_link_is_followed(transpile: Transpile, write: Write) -> None:
    folder = write({"c/a/component.yaml": CONTAINER})
    (folder / "real").mkdir()
    (folder / "link").symlink_to("real")
    assert transpile("catalog", "docs", folder / "c", "-o", folder / "link").code == 0
    assert (folder / "link").is_symlink()
    assert (folder / "real" / "index.html").is_file()


def test_a_failure_leaves_the_old_site(transpile: Transpile, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write({"c/a/component.yaml": CONTAINER})
    command = ("catalog", "docs", folder / "c", "-o", folder / "site")
    transpile(*command)
    before = content(folder / "site")
    (folder / "c" / "b").mkdir()
    (folder / "c" / "b" / "component.yaml").write_text(CONTAINER)
    real, calls = Path.rename, []

    def fail(path: Path, target: Path) -> Path:
        calls.append(path)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        return real(path, target)

    monkeypatch.setattr(Path, "rename", fail)
    result = transpile(*command)
    assert result.code == 2
    assert "No space left on device" in result.stderr
    assert content(folder / "site") == before
    assert names(folder) == ["c", "site"]


def test_a_broken_component_is_reported_and_the_others_are_shown(transpile: Transpile, write: Write) -> None:
    folder = write({"c/a/component.yaml": CONTAINER, "c/b/component.yaml": CONTAINER.replace("image", "imge")})
    result = transpile("catalog", "docs", folder / "c", "-o", folder / "site")
    assert result.code == 1
    assert "error[unknown-key]" in result.stderr
    assert names(folder / "site" / "components") == ["a.html"]


def test_catalog_at_hand(transpile: Transpile, tmp_path: Path) -> None:
    if not CATALOG.is_dir():
        pytest.skip("no copy of the public catalog is at hand")
    assert transpile("catalog", "docs", CATALOG, "-o", tmp_path / "site").code == 0
    assert len(names(tmp_path / "site" / "components")) == len(list(CATALOG.rglob("component.yaml"))) == 50


@pytest.mark.parametrize("output", ["", ".", ".."])
def test_the_folder_that_somebody_stands_in_is_not_replaced(
    output: str, transpile: Transpile, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write({"components/component.yaml": CONTAINER, "here/keep": ""})
    monkeypatch.chdir(folder / "here")
    before = (folder / "here").stat().st_ino
    assert transpile("catalog", "docs", "../components", "-o", output).code == 2
    assert (folder / "here").stat().st_ino == before
    assert (folder / "here" / "keep").exists()
