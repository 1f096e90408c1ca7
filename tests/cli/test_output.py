"""`-o`: the file that it names, the line that says what it was made from, and the files that nobody may lose."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, Transpile
from transpiler import component_from_function

Write = Callable[[dict[str, str]], Path]
ONE = "name: one\ntasks:\n  a: {component: {implementation: {container: {image: alpine, command: [echo]}}}}\n"
STEPS = "def double(x: int) -> int:\n    return 2 * x\n"
LINE = "# Made from {} by transpile; edit that, not this."


def first(path: Path) -> str:
    return path.read_text(encoding="utf-8").splitlines()[0]


@pytest.fixture
def folder(write: Write, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder: a checkout with a manifest and a Python function."""
    made = write({"home/.git/HEAD": "", "home/pipeline.yaml": ONE, "home/steps.py": STEPS}) / "home"
    monkeypatch.chdir(made)
    return made


def piped(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))


# ------------------------------------------------------------------ the line


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("workflow.yaml", "pipeline.yaml"),
        ("deep/er/workflow.yaml", "../../pipeline.yaml"),
        ("../beside/workflow.yaml", "../home/pipeline.yaml"),
        ("./deep/../workflow.yaml", "pipeline.yaml"),
    ],
)
def test_the_first_line_names_the_manifest(target: str, name: str, folder: Path, transpile: Transpile) -> None:
    printed = transpile("compile", "pipeline.yaml").stdout
    if ".." in target:
        (folder / "deep").mkdir()
    assert transpile("compile", folder / "pipeline.yaml", "-o", target).code == 0
    assert (folder / target).read_text() == f"{LINE.format(name)}\n{printed}"
    again = transpile("compile", "pipeline.yaml", "-o", folder / target)
    assert (again.code, again.stderr.split()[0]) == (0, "unchanged:")
    assert not printed.startswith("#")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a b.yaml", "a b.yaml"),
        ("ü.yaml", "ü.yaml"),
        ("x\nkind: Pod\n.yaml", "x\\x0akind: Pod\\x0a.yaml"),
        ("\x1b[31m\u202e\u2028\x85.yaml", "\\x1b[31m\\u202e\\u2028\\x85.yaml"),
        (os.fsdecode(b"caf\xe9.yaml"), "caf\\udce9.yaml"),
        ("{{x}} # y.yaml", "{{x}} # y.yaml"),
    ],
)
def test_odd_names_stay_in_the_line(name: str, shown: str, folder: Path, transpile: Transpile) -> None:
    (folder / name).write_text(ONE)
    for _ in range(2):
        assert transpile("compile", folder / name, "-o", "w.yaml").code == 0
    assert first(folder / "w.yaml") == LINE.format(shown)


def test_a_manifest_from_a_stream(folder: Path, transpile: Transpile, monkeypatch: pytest.MonkeyPatch) -> None:
    for options, name in (((), "standard input"), (("--stdin-filename", "sub/p.yaml"), "../sub/p.yaml")):
        piped(monkeypatch, ONE.encode())
        assert transpile("compile", "-", *options, "-o", "out/w.yaml").code == 0
        assert first(folder / "out" / "w.yaml") == LINE.format(name)


def test_several_objects_have_one_line(folder: Path, transpile: Transpile) -> None:
    component = "{implementation: {container: {image: alpine, command: [echo, PROGRAM]}}}".replace(
        "PROGRAM", "x" * 3_000
    )
    tasks = "".join(
        f"  t{number}: {{component: {component.replace('xx', f'x{number}', 1)}}}\n" for number in range(500)
    )
    (folder / "pipeline.yaml").write_text(f"name: big\ntasks:\n{tasks}")
    assert transpile("compile", "pipeline.yaml", "-o", "w.yaml").code == 0
    lines = (folder / "w.yaml").read_text().splitlines()
    assert (lines[0], lines.count("---") > 0) == (LINE.format("pipeline.yaml"), True)
    assert sum(line.startswith("# Made from") for line in lines) == 1


# ------------------------------------------------------------------ folders and streams


@pytest.mark.parametrize(
    ("output", "made"),
    [
        ("out/", "out/one.yaml"),
        ("out/deep/", "out/deep/one.yaml"),
        ("there", "there/one.yaml"),
        (".", "one.yaml"),
        ("there/..", "one.yaml"),
        ("out/new.yaml", "out/new.yaml"),
    ],
)
def test_a_folder_gets_a_file_of_the_name(output: str, made: str, folder: Path, transpile: Transpile) -> None:
    (folder / "there").mkdir()
    done = transpile("compile", "pipeline.yaml", "-o", output)
    assert (done.code, first(folder / made).startswith("# Made from ")) == (0, True)
    for command in (["new", "x"], ["from-function", "steps.py:double"]):
        expected = folder / made.replace("one.yaml", "component.yaml").replace("new.yaml", "c.yaml")
        assert transpile("component", *command, "-o", output.replace("new.yaml", "c.yaml"), "--force").code == 0
        assert "implementation:" in expected.read_text()
        expected.unlink()


