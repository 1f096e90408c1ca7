"""The colors of what happened to a node: fill, edge and text, for light pages and dark ones."""

from __future__ import annotations

from typing import Final

from transpiler.graph.model import Graph, Node

LIGHT: Final = {
    "problem": ("#fde8e8", "#b42318", "#7a1710"),
    "succeeded": ("#e3f4e6", "#1a7f37", "#0f3d1b"),
    "failed": ("#fde8e8", "#b42318", "#7a1710"),
    "running": ("#e3eefc", "#0a5ac2", "#0a3069"),
    "waiting": ("#fff8e1", "#8a6d00", "#4d3d00"),
    "skipped": ("#f1f1ef", "#8b8f94", "#4f555c"),
    "idle": ("#fbfbf9", "#a3a8ae", "#5b636d"),
    "added": ("#e3f4e6", "#1a7f37", "#0f3d1b"),
    "removed": ("#fde8e8", "#b42318", "#7a1710"),
    "changed": ("#fff4d6", "#8a6d00", "#4d3d00"),
}
DARK: Final = {
    "problem": ("#3b1a1a", "#ff8a80", "#ffd0cb"),
    "succeeded": ("#14301d", "#5fd07f", "#c9f2d3"),
    "failed": ("#3b1a1a", "#ff8a80", "#ffd0cb"),
    "running": ("#14263f", "#84b6ff", "#d2e3ff"),
    "waiting": ("#362d12", "#e3c04f", "#f6e7b4"),
    "skipped": ("#23262c", "#8a929d", "#b9c0c9"),
    "idle": ("#16181c", "#5c636d", "#a0a9b4"),
    "added": ("#14301d", "#5fd07f", "#c9f2d3"),
    "removed": ("#3b1a1a", "#ff8a80", "#ffd0cb"),
    "changed": ("#362d12", "#e3c04f", "#f6e7b4"),
}
ALIKE: Final = {"error": "failed", "pending": "waiting", "omitted": "skipped", "not started": "idle"}
"""Phase → the phase whose color it has."""


def color_of(graph: Graph, node: Node) -> str:
    """The name of the color of a node; empty for one with nothing to tell."""
    mark = graph.marks.get(node.id)
    if mark is not None:
        color = ALIKE.get(mark.kind, mark.kind)
        return color if color in LIGHT else ""
    return "problem" if any(each.severity == "error" for each in node.problems) else ""
