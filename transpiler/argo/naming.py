"""Names that Argo and Kubernetes accept, made from names that people wrote. The same input gives the same names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from transpiler.argo.expressions import EXPRESSION_WORDS
from transpiler.patterns import regex

MAX_NAME: Final = 63
"""Argo allows 128 for templates and tasks; 63 also fits a label, and leaves room in the names of pods."""

PORT_NAME: Final = regex(r"[-a-zA-Z0-9_]+")
"""The name of a parameter or artifact."""

MAX_FILE_NAME: Final = 200
"""File systems allow 255 bytes; names that become equal get a number."""


def kebab(text: str, fallback: str) -> str:
    """A lower-case name of letters, digits and `-`, as KFP makes it: `Train 3D model` → `train-3d-model`."""
    words = re.sub(r"[^0-9a-z]+", "-", text.lower()).strip("-")
    if not words:
        return fallback
    return shortened(f"n{words}" if words[0].isdigit() else words)


def shortened(name: str, most: int = MAX_NAME) -> str:
    """At most `most` characters; a digest replaces the rest, so that long names stay different."""
    if len(name) <= most:
        return name
    return f"{name[: most - 9].rstrip('-')}-{sha256(name.encode()).hexdigest()[:8]}"


def task_name(text: str) -> str:
    """The DAG task of a task: kebab, and no word that `depends` would take for an operator."""
    name = kebab(text, "task")
    return f"{name}-task" if name in EXPRESSION_WORDS else name


def port_name(text: str) -> str:
    """A parameter or artifact name: `Model path` → `Model-path`."""
    return re.sub(r"[^-_0-9A-Za-z]+", "-", text).strip("-") or "value"


def file_name(text: str) -> str:
    """A folder below /tmp/inputs or /tmp/outputs, as KFP names it; never `.` or `..`."""
    name = re.sub(r"[^-_.0-9a-zA-Z]+", "_", text)[:MAX_FILE_NAME]
    return name if name.strip(".") else "_"


class Names:
    """Makes names unique: the second of two equal ones gets `-2`, in the order of the calls."""

    def __init__(self, taken: Iterable[str] = (), delimiter: str = "-") -> None:
        self._taken = set(taken)
        self._delimiter = delimiter
        self._last: dict[str, int] = {}

    def unique(self, name: str) -> str:
        """`name`, or the first of `name-2`, `name-3`, … that is free."""
        candidate, number = name, self._last.get(name, 1)
        while candidate in self._taken:
            number += 1
            candidate = f"{name[: MAX_NAME - len(str(number)) - 1]}{self._delimiter}{number}"
        self._last[name] = number
        self._taken.add(candidate)
        return candidate


def task_names(tasks: Iterable[str]) -> dict[str, str]:
    """The tasks of one DAG, in its order → their names in Argo."""
    taken = Names()
    return {task: taken.unique(task_name(task)) for task in tasks}
