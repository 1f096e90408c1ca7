"""`forEach: {matrix: …}` → Matrix."""

from __future__ import annotations

from transpiler.build.value import item_value, only_text, value_of
from transpiler.diagnostics import Report
from transpiler.model.matrix import Axis, Entry, Matrix
from transpiler.model.values import Literal
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import UNUSABLE, List, Map


def build_matrix(value: Map, report: Report) -> Matrix | None:
    """The matrix of a loop; None if a mistake hides its values, which is reported."""
    axes = value.get("matrix")
    if not isinstance(axes, Map):
        key = next(key for key in ("exclude", "include") if key in value)
        message = f"`{key}` is only for combinations of a `matrix`"
        report.error("missing-key", message, value.key_span(key), "write the axes: {matrix: {lr: [0.1, 0.01]}, …}")
        return None
    return Matrix(
        value.key_span("matrix"),
        tuple(_axis(axes, name, report) for name in sorted(axes)),
        _entries(value, "exclude", report),
        _entries(value, "include", report),
    )


def _axis(axes: Map, name: str, report: Report) -> Axis:
    value, span = axes[name], axes.key_span(name)
    if isinstance(value, List):
        values = tuple(item_value(value, index, report) or Literal(None, "null") for index in range(len(value)))
        return Axis(name, span, values, tuple(map(value.item_span, range(len(value)))))
    source = only_text(value_of(axes, name, report), axes.value_span(name), report)
    return Axis(name, span, source=source or UNUSABLE)


def _entries(value: Map, key: str, report: Report) -> tuple[Entry, ...]:
    return tuple(_entry(each, report) for each in fields.mappings(value, key))


def _entry(given: Map, report: Report) -> Entry:
    names = sorted(given)
    values = tuple((name, value_of(given, name, report) or Literal(None, "null")) for name in names)
    return Entry(values, given.span, tuple(map(given.key_span, names)))
