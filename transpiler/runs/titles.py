"""What a node of a run is called for people: the task, in the tasks around it, with its items and tries."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from typing import Final

from transpiler.plan.argo_objects import Node
from transpiler.runs.found import Found
from transpiler.runs.nodes import text
from transpiler.runs.places import Path

_BESIDE: Final = re.compile(r"[^.].*?\.(?:hooks\.(?=.)|(?=onExit(?:\(\d+\))?\Z))(.*)", re.DOTALL)


def title_of(key: str, nodes: Mapping[str, Node], known: Found, tries: Container[str]) -> str:
    """The title of a node: `train`, `group / train(0:a)`, `train, try 2`. `tries`: the ids of nodes that are tries."""
    path = _path(key, nodes, known)
    last = path[-1] if path else _beside(nodes.get(key, {})) or key
    number = re.fullmatch(r"(.*)\((\d+)\)", last, re.DOTALL)
    if key in tries and number:
        return " / ".join([*path[:-1], f"{number[1]}, try {int(number[2]) + 1}"])
    return " / ".join(path) or last


def _beside(node: Node) -> str:
    """What runs beside the tasks: `onExit`, or the name of a hook of the run; empty for all others."""
    found = _BESIDE.fullmatch(text(node.get("name")))
    return found[1] if found is not None and not node.get("boundaryID") else ""


def _path(key: str, nodes: Mapping[str, Node], known: Found) -> list[str]:
    """The names of a node and of those around it, without the run itself, and without what the compiler has added."""
    path: list[str] = []
    last: Path | None = None
    seen: set[str] = set()
    while (node := nodes.get(key)) is not None and node.get("boundaryID") and key not in seen:
        seen.add(key)
        shown, home = text(node.get("displayName")), known.homes.get(key)
        item = shown[shown.find("(") :] if "(" in shown else ""
        if key in known.below or key not in known.homes:
            path.append(shown)
        elif home is not None and home == last:  # a DAG around a task has its place
            path[-1] = f"{home[-1]}{item}{path[-1].removeprefix(home[-1])}"
        elif home is not None:
            path.append(home[-1] + item)
            last = home
        key = text(node.get("boundaryID"))
    return path[::-1]
