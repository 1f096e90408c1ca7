"""`forEach` → Loop: a list, an expression that yields one, or a sequence of numbers."""

from __future__ import annotations

from typing import Any

from transpiler.diagnostics import Report
from transpiler.model import fields
from transpiler.model.build_value import item_value, only_text, value_of
from transpiler.model.pipeline import Item, Loop
from transpiler.model.values import Literal, Unusable, Value
from transpiler.read.nodes import List, Map


def build_loop(body: Map, report: Report) -> Loop | None:
    """The loop of a task; None when it has none."""
    if "forEach" in body.faulty:
        return Loop(body.span, is_open=True, source=Unusable())
    if body.get("forEach") is None:
        return None
    return _loop(body, "forEach", "item", report)


def _loop(parent: Map, key: str, alias: str, report: Report) -> Loop:
    value, span = parent[key], parent.value_span(key)
    if isinstance(value, List):
        if not fields.is_sound(value):
            return Loop(span, alias, source=Unusable())
        items = tuple(_item(value, index, report) for index in range(len(value)))
        if not items:
            report.error("wrong-value", "the list has no item", span, "delete the task, or write what it runs for")
        return Loop(span, alias, items=items)
    if isinstance(value, str):
        source = only_text(value_of(parent, key, report), span, report) or Unusable()
        return Loop(span, alias, is_open=isinstance(source, Unusable), source=source)
    if not isinstance(value, Map) or not fields.is_sound(value):
        return Loop(span, alias, is_open=True, source=Unusable())
    if "in" in value:
        return _loop(value, "in", fields.text(value, "as") or alias, report)
    return _sequence(value, fields.text(value, "as") or alias, parent, key, report)


def _sequence(value: Map, alias: str, parent: Map, key: str, report: Report) -> Loop:
    span = parent.value_span(key)
    ends = {name: value_of(value, name, report) for name in ("range", "start", "end") if name in value}
    if "range" in value and len(ends) > 1:
        hint = "`range: 3` is 0, 1, 2; `start` and `end` are both included"
        report.error("wrong-value", "`range` stands beside `start` or `end`", value.key_span("range"), hint)
    elif "range" not in value and "end" not in value:
        message = "the loop says neither what it runs `in` nor a `range`"
        report.error("missing-key", message, span, "write {in: LIST, as: NAME}, {range: 3} or {start: 1, end: 3}")
    for name, given in ends.items():
        _check_number(given, name, value, report)
    return Loop(
        span,
        alias,
        count=ends.get("range"),
        start=ends.get("start") or (Literal(0, "0") if "end" in ends else None),
        end=ends.get("end"),
        format=fields.text(value, "format"),
    )


def _check_number(given: Value | None, name: str, value: Map, report: Report) -> None:
    if not isinstance(given, Literal):
        return
    if isinstance(given.value, bool) or not isinstance(given.value, int):
        report.error("wrong-type", f"`{name}` must be a whole number", value.value_span(name), "for example 3")
    elif name == "range" and given.value < 1:
        message = f"a range of {given.value} has no number"
        report.error("wrong-value", message, value.value_span(name), "delete the task, or write how often it runs")


def _item(items: List, index: int, report: Report) -> Item:
    value: Any = items[index]
    if isinstance(value, Map):
        return tuple((key, value_of(value, key, report) or Literal(None, "null")) for key in sorted(value))
    if value is None:
        report.error("wrong-value", "an item is empty", items.item_span(index), "quote a text, or delete the item")
        return Unusable()
    return item_value(items, index, report) or Unusable()
