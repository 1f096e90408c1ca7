"""The machine of the user: what compiling, fetching and submitting need."""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from transpiler import __version__, programs
from transpiler.cluster.doctor.finding import HERE, OK, PROBLEM, WARNING, Finding
from transpiler.programs import ProgramError

_SECONDS: Final = 10.0
_OLDEST_GIT: Final = (2, 37)


def machine(reader: str, needed: Sequence[str] = ()) -> list[Finding]:
    """The findings. `reader` is how YAML is read; `needed` are the programs that the user asks for."""
    looks: tuple[Callable[[], Finding], ...] = (_git, lambda: _kubectl(needed), lambda: _argo(needed))
    with ThreadPoolExecutor(len(looks)) as pool:
        found = [pool.submit(look) for look in looks]
        return [
            Finding(HERE, "transpile", OK, __version__),
            Finding(HERE, "Python", OK, platform.python_version()),
            _reader(reader),
            *(each.result() for each in found),
        ]


def _reader(reader: str) -> Finding:
    if reader == "libyaml":
        return Finding(HERE, "YAML reader", OK, "libyaml")
    hint = "everything works, but slower; to get libyaml: `pip install 'ruamel.yaml[oldlibyaml]'`"
    return Finding(HERE, "YAML reader", WARNING, reader, hint)


def _git() -> Finding:
    what = "components from Git hosts, and differences between revisions"
    said = _said("git", ["--version"])
    found = re.search(r"(\d+)\.(\d+)\S*", said or "")
    if found is None:
        return Finding(HERE, "git", WARNING, _absent(said), f"install git 2.37 or newer for {what}")
    is_old = (int(found[1]), int(found[2])) < _OLDEST_GIT
    return Finding(HERE, "git", WARNING if is_old else OK, found[0], f"update git to 2.37 for {what}" if is_old else "")


def _kubectl(needed: Sequence[str]) -> Finding:
    said = _said("kubectl", ["version", "--client", "--output=json"])
    try:
        version = json.loads(said or "")["clientVersion"]["gitVersion"]
    except (ValueError, KeyError, TypeError, RecursionError):
        hint = "`transpile submit` needs kubectl or argo: https://kubernetes.io/docs/tasks/tools/"
        return Finding(HERE, "kubectl", _missing("kubectl", needed), _absent(said), hint)
    return Finding(HERE, "kubectl", OK, str(version))


def _argo(needed: Sequence[str]) -> Finding:
    said = _said("argo", ["version", "--short"])
    found = re.search(r"v\d+\.\d+\S*", said or "")
    if found is None:
        is_needed = "argo" in needed or programs.find("kubectl") is None
        hint = "it follows runs and shows logs: https://github.com/argoproj/argo-workflows/releases"
        return Finding(HERE, "argo", _missing("argo", needed) if is_needed else OK, f"{_absent(said)} (optional)", hint)
    return Finding(HERE, "argo", OK, found[0])


def _missing(name: str, needed: Sequence[str]) -> str:
    return PROBLEM if name in needed else WARNING


def _absent(said: str | None) -> str:
    return "not on PATH" if said is None else "it does not tell its version"


def _said(name: str, words: Sequence[str]) -> str | None:
    """What a program prints; None without the program, an empty text if it fails."""
    path = programs.find(name)
    if path is None:
        return None
    try:
        done = programs.run([path, *words], seconds=_SECONDS)
    except ProgramError:
        return ""
    return done.text if done.code == 0 else ""
