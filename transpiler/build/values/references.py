"""References in a layer: to inputs and variables, as in a manifest. One to a task would be a new edge."""

from __future__ import annotations

from typing import Any

from transpiler.diagnostics import Report
from transpiler.patterns import regex
from transpiler.read.yaml.nodes import UNUSABLE, List, Map

_TASK = regex(r"(?<!\$)\$\{\{(?:'[^']*'|\"[^\"]*\"|[^}'\"])*?\btasks\s*[.\[]")
_HINT = "refer to an input, or write the reference into the manifest"


def refuse_references(layer: Map, report: Report) -> None:
    """Report references to tasks, and take them out."""
    waiting: list[Map | List] = [layer]
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        entries: list[tuple[Any, Any]] = list(node.items() if isinstance(node, Map) else enumerate(node))
        for key, value in entries:
            if isinstance(value, (Map, List)):
                waiting.append(value)
            elif isinstance(value, str) and "${{" in value and _TASK.search(value):
                _refuse(node, key, report)


def _refuse(node: Map | List, key: Any, report: Report) -> None:
    span = node.value_span(key) if isinstance(node, Map) else node.item_span(key)
    report.error("fixed-graph", "a reference to a task would be a new edge of the graph", span, _HINT)
    node[key] = UNUSABLE
    if isinstance(node, Map):
        node.incomplete_keys.add(key)
    else:
        node.is_incomplete = True
