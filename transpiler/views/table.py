"""Components as a table for people, as wide as their terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from transpiler.report.safe import safe, width
from transpiler.views.entries import Entry

_HEADINGS: Final = ("PATH", "NAME", "INPUTS", "OUTPUTS", "IMAGE", "DESCRIPTION")
_SHARES: Final = (7, 3, 3, 2, 2, 3)
"""How much of the width each column may take when there is not enough for all."""
_GAP: Final = "  "
_ELLIPSIS: Final = "…"


def table(entries: Sequence[Entry], columns: int | None) -> str:
    """One line for each row, cut to `columns` if set. A path keeps its end, which distinguishes components."""
    rows = [_HEADINGS, *(tuple(map(safe, _row(entry))) for entry in entries)]
    natural = [max(width(row[index]) for row in rows) for index in range(len(_HEADINGS))]
    widths = natural if columns is None else _fitted(natural, columns - len(_GAP) * (len(_HEADINGS) - 1))
    return "".join(f"{_GAP.join(_cells(row, widths)).rstrip()}\n" for row in rows)


def _row(entry: Entry) -> tuple[str, ...]:
    component = entry.component
    inputs = ", ".join(given.name if given.required else f"[{given.name}]" for given in component.inputs)
    outputs = ", ".join(output.name for output in component.outputs)
    return entry.reference, component.name, inputs, outputs, entry.image or "(graph)", entry.summary


def _fitted(natural: list[int], budget: int) -> list[int]:
    """Columns that need no more than their share get what they need; the others share the rest."""
    widths = list(natural)
    waiting = set(range(len(natural)))
    while waiting:
        shares = sum(_SHARES[index] for index in waiting)
        fair = {index: max(budget * _SHARES[index] // shares, 1) for index in waiting}
        content = {index for index in waiting if natural[index] <= fair[index]}
        for index in content or waiting:
            widths[index] = min(natural[index], fair[index])
            budget -= widths[index]
        waiting -= content or waiting
    return widths


def _cells(row: tuple[str, ...], widths: list[int]) -> Iterator[str]:
    for index, (text, columns) in enumerate(zip(row, widths, strict=True)):
        cell = cut(text[::-1], columns)[::-1] if index == 0 else cut(text, columns)
        yield cell + " " * (columns - width(cell))


def cut(text: str, columns: int) -> str:
    """A safe text in at most `columns` columns, with an ellipsis if it is cut."""
    if width(text) <= columns:
        return text
    kept, taken = "", 0
    for character in text:
        taken += width(character)
        if taken > columns - 1:
            break
        kept += character
    return kept.rstrip() + _ELLIPSIS
