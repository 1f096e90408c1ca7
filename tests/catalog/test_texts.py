"""Texts of templates in files of their own: which files are read, and what the lock says of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Transpile
from transpiler import analyze
from transpiler.catalog import texts

SCRIPT = "{script: {image: alpine, command: [sh], source: {file: %s}}}"


def manifest(folder: Path, *tasks: str) -> Path:
    path = folder / "pipeline.yaml"
    path.write_text("\n".join(["name: p", "tasks:", *tasks, ""]), encoding="utf-8")
    return path


def codes(path: Path) -> list[str]:
    return [each.code for each in analyze(path).diagnostics]


def test_the_files_are_among_those_of_an_analysis(tmp_path: Path) -> None:
    (tmp_path / "a.sh").write_text("echo a\r\n", newline="")
    analysis = analyze(manifest(tmp_path, f"  a: {{template: {SCRIPT % 'a.sh'}}}"))
    assert not analysis.diagnostics
    assert analysis.files == ((tmp_path / "a.sh").resolve(),)


def test_an_alias_stands_for_the_same_text(tmp_path: Path) -> None:
    (tmp_path / "a.sh").write_text("echo a")
    path = manifest(tmp_path, f"  a: {{template: &t {SCRIPT % 'a.sh'}}}", "  b: {template: *t}")
    assert codes(path) == []


def test_no_link_leads_out_of_the_root(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret").write_text("secret")
    (inside / "a.sh").symlink_to(tmp_path / "secret")
    assert codes(manifest(inside, f"  a: {{template: {SCRIPT % 'a.sh'}}}")) == ["outside-root"]


def test_all_texts_together_have_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "MAX_TEXTS", 10)
    (tmp_path / "a.sh").write_text("123456")
    path = manifest(tmp_path, *(f"  {name}: {{template: {SCRIPT % 'a.sh'}}}" for name in "ab"))
    assert codes(path) == ["too-large"]


def test_a_text_is_locked_where_it_is_used(transpile: Transpile, tmp_path: Path) -> None:
    (tmp_path / "a.sh").write_text("echo a")
    (tmp_path / "sub.yaml").write_text(f"name: s\ntasks: {{a: {{template: {SCRIPT % 'a.sh'}}}}}\n")
    path = manifest(tmp_path, f"  a: {{template: {SCRIPT % 'a.sh'}}}", "  b: {pipeline: ./sub.yaml}")
    assert transpile("lock", path).code == 0
    lock = (tmp_path / "transpile.lock").read_text()
    assert lock.count("./a.sh") == 3, lock  # used by two, and an entry of its own
    assert transpile("compile", path, "--locked").code == 0
    (tmp_path / "a.sh").write_text("echo b")
    result = transpile("compile", path, "--locked", "--format", "json")
    assert [each["code"] for each in result.problems] == ["wrong-digest"]
    assert transpile("compile", path).code == 0
