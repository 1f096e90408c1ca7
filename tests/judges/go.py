"""Go programs that judge: compiled on first use from sources of ours and Argo's module, and kept in `.cache`."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

MODULE: Final = Path(__file__).with_name("argo")
"""Our Go module, which requires Argo's."""
_CACHE: Final = Path(__file__).parents[2] / ".cache"


class JudgeError(Exception):
    """The judge itself fails; says nothing about what it was to judge."""


class NoJudgeError(JudgeError):
    """The judge cannot be had here: there is no Go, or its modules cannot be fetched."""


def made(name: str, sources: Sequence[str], make: Callable[[Path], None]) -> Path | None:
    """A file made from sources in the module by `make`, made anew when they have changed; parallel processes may ask.

    None where it cannot be made, unless TRANSPILE_REQUIRE_JUDGES is set: that raises NoJudgeError with the words of
    `go`. Sources that do not compile always raise JudgeError.
    """
    content = b"\0".join((MODULE / source).read_bytes() for source in ("go.mod", "go.sum", *sources))
    target = _CACHE / f"judge-{hashlib.sha256(content).hexdigest()[:16]}" / name
    with _lock():
        try:
            if not target.exists():
                _check_go()
                target.parent.mkdir(exist_ok=True)
                unfinished = target.with_suffix(".unfinished")
                make(unfinished)
                unfinished.replace(target)
        except NoJudgeError:
            if os.environ.get("TRANSPILE_REQUIRE_JUDGES"):
                raise
            return None
    return target


def _check_go() -> None:
    """Listing the packages of the module tells lack of modules from faults of ours."""
    if shutil.which("go") is None:
        raise NoJudgeError("there is no `go` on PATH")
    try:
        run("go", "list", "-deps", ".")
    except JudgeError as error:
        raise NoJudgeError(str(error)) from error


def run(*command: str, text: str = "", folder: Path = MODULE) -> str:
    """What a command prints. Raises JudgeError with its words when it fails."""
    done = subprocess.run(command, cwd=folder, input=text, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise JudgeError(f"{' '.join(command)}\n{done.stderr}")
    return done.stdout


@cache
def argo_sources() -> Path:
    """Where the sources of Argo's module are."""
    return Path(run("go", "list", "-m", "-f", "{{.Dir}}", "github.com/argoproj/argo-workflows/v4").strip())


@contextmanager
def _lock() -> Iterator[None]:
    """Keep other processes out of the cache, and the cache out of git."""
    _CACHE.mkdir(exist_ok=True)
    (_CACHE / ".gitignore").write_text("*\n")
    with (_CACHE / "judge.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
