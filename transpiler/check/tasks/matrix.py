"""The axes of a matrix, and its `exclude` and `include`."""

from __future__ import annotations

from collections.abc import Iterator

from transpiler.diagnostics import Report
from transpiler.model.matrix import MAX_COMBINATIONS, MAX_EXCLUDED, Axis, Entry, Matrix, identity, key_of
from transpiler.model.values import Literal, Value
from transpiler.suggest import suggestion


def check_matrix(matrix: Matrix, report: Report) -> None:
    """A matrix has combinations, not too many, each once; and its entries are about them."""
    usable = [_check_axis(axis, report) for axis in matrix.axes]
    known = [_check_names(entry, matrix, report) for entry in (*matrix.exclude, *matrix.include)]
    if not all(usable) or _is_too_large(matrix, report):
        return
    complete = [_check_whole(entry, matrix, report) for entry in matrix.include]
    if matrix.is_written and all([*known, *complete]):
        _check_use(matrix, report)
    elif not matrix.is_written:
        _check_computed(matrix, report)


def _check_computed(matrix: Matrix, report: Report) -> None:
    """What a matrix cannot have if Argo computes its combinations during the run."""
    axis = next(axis for axis in matrix.axes if axis.source is not None)
    values = [pair for each in matrix.axes for pair in zip(each.values, each.spans, strict=True)]
    values += [
        pair for entry in matrix.include for pair in zip((value for _, value in entry.values), entry.spans, strict=True)
    ]
    for value, span in values:
        if isinstance(value, Literal) and "{{" in str(value.value):
            message = (
                f"Argo would replace `{{{{` in this value, because the axis `{axis.name}` is known only in the run"
            )
            report.error("argo-tag", message, span, "change the value, or write the values of all axes")
    if matrix.exclude:
        message = f"`exclude` needs written values, but those of the axis `{axis.name}` are known only in the run"
        hint = "add a `when` to the task instead, such as `!(item.a == '1' && item.b == '2')`"
        report.error("wrong-value", message, matrix.exclude[0].span, hint)


def _check_axis(axis: Axis, report: Report) -> bool:
    """False for an axis without values, which is reported."""
    if axis.source is None and not axis.values:
        hint = "write its values, or delete the axis"
        report.error("wrong-value", f"the axis `{axis.name}` has no values", axis.span, hint)
        return False
    keys = [key_of(value) for value in axis.values]
    if len(set(keys)) < len(keys):
        message = f"the axis `{axis.name}` has this value twice, so its combinations run twice"
        again = next(number for number, key in enumerate(keys) if keys.index(key) < number)
        report.warning("matrix-entry", message, axis.spans[again], "delete one of them")
    return True


def _check_names(entry: Entry, matrix: Matrix, report: Report) -> bool:
    """False for an entry with a key that is not an axis, which is reported."""
    for (name, _), span in zip(entry.values, entry.spans, strict=True):
        if name not in matrix.names:
            message = f"the matrix has no axis `{name}`"
            report.error("wrong-value", message, span, suggestion(name, matrix.names, "axes"))
            return False
    return True


def _check_whole(entry: Entry, matrix: Matrix, report: Report) -> bool:
    """False for an entry of `include` without a value for each axis, which is reported."""
    given = dict(entry.values)
    missing = [name for name in matrix.names if name not in given]
    if missing and all(name in matrix.names for name in given):
        message = f"an added combination has no `{missing[0]}`"
        report.error("missing-key", message, entry.span, "write a value for each axis: " + _listed(matrix.names))
    return not missing


def _is_too_large(matrix: Matrix, report: Report) -> bool:
    if len(matrix.exclude) > MAX_EXCLUDED:
        message = f"`exclude` has {len(matrix.exclude):,} entries; it can have {MAX_EXCLUDED:,}"
        hint = "let an entry name fewer axes, or write the combinations as a list"
        report.error("wrong-value", message, matrix.exclude[0].span, hint)
        return True
    if matrix.size <= MAX_COMBINATIONS:
        return False
    factors = " * ".join(str(len(axis.values)) for axis in matrix.axes if axis.source is None)
    message = f"the matrix has {matrix.size:,} combinations ({factors}); a Workflow can have {MAX_COMBINATIONS:,}"
    hint = "let a task yield the combinations as a JSON list, or nest two loops"
    report.error("wrong-value", message, matrix.span, hint)
    return True


def _check_use(matrix: Matrix, report: Report) -> None:
    """Each entry changes something, and something is left."""
    known = {name: set(map(key_of, axis.values)) for name, axis in zip(matrix.names, matrix.axes, strict=True)}
    for entry in matrix.exclude:
        if _is_literal(entry) and not all(key_of(value) in known[name] for name, value in entry.values):
            message = "this entry matches no combination, so it leaves nothing out"
            report.warning("matrix-entry", message, entry.span, f"the axes have the values {_shown(matrix)}")
    taken = {identity(item, matrix.names) for item in matrix.kept}
    for entry in matrix.include:
        key = identity(entry.values, matrix.names)
        if key in taken:
            message = "the matrix already has this combination, so it runs twice"
            report.warning("matrix-entry", message, entry.span, "delete the entry")
        taken.add(key)
    if not matrix.items:
        message = "`exclude` leaves no combination"
        report.error("wrong-value", message, matrix.exclude[0].span, "delete an entry, or the task")


def _is_literal(entry: Entry) -> bool:
    return all(isinstance(value, Literal) for _, value in entry.values)


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _shown(matrix: Matrix) -> str:
    shown = (f"`{axis.name}`: {', '.join(_written(axis.values[:8]))}" for axis in matrix.axes[:8])
    return "; ".join(shown)


def _written(values: tuple[Value, ...]) -> Iterator[str]:
    return (value.written if isinstance(value, Literal) else "…" for value in values)
