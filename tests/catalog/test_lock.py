"""Components from elsewhere: locked, vendored, compiled offline; and whatever is not as locked is named."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, Transpile
from tests.support.servers import Repository, Server, running
from transpiler.catalog.files import digest_of

Write = Callable[[dict[str, str]], Path]
TRAIN = (
    "inputs: [{name: rows, type: Integer, default: '10'}]\n"
    "implementation: {container: {image: 'python:3.12', command: [train, {inputValue: rows}]}}\n"
)
LOAD = "implementation: {container: {image: 'alpine:3.20', command: [load]}}\n"
BOTH = """\
implementation:
  graph:
    tasks:
      load: {componentRef: {url: 'URL'}}
      train: {componentRef: {name: ../train}, arguments: {rows: '5'}}
"""
NO_NETWORK = """
import sys
def guard(event, _):
    if event.startswith(("socket.", "subprocess.")):
        sys.exit(f"touched {event}")
sys.addaudithook(guard)
from transpiler.cli.main import main
code = main(sys.argv[1:])
loaded = [name for name in sys.modules if name.startswith("transpiler.fetch")]
sys.exit(f"loaded {loaded}" if loaded else code)
"""
"""Runs the command in a Python that can open no socket and start no program, and that must not load what fetches."""


class Desk:
    """A checkout with a manifest, and a server that has components."""

    def __init__(self, folder: Path, server: Server, repository: Repository, run: Transpile) -> None:
        self.folder, self.server, self.repository, self.run = folder, server, repository, run
        self.remote = f"{server.host}/acme/components/"

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def manifest(self, *references: str, name: str = "pipeline.yaml", head: str = "") -> None:
        tasks = "".join(f"  t{number}: {{component: '{each}'}}\n" for number, each in enumerate(references))
        self.write(name, f"name: x\n{head}tasks:\n{tasks}")

    def lock(self, *arguments: str) -> str:
        """Lock, which goes well; the lock."""
        done = self.run("lock", *arguments, *self.server.options)
        assert done.code == 0, done.stdout + done.stderr
        return self.text

    def vendor(self) -> None:
        done = self.run("vendor", *self.server.options)
        assert done.code == 0, done.stdout + done.stderr

    @property
    def text(self) -> str:
        return (self.folder / "transpile.lock").read_text(encoding="utf-8")

    def copy(self, name: str) -> Path:
        return self.folder / "vendor" / "components" / name.replace(":", "%3A") / "component.yaml"

    def problems(self, *arguments: str) -> list[tuple[str, str]]:
        """Code and message of what a command says, which is an error."""
        done = self.run(*arguments, "--format", "json")
        assert done.code == 1, done.stdout + done.stderr
        assert all(each["hint"] for each in done.problems)
        return [(each["code"], each["message"]) for each in done.problems]

    def offline(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command where there is no network."""
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
        command = [sys.executable, "-c", NO_NETWORK, *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False, timeout=60
        )


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, transpile: Transpile) -> Iterator[Desk]:
    folder = tmp_path / "desk"
    (folder / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder)
    repository = Repository(tmp_path / "served" / "acme" / "components.git", tmp_path / "checkout")
    with running(tmp_path / "served") as server:
        server.files["/load/component.yaml"] = LOAD.encode()
        graph = BOTH.replace("URL", f"http://{server.host}/load/component.yaml")
        repository.commit({"train/component.yaml": TRAIN, "both/component.yaml": graph}, tag="v1")
        yield Desk(folder, server, repository, transpile)


# ------------------------------------------------------------------ the way from a reference to a Workflow


def test_hints_name_the_manifest_that_they_are_about(desk: Desk) -> None:
    for number, name in enumerate(("a.yaml", "sub/b.yaml")):
        desk.manifest(f"{desk.remote}train@v{number}", name=name)
    for command in (["lock", "--offline"], ["vendor"], ["lock", "--check"]):
        done = desk.run(*command, "--format", "json")
        hints = {each["file"]: each["hint"] for each in done.problems if each["code"] == "remote-reference"}
        assert hints == {
            name: f"run `transpile lock {name}`, then `transpile vendor {name}`" for name in ("a.yaml", "sub/b.yaml")
        }


def test_a_reference_is_locked_then_vendored_then_compiled(desk: Desk) -> None:
    reference = f"{desk.remote}train@v1"
    desk.manifest(reference)
    (code, message), *others = desk.problems("compile", "pipeline.yaml")
    assert (code, message, others) == (
        "remote-reference",
        f"`{reference}` is not in transpile.lock, and compiling fetches nothing",
        [],
    )
    assert "run `transpile lock pipeline.yaml`" in desk.run("compile", "pipeline.yaml").stderr
    desk.lock()
    assert desk.problems("compile", "pipeline.yaml") == [
        ("remote-reference", f"there is no copy of `{reference}`"),
    ]
    assert "run `transpile vendor pipeline.yaml`" in desk.run("compile", "pipeline.yaml").stderr
    desk.vendor()
    assert desk.copy(reference).read_text() == TRAIN
    compiled = desk.run("compile", "pipeline.yaml", "--locked")
    desk.write("train/component.yaml", TRAIN)
    desk.manifest("./train", name="local.yaml")
    assert compiled.stdout == desk.run("compile", "local.yaml").stdout


