"""The blocks of a text that keep it from being YAML, and the text without them.

Used only after the straight read has failed. Siblings are told apart by their indentation, and a block that cannot be
read alone is taken apart into its own entries, so what is lost is the smallest entry that does not read. Lost
characters become spaces and comments: every other character keeps its place.

A level of nesting reads each of its characters once, plus once for each halving around a broken entry; a budget bounds
the sum. What is left when the budget is used up is lost as a whole. Never raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from msgspec import Struct, field

from transpiler.patterns import regex
from transpiler.read.yaml.nodes import Mark

MAPPING: Final = "mapping"
LIST: Final = "list"

Reads = Callable[[str], str | None]
"""The kind of a text: `mapping`, `list`, empty for anything else; None when it is not YAML."""

ANYWHERE: Final = -1

MAX_READS: Final = 2_000
MAX_TIMES: Final = 12
"""How many times the length of the text may be read."""
SMALL: Final = 20
"""Lines that are read once more to be sure that they do not read."""
MAX_LEVELS: Final = 64

_KEY = regex(r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s\-?:,\[\]{}#&*!|>'"%@`]|[-?:](?=\S))""")
_REST = regex(r":(?=[ \t]|$)")
_PROPERTIES_ONLY = regex(r"[ \t]*(?:[&!]\S*[ \t]*)*(?:#.*)?$")
_OPEN_KEY = regex(r":[ \t]*(?:[&!]\S*[ \t]*)*$")
_ITEM = regex(r"-(?:[ \t]+|$)")
_DOCUMENT = regex(r"(?:---|\.\.\.)(?:\s|$)")


class Hole(NamedTuple):
    """The start of a lost block, and the column (from 0) that it stood at; -1 where it may be of any block around."""

    offset: int
    column: int


class Unread(NamedTuple):
    """An entry whose key, or dash, is kept: where the key starts, or the dash ends, and where its value was lost."""

    offset: int
    value: Mark


class Damage(Struct):
    """The text with its broken blocks blanked out, and the places of these."""

    text: str
    holes: list[Hole] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)


def damage(text: str, reads: Reads) -> Damage:
    """Find the broken blocks of a text whose top level is a block mapping or list."""
    surgeon = _Surgeon(text, reads)
    surgeon.treat(0, len(surgeon.lines), -1, 0)
    surgeon.result.text = "\n".join(surgeon.lines)
    return surgeon.result


def without_line(found: Damage, offset: int) -> Damage:
    """Blank out the top-level block around an offset too, because the text still does not read there."""
    lines = found.text.split("\n")
    at = found.text.count("\n", 0, offset)
    starts = [i for i, line in enumerate(lines) if line[:1].strip() and line[0] not in "#}]"]
    low = max((i for i in starts if i <= at), default=0)
    high = min((i for i in starts if i > at), default=len(lines))
    hole = Hole(sum(len(line) + 1 for line in lines[:low]), 0)
    lines[low:high] = [_comment(line, 0) for line in lines[low:high]]
    return Damage("\n".join(lines), [*found.holes, hole], found.unread)


def _meant(before: list[int], after: int, *, is_key: bool, is_first: bool) -> int:
    """The column that is meant by a tab.

    `before` are the columns of the line before it and of the keys around that, `after` the column of the line after it.
    """
    last = before[-1] if before else 0
    if is_key and is_first and after > last + 1:
        return min(last + 2, after - 1)
    if is_key and after >= 0:
        return max((column for column in before if column < after), default=0)
    if is_first:
        return after if after > last else last + 2
    return after if 0 <= after <= last and after in before else last


def _holds_more(line: str) -> bool:
    """True for a key whose value stands on the lines below it."""
    return _OPEN_KEY.search(line.partition(" #")[0]) is not None


