"""A value as written → Literal, Text or Unusable; and the expressions of `when`."""

from __future__ import annotations

import json
from typing import Any, Final

from transpiler.build.expressions.interpolation import parse_bare, parse_text
from transpiler.diagnostics import Report, Span
from transpiler.model.expressions.tree import Expression, Text
from transpiler.model.values import Literal, Value
from transpiler.patterns import regex
from transpiler.read.unmarked_references import reference_hint
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import UNUSABLE, List, Map, Mark, Unusable


def value_of(parent: Map, key: str, report: Report) -> Value | None:
    """The value of a key; None when it is null."""
    return _value(parent[key], parent.values_at[key], parent.written(key), parent, report)


def item_value(parent: List, index: int, report: Report) -> Value | None:
    """The value of an item of a list; None when it is null."""
    return _value(parent[index], parent.items_at[index], parent.written(index), parent, report)


def _value(value: Any, mark: Mark, written: str, parent: Map | List, report: Report) -> Value | None:
    if isinstance(value, str):
        if "${{" not in value:
            return Literal(value, written)
        text = parse_text(value, parent.source, mark, report)
        if text is None:
            return UNUSABLE
        return text if text.expressions else Literal("".join(map(str, text.parts)), written)
    if not fields.is_complete(value):
        return UNUSABLE
    if isinstance(value, (Map, List)) and _nested_references(value, report):
        return UNUSABLE
    return None if value is None else Literal(_unescaped(value), written)


def expression_of(parent: Map, key: str, report: Report) -> Expression | None:
    """The expression of a key such as `when`, with or without `${{ }}`; None when it is none, which is reported."""
    value = parent.get(key)
    if isinstance(value, bool):
        value = str(value).lower()
    if not isinstance(value, str) or parent.hides(key):
        return None
    return parse_bare(value, parent.source, parent.values_at[key], report)


def known_text(parent: Map, key: str, report: Report) -> str:
    """A text that is read before a run could put something in; reports references in it."""
    if key not in parent or parent[key] is None or parent.hides(key):
        return ""
    value = value_of(parent, key, report)
    if isinstance(value, Text):
        message = "a reference cannot be used here: this is read before values are inserted"
        report.error("misplaced-reference", message, value.expressions[0].span, "write the text itself")
    return str(value.value) if isinstance(value, Literal) else ""


def only_text(value: Value | None, span: Span, report: Report) -> Text | Unusable | None:
    """A value that must be computed: a text with expressions. Reports a literal."""
    if isinstance(value, Literal):
        hint = reference_hint(value.value, "write ${{ tasks.NAME.output }}, or a list")
        report.error("wrong-value", "a reference is required here", span, hint)
        return UNUSABLE
    return value


def _unescaped(value: Any) -> Any:
    """A list or mapping with `${{` for each `$${{` in its texts."""
    if isinstance(value, Map):
        return {key: _unescaped(item) for key, item in value.items()}
    if isinstance(value, List):
        return [_unescaped(item) for item in value]
    return value.replace("$${{", "${{") if isinstance(value, str) else value


def _as_expression(value: Any) -> str:
    """The way to pass a list or mapping with references in it: as an expression, or as JSON."""
    if isinstance(value, List):
        items = [_item(item) for item in value]
        if all(items):
            return f"write the list as an expression: `${{{{ [{', '.join(items)}] }}}}`"
    if isinstance(value, Map):
        pairs = [(str(key), _WHOLE.fullmatch(item) if isinstance(item, str) else None) for key, item in value.items()]
        shown = [f'"{key}": ${{{{ toJson({found[1]}) }}}}' for key, found in pairs if found is not None]
        if len(shown) == len(pairs):
            return f"write it as a string of JSON: `'{{{', '.join(shown)}}}'`"
    return "write it as a string of JSON, with `${{ toJson(...) }}` for each value"


def _item(value: Any) -> str:
    """An item of a list in an expression; empty where that is not short."""
    if isinstance(value, str):
        found = _WHOLE.fullmatch(value)
        return found[1] if found else "" if "'" in value or "${{" in value else f"'{value}'"
    return json.dumps(value) if isinstance(value, (bool, int, float)) else ""


_WHOLE: Final = regex(r"\$\{\{\s*([^{}]+?)\s*\}\}")


def _nested_references(value: Any, report: Report) -> bool:
    """Report references in a list or mapping: Argo would put a value in unescaped, and a quote break the JSON."""
    found = False
    entries = list(value.items()) if isinstance(value, Map) else list(enumerate(value))
    for key, item in entries:
        if isinstance(item, (Map, List)):
            found = _nested_references(item, report) or found
        elif isinstance(item, str) and "${{" in item.replace("$${{", ""):
            span = value.value_span(str(key)) if isinstance(value, Map) else value.item_span(int(key))
            message = "a reference cannot be nested in a list or mapping"
            report.error("nested-reference", message, span, _as_expression(value))
            found = True
    return found