def test_the_python_api_makes_folders_too(folder: Path) -> None:
    for output, made in (
        ("deep/er/c.yaml", "deep/er/c.yaml"),
        ("some/", "some/component.yaml"),
        (folder, "component.yaml"),
    ):
        component = component_from_function("steps.py:double", output)
        assert (folder / made).read_text() == component.text


def run(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    tool = f"{sys.executable} -m transpiler compile pipeline.yaml"
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    command = ["bash", "-c", script.replace("TOOL", tool)]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    "script",
    [
        "TOOL -o /dev/stdout",
        "TOOL -o /dev/stdout | cat",
        "TOOL -o /dev/stdout >out; cat out",
        "TOOL -o /dev/fd/3 3>&1",
        "TOOL -q -o /dev/stderr 2>&1",
        "TOOL -o >(cat) 2>/dev/null | cat",
        "mkfifo pipe; cat pipe & TOOL -q -o pipe; wait",
    ],
)
def test_streams_get_what_is_printed(script: str, folder: Path, transpile: Transpile) -> None:
    printed = transpile("compile", "pipeline.yaml").stdout
    done = run(folder, script)
    assert (done.stdout, done.stderr, done.returncode) == (printed, "", 0)


def test_a_stream_keeps_what_it_has(folder: Path) -> None:
    run(folder, "(echo before; TOOL -o /dev/stdout; echo behind) >out")
    lines = (folder / "out").read_text().splitlines()
    assert (lines[0], lines[1][:10], lines[-1]) == ("before", "apiVersion", "behind")
    assert run(folder, "TOOL -o /dev/null").returncode == 0
    assert run(folder, "TOOL -o /dev/full").returncode == 2
    assert run(folder, "TOOL -o /dev/fd/9").returncode == 2


# ------------------------------------------------------------------ what is not overwritten


@pytest.mark.parametrize(
    "held",
    [
        "kind: Kustomization\n",
        "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\n",
        f"---\n{LINE.format('pipeline.yaml')}\n",
        f"kind: Pod {LINE.format('pipeline.yaml')}\n",
        "# Made from steps.py:double. Change it there, and make this file anew.\nname: x\n",
        "\x00",
        " \n",
    ],
)
def test_a_file_by_hand_is_not_overwritten(held: str, folder: Path, transpile: Transpile) -> None:
    (folder / "w.yaml").write_text(held)
    refused = transpile("compile", "pipeline.yaml", "-o", "w.yaml")
    assert (refused.code, (folder / "w.yaml").read_text()) == (2, held)
    assert "`w.yaml` was not written by this command; --force overwrites it" in refused.stderr
    assert transpile("compile", "pipeline.yaml", "-o", "w.yaml", "--force").code == 0
    assert transpile("compile", "pipeline.yaml", "-o", "w.yaml").code == 0


@pytest.mark.parametrize("held", [b"", b"LINE\n", b"LINE\r\nkind: x\r\n", b"\xef\xbb\xbfLINE\n", b"LINE"])
def test_a_made_file_is_made_anew(held: bytes, folder: Path, transpile: Transpile) -> None:
    (folder / "w.yaml").write_bytes(held.replace(b"LINE", LINE.format("other.yaml").encode()))
    assert transpile("compile", "pipeline.yaml", "-o", "w.yaml").code == 0
    assert first(folder / "w.yaml") == LINE.format("pipeline.yaml")


COMPONENT = "implementation: {container: {image: alpine, command: [echo]}}\n"
USING = "name: one\ntasks: {a: {component: ./c.yaml}, b: {pipeline: ./sub.yaml}}\n"