def _spaces(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _comment(line: str, column: int) -> str:
    return f"{' ' * column}#".ljust(len(line))[: len(line)]


class _Surgeon:
    """Takes a text apart by indentation."""

    def __init__(self, text: str, reads: Reads) -> None:
        self.result = Damage(text)
        self.lines = text.split("\n")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.reads = reads
        self.reads_left = MAX_READS
        self.characters_left = MAX_TIMES * len(text) + 10_000
        self.tabbed: dict[int, int] = {}
        self._guess_tabs()
        self._resolve_conflicts()
        self._drop_further_documents()
        self.last = max((i for i in range(len(self.lines)) if self._is_content(i)), default=0)

    def _guess_tabs(self) -> None:
        """Guess the columns of lines that are indented with tabs from the lines around them."""
        before: list[int] = []
        """The columns of the keys that hold the last line, from the outside; that of the line is the last."""
        content = [index for index, line in enumerate(self.lines) if line.strip() and line.strip()[0] != "#"]
        tabbed = {index for index in content if self.lines[index].lstrip(" ").startswith("\t")}
        after = -1
        following: dict[int, int] = {}
        for index in reversed(content) if tabbed else ():
            following[index] = after
            after = after if index in tabbed else _spaces(self.lines[index])
        last = ""
        for index in content if tabbed else ():
            text = self.lines[index].strip()
            if index in tabbed:
                self.tabbed[index] = _meant(
                    before, following[index], is_key=_holds_more(text), is_first=_holds_more(last)
                )
            column = self._indent(index)
            while before and before[-1] >= column:
                before.pop()
            before.append(column)
            last = text

    def _resolve_conflicts(self) -> None:
        """Keep our side of a merge conflict."""
        first = middle = None
        for index, line in enumerate(self.lines):
            if line.startswith("<<<<<<<"):
                first, middle = index, None
            elif first is not None and middle is None and line.startswith(("|||||||", "=======")):
                middle = index
            elif first is not None and middle is not None and line.startswith(">>>>>>>"):
                for each in (first, *range(middle, index + 1)):
                    self.lines[each] = _comment(self.lines[each], 0)
                after = next((i for i in range(first, len(self.lines)) if self._is_content(i)), first)
                self.result.holes.append(Hole(self.starts[first], self._indent(after)))
                first = None

    def _drop_further_documents(self) -> None:
        has_content = False
        for index, line in enumerate(self.lines):
            if _DOCUMENT.match(line) and has_content:
                self.result.holes.append(Hole(self.starts[index], 0))
                del self.lines[index:]
                return
            if line.startswith("%") and not has_content:
                self.lines[index] = _comment(line, 0)
            has_content = has_content or self._is_content(index)

    # ------------------------------------------------------------------ lines

    def _indent(self, index: int) -> int:
        """The column of a line's first character; for a line with a tab before that, the column that was meant."""
        return self.tabbed[index] if index in self.tabbed else _spaces(self.lines[index])

    def _is_content(self, index: int) -> bool:
        line = self.lines[index].strip()
        return bool(line) and line[0] != "#" and not _DOCUMENT.match(self.lines[index])

    def _continues(self, index: int) -> bool:
        """True for a line that starts no entry, wherever it stands."""
        return self.lines[index].lstrip(" ")[:1] in {"}", "]"}

    def _is_item(self, index: int, column: int) -> bool:
        return _ITEM.match(self.lines[index], column) is not None

    def _key_end(self, index: int, column: int) -> int | None:
        """The offset in the line behind the colon of a key at a column; None when no key stands there."""
        line = self.lines[index]
        start = _KEY.match(line, column)
        if start is None:
            return None
        if line[column] in "\"'":
            spaces = len(line) - len(line[start.end() :].lstrip(" "))
            colon = _REST.match(line, spaces)
        else:
            colon = _REST.search(line, column)
            comment = line.find(" #", column)
            colon = None if colon and 0 <= comment < colon.start() else colon
        return colon.end() if colon else None

    # ------------------------------------------------------------------ blocks

    def treat(self, low: int, high: int, outer: int, level: int) -> None:
        """Blank out what is broken in the entries of lines `low` to `high`, which stand deeper than column `outer`."""
        indent = self._column_of(low, high, outer)
        if indent is None or level > MAX_LEVELS:
            self._blank(low, high, outer + 1)
            return
        is_list = any(self._is_item(i, indent) for i in self._entries(low, high, indent)[:1])
        chunks = list(self._chunks(low, high, indent, is_list=is_list))
        placed = [chunk for chunk in chunks if self._is_placed(chunk[0], indent, is_list=is_list)]
        kind = LIST if is_list else MAPPING
        broken = {*chunks} - {*placed} | {*self._broken(placed, kind, is_known=len(placed) == len(chunks))}
        for first, last in self._not_joined(sorted(broken), kind):
            self._treat_entry(first, last, indent, level, is_list=is_list)

    def _is_placed(self, index: int, indent: int, *, is_list: bool) -> bool:
        """True for an entry at the column of its block, and of its kind."""
        if self._indent(index) != indent or self._continues(index) or index in self.tabbed:
            return False
        return self._is_item(index, indent) == is_list

    def _entries(self, low: int, high: int, indent: int) -> list[int]:
        """The lines that start an entry. A key at a wrong column takes the lines along that stand below it."""
        found = []
        below: int | None = None
        for index in range(low, high):
            if not self._is_content(index) or self._continues(index):
                continue
            column = self._indent(index)
            if below is not None and column >= below:
                continue
            below = None
            if column <= indent:
                found.append(index)
                if column < indent or index in self.tabbed:
                    below = self._column_below(index, high)
        return found

    def _column_below(self, index: int, high: int) -> int | None:
        """The column of the lines that a key without a value holds; None for any other line."""
        if not _holds_more(self.lines[index]):
            return None
        following = (i for i in range(index + 1, high) if self._is_content(i))
        below = next((self._indent(i) for i in following), -1)
        return below if below > self._indent(index) else None

    def _column_of(self, low: int, high: int, outer: int) -> int | None:
        """The column at which the entries of a block start: that of the first, unless the others show a better one."""
        lines = [i for i in range(low, high) if self._is_content(i) and not self._continues(i)]
        columns = [self._indent(i) for i in lines]
        if not columns or columns[0] == outer:  # a list may stand at the column of its key
            return columns[0] if columns else None
        inner = [column for column in columns if column > outer]
        if not inner:
            return None
        first, least = inner[0], min(inner)
        if outer < 0 or columns.count(least) > 1:
            return least
        if least < first:  # the key of the first lines is lost, where another holds lines at the same column
            at = columns.index(least)
            is_usual = least > outer + 1 and columns[at + 1 : at + 2] == [first]
            return least if is_usual and _holds_more(self.lines[lines[at]]) else first
        return self._without_first(lines, columns)

    def _without_first(self, lines: list[int], columns: list[int]) -> int:
        """The column of the other entries, where the first one stands alone with too little indentation."""
        least = min(columns[1:], default=columns[0])
        others = [i for i, column in zip(lines, columns, strict=True) if column == least]
        is_odd = len(columns) > 1 and columns[1] > least > columns[0]
        return least if is_odd and all(_holds_more(self.lines[i]) for i in others) else columns[0]

    def _chunks(self, low: int, high: int, indent: int, *, is_list: bool) -> Iterator[tuple[int, int]]:
        starts: list[int] = []
        for index in self._entries(low, high, indent):
            is_of_key = not is_list and starts and self._indent(index) == indent and self._is_item(index, indent)
            if not is_of_key or not self._is_empty_key(starts[-1], indent):
                starts.append(index)
        first = starts[0] if starts else high
        if any(self._is_content(i) for i in range(low, first)):
            yield low, first
        yield from pairwise([*starts, high])

    def _is_empty_key(self, index: int, indent: int) -> bool:
        end = self._key_end(index, indent)
        return end is not None and _PROPERTIES_ONLY.match(self.lines[index], end) is not None

    def _broken(self, chunks: list[tuple[int, int]], kind: str, *, is_known: bool) -> list[tuple[int, int]]:
        """The entries that do not read, by halving; all of them where the budget is used up.

        `is_known`: together they do not read, which is not asked again of many lines.
        """
        is_known = is_known and (len(chunks) > 1 or chunks[0][1] - chunks[0][0] > SMALL)
        if not chunks or (not is_known and self._read(chunks, kind)):
            return []
        if len(chunks) == 1 or self.reads_left <= 0:
            return chunks
        middle = len(chunks) // 2
        first = self._broken(chunks[:middle], kind, is_known=False)
        return [*first, *self._broken(chunks[middle:], kind, is_known=not first)]

    def _read(self, chunks: list[tuple[int, int]], kind: str) -> bool:
        size = sum(self.starts[high] - self.starts[low] for low, high in chunks)
        if self.reads_left <= 0 or self.characters_left < size:
            return False
        self.reads_left -= 1
        self.characters_left -= size
        return self.reads("".join(f"{line}\n" for low, high in chunks for line in self.lines[low:high])) == kind

    def _not_joined(self, broken: list[tuple[int, int]], kind: str) -> Iterator[tuple[int, int]]:
        """Leave out pairs that read together: lines of a text or of brackets may stand at any column."""
        waiting: tuple[int, int] | None = None
        for chunk in broken:
            if waiting is not None and self._may_be_open(waiting[0]) and self._read([(waiting[0], chunk[1])], kind):
                waiting = None
                continue
            if waiting is not None:
                yield waiting
            waiting = chunk
        if waiting is not None:
            yield waiting

    def _may_be_open(self, index: int) -> bool:
        return any(character in self.lines[index] for character in "\"'{[")

    # ------------------------------------------------------------------ one broken entry

    def _treat_entry(self, low: int, high: int, indent: int, level: int, *, is_list: bool) -> None:
        at_its_column = self._indent(low) == indent and not self._continues(low) and low not in self.tabbed
        if at_its_column and is_list and self._is_item(low, indent):
            self._treat_item(low, high, indent, level)
            return
        end = self._key_end(low, indent) if at_its_column and not is_list else None
        if end is None:
            self._blank(low, high, indent)
            return
        has_content = any(self._is_content(i) for i in range(low + 1, high))
        if _PROPERTIES_ONLY.match(self.lines[low], end):
            if has_content and self.lines[low].count("&", end) <= 1:
                self.treat(low + 1, high, indent, level + 1)
                return
        elif has_content and self._has_stray_lines(low, high) and self._read([(low, low + 1)], MAPPING):
            self._blank(low + 1, high, indent)
            return
        self._lose_value(low, high, end, self.starts[low] + indent)

    def _has_stray_lines(self, low: int, high: int) -> bool:
        """True when all that follows a value on the line of its key is indented with tabs: entries of their own."""
        if self.lines[low].rstrip()[-1:] in "|>+-" or re.search(r"[|>][-+1-9]*\s*(#.*)?$", self.lines[low]):
            return False
        lines = [i for i in range(low + 1, high) if self._is_content(i)]
        return bool(lines) and all(i in self.tabbed for i in lines)

    def _treat_item(self, low: int, high: int, indent: int, level: int) -> None:
        line = self.lines[low]
        dash = _ITEM.match(line, indent)
        start = dash.end() if dash else indent + 1
        inner = start < len(line) and (self._key_end(low, start) is not None or self._is_item(low, start))
        if inner or (start >= len(line) and high > low + 1):
            self.lines[low] = f"{line[:indent]} {line[indent + 1 :]}"
            self.treat(low, high, indent, level + 1)
            self.lines[low] = f"{line[:indent]}-{self.lines[low][indent + 1 :]}"
            return
        self._lose_value(low, high, indent + 1, self.starts[low] + indent + 1)

    def _lose_value(self, low: int, high: int, end: int, key: int) -> None:
        """Keep a key, or the dash of an item, and blank out what stands behind it."""
        line = self.lines[low]
        value = end + len(line[end:]) - len(line[end:].lstrip())
        last = max((i for i in range(low, high) if self.lines[i].strip()), default=low)
        stop = self.starts[last] + len(self.lines[last])
        self.result.unread.append(Unread(key, Mark(min(self.starts[low] + value, stop), stop)))
        below = [(i, self._indent(i)) for i in range(low + 1, high) if self._is_content(i)]
        hides_entries = any(self._key_end(*each) or self._is_item(*each) for each in below)
        if last >= self.last or hides_entries:
            self.result.holes.append(Hole(stop, ANYWHERE))
        self.lines[low] = line[:end].ljust(len(line))
        column = key - self.starts[low]
        self.lines[low + 1 : high] = [_comment(each, column) for each in self.lines[low + 1 : high]]

    def _blank(self, low: int, high: int, column: int) -> None:
        """Lose some lines. At a wrong column, or at the end of the text, they may be part of any block around."""
        content = [i for i in range(low, high) if self._is_content(i)]
        if content:
            first = content[0]
            is_placed = self._indent(first) == column and first not in self.tabbed and len(content) == 1
            is_placed = is_placed and first < self.last
            self.result.holes.append(
                Hole(self.starts[first] + _spaces(self.lines[first]), column if is_placed else ANYWHERE)
            )
        self.lines[low:high] = [_comment(line, column) for line in self.lines[low:high]]