def test_what_a_component_names_is_locked_too(desk: Desk) -> None:
    desk.write("steps/load.yaml", LOAD)
    desk.manifest(f"{desk.remote}both@v1", "steps/load.yaml")
    commit = desk.repository.git("rev-parse", "HEAD")
    host, train, load = desk.server.host, digest_of(TRAIN.encode()), digest_of(LOAD.encode())
    both = digest_of((desk.repository.checkout / "both" / "component.yaml").read_bytes())
    quoted = f"'{commit}'" if commit[0].isdigit() else commit
    assert (
        desk.lock()
        == f"""\
# generated by transpile lock; do not edit
version: 1
manifests:
  ./pipeline.yaml:
    - ./steps/load.yaml
    - '{host}/acme/components/both@v1'
components:
  ./steps/load.yaml:
    source: file
    digest: sha256:{load}
  '{host}/acme/components/both@v1':
    source: git
    repository: http://{host}/acme/components.git
    ref: v1
    commit: {quoted}
    path: both/component.yaml
    digest: sha256:{both}
    uses:
      - '{host}/acme/components/train@v1'
      - http://{host}/load/component.yaml
  '{host}/acme/components/train@v1':
    source: git
    repository: http://{host}/acme/components.git
    ref: v1
    commit: {quoted}
    path: train/component.yaml
    digest: sha256:{train}
  http://{host}/load/component.yaml:
    source: url
    url: http://{host}/load/component.yaml
    digest: sha256:{load}
"""
    )
    desk.vendor()
    copies = {
        path.relative_to(desk.folder / "vendor/components").as_posix() for path in desk.folder.rglob("vendor/**/*.yaml")
    }
    here = host.replace(":", "%3A")
    assert copies == {
        f"{here}/acme/components/both@v1/component.yaml",
        f"{here}/acme/components/train@v1/component.yaml",
        f"{here}/load/component.yaml",
    }
    assert len(desk.run("compile", "pipeline.yaml", "--locked").workflow["spec"]["templates"]) == 4


@pytest.mark.parametrize("ref", ["v1", "annotated", "main", "feature/x", "COMMIT"])
def test_refs(ref: str, desk: Desk) -> None:
    first = desk.repository.git("rev-parse", "HEAD")
    desk.repository.git("tag", "-a", "annotated", "-m", "x")
    desk.repository.git("push", str(desk.repository.bare), "annotated", "HEAD:feature/x")
    reference = f"{desk.remote}train@{first if ref == 'COMMIT' else ref}"
    desk.manifest(reference)
    assert f"commit: {first}" in desk.lock().replace("'", "")
    desk.vendor()
    desk.server.shutdown()
    assert desk.run("compile", "pipeline.yaml", "--locked").code == 0


def test_forms_of_a_reference(desk: Desk) -> None:
    """A file, the top folder, a repository that ends in `.git`, KFP's componentRef, a relative url, a digest."""
    desk.repository.commit({"component.yaml": LOAD, "odd.yaml": TRAIN}, tag="v2")
    nested = Repository(desk.server.repositories / "a" / "b" / "c.git", desk.folder.parent / "nested")
    nested.commit({"deep/er/component.yaml": LOAD}, tag="v1")
    graph = (
        "implementation: {graph: {tasks: {a: {componentRef: {name: ./near}}, b: {componentRef: {name: ../x.yaml}}}}}"
    )
    desk.server.files |= {
        "/g%20x/graph.yaml": graph.encode(),
        "/g%20x/near/component.yaml": LOAD.encode(),
        "/x.yaml": LOAD.encode(),
    }
    host = desk.server.host
    desk.write(
        "pipeline.yaml",
        "name: x\ntasks:\n"
        f"  a: {{component: '{host}/acme/components@v2'}}\n"
        f"  b: {{component: '{host}/acme/components/odd.yaml@v2'}}\n"
        f"  c: {{component: '{host}/a/b/c.git/deep/er@v1'}}\n"
        f"  d: {{component: {{name: '{host}/acme/components/train', tag: v1, digest: {digest_of(TRAIN.encode())}}}}}\n"
        f"  e: {{component: {{url: 'http://{host}/g%20x/graph.yaml'}}}}\n"
        f"  f: {{component: 'http://{host}/x.yaml@sha256:{digest_of(LOAD.encode())}'}}\n",
    )
    keys = [line.strip(" ':") for line in desk.lock().splitlines() if line.startswith("  ") and line[2] != " "]
    assert keys == [
        "./pipeline.yaml",
        f"{host}/a/b/c.git/deep/er@v1",
        f"{host}/acme/components/odd.yaml@v2",
        f"{host}/acme/components/train@v1",
        f"{host}/acme/components@v2",
        f"http://{host}/g%20x/graph.yaml",
        f"http://{host}/g%20x/near/component.yaml",
        f"http://{host}/x.yaml",
    ]
    desk.vendor()
    assert len(desk.run("compile", "pipeline.yaml", "--locked").workflow["spec"]["templates"]) == 4


