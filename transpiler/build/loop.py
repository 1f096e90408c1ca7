"""`forEach` → Loop: a list, a matrix, an expression that yields a list, or a sequence of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from transpiler.build.matrix import build_matrix
from transpiler.build.value import item_value, only_text, value_of
from transpiler.diagnostics import Report
from transpiler.model.task import Item, Loop
from transpiler.model.values import Literal, Value
from transpiler.read.unmarked_references import reference_hint
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import UNUSABLE, List, Map, Unusable


def build_loop(body: Map, report: Report) -> Loop | None:
    """The loop of a task; None when it has none."""
    if "forEach" in body.incomplete_keys:
        return Loop(body.span, is_incomplete=True, source=UNUSABLE)
    if body.get("forEach") is None:
        return None
    return _loop(body, "forEach", "item", report)


def _loop(parent: Map, key: str, alias: str, report: Report) -> Loop:
    value, span = parent[key], parent.value_span(key)
    if isinstance(value, List):
        if not fields.is_complete(value):
            return Loop(span, alias, source=UNUSABLE)
        items = tuple(_item(value, index, report) for index in range(len(value)))
        return Loop(span, alias, listed=items)
    if isinstance(value, str):
        source = only_text(value_of(parent, key, report), span, report) or UNUSABLE
        return Loop(span, alias, is_incomplete=isinstance(source, Unusable), source=source)
    if not isinstance(value, Map) or not fields.is_complete(value):
        return Loop(span, alias, is_incomplete=True, source=UNUSABLE)
    alias = fields.text(value, "as") or alias
    if _conflict(value, report):
        return Loop(span, alias, source=UNUSABLE)
    if value.keys() & _OF_A_MATRIX:
        matrix = build_matrix(value, report)
        return Loop(span, alias, matrix=matrix, source=None if matrix is not None else UNUSABLE)
    if "in" in value:
        return _loop(value, "in", alias, report)
    return _sequence(value, alias, parent, key, report)


_OF_A_MATRIX: Final = frozenset(["matrix", "exclude", "include"])
_OF_A_SEQUENCE: Final = frozenset(["range", "start", "end", "step", "format"])


def _conflict(value: Map, report: Report) -> bool:
    """Report a loop that says in two ways what it runs over."""
    others = [key for key in value if key == "in" or key in _OF_A_SEQUENCE]
    if not others or not value.keys() & _OF_A_MATRIX:
        return False
    message = f"`{others[0]}` cannot be combined with a `matrix`"
    hint = "delete it, or write its numbers as an axis, such as {matrix: {fold: [0, 1, 2]}}"
    report.error("conflicting-keys", message, value.key_span(others[0]), hint)
    return True


def _sequence(value: Map, alias: str, parent: Map, key: str, report: Report) -> Loop:
    span = parent.value_span(key)
    ends = {name: value_of(value, name, report) for name in ("range", "start", "end") if name in value}
    if "range" in value and (len(ends) > 1 or "step" in value):
        hint = "`range: 3` is 0, 1, 2; `start` and `end` are both included"
        message = "`range` cannot be combined with `start`, `end` or `step`"
        report.error("wrong-value", message, value.key_span("range"), hint)
    elif "range" not in value and "end" not in value:
        message = "the loop has neither `in` nor a `range`"
        report.error("missing-key", message, span, "write {in: LIST, as: NAME}, {range: 3} or {start: 1, end: 3}")
    step = value.get("step")
    return Loop(
        span,
        alias,
        count=_number(ends, "range", value, report),
        start=_number(ends, "start", value, report) or (Literal(0, "0") if "end" in ends else None),
        end=_number(ends, "end", value, report),
        step=step if isinstance(step, int) and step else 1,
        format=fields.text(value, "format"),
        numbers=value,
    )


def _number(ends: Mapping[str, Value | None], name: str, value: Map, report: Report) -> Value | None:
    """An end of a sequence: a whole number, or an expression that yields one."""
    given = ends.get(name)
    if isinstance(given, Literal) and (isinstance(given.value, bool) or not isinstance(given.value, int)):
        hint = reference_hint(given.value, "for example 3")
        report.error("wrong-type", f"`{name}` must be a whole number", value.value_span(name), hint)
        return UNUSABLE
    return given


def _item(items: List, index: int, report: Report) -> Item:
    value: Any = items[index]
    if isinstance(value, Map):
        return tuple((key, value_of(value, key, report) or Literal(None, "null")) for key in sorted(value))
    if value is None:
        report.error("wrong-value", "an item is empty", items.item_span(index), "quote a string, or delete the item")
        return UNUSABLE
    return item_value(items, index, report) or UNUSABLE
