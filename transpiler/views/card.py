"""One component in full, for people."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

from transpiler.catalog.files import shown
from transpiler.model.ports import Input
from transpiler.report.safe import safe, width
from transpiler.views.entries import Entry
from transpiler.views.example import example

_WIDTH: Final = 88


def card(entry: Entry) -> str:
    """Name, facts, inputs, outputs, and a manifest to copy."""
    return "\n".join(_lines(entry)) + "\n"


def _lines(entry: Entry) -> Iterator[str]:
    component = entry.component
    yield safe(component.name)
    if entry.description:
        yield ""
        yield from _paragraphs(entry.description, "")
    yield ""
    yield from _columns(_facts(entry))
    if component.annotations:
        yield from ("", "annotations:", *(f"  {line}" for line in _columns(component.annotations)))
    inputs = [((given.name, given.type.shown, _need(given)), given.description) for given in component.inputs]
    outputs = [((output.name, output.type.shown), output.description) for output in component.outputs]
    for heading, ports in (("inputs", inputs), ("outputs", outputs)):
        yield from ("", f"{heading}:" if ports else f"{heading}: none")
        rows = _columns([cells for cells, _ in ports])
        for row, (_, description) in zip(rows, ports, strict=True):
            yield f"  {row}"
            yield from _paragraphs(description, "      ")
    yield from ("", "example:", "")
    yield from (f"  {safe(line)}" for line in example(entry).splitlines())


def _facts(entry: Entry) -> list[tuple[str, ...]]:
    return [
        ("path", entry.reference),
        ("file", shown(entry.file.path)),
        ("image", entry.image or ("none: a graph of other components" if entry.is_graph else "none")),
        ("digest", f"sha256:{entry.digest}"),
    ]


def _need(given: Input) -> str:
    if given.default is not None:
        return f"default {given.default}" if given.default else "default empty"
    return "optional" if given.optional else "required"


def _columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """The rows with their columns below each other."""
    made = [[safe(cell) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*made, strict=True)]
    return [
        "  ".join(cell + " " * (columns - width(cell)) for cell, columns in zip(row, widths, strict=True)).rstrip()
        for row in made
    ]


def _paragraphs(text: str, indent: str) -> Iterator[str]:
    """A text in lines that can be read; each of its own lines is a paragraph, and keeps its indentation."""
    for line in map(safe, text.strip().splitlines()):
        margin = indent + " " * (len(line) - len(line.lstrip(" ")))
        yield from textwrap.wrap(
            line.strip(), _WIDTH, initial_indent=margin, subsequent_indent=margin, break_on_hyphens=False
        ) or [""]
