"""Keys that stand one level too high: beside the key that they belong below, which is empty therefore."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Any, Final, NamedTuple

from transpiler.diagnostics import Report
from transpiler.read.yaml.nodes import Map

_HEADERS: Final = frozenset(
    {
        *("inputs", "outputs", "components", "tasks", "entries", "defaults", "presets", "labels", "annotations"),
        *("arguments", "env", "secrets", "volumes", "hooks", "retry", "resources", "nodeSelector"),
    }
)
"""Keys with a mapping that nobody leaves empty."""


class Dedented(NamedTuple):
    """An empty key, and the keys that follow it and belong below it."""

    header: str
    keys: list[str]


def dedented(node: Any, known: Mapping[str, Any]) -> list[Dedented]:
    """The empty keys of a mapping that unknown ones follow at their column."""
    return list(_groups(node, known)) if isinstance(node, Map) and not _HEADERS.isdisjoint(node) else []


def _groups(node: Map, known: Mapping[str, Any]) -> Iterator[Dedented]:
    keys = sorted(node, key=lambda key: node.keys_at[key].start)  # the reader sorts them by name
    for at, header in enumerate(keys):
        if header not in _HEADERS or header not in known or node[header] is not None:
            continue
        moved = list(takewhile(lambda key: key not in known, keys[at + 1 :]))
        if moved and node.key_span(moved[0]).column == node.key_span(header).column:
            yield Dedented(header, moved)


def report_dedented(found: Dedented, node: Map, report: Report) -> None:
    """Report the keys that follow an empty one as one mistake."""
    first = found.keys[0]
    node.incomplete_keys |= {found.header, *found.keys}
    what = f"`{first}`" if len(found.keys) == 1 else f"`{first}` and the keys after it"
    message = f"`{found.header}` is empty, and `{first}` stands beside it, not below"
    report.error("unknown-key", message, node.key_span(first), f"indent {what} deeper than `{found.header}`")
