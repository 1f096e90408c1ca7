"""Runs a container component as a process on this machine: what Kubernetes does with its command, without a cluster."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = Any


@dataclass(frozen=True)
class Ran:
    """What a run left behind. `outputs` has None for a file that was not written."""

    code: int
    stdout: str
    stderr: str = field(compare=False)
    outputs: dict[str, str | None] = field(default_factory=dict)


class Container:
    """A component with the texts of its inputs, by name; files are below a folder that must not exist yet."""

    def __init__(
        self, component: Json, arguments: Mapping[str, str], folder: Path, *, has_kubelet: bool = True
    ) -> None:
        declared = {each["name"]: each for each in component.get("inputs", [])}
        assert arguments.keys() <= declared.keys()
        defaults = {name: str(each["default"]) for name, each in declared.items() if "default" in each}
        self.given = defaults | dict(arguments)
        missing = declared.keys() - self.given.keys()
        assert all(declared[name].get("optional") for name in missing), missing
        self.component, self.folder, self.has_kubelet = component, folder, has_kubelet
        self.outputs = [each["name"] for each in component.get("outputs", [])]

    def run(self, python: Path) -> Ran:
        """Run it, with `python3` as that interpreter."""
        container = self.component["implementation"]["container"]
        (self.folder / "bin").mkdir(parents=True)
        (self.folder / "bin" / "python3").symlink_to(python)
        parts = (*container["command"], *container.get("args", []))
        words = [word for part in parts for word in self._words(part)]
        path = f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
        environment = os.environ | {"PATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            words, cwd=self.folder, env=environment, capture_output=True, check=False, timeout=60
        )  # fmt: skip
        written = {name: self._path("outputs", name) for name in self.outputs}
        texts = {name: path.read_bytes().decode() if path.exists() else None for name, path in written.items()}
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode(), texts)

    def _words(self, part: Json) -> Iterator[str]:
        """The words that a part of the command becomes."""
        if isinstance(part, str):
            yield part.replace("$$", "$") if self.has_kubelet else part
        elif "if" in part:
            present = part["if"]["cond"]["isPresent"] in self.given
            chosen = part["if"]["then"] if present else part["if"].get("else", [])
            yield from (word for each in chosen for word in self._words(each))
        elif "inputValue" in part:
            yield self.given[part["inputValue"]]
        elif "inputPath" in part:
            path = self._path("inputs", part["inputPath"])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self.given[part["inputPath"]].encode())
            yield str(path)
        else:
            yield str(self._path("outputs", part["outputPath"]))

    def _path(self, kind: str, name: str) -> Path:
        names = [each["name"] for each in self.component.get(kind, [])]
        return self.folder / kind / str(names.index(name)) / "data"


def kubelet(text: str) -> str:
    """Kubernetes' own expansion, for a container without variables (expansion.Expand)."""
    out, at = "", 0
    while at < len(text):
        if text[at] == "$" and text[at + 1 : at + 2] == "$":
            out, at = out + "$", at + 2
        else:
            out, at = out + text[at], at + 1
    return out
