"""Secrets and config maps from files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Transpile
from transpiler.local.errors import RunError
from transpiler.local.given import from_env_files, named


def test_a_file_has_lines_and_a_folder_has_files(tmp_path: Path) -> None:
    (tmp_path / "db.env").write_text("# who\nUSER=me\nexport PASS = 'a=b # c'\nEMPTY=\n\nURL=\"x\"\n")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "tls.key").write_bytes(b"\x00\xff\n")
    (folder / ".hidden").write_text("no")
    (folder / "sub").mkdir()
    found = named([f"db={tmp_path}/db.env", f"tls={folder}"], "--secret")
    assert found["db"] == {"USER": b"me", "PASS": b"a=b # c", "EMPTY": b"", "URL": b"x"}
    assert found["tls"] == {"tls.key": b"\x00\xff\n"}


def test_an_env_file_names_the_secret_of_each_value(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("db.USER=me\ndb.tls.key=k\nother.A=1\n")
    assert from_env_files([str(tmp_path / ".env")]) == {"db": {"USER": b"me", "tls.key": b"k"}, "other": {"A": b"1"}}
    (tmp_path / ".env").write_text("USER=me\n")
    with pytest.raises(RunError, match="`USER` names no secret"):
        from_env_files([str(tmp_path / ".env")])


@pytest.mark.parametrize("word", ["db", "=x", "db=", "db=/no/such/file", "db=a\0b"])
def test_what_cannot_be_read_is_refused(word: str) -> None:
    with pytest.raises(RunError, match="--secret"):
        named([word], "--secret")


def test_no_message_has_a_value(tmp_path: Path) -> None:
    (tmp_path / "db").write_text("A=1\nhush hush\n")
    with pytest.raises(RunError) as caught:
        named([f"db={tmp_path / 'db'}"], "--secret")
    assert caught.value.message == f"`{tmp_path / 'db'}`, line 2: it is not `KEY=VALUE`"
    (tmp_path / "db").write_bytes(b"A" * (1 << 20) + b"=1")
    with pytest.raises(RunError, match="larger than the 1 MiB"):
        named([f"db={tmp_path / 'db'}"], "--secret")


SHOWS = """\
name: shows
tasks:
  tell:
    template:
      script:
        image: none
        command: [sh]
        source: 'echo "it is $TOKEN!"; echo "$PIN $TOKEN" >&2; exit 3'
        env:
        - {name: TOKEN, valueFrom: {secretKeyRef: {name: api, key: token}}}
        - {name: PIN, valueFrom: {secretKeyRef: {name: api, key: pin}}}
"""


@pytest.mark.parametrize("words", [("-v",), ()])
def test_values_that_a_program_prints_are_masked(words: tuple[str, ...], transpile: Transpile, tmp_path: Path) -> None:
    """The log keeps them: a program may write what it likes to its own files."""
    (tmp_path / "p.yaml").write_text(SHOWS)
    (tmp_path / "api").write_text("token='s3cr(t'\npin=123\n")
    options = ("--executor", "process", "--run-dir", tmp_path / "runs", "--secret", f"api={tmp_path / 'api'}")
    done = transpile("run", tmp_path / "p.yaml", *options, *words)
    assert done.code == 1
    assert "s3cr(t" not in done.stdout + done.stderr
    assert "it is ***!" in done.stdout + done.stderr
    assert "123 ***" in done.stdout + done.stderr
    (log,) = (tmp_path / "runs").glob("*/log/*.log")
    assert "it is s3cr(t!" in log.read_text()