def test_a_url_without_a_lock_is_found_by_digest_in_a_catalog(desk: Desk) -> None:
    desk.write("catalog/load/component.yaml", LOAD)
    url = f"https://example.com/load/component.yaml@sha256:{digest_of(LOAD.encode())}"
    desk.manifest(url, head="catalogs: [catalog]\n")
    assert desk.run("compile", "pipeline.yaml").code == 0
    assert "./catalog/load/component.yaml" in desk.lock()
    assert "example.com" not in desk.text


# ------------------------------------------------------------------ the file


def test_the_lock_is_sorted_and_stays_untouched(desk: Desk) -> None:
    desk.write("b.yaml", LOAD)
    desk.write("a.yaml", TRAIN)
    desk.manifest("./b.yaml", f"{desk.remote}train@v1", "./a.yaml", name="two.yaml")
    desk.manifest("./a.yaml", name="one.yaml")
    first = desk.lock("two.yaml", "one.yaml")
    lines = first.splitlines()
    for start, end in (("manifests:", "components:"), ("components:", "")):
        section = lines[lines.index(start) + 1 : lines.index(end) if end else None]
        keys = [line.strip("' :") for line in section if line.startswith("  ") and line[2] != " "]
        assert keys == sorted(keys)
    path = desk.folder / "transpile.lock"
    os.utime(path, (1, 1))
    assert desk.lock("one.yaml", "two.yaml") == desk.lock() == first
    assert path.stat().st_mtime == 1
    path.unlink()
    desk.lock("one.yaml")
    assert desk.lock("two.yaml") == first


def test_one_lock_for_the_whole_checkout(desk: Desk) -> None:
    desk.write("teams/a/load.yaml", LOAD)
    desk.manifest("./load.yaml", name="teams/a/pipeline.yaml")
    desk.manifest("../a/load.yaml", name="teams/b/pipeline.yaml")
    desk.lock()
    assert "./teams/a/pipeline.yaml:\n    - ./teams/a/load.yaml" in desk.text
    assert "./teams/b/pipeline.yaml:\n    - ./teams/a/load.yaml" in desk.text
    assert desk.run("check", "--locked", ".").code == 0
    (desk.folder / "teams/b/pipeline.yaml").unlink()
    assert desk.problems("lock", "--check") == [
        ("stale-lock", "the manifest `./teams/b/pipeline.yaml` no longer exists"),
    ]
    desk.lock("teams/a")
    assert "teams/b" not in desk.text


def test_a_catalog_elsewhere_is_locked_by_name(desk: Desk, tmp_path: Path) -> None:
    shared = tmp_path / "shared" / "xgboost" / "train" / "versions" / "tags"
    shared.mkdir(parents=True)
    (shared / "v2").write_text(TRAIN)
    desk.manifest("xgboost/train@v2")
    catalog = ["--catalog", str(tmp_path / "shared")]
    assert "  xgboost/train/versions/tags/v2:\n    source: catalog\n" in desk.lock(*catalog)
    assert desk.run("compile", "pipeline.yaml", "--locked", *catalog).code == 0
    (shared / "v2").write_text(TRAIN + "#")
    assert [code for code, _ in desk.problems("compile", "pipeline.yaml", "--locked", *catalog)] == ["wrong-digest"]


def test_two_catalogs_with_one_name(desk: Desk, tmp_path: Path) -> None:
    for number, text in enumerate((TRAIN, LOAD)):
        (tmp_path / f"c{number}" / "train").mkdir(parents=True)
        (tmp_path / f"c{number}" / "train" / "component.yaml").write_text(text)
    desk.manifest("train", f"https://example.com/x.yaml@sha256:{digest_of(LOAD.encode())}")
    catalogs = ["--catalog", str(tmp_path / "c0"), "--catalog", str(tmp_path / "c1")]
    assert [code for code, _ in desk.problems("lock", *catalogs)] == ["duplicate-name"]


def test_merge_conflict(desk: Desk) -> None:
    desk.write("load.yaml", LOAD)
    desk.manifest("./load.yaml")
    text = desk.lock()
    at = text.index("components:")
    desk.write("transpile.lock", f"{text[:at]}<<<<<<< HEAD\n{text[at:]}=======\n{text[at:]}>>>>>>> other\n")
    for command in (["compile", "pipeline.yaml"], ["check", "."], ["lock"], ["lock", "--check"], ["vendor"]):
        done = desk.run(*command, "--format", "json")
        assert [(each["file"], each["line"], each["message"]) for each in done.problems] == [
            ("transpile.lock", 6, "this is an unresolved merge conflict")
        ], command
    desk.write("transpile.lock", text.replace("load.yaml", "gone.yaml"))
    assert desk.lock() == text, "either side will do"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("version: 1", "version: 2"), "wrong-value"),
        (("version: 1\n", ""), "missing-key"),
        (("digest: sha256:", "digest: "), "invalid-name"),
        (("source: file", "source: ftp"), "wrong-value"),
        (("source: file", "sauce: file"), "unknown-key"),
        (("source: file", "source: git"), "missing-key"),
        (("components:", "images: {'python:3.12': 'evil@sha256:" + "0" * 64 + "'}\ncomponents:"), "wrong-value"),
        (("components:", "images: {'python:3.12': python}\ncomponents:"), "invalid-name"),
        (("components:", "- components"), "yaml-syntax"),
    ],
)
def test_a_lock_that_is_none(change: tuple[str, str], code: str, desk: Desk) -> None:
    desk.write("load.yaml", LOAD)
    desk.manifest("./load.yaml", "https://example.com/x.yaml")
    desk.write("transpile.lock", "")
    assert [code for code, _ in desk.problems("lock")] == ["wrong-type"]
    (desk.folder / "transpile.lock").unlink()
    desk.manifest("./load.yaml")
    text = desk.lock()
    assert change[0] in text
    desk.write("transpile.lock", text.replace(*change))
    desk.manifest("./load.yaml", "https://example.com/x.yaml")
    done = desk.run("compile", "pipeline.yaml", "--locked", "--format", "json")
    assert {(each["file"], each["code"]) for each in done.problems} == {("transpile.lock", code)}
    assert len(done.problems) == 1


