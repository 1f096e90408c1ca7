"""What a text loses so that it is YAML: the broken blocks, and the text without them.

Lost characters become spaces and comments: every other character keeps its place.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from msgspec import Struct, field

from transpiler.read.yaml.lines import comment
from transpiler.read.yaml.nodes import Mark

MAPPING: Final = "mapping"
LIST: Final = "list"
ANYWHERE: Final = -1


class Hole(NamedTuple):
    """The start of a lost block, and the column (from 0) that it stood at; -1 where it may be of any block around."""

    offset: int
    column: int


class Unread(NamedTuple):
    """An entry whose key, or dash, is kept: where the key starts, or the dash ends, and where its value was lost."""

    offset: int
    value: Mark


class Broken(NamedTuple):
    """A broken block: its lines (the last one exclusive), its text, the column of its siblings, and what it may be."""

    low: int
    high: int
    offset: int
    text: str
    column: int
    kinds: tuple[str, ...]


class Damage(Struct):
    """The text with its broken blocks blanked out, and the places of these."""

    text: str
    holes: list[Hole] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    conflicts: list[int] = field(default_factory=list)
    """Where merge conflicts start."""


def without_line(found: Damage, offset: int) -> Damage:
    """Blank out the top-level block around an offset too, because the text still does not read there."""
    lines = found.text.split("\n")
    at = found.text.count("\n", 0, offset)
    starts = [i for i, line in enumerate(lines) if line[:1].strip() and line[0] not in "#}]"]
    low = max((i for i in starts if i <= at), default=0)
    high = min((i for i in starts if i > at), default=len(lines))
    hole = Hole(sum(len(line) + 1 for line in lines[:low]), 0)
    lines[low:high] = [comment(line, 0) for line in lines[low:high]]
    return Damage("\n".join(lines), [*found.holes, hole], found.unread, found.broken, found.conflicts)
