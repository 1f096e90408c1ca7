"""Revisions of repositories that nobody trusts: nothing of them is run, and nothing outside of them is read."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.repositories import committed, git
from tests.conftest import Transpile
from transpiler.catalog.files import Unreadable
from transpiler.revisions import tree
from transpiler.revisions.checkout import write_tree

Write = Callable[[dict[str, str]], Path]
COMPONENT = "name: X\nimplementation: {container: {image: alpine, command: [echo, ONE]}}\n"


def manifest(reference: str) -> str:
    return f"name: x\ntasks:\n  a: {{component: {reference}}}\n"


@pytest.fixture
def repository(write: Write, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = write({"repo/pipeline.yaml": manifest("./component.yaml"), "repo/component.yaml": COMPONENT}) / "repo"
    monkeypatch.chdir(committed(folder))
    return folder


def test_no_program_of_the_repository_runs(repository: Path, transpile: Transpile) -> None:
    """Hooks, filters, text conversions, monitors, pagers, aliases and helpers leave no trace."""
    trap = repository.parent / "trap"
    trap.write_text(f'#!/bin/sh\necho "$0 $*" >> {repository.parent}/trapped\ncat\n', encoding="utf-8")
    trap.chmod(0o755)
    (repository / ".gitattributes").write_text("*.yaml filter=trap diff=trap\n", encoding="utf-8")
    committed(repository)
    for hook in ("post-checkout", "pre-commit", "reference-transaction", "post-index-change", "fsmonitor-watchman"):
        (repository / ".git/hooks" / hook).write_text(trap.read_text(encoding="utf-8"), encoding="utf-8")
        (repository / ".git/hooks" / hook).chmod(0o755)
    settings = {
        "core.fsmonitor": trap,
        "filter.trap.smudge": trap,
        "filter.trap.clean": trap,
        "filter.trap.process": trap,
        "diff.trap.textconv": trap,
        "diff.external": trap,
        "core.pager": trap,
        "core.sshCommand": trap,
        "core.alternateRefsCommand": trap,
        "credential.helper": f"!{trap}",
        "alias.ls-tree": f"!{trap}",
        "uploadpack.packObjectsHook": trap,
        "gpg.program": trap,
    }
    for name, value in settings.items():
        git(repository, "config", name, str(value))
    edited = (repository / "component.yaml").read_text(encoding="utf-8").replace("ONE", "TWO")
    (repository / "component.yaml").write_text(edited, encoding="utf-8")
    result = transpile("diff", "HEAD:")
    assert result.code == 1
    assert "`command[1]` is `TWO`, not `ONE`" in result.stdout
    assert not (repository.parent / "trapped").exists()


def test_missing_objects_are_not_fetched(repository: Path, transpile: Transpile) -> None:
    """A partial clone would ask its remote, with a program of the repository's choice."""
    blob = git(repository, "rev-parse", "HEAD:component.yaml").strip()
    (repository / ".git/objects" / blob[:2] / blob[2:]).unlink()
    for name, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::sh -c 'touch {repository.parent}/trapped'",
        "protocol.ext.allow": "always",
    }.items():
        git(repository, "config", name, value)
    result = transpile("diff", "HEAD:")
    assert result.code == 2
    assert "the revision is not here in full" in result.stderr
    assert not (repository.parent / "trapped").exists()


def test_links_stay_in_the_revision(repository: Path, transpile: Transpile) -> None:
    outside = repository.parent / "secret.yaml"
    outside.write_text(COMPONENT.replace("ONE", "SECRET"), encoding="utf-8")
    (repository / "out.yaml").symlink_to("../secret.yaml")
    (repository / "absolute.yaml").symlink_to(outside)
    (repository / "inner.yaml").symlink_to("component.yaml")
    (repository / "loop.yaml").symlink_to("loop.yaml")
    for name in ("out", "absolute", "inner", "loop"):
        (repository / f"{name}-pipeline.yaml").write_text(manifest(f"./{name}.yaml"), encoding="utf-8")
    committed(repository)
    result = transpile("diff", "HEAD:inner-pipeline.yaml", "HEAD:pipeline.yaml")
    assert (result.code, result.stdout) == (0, "nothing changed\n")
    for name in ("out", "absolute", "loop"):
        result = transpile("diff", f"HEAD:{name}-pipeline.yaml", "HEAD:pipeline.yaml")
        assert result.code == 1
        assert "SECRET" not in result.stdout + result.stderr
        assert "missing-component" in result.stderr or "cannot-read" in result.stderr


