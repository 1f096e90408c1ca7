"""The image. No engine builds it here: hadolint judges the Dockerfile, and its commands run as they are.

Not covered: the base image, the user, and the layers. The workflow of CI builds the image and runs it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.hosts.repositories import copy_of_ours
from tests.judges import ci

DOCKERFILE = REPOSITORY / "Dockerfile"


def instructions() -> list[tuple[str, str]]:
    """Each instruction with its arguments, on one line."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE.read_text(encoding="utf-8"), flags=re.MULTILINE).replace("\\\n", " ")
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in text.splitlines()) if name]


@pytest.mark.skipif(ci.python() is None, reason=ci.MISSING)
def test_hadolint_accepts_the_dockerfile(tmp_path: Path) -> None:
    assert ci.complaints("hadolint", DOCKERFILE) == ""
    wrong = tmp_path / "Dockerfile"
    wrong.write_text(DOCKERFILE.read_text().replace("python:3.13-slim", "python"))
    assert "DL3006" in ci.complaints("hadolint", wrong)


def test_the_image_is_for_the_user_of_argo_cd() -> None:
    last = {name: rest for name, rest in instructions() if name in {"USER", "ENTRYPOINT"}}
    assert last == {"USER": "999:999", "ENTRYPOINT": '["transpile"]'}


def test_the_image_gets_what_it_copies() -> None:
    ignored = (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in ignored
    copied = [
        word for name, rest in instructions() if name == "COPY" and "--from" not in rest for word in rest.split()[:-1]
    ]
    assert {f"!{word}" for word in copied} == {line for line in ignored if line.startswith("!")}
    assert all((REPOSITORY / word).exists() for word in copied)


@pytest.mark.skipif(ci.python() is None, reason=ci.MISSING)
def test_the_commands_of_the_build_make_a_command_that_works(tmp_path: Path) -> None:
    """The build stage, with its folders below another root, and `python` from here."""
    ours, place = copy_of_ours(tmp_path / "ours"), ""
    for name, rest in instructions():
        if name == "WORKDIR" and not place:
            place = rest
            (tmp_path / "root" / place.lstrip("/")).mkdir(parents=True)
        elif name == "COPY" and "--from" not in rest:
            *sources, target = rest.split()
            for source in sources:
                to = tmp_path / "root" / place.lstrip("/") / target / (source if target == "./" else "")
                (shutil.copytree if (ours / source).is_dir() else shutil.copy2)(ours / source, to)
        elif name == "RUN":
            script = rest.replace("/opt/", f"{tmp_path / 'root' / 'opt'}/").replace(
                "python -m venv", f"{sys.executable} -m venv"
            )
            subprocess.run(["sh", "-euc", script], cwd=tmp_path / "root" / place.lstrip("/"), check=True, timeout=600)
    command = tmp_path / "root" / "opt" / "transpile" / "bin" / "transpile"
    done = subprocess.run(
        [command, "check", "--strict", ours / "samples" / "add"], cwd="/", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not (command.parent / "pip").exists()
