"""Stand-ins for programs on PATH: scripts that keep what they are told, and answer as a test says."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_SCRIPT: Final = """#!{python}
import json, os, sys, time
folder, name, words = {folder!r}, {name!r}, sys.argv[1:]
with open(os.path.join(folder, name + ".answers.json")) as file:
    answers = json.load(file)
is_read = words[-1:] == ["-"] or "--filename=-" in words
call = {{"words": words, "stdin": sys.stdin.read() if is_read else ""}}
calls = os.path.join(folder, name + ".calls.jsonl")
with open(calls, "a") as file:
    file.write(json.dumps(call) + "\\n")
with open(calls) as file:
    asked = [json.loads(line)["words"] for line in file]
for start, given in answers:
    if words[: len(start)] == start:
        times = sum(each[: len(start)] == start for each in asked)
        answer = given[min(times, len(given)) - 1]
        time.sleep(answer.get("seconds", 0))
        sys.stdout.write(answer.get("stdout", ""))
        sys.stderr.write(answer.get("stderr", ""))
        sys.exit(answer.get("code", 0))
sys.exit("stand-in for " + name + ": unexpected " + repr(words))
"""


@dataclass(frozen=True)
class StandIn:
    """A script in a folder that the test puts on PATH."""

    folder: Path
    name: str

    @property
    def calls(self) -> list[dict[str, Any]]:
        """What it was told: `words` and `stdin` of each call."""
        path = self.folder / f"{self.name}.calls.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def stand_in(folder: Path, name: str, answers: dict[tuple[str, ...], list[dict[str, Any]]]) -> StandIn:
    """Write a script that answers commands by their first words: the nth answer for the nth call, then the last."""
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.answers.json").write_text(json.dumps([[list(start), given] for start, given in answers.items()]))
    path = folder / name
    path.write_text(_SCRIPT.format(python=sys.executable, folder=str(folder), name=name))
    path.chmod(0o755)
    return StandIn(folder, name)