def test_a_submodule_is_left_out(repository: Path, transpile: Transpile) -> None:
    commit = git(repository, "rev-parse", "HEAD").strip()
    git(repository, "update-index", "--add", "--cacheinfo", f"160000,{commit},sub")
    git(repository, "commit", "-q", "-m", "with a submodule")
    assert transpile("diff", "HEAD:", "HEAD~1:").code == 0


def crafted(repository: Path, entries: list[tuple[str, str, bytes]]) -> str:
    """A commit whose tree no checkout would write: git itself would refuse these names."""

    def stored(kind: str, data: bytes) -> str:
        command = ["git", "hash-object", "-w", "-t", kind, "--literally", "--stdin"]
        return (
            subprocess.run(command, cwd=repository, input=data, capture_output=True, check=True).stdout.decode().strip()
        )

    tree = b"".join(
        f"{mode} {name}".encode() + b"\0" + bytes.fromhex(stored("tree" if mode == "40000" else "blob", data))
        for mode, name, data in entries
    )
    return git(repository, "commit-tree", stored("tree", tree), "-m", "crafted").strip()


def below(repository: Path, name: str, data: bytes) -> bytes:
    """The bytes of a tree with a single file."""
    command = ["git", "hash-object", "-w", "-t", "blob", "--stdin"]
    blob = subprocess.run(command, cwd=repository, input=data, capture_output=True, check=True).stdout.decode().strip()
    return f"100644 {name}".encode() + b"\0" + bytes.fromhex(blob)


def test_no_path_leaves_the_folder(repository: Path, tmp_path: Path) -> None:
    evil = COMPONENT.encode()
    commit = crafted(
        repository,
        [
            ("120000", "a", b".."),
            ("40000", "a", below(repository, "x.yaml", evil)),
            ("40000", "..", below(repository, "up.yaml", evil)),
            ("40000", ".git", below(repository, "config.yaml", evil)),
            ("100644", "../dots.yaml", evil),
            ("100644", "/abs.yaml", evil),
            ("100644", "good.yaml", evil),
        ],
    )
    target = tmp_path / "one" / "two"
    target.mkdir(parents=True)
    write_tree(repository, commit, target)
    written = {path.relative_to(tmp_path / "one").as_posix() for path in (tmp_path / "one").rglob("*")}
    assert written == {"two", "two/a", "two/a/x.yaml", "two/good.yaml"}
    assert not (target / "a").is_symlink()


def test_limits(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "MAX_FILES", 1)
    with pytest.raises(Unreadable) as problem:
        write_tree(repository, "HEAD", tmp_path)
    assert problem.value.code == "too-large"


def test_a_file_that_is_too_large_is_left_out(repository: Path, transpile: Transpile) -> None:
    (repository / "big.yaml").write_bytes(b"#" * (4 * 1024 * 1024 + 1))
    committed(repository)
    assert transpile("diff", "HEAD:").code == 0


def test_temporary_folders_are_private_and_removed(
    repository: Path, tmp_path: Path, transpile: Transpile, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def watched(root: Path, revision: str, target: Path) -> None:
        seen.append(target.parent.stat().st_mode & 0o777)
        write_tree(root, revision, target)

    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setattr("transpiler.cli.sides.write_tree", watched)
    assert transpile("diff", "HEAD:").code == 0
    assert transpile("diff", "HEAD:nothing").code == 2
    assert seen == [0o700, 0o700]
    assert list(temporary.iterdir()) == []
    assert repository.is_dir()


@pytest.mark.skipif(sys.platform == "win32", reason="no signals")
def test_ctrl_c_ends_git_and_leaves_nothing(repository: Path, tmp_path: Path) -> None:
    programs, temporary = tmp_path / "bin", tmp_path / "temporary"
    programs.mkdir()
    temporary.mkdir()
    slow = programs / "git"
    slow.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 60\n", encoding="utf-8")
    slow.chmod(0o755)
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "TMPDIR": str(temporary)}
    command = [sys.executable, "-m", "transpiler", "diff", "HEAD:"]
    environment["PYTHONPATH"] = str(Path(__file__).parent.parent.parent)
    with subprocess.Popen(command, cwd=repository, env=environment, stderr=subprocess.PIPE) as process:
        deadline = time.monotonic() + 30
        while not (tmp_path / "pid").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
    child = int((tmp_path / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
    assert list(temporary.iterdir()) == []


def test_names_reach_no_terminal_raw(repository: Path, transpile: Transpile) -> None:
    name = "e\x1b[31mvil.yaml"
    (repository / name).write_text(manifest("./component.yaml"), encoding="utf-8")
    result = transpile("diff", "HEAD:")
    assert "\x1b" not in result.stdout + result.stderr
    assert json.loads(transpile("diff", "HEAD:", "--format", "json").stdout)[0]["pipeline"] == name
