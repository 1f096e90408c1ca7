"""Rows of boxes, labels and bends: each line is cut into steps from one row to the next."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Final

from msgspec import Struct

from transpiler.layout.arrangement import Piece
from transpiler.layout.layers import ranks
from transpiler.layout.links import NOWHERE, Border, Link

BENDS: Final = (2_000, 8)
"""Bends of a part at most: so many, and so many for each of its boxes and links. Beyond, lines share more bends."""


class Chains(Struct, frozen=True):
    """The rows of a part in the order of their making, and how links run through them."""

    rows: list[list[int]]
    pieces: list[Piece]
    """Of each link."""
    labels: dict[int, tuple[float, float]]
    """Label → its size."""
    runs: list[tuple[int, int]]
    """The first and last bend of each chain."""


class _Span(Struct):
    """The rows that the bends of a trunk take."""

    first: int
    last: int


def chained(boxes: list[int], links: list[Link], border: Border, joint: Callable[[], int]) -> Chains:
    """The rows of connected boxes. `joint` gives the number of a new item, one after the other."""
    row_of, count = _rows(boxes, links, border)
    rows: list[list[int]] = [[] for _ in range(count)]
    for item in (*border.entries, *boxes, *border.exits):
        rows[row_of[item]].append(item)
    labels, sizes = _labels(links, row_of, rows, joint)
    needs = [_need(link, row_of) for link in links]
    keys = _within_budget([link.trunk for link in links], links, needs, len(boxes))
    spans: dict[Hashable, _Span] = {}
    for key, need in zip(keys, needs, strict=True):
        if need.first <= need.last:
            span = spans.setdefault(key, _Span(need.first, need.last))
            span.first, span.last = min(span.first, need.first), max(span.last, need.last)
    starts: dict[Hashable, int] = {}
    runs = []
    for key, span in spans.items():
        bends = [joint() for _ in range(span.first, span.last + 1)]
        for row, bend in enumerate(bends, span.first):
            rows[row].append(bend)
        starts[key] = bends[0] - span.first
        runs.append((bends[0], bends[-1]))
    pieces = []
    for link, key, need in zip(links, keys, needs, strict=True):
        label = labels[link.trunk] if link.label else NOWHERE
        has_bends = need.first <= need.last
        first, last = (starts[key] + need.first, starts[key] + need.last) if has_bends else (NOWHERE, NOWHERE)
        pieces.append((link.top, label, first, last, link.bottom))
    return Chains(rows, pieces, sizes, runs)


def _rows(boxes: list[int], links: list[Link], border: Border) -> tuple[dict[int, int], int]:
    """The row of each box, entry and exit, and the number of rows, with a row for labels where they are needed."""
    inside = set(boxes)
    pairs = list({(link.top, link.bottom): None for link in links if link.top in inside and link.bottom in inside})
    rank = ranks(boxes, pairs)
    rank |= dict.fromkeys(border.entries, -1) | dict.fromkeys(border.exits, max(rank.values()) + 1)
    labelled = {rank[link.top] for link in links if link.label}
    row_of_rank, count = {}, 0
    for value in sorted(set(rank.values())):
        row_of_rank[value] = count
        count += 2 if value in labelled else 1
    return {item: row_of_rank[value] for item, value in rank.items()}, count


def _labels(
    links: list[Link], row_of: dict[int, int], rows: list[list[int]], joint: Callable[[], int]
) -> tuple[dict[Hashable, int], dict[int, tuple[float, float]]]:
    """A label for each trunk, in the row below its top, as large as the largest that is wanted."""
    labels: dict[Hashable, int] = {}
    sizes: dict[int, tuple[float, float]] = {}
    for link in links:
        if link.label:
            if link.trunk not in labels:
                labels[link.trunk] = joint()
                rows[row_of[link.top] + 1].append(labels[link.trunk])
            label = labels[link.trunk]
            width, height = sizes.get(label, (0, 0))
            sizes[label] = (max(width, link.label.width), max(height, link.label.height))
    return labels, sizes


def _need(link: Link, row_of: dict[int, int]) -> _Span:
    return _Span(row_of[link.top] + (2 if link.label else 1), row_of[link.bottom] - 1)


def _within_budget(keys: list[Hashable], links: list[Link], needs: list[_Span], boxes: int) -> list[Hashable]:
    """Whose bends are shared: those of a trunk; if that is too much, of a box; at last, of the longest lines."""
    budget = BENDS[0] + BENDS[1] * (boxes + len(links))
    if _cost(keys, needs) > budget:
        keys = [(link.top, isinstance(link.trunk, tuple)) for link in links]
    if _cost(keys, needs) > budget:
        longest: dict[Hashable, int] = {}
        for key, need in zip(keys, needs, strict=True):
            longest[key] = max(longest.get(key, 0), need.last - need.first + 1)
        kept, left = set(), budget
        for key in sorted(longest, key=longest.__getitem__):
            left -= longest[key]
            if left >= 0:
                kept.add(key)
        keys = [key if key in kept else None for key in keys]
    return keys


def _cost(keys: list[Hashable], needs: list[_Span]) -> int:
    spans: dict[Hashable, _Span] = {}
    for key, need in zip(keys, needs, strict=True):
        if need.first <= need.last:
            span = spans.setdefault(key, _Span(need.first, need.last))
            span.first, span.last = min(span.first, need.first), max(span.last, need.last)
    return sum(span.last - span.first + 1 for span in spans.values())