@pytest.mark.parametrize(
    ("target", "options"),
    [
        *(("pipeline.yaml", ["pipeline.yaml"]), ("link.yaml", ["pipeline.yaml"]), ("pipeline.yaml", ["link.yaml"])),
        *(("./sub/../pipeline.yaml", ["pipeline.yaml"]), ("hard.yaml", ["pipeline.yaml"])),
        *(("c.yaml", ["pipeline.yaml"]), ("sub.yaml", ["pipeline.yaml"]), ("link.yaml", ["link.yaml"])),
        *(("pipeline.yaml", ["-"]), ("pipeline.yaml", ["-", "--stdin-filename", "pipeline.yaml"])),
        *(("link.yaml", ["-", "--stdin-filename", "pipeline.yaml"]), ("c.yaml", ["-"]), ("link.yaml", ["-"])),
        *(("new.yaml", ["-", "--stdin-filename", "new.yaml"]), ("./", ["-", "--stdin-filename", "one.yaml"])),
    ],
)  # fmt: skip
def test_an_input_is_never_overwritten(
    target: str, options: list[str], folder: Path, transpile: Transpile, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in {"pipeline.yaml": USING, "c.yaml": COMPONENT, "sub.yaml": ONE}.items():
        (folder / name).write_text(f"{LINE.format('x')}\n{text}")
    (folder / "sub").mkdir()
    (folder / "link.yaml").symlink_to("pipeline.yaml")
    (folder / "hard.yaml").hardlink_to(folder / "pipeline.yaml")
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    piped(monkeypatch, (folder / "pipeline.yaml").read_bytes())
    done = transpile("compile", *options, "-o", target, "--force")
    assert (done.code, "is an input of this pipeline" in done.stderr) == (2, True)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


def test_standard_input_is_an_input(folder: Path) -> None:
    changed = ONE + "# more\n"
    (folder / "pipeline.yaml").write_text(changed)
    done = run(folder, "TOOL -o pipeline.yaml --force <pipeline.yaml".replace("TOOL pipeline.yaml", "TOOL -"))
    assert (done.returncode, (folder / "pipeline.yaml").read_text()) == (2, changed)


# ------------------------------------------------------------------ a checkout whose links lead elsewhere


@pytest.fixture
def victim(folder: Path) -> Path:
    """A folder of somebody's, beside the checkout."""
    made = folder.parent / "victim"
    (made / "deep").mkdir(parents=True)
    (made / "mine.yaml").write_text(f"{LINE.format('x')}\n")
    (made / "deep" / "notes.txt").write_text("mine")
    return made


def held(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


COMMANDS = {
    "compile": ["compile", "pipeline.yaml", "--force", "-o"],
    "from-function": ["component", "from-function", "steps.py:double", "--force", "-o"],
    "new": ["component", "new", "x", "--force", "-o"],
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("link", "to", "target"),
    [
        ("w.yaml", "../victim/mine.yaml", "w.yaml"),
        ("w.yaml", "../victim/new.yaml", "w.yaml"),
        ("out", "../victim", "out/mine.yaml"),
        ("out", "../victim", "out/"),
        ("out", "../victim", "out"),
        ("out", "../victim/deep", "out/../mine.yaml"),
        ("deep/out", "../../victim", "deep/out/new/w.yaml"),
        ("w.yaml", ".git/hooks/pre-commit", "w.yaml"),
        ("out", ".git", "out/config"),
        ("w.yaml", "w.yaml", "w.yaml"),
    ],
)
def test_no_link_of_a_checkout_leads_the_writer_out(
    command: str, link: str, to: str, target: str, folder: Path, victim: Path, transpile: Transpile
) -> None:
    assert victim.is_dir()
    (folder / link).parent.mkdir(exist_ok=True)
    (folder / link).symlink_to(to)
    before = held(folder.parent)
    done = transpile(*COMMANDS[command], target)
    assert (done.code, "cannot write" in done.stderr) == (2, True), done.stderr
    assert held(folder.parent) == before


def test_the_folder_of_a_manifest_is_a_root_without_git(folder: Path, victim: Path, transpile: Transpile) -> None:
    (folder / ".git").rename(folder / "no")
    (folder / "out").symlink_to(victim)
    for command in COMMANDS.values():
        done = transpile(*command, "out/mine.yaml")
        assert (done.code, "cannot write" in done.stderr) == (2, True), done.stderr
    assert first(victim / "mine.yaml") == LINE.format("x")


def test_a_link_inside_of_a_checkout_and_one_of_the_user_are_followed(
    folder: Path, victim: Path, transpile: Transpile
) -> None:
    (folder / "real").mkdir()
    (folder / "link").symlink_to("real")
    (folder / "w.yaml").symlink_to("real/w.yaml")
    (folder.parent / "mine").symlink_to(victim)
    for target, made in (
        ("link/a.yaml", "real/a.yaml"),
        ("w.yaml", "real/w.yaml"),
        ("../mine/b.yaml", "../victim/b.yaml"),
    ):
        assert transpile("compile", "pipeline.yaml", "-o", target).code == 0
        assert first(folder / made) == LINE.format("../home/pipeline.yaml" if "victim" in made else "../pipeline.yaml")
    assert (folder / "w.yaml").is_symlink()


def test_another_checkout_keeps_its_writer_too(folder: Path, victim: Path, transpile: Transpile) -> None:
    other = folder.parent / "other"
    (other / ".git").mkdir(parents=True)
    (other / "out").symlink_to(victim)
    assert transpile("compile", "pipeline.yaml", "-o", "../other/out/w.yaml").code == 2
    assert not (victim / "w.yaml").exists()


def test_the_mode_of_a_file_and_a_long_name_stay(folder: Path, transpile: Transpile) -> None:
    target = folder / ("x" * 250 + ".yaml")
    for mode in (0o640, 0o600):
        target.touch()
        target.chmod(mode)
        target.write_text(LINE.format("old"))
        assert transpile("compile", "pipeline.yaml", "-o", target).code == 0
        assert target.stat().st_mode & 0o777 == mode
