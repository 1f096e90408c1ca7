"""`forEach` → Loop: a list, an expression that yields one, or a sequence of numbers."""

from __future__ import annotations

from typing import Any

from transpiler.argo.limits import MAX_ITEMS, is_int64
from transpiler.argo.sequences import digits_of
from transpiler.build.value import item_value, only_text, value_of
from transpiler.diagnostics import Report
from transpiler.model.task import Item, Loop
from transpiler.model.values import Literal, Unusable, Value
from transpiler.read.unmarked_references import reference_hint
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import List, Map


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
            report.error("wrong-value", "the list has no items", span, "delete the task, or write the items")
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
    if "range" in value and (len(ends) > 1 or "step" in value):
        hint = "`range: 3` is 0, 1, 2; `start` and `end` are both included"
        message = "`range` cannot be combined with `start`, `end` or `step`"
        report.error("wrong-value", message, value.key_span("range"), hint)
    elif "range" not in value and "end" not in value:
        message = "the loop has neither `in` nor a `range`"
        report.error("missing-key", message, span, "write {in: LIST, as: NAME}, {range: 3} or {start: 1, end: 3}")
    are_right = [_check_number(given, name, value, report) for name, given in ends.items()]
    step = value.get("step")
    loop = Loop(
        span,
        alias,
        count=ends.get("range"),
        start=ends.get("start") or (Literal(0, "0") if "end" in ends else None),
        end=ends.get("end"),
        step=step if isinstance(step, int) and step else 1,
        format=fields.text(value, "format"),
    )
    if all(are_right) and _check_step(loop, value, report):
        _check_length(loop, value, report)
    return loop


def _check_number(given: Value | None, name: str, value: Map, report: Report) -> bool:
    """False for what is no end of a sequence, which is reported."""
    if not isinstance(given, Literal):
        return True
    if isinstance(given.value, bool) or not isinstance(given.value, int):
        hint = reference_hint(given.value, "for example 3")
        report.error("wrong-type", f"`{name}` must be a whole number", value.value_span(name), hint)
    elif name == "range" and given.value < 1:
        message = f"a range of {given.value} has no items"
        report.error("wrong-value", message, value.value_span(name), "delete the task, or write the number of its runs")
    elif not is_int64(given.value):
        report.error(
            "wrong-value", f"`{name}` needs more than 64 bits", value.value_span(name), "write a smaller number"
        )
    else:
        return True
    return False


def _check_step(loop: Loop, value: Map, report: Report) -> bool:
    """A step leads somewhere, and Argo itself writes no numbers of one: what does can write digits alone."""
    if value.get("step") == 0:
        hint = "delete it to count up, or write -1 to count down"
        report.error("wrong-value", "the step of a range cannot be 0", value.value_span("step"), hint)
    elif not is_int64(loop.step):
        report.error(
            "wrong-value", "`step` needs more than 64 bits", value.value_span("step"), "write a smaller number"
        )
    elif loop.step != 1 and loop.format and digits_of(loop.format) is None:
        message = f"a loop with a `step` cannot use the format `{loop.format}`"
        report.error("wrong-value", message, value.value_span("format"), "use %d, %3d or %03d, with any text around it")
    else:
        return True
    return False


def _check_length(loop: Loop, value: Map, report: Report) -> None:
    """A sequence that stands in the manifest has numbers, and not more than a run can hold."""
    length = loop.length
    if length == 0 and "end" in value:
        way = ("-1", "down") if loop.step > 0 else ("1", "up")
        hint = f"write `step: {way[0]}` to count {way[1]}, or delete the task"
        message = "the loop has no items, because its end is before its start: the task never runs"
        report.warning("empty-range", message, value.value_span("end"), hint)
    elif length is not None and length > MAX_ITEMS:
        key = "range" if "range" in value else "end"
        message = f"the loop has {length:,} items; a run can have {MAX_ITEMS:,}"
        report.error(
            "wrong-value", message, value.value_span(key), "let each task process several items, or nest two loops"
        )


def _item(items: List, index: int, report: Report) -> Item:
    value: Any = items[index]
    if isinstance(value, Map):
        return tuple((key, value_of(value, key, report) or Literal(None, "null")) for key in sorted(value))
    if value is None:
        report.error("wrong-value", "an item is empty", items.item_span(index), "quote a string, or delete the item")
        return Unusable()
    return item_value(items, index, report) or Unusable()