def test_the_lock_leads_nowhere(desk: Desk, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("password: [hunter2\n")
    desk.write("load.yaml", LOAD)
    desk.manifest("./load.yaml")
    (desk.folder / "transpile.lock").symlink_to(secret)
    for command in (["compile", "pipeline.yaml"], ["lock"], ["vendor"]):
        done = desk.run(*command, "--format", "json")
        assert [each["code"] for each in done.problems] == ["outside-root"]
        assert "hunter2" not in done.stdout + done.stderr
    assert secret.read_text() == "password: [hunter2\n"


# ------------------------------------------------------------------ whatever differs is named


def test_a_changed_file_of_ones_own(desk: Desk) -> None:
    desk.write("load.yaml", LOAD)
    desk.manifest("./load.yaml")
    desk.lock()
    assert desk.run("lock", "--check").code == desk.run("compile", "pipeline.yaml", "--locked").code == 0
    desk.write("load.yaml", LOAD.replace("3.20", "3.21"))
    for command in (
        ["compile", "pipeline.yaml", "--locked"],
        ["check", "--locked", "pipeline.yaml"],
        ["lock", "--check"],
    ):
        ((code, message),) = desk.problems(*command)
        assert code == "wrong-digest"
        assert message.startswith("`./load.yaml` has the digest sha256:")
    assert desk.run("compile", "pipeline.yaml").code == 0, "without --locked a change is no mistake"
    assert desk.offline("lock", "--check").returncode == 1
    assert desk.run("lock", "--offline").code == 0
    assert desk.run("compile", "pipeline.yaml", "--locked").code == 0


def test_a_changed_copy(desk: Desk) -> None:
    reference = f"{desk.remote}train@v1"
    desk.manifest(reference)
    desk.lock()
    desk.vendor()
    desk.copy(reference).write_text(TRAIN.replace("3.12", "3.13"))
    for command in (["compile", "pipeline.yaml"], ["compile", "pipeline.yaml", "--locked"], ["lock", "--check"]):
        ((code, message),) = desk.problems(*command)
        assert code == "wrong-digest"
        assert "acme/components/train@v1/component.yaml` has the digest" in message
    desk.vendor()
    assert desk.copy(reference).read_text() == TRAIN
    assert desk.run("compile", "pipeline.yaml", "--locked").code == 0


def test_line_ends_are_no_change(desk: Desk) -> None:
    reference = f"{desk.remote}train@v1"
    desk.manifest(reference)
    desk.lock()
    desk.vendor()
    desk.copy(reference).write_bytes(TRAIN.replace("\n", "\r\n").encode())
    assert desk.run("compile", "pipeline.yaml", "--locked").code == 0


def test_a_copy_that_leads_elsewhere(desk: Desk, tmp_path: Path) -> None:
    reference = f"{desk.remote}train@v1"
    desk.manifest(reference)
    desk.lock()
    (tmp_path / "elsewhere").mkdir()
    (desk.folder / "vendor").symlink_to(tmp_path / "elsewhere")
    assert [code for code, _ in desk.problems("compile", "pipeline.yaml")] == ["outside-root"]
    done = desk.run("vendor", *desk.server.options)
    assert done.code == 1
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_locked_needs_a_lock_that_says_all_and_no_more(desk: Desk) -> None:
    desk.write("load.yaml", LOAD)
    desk.write("train.yaml", TRAIN)
    desk.manifest("./load.yaml")
    strict = ["compile", "pipeline.yaml", "--locked"]
    assert desk.problems(*strict) == [("stale-lock", "there is no transpile.lock")]
    desk.manifest("./train.yaml", name="other.yaml")
    desk.lock("other.yaml")
    assert desk.problems(*strict) == [("stale-lock", "`./pipeline.yaml` is not in transpile.lock")]
    desk.lock()
    desk.manifest("./load.yaml", "./train.yaml")
    says = "`./pipeline.yaml` uses `./train.yaml`, which is missing in transpile.lock"
    assert desk.problems(*strict) == desk.problems("lock", "--check") == [("stale-lock", says)]
    desk.manifest("./train.yaml")
    assert [message for _, message in desk.problems(*strict)] == [
        "`./pipeline.yaml` does not use `./load.yaml`, which transpile.lock lists",
        says,
    ]
    desk.write("transpile.lock", desk.text.replace("uses:", "#").replace("  ./train.yaml:", "  ./strain.yaml:"))
    assert ("stale-lock", "`./train.yaml` is not in transpile.lock") in desk.problems(*strict)
    assert ("stale-lock", "`./strain.yaml` is no longer used by any manifest") in desk.problems("lock", "--check")


def test_locked_reads_standard_input_by_its_name(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.write("load.yaml", LOAD)
    desk.manifest("./load.yaml")
    desk.lock()
    for name, code in (("pipeline.yaml", 0), ("other.yaml", 1)):
        with (desk.folder / "pipeline.yaml").open() as file:
            monkeypatch.setattr("sys.stdin", file)
            assert desk.run("compile", "-", "--stdin-filename", name, "--locked").code == code


def test_a_digest_in_the_reference_counts_too(desk: Desk) -> None:
    desk.manifest(f"{desk.remote}train@v1@sha256:{'0' * 64}")
    assert [code for code, _ in desk.problems("lock", *desk.server.options)] == ["wrong-digest"]
    assert not (desk.folder / "transpile.lock").exists()
    desk.manifest(f"{desk.remote}train@v1@sha256:{digest_of(TRAIN.encode())}")
    desk.lock()
    desk.vendor()
    assert desk.run("compile", "pipeline.yaml", "--locked").code == 0


def test_a_short_name_for_a_name_in_a_catalog(desk: Desk) -> None:
    """`a` means `b` of the catalog, although the manifest has a `b` of its own: that file is locked too."""
    desk.write("catalog/b/component.yaml", LOAD)
    desk.write("x.yaml", TRAIN)
    desk.manifest("a", "b", head="catalogs: [catalog]\ncomponents: {a: b, b: ./x.yaml}\n")
    assert "./catalog/b/component.yaml:\n    source: file" in desk.lock()
    assert desk.run("compile", "pipeline.yaml", "--locked").code == 0
    desk.write("catalog/b/component.yaml", LOAD + "#")
    assert [code for code, _ in desk.problems("compile", "pipeline.yaml", "--locked")] == ["wrong-digest"]


SUB = "name: sub\ninputs: {rows: 1}\ntasks:\n  t: {component: 'REF', arguments: {rows: '${{ inputs.rows }}'}}\n"


def test_every_place_of_a_reference(desk: Desk) -> None:
    """Groups, hooks, exit tasks and sub-pipelines; a manifest that another names is one more file."""
    for name in "abcd":
        desk.write(f"{name}.yaml", LOAD + f"# {name}\n")
    desk.write("sub/pipeline.yaml", SUB.replace("REF", f"{desk.remote}train@v1"))
    desk.write(
        "pipeline.yaml",
        "name: x\ntasks:\n"
        "  g: {tasks: {a: {component: ./a.yaml}}}\n"
        "  h: {component: ./b.yaml, hooks: {done: {component: ./c.yaml, when: tasks.h.status == 'Failed'}}}\n"
        "  p: {pipeline: ./sub}\n"
        "onExit: {component: ./d.yaml}\n",
    )
    lock = desk.lock("pipeline.yaml")
    for name in "abcd":
        assert f"./{name}.yaml:\n    source: file" in lock
    uses = f"    uses:\n      - '{desk.remote}train@v1'\n"
    assert "  ./sub/pipeline.yaml:\n    source: file\n    digest: sha256:" in lock
    assert uses in lock
    desk.vendor()
    assert desk.run("compile", "pipeline.yaml", "--locked").code == 0
    for name in ("a.yaml", "c.yaml", "d.yaml", "sub/pipeline.yaml"):
        text = (desk.folder / name).read_text()
        desk.write(name, text + "#\n")
        assert [code for code, _ in desk.problems("compile", "pipeline.yaml", "--locked")] == ["wrong-digest"], name
        desk.write(name, text)


def test_images_of_every_container_are_pinned(desk: Desk) -> None:
    digest = "sha256:" + "ab" * 32
    desk.write(
        "pipeline.yaml",
        "name: x\ntasks:\n  s:\n    template:\n"
        "      script: {image: 'alpine:3.20', command: [sh], source: 'true'}\n"
        "      sidecars: [{name: x, image: 'alpine:3.20'}]\n",
    )
    desk.lock("--pin-image", f"alpine:3.20@{digest}")
    text = desk.run("compile", "pipeline.yaml", "--kind", "WorkflowTemplate").stdout
    assert text.count(f"image: alpine@{digest}") == 2


def test_a_pipeline_elsewhere(desk: Desk) -> None:
    desk.repository.commit({"p/pipeline.yaml": SUB.replace("REF", "../train")}, tag="v2")
    desk.manifest()
    desk.write("pipeline.yaml", f"name: x\ntasks:\n  p: {{pipeline: '{desk.remote}p/pipeline.yaml@v2'}}\n")
    assert "train@v2" in desk.lock()
    desk.vendor()
    assert desk.run("compile", "pipeline.yaml", "--locked").code == 0


# ------------------------------------------------------------------ what moves


def test_a_tag_that_moved(desk: Desk) -> None:
    desk.manifest(f"{desk.remote}train@v1")
    first = desk.lock()
    desk.vendor()
    before = desk.repository.git("rev-parse", "HEAD")
    after = desk.repository.commit({"train/component.yaml": TRAIN.replace("3.12", "3.13")}, tag="v1")
    for options in ([], ["--upgrade"]):
        ((code, message),) = desk.problems("lock", *options, *desk.server.options)
        assert code == "moved-tag"
        assert message == f"the tag of `{desk.remote}train@v1` has moved from commit {before} to {after}"
    assert desk.text == first
    assert desk.run("lock", "--offline").code == desk.run("compile", "pipeline.yaml", "--locked").code == 0
    assert after in desk.lock("--accept-moved")
    assert [code for code, _ in desk.problems("compile", "pipeline.yaml")] == ["wrong-digest"]
    desk.vendor()
    assert "python:3.13" in desk.run("compile", "pipeline.yaml", "--locked").stdout


def test_a_branch_stays_until_it_is_upgraded(desk: Desk) -> None:
    train, load = f"{desk.remote}train@main", f"http://{desk.server.host}/load/component.yaml"
    desk.manifest(train, load)
    first = desk.lock()
    after = desk.repository.commit({"train/component.yaml": TRAIN + "#", "new/component.yaml": LOAD})
    desk.server.files["/load/component.yaml"] = LOAD.encode() + b"# changed\n"
    assert [code for code, _ in desk.problems("lock", *desk.server.options)] == ["wrong-digest"], "the url is no copy"
    desk.server.files["/load/component.yaml"] = LOAD.encode()
    desk.vendor()
    desk.server.files["/load/component.yaml"] = LOAD.encode() + b"# changed\n"
    assert desk.lock() == first
    upgraded = desk.lock("--upgrade", train, "pipeline.yaml")
    assert after in upgraded
    assert digest_of(LOAD.encode()) in upgraded
    everything = desk.lock("--upgrade")
    assert digest_of(LOAD.encode() + b"# changed\n") in everything
    desk.repository.commit({"new/component.yaml": LOAD + "#"})
    desk.manifest(train, f"{desk.remote}new@main")
    added = desk.lock()
    assert added.replace("'", "").count(f"commit: {after}") == 2, "one commit for all files of a branch"
    unknown = desk.run("lock", "--upgrade", f"{desk.remote}train@v7", *desk.server.options)
    assert (unknown.code, "no manifest here uses" in unknown.stderr) == (2, True)


# ------------------------------------------------------------------ without a network


def test_everything_compiles_without_a_network(desk: Desk) -> None:
    desk.manifest(f"{desk.remote}both@v1", f"http://{desk.server.host}/load/component.yaml")
    desk.lock()
    desk.vendor()
    with_network = desk.run("compile", "pipeline.yaml", "--locked").stdout
    for command in (["compile", "pipeline.yaml"], ["compile", "pipeline.yaml", "--locked"]):
        done = desk.offline(*command)
        assert (done.returncode, done.stdout) == (0, with_network), done.stderr
    for command in (["check", "."], ["check", "--locked", "."], ["lock", "--check"], ["lock", "--offline"]):
        done = desk.offline(*command)
        assert done.returncode == 0, done.stdout + done.stderr
    desk.manifest(f"{desk.remote}train@v2")
    done = desk.offline("compile", "pipeline.yaml")
    assert done.returncode == 1
    assert "error[remote-reference]" in done.stderr
    assert "touched" in desk.offline("lock", *desk.server.options).stderr, "the guard works"


# ------------------------------------------------------------------ vendor


def test_vendor_copies_what_is_locked_and_nothing_else(desk: Desk) -> None:
    train = f"{desk.remote}train@v1"
    desk.manifest(train)
    ((code, message),) = desk.problems("vendor")
    assert (code, message) == ("remote-reference", f"`{train}` is not in transpile.lock, and compiling fetches nothing")
    desk.lock()
    desk.vendor()
    done = desk.run("vendor", *desk.server.options)
    assert done.stderr == "vendor/components: 1 locked, 0 written, 0 removed\n"
    desk.repository.commit({}, tag="v2")
    desk.manifest(f"{desk.remote}train@v2")
    desk.lock()
    done = desk.run("vendor", *desk.server.options)
    assert done.stderr == "vendor/components: 1 locked, 1 written, 1 removed\n"
    assert not desk.copy(train).parent.exists()


def test_vendor_refuses_other_bytes(desk: Desk) -> None:
    url = f"http://{desk.server.host}/load/component.yaml"
    desk.manifest(url)
    desk.lock()
    desk.server.files["/load/component.yaml"] = LOAD.encode() + b"#"
    ((code, message),) = desk.problems("vendor", *desk.server.options)
    assert (code, message.split(" now has ")[0]) == ("wrong-digest", f"`{url}`")
    assert not (desk.folder / "vendor").exists()


def test_vendor_takes_the_locked_commit_after_a_branch_moved(desk: Desk) -> None:
    reference = f"{desk.remote}train@main"
    desk.manifest(reference)
    desk.lock()
    desk.repository.commit({"train/component.yaml": LOAD})
    desk.vendor()
    assert desk.copy(reference).read_text() == TRAIN


def test_check_leaves_copies_to_their_users(desk: Desk) -> None:
    desk.manifest(f"{desk.remote}both@v1")
    desk.lock()
    desk.vendor()
    done = desk.run("check", ".")
    assert (done.code, done.stderr) == (0, "checked 1 file: no problems\n")


# ------------------------------------------------------------------ files that are not ours


def held(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("link", "to"),
    [
        ("vendor/components", "../../victim"),
        ("vendor", "../victim"),
        ("vendor", "../victim/deep"),
        ("vendor/components", "../victim"),
        ("vendor/components/HOST", "../../../victim"),
        ("vendor/components/HOST", "../../.git"),
        ("vendor/components/HOST/load", "../../../victim"),
        ("vendor/components/HOST/load/component.yaml", "../../../../../victim/deep/mine.yaml"),
        ("vendor/components/HOST/load/component.yaml", "../../../../.git/hook"),
    ],
)
@pytest.mark.parametrize("locks", ["none", "nothing", "local", "lies", "true"])
def test_vendor_changes_nothing_behind_a_link(link: str, to: str, locks: str, desk: Desk, tmp_path: Path) -> None:
    """Whatever the lock says: that of a checkout may say anything."""
    url = f"http://{desk.server.host}/load/component.yaml"
    desk.write("../victim/deep/mine.yaml", "mine")
    desk.write("../victim/components/mine.yaml", "mine")
    desk.write(".git/hook", "mine")
    desk.write("load.yaml", LOAD)
    desk.manifest(url if locks == "true" else "./load.yaml")
    if locks in {"local", "true"}:
        desk.lock()
    elif locks != "none":
        entry = f"  {url}: {{source: url, url: '{url}', digest: 'sha256:{digest_of(LOAD.encode())}'}}\n"
        desk.write("transpile.lock", "version: 1\n" + (f"components:\n{entry}" if locks == "lies" else ""))
    place = desk.folder / link.replace("HOST", desk.server.host.replace(":", "%3A"))
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(to)
    before = held(tmp_path)
    done = desk.run("vendor", *desk.server.options)
    assert done.code in ({1, 2} if locks == "true" else {0, 2}), done.stdout + done.stderr
    assert {name: data for name, data in held(tmp_path).items() if "desk/vendor" not in name} == {
        name: data for name, data in before.items() if "desk/vendor" not in name
    }
    assert held(tmp_path / "victim") != {}


def test_vendor_removes_nothing_that_no_lock_can_have_brought(desk: Desk) -> None:
    mine = ["vendor/components/mine.yaml", "vendor/components/.git/HEAD", "vendor/components/a/.gitkeep"]
    desk.write("load.yaml", LOAD)
    desk.manifest("./load.yaml")
    for locks in (False, True):
        for name in mine:
            desk.write(name, "mine")
        if locks:
            desk.lock()
        desk.vendor()
        assert [name for name in mine if not (desk.folder / name).exists()] == []
    desk.manifest(f"http://{desk.server.host}/load/component.yaml")
    desk.lock()
    desk.vendor()
    assert [name for name in mine if not (desk.folder / name).exists()] == mine[:1]


@pytest.mark.parametrize("to", ["../outside.yaml", "load.yaml", ".git/config", "nowhere", "../new.lock"])
def test_lock_writes_through_no_link(to: str, desk: Desk, tmp_path: Path) -> None:
    desk.write("load.yaml", LOAD)
    desk.write(".git/config", "version: 1\n")
    desk.write("../outside.yaml", "version: 1\n")
    desk.manifest("./load.yaml")
    (desk.folder / "transpile.lock").symlink_to(to)
    before = held(tmp_path)
    done = desk.run("lock", "pipeline.yaml")
    assert done.code in {1, 2}, done.stdout + done.stderr
    assert held(tmp_path) == before


URLS = [
    *(
        "x",
        "x/y",
        "x/y/z.yaml",
        "x/y/z.yaml/component.yaml",
        "x/component.yaml",
        "x?a=1",
        "x?",
        "x/y.json",
        ".git/x.yaml",
    ),
    *("x.yaml", "x.yaml/y", "x%2F", "x%23", "X/Y.yml", "x.yaml?raw=1", "x@v1", "x~", "a=b/c,d"),
]


def test_copies_of_any_urls_stand_side_by_side(desk: Desk) -> None:
    """One may be a prefix of another, as it may of a reference to a Git host."""
    for number, path in enumerate(URLS):
        desk.server.files[f"/{path}"] = f"{LOAD}# {number}\n".encode()
    references = [f"http://{desk.server.host}/{path}" for path in URLS]
    desk.repository.commit({"train/deep/component.yaml": LOAD, "component.yaml": LOAD, "train.yaml": LOAD}, tag="v2/x")
    git = [f"{desk.remote}{path}@v2/x" for path in ("train", "train/deep", "train.yaml")]
    desk.manifest(*references, *git, f"{desk.remote.rstrip('/')}@v2/x")
    desk.lock()
    desk.vendor()
    copies = [path for path in (desk.folder / "vendor").rglob("*") if path.is_file()]
    assert len(copies) == len(URLS) + 4
    assert len({str(path).lower() for path in copies}) == len(copies)
    assert not any(".git" in path.parts for path in copies)
    assert desk.run("compile", "pipeline.yaml", "--locked").code == 0
    assert desk.run("vendor", *desk.server.options).stderr.split(": ")[1].split(", ")[1:] == [
        "0 written",
        "0 removed\n",
    ]


# ------------------------------------------------------------------ images


def test_images_are_pinned(desk: Desk) -> None:
    digest = "sha256:" + "ab" * 32
    desk.write("train.yaml", TRAIN)
    desk.write("load.yaml", LOAD)
    desk.manifest("./train.yaml", "./load.yaml")
    assert desk.lock("--pin-image", f"python:3.12@{digest}").endswith(f"images:\n  python:3.12: python@{digest}\n")
    desk.lock()
    for options in ([], ["--locked"]):
        workflow = desk.run("compile", "pipeline.yaml", *options).workflow
        images = {each["container"]["image"] for each in workflow["spec"]["templates"] if "container" in each}
        assert images == {f"python@{digest}", "alpine:3.20"}
    desk.write("transpile.lock", desk.text + f"  alpine:3.20: alpine@{digest}\n")
    assert f"image: alpine@{digest}" in desk.run("compile", "pipeline.yaml").stdout
    assert f"  alpine:3.20: alpine@{digest}\n  python:3.12:" in desk.lock()
    assert desk.run("lock", "--check").code == 0


def test_another_pin_is_another_program_to_the_cache(desk: Desk) -> None:
    def key() -> str:
        return str(desk.run("compile", "pipeline.yaml").workflow["spec"]["templates"][1]["memoize"]["key"])

    desk.write("load.yaml", LOAD)
    desk.write("pipeline.yaml", "name: p\ntasks: {load: {component: ./load.yaml, cache: 1h}}\n")
    keys = [key()]
    for pin in ("ab", "cd"):
        desk.lock("--pin-image", f"alpine:3.20@sha256:{pin * 32}")
        keys.append(key())
    assert len(set(keys)) == len(keys)


# ------------------------------------------------------------------ the command line


def test_the_lock_is_no_output(desk: Desk) -> None:
    desk.write("load.yaml", LOAD)
    desk.manifest("./load.yaml")
    text = desk.lock()
    assert desk.run("compile", "pipeline.yaml", "-o", "transpile.lock").code == 2
    assert desk.text == text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["lock", "--check", "--upgrade"], "--check changes nothing"),
        (["lock", "--check", "--offline"], "not allowed with"),
        (["lock", "--pin-image", "python:3.12"], "64 hexadecimal digits"),
        (["lock", "--upgrade", "https://bob:hunter2@example.com/x.yaml"], "credentials"),
        (["lock", "--upgrade", "ext::sh -c x"], "does not use https"),
        (["lock", "--timeout", "0"], "--timeout"),
        (["lock", "nowhere.yaml"], "cannot read `nowhere.yaml`"),
        (["vendor", "nowhere.yaml"], "cannot read `nowhere.yaml`"),
        (["lock", "empty"], "no manifest or component below `empty`"),
    ],
)
def test_usage(arguments: list[str], words: str, desk: Desk) -> None:
    desk.write("load.yaml", LOAD)
    desk.manifest("./load.yaml")
    (desk.folder / "empty").mkdir()
    command = [sys.executable, "-m", "transpiler", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "hunter2" not in done.stderr
    assert not (desk.folder / "transpile.lock").exists()


@pytest.mark.parametrize("name", ["caf\udce9.yaml", "\udcff/pipeline.yaml", "sub/\udced\udca0\udc80.yaml"])
def test_a_name_that_is_no_text_is_refused(name: str, desk: Desk) -> None:
    """A lock is UTF-8, and a name of a file need not be; a component in such a folder cannot be written down either."""
    desk.write("load.yaml", LOAD)
    (desk.folder / name).parent.mkdir(exist_ok=True)
    desk.manifest("./near.yaml", name=name)
    desk.write(str(Path(name).parent / "near.yaml"), LOAD)
    for command in (["lock", "."], ["lock", name], ["lock", "--check", "."]):
        assert ("not-utf8", f"the name of the file `./{name}` is not UTF-8".encode("utf-8", "backslashreplace")) in [
            (code, message.encode("utf-8", "backslashreplace")) for code, message in desk.problems(*command)
        ]
    assert not (desk.folder / "transpile.lock").exists()
    assert desk.run("compile", name).code == desk.run("check", ".").code == 0
    assert desk.run("compile", name, "-o", "w.yaml").code == 0


def test_a_manifest_with_a_mistake_is_not_locked(desk: Desk) -> None:
    desk.manifest("./nowhere.yaml")
    assert [code for code, _ in desk.problems("lock")] == ["missing-component"]
    desk.write("pipeline.yaml", "name: x\n")
    assert [code for code, _ in desk.problems("lock")] == ["missing-key"]
    assert not (desk.folder / "transpile.lock").exists()
