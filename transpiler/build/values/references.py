"""References in a layer: to inputs and variables, as in a manifest. One to a task would be a new edge."""

from __future__ import annotations

from typing import Any

from transpiler.diagnostics import Report
from transpiler.patterns import regex
from transpiler.read.yaml.nodes import List, Map, all_nodes

_TASK = regex(r"(?<!\$)\$\{\{(?:'[^']*'|\"[^\"]*\"|[^}'\"])*?\btasks\s*[.\[]")
_HINT = "refer to an input, or write the reference into the manifest"


def refuse_references(layer: Map, report: Report) -> None:
    """Report references to tasks, and take them out."""
    for node in all_nodes(layer):
        entries: list[tuple[Any, Any]] = list(node.items() if isinstance(node, Map) else enumerate(node))
        for key, value in entries:
            if isinstance(value, str) and "${{" in value and _TASK.search(value):
                _refuse(node, key, report)


def _refuse(node: Map | List, key: Any, report: Report) -> None:
    span = node.value_span(key) if isinstance(node, Map) else node.item_span(key)
    report.error("fixed-graph", "a reference to a task would be a new edge of the graph", span, _HINT)
    node.mark_unusable(key)
