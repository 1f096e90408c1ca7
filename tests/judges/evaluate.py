"""What Argo makes of one expression, one text with tags, or one condition: the program of `argo/evaluate`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from tests.judges import go


class Asked(NamedTuple):
    """A request: a kind of `argo/evaluate`, a text, the values that it may name, and how tags are replaced."""

    kind: str
    text: str
    values: Mapping[str, Any] = {}
    allow: bool = False
    strict: Sequence[str] | None = None


class Said(NamedTuple):
    """An answer: a value with its types (see `argo/evaluate`), or Argo's error."""

    value: Any
    error: str


@cache
def build() -> Path | None:
    """The compiled program, None where it cannot be had; see `go.made`."""
    return go.compiled("evaluate", ("evaluate/main.go",), "build", "./evaluate")


def ask(requests: Sequence[Asked]) -> list[Said]:
    """Argo's answers. Raises NoJudgeError where `build` gives None."""
    program = build()
    if program is None:
        raise go.NoJudgeError("set TRANSPILE_REQUIRE_JUDGES to learn why")
    lines = "\n".join(json.dumps(request._asdict()) for request in requests)
    answers = [json.loads(line) for line in go.run(str(program), text=lines).split("\n") if line]
    return [Said(answer["value"], answer["error"]) for answer in answers]
