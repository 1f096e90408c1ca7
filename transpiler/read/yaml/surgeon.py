"""Finds the blocks of a text that keep it from being YAML.

Used only after the straight read has failed. Siblings are told apart by their indentation, and a block that cannot be
read alone is taken apart into its own entries, so what is lost is the smallest entry that does not read.

A level of nesting reads each of its characters once, plus once for each halving around a broken entry; a budget bounds
the sum. What is left when the budget is used up is lost as a whole. Never raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from transpiler.read.yaml.damage import ANYWHERE, LIST, MAPPING, Broken, Damage, Hole, Unread
from transpiler.read.yaml.lines import DOCUMENT, ITEM, PROPERTIES_ONLY, Lines, comment, holds_more, indent_of
from transpiler.read.yaml.nodes import Mark

Reads = Callable[[str], str | None]
"""The kind of a text: `mapping`, `list`, empty for anything else; None when it is not YAML."""

MAX_READS: Final = 2_000
MAX_TIMES: Final = 12
"""How many times the length of the text may be read."""
SMALL: Final = 20
"""Lines that are read once more to be sure that they do not read."""
MAX_LEVELS: Final = 64


def damage(text: str, reads: Reads) -> Damage:
    """Find the broken blocks of a text whose top level is a block mapping or list."""
    surgeon = _Surgeon(text, reads)
    surgeon.treat(0, len(surgeon.lines), -1, 0)
    surgeon.result.text = "\n".join(surgeon.lines)
    return surgeon.result


class _Surgeon(Lines):
    """Takes a text apart by indentation."""

    def __init__(self, text: str, reads: Reads) -> None:
        super().__init__(text)
        self.result = Damage(text)
        self.reads = reads
        self.reads_left = MAX_READS
        self.characters_left = MAX_TIMES * len(text) + 10_000
        self._resolve_conflicts()
        self._drop_further_documents()
        self.last = max((i for i in range(len(self.lines)) if self.is_content(i)), default=0)

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
                    self.lines[each] = comment(self.lines[each], 0)
                self.result.conflicts.append(self.starts[first])
                after = next((i for i in range(first, len(self.lines)) if self.is_content(i)), first)
                self.result.holes.append(Hole(self.starts[first], self.indent(after)))
                first = None

    def _drop_further_documents(self) -> None:
        has_content = False
        for index, line in enumerate(self.lines):
            if DOCUMENT.match(line) and has_content:
                self.result.holes.append(Hole(self.starts[index], 0))
                del self.lines[index:]
                return
            if line.startswith("%") and not has_content:
                self.lines[index] = comment(line, 0)
            has_content = has_content or self.is_content(index)

    # ------------------------------------------------------------------ blocks

    def treat(self, low: int, high: int, outer: int, level: int) -> None:
        """Blank out what is broken in the entries of lines `low` to `high`, which stand deeper than column `outer`."""
        indent = self._column_of(low, high, outer)
        if indent is None or level > MAX_LEVELS:
            self._blank(low, high, outer + 1, (MAPPING, LIST))
            return
        is_list = self._is_list(self._entries(low, high, indent), indent)
        chunks = list(self._chunks(low, high, indent, is_list=is_list))
        placed = [chunk for chunk in chunks if self._is_placed(chunk[0], indent, is_list=is_list)]
        kind = LIST if is_list else MAPPING
        broken = {*chunks} - {*placed} | {*self._broken(placed, kind, is_known=len(placed) == len(chunks))}
        for first, last in self._not_joined(sorted(broken), kind):
            self._treat_entry(first, last, indent, level, is_list=is_list)

    def _is_list(self, entries: list[int], indent: int) -> bool:
        """True for entries of a list: the first one, also when a space is missing behind its dash, tells."""
        has_dash = bool(entries) and self.lines[entries[0]][indent : indent + 1] == "-"
        return has_dash and any(self.is_item(i, indent) for i in entries)

    def _is_placed(self, index: int, indent: int, *, is_list: bool) -> bool:
        """True for an entry at the column of its block, and of its kind."""
        if self.indent(index) != indent or self.continues(index) or index in self.tabbed:
            return False
        return self.is_item(index, indent) == is_list

    def _entries(self, low: int, high: int, indent: int) -> list[int]:
        """The lines that start an entry. A key at a wrong column takes the lines along that stand below it."""
        found = []
        below: int | None = None
        for index in range(low, high):
            if not self.is_content(index) or self.continues(index):
                continue
            column = self.indent(index)
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
        if not holds_more(self.lines[index]):
            return None
        following = (i for i in range(index + 1, high) if self.is_content(i))
        below = next((self.indent(i) for i in following), -1)
        return below if below > self.indent(index) else None

    def _column_of(self, low: int, high: int, outer: int) -> int | None:
        """The column at which the entries of a block start: that of the first, unless the others show a better one."""
        lines = [i for i in range(low, high) if self.is_content(i) and not self.continues(i)]
        columns = [self.indent(i) for i in lines]
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
            is_usual = is_usual and holds_more(self.lines[lines[at]])
            return least if is_usual or _is_likelier(least, first) else first
        return _without_first(columns)

    def _chunks(self, low: int, high: int, indent: int, *, is_list: bool) -> Iterator[tuple[int, int]]:
        starts: list[int] = []
        for index in self._entries(low, high, indent):
            is_of_key = not is_list and starts and self.indent(index) == indent and self.is_item(index, indent)
            if not is_of_key or not self.is_empty_key(starts[-1], indent):
                starts.append(index)
        first = starts[0] if starts else high
        if any(self.is_content(i) for i in range(low, first)):
            yield low, first
        yield from pairwise([*starts, high])

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
        at_its_column = self.indent(low) == indent and not self.continues(low) and low not in self.tabbed
        if at_its_column and is_list and self.is_item(low, indent):
            self._treat_item(low, high, indent, level)
            return
        end = self.key_end(low, indent) if at_its_column and not is_list else None
        if end is None:
            self._blank(low, high, indent, (LIST if is_list else MAPPING,))
            return
        has_content = any(self.is_content(i) for i in range(low + 1, high))
        if PROPERTIES_ONLY.match(self.lines[low], end):
            if has_content and self.lines[low].count("&", end) <= 1:
                self.treat(low + 1, high, indent, level + 1)
                return
        elif has_content and self._has_stray_lines(low, high) and self._read([(low, low + 1)], MAPPING):
            self._blank(low + 1, high, indent, (MAPPING,))
            return
        self._lose_value(low, high, end, self.starts[low] + indent, MAPPING)

    def _has_stray_lines(self, low: int, high: int) -> bool:
        """True when all that follows a value on the line of its key is indented with tabs: entries of their own."""
        if self.lines[low].rstrip()[-1:] in "|>+-" or re.search(r"[|>][-+1-9]*\s*(#.*)?$", self.lines[low]):
            return False
        lines = [i for i in range(low + 1, high) if self.is_content(i)]
        return bool(lines) and all(i in self.tabbed for i in lines)

    def _treat_item(self, low: int, high: int, indent: int, level: int) -> None:
        line = self.lines[low]
        dash = ITEM.match(line, indent)
        start = dash.end() if dash else indent + 1
        inner = start < len(line) and (self.key_end(low, start) is not None or self.is_item(low, start))
        if inner or (start >= len(line) and high > low + 1):
            self.lines[low] = f"{line[:indent]} {line[indent + 1 :]}"
            self.treat(low, high, indent, level + 1)
            self.lines[low] = f"{line[:indent]}-{self.lines[low][indent + 1 :]}"
            return
        self._lose_value(low, high, indent + 1, self.starts[low] + indent + 1, LIST)

    def _lose_value(self, low: int, high: int, end: int, key: int, kind: str) -> None:
        """Keep a key, or the dash of an item, and blank out what stands behind it."""
        self._note(low, high, key - self.starts[low] - (kind == LIST), (kind,))
        line = self.lines[low]
        value = end + len(line[end:]) - len(line[end:].lstrip())
        last = max((i for i in range(low, high) if self.lines[i].strip()), default=low)
        stop = self.starts[last] + len(self.lines[last])
        self.result.unread.append(Unread(key, Mark(min(self.starts[low] + value, stop), stop)))
        below = [(i, self.indent(i)) for i in range(low + 1, high) if self.is_content(i)]
        hides_entries = any(self.key_end(*each) or self.is_item(*each) for each in below)
        if last >= self.last or hides_entries:
            self.result.holes.append(Hole(stop, ANYWHERE))
        self.lines[low] = line[:end].ljust(len(line))
        column = key - self.starts[low]
        self.lines[low + 1 : high] = [comment(each, column) for each in self.lines[low + 1 : high]]

    def _note(self, low: int, high: int, column: int, kinds: tuple[str, ...]) -> None:
        """Keep the lines of a broken block as they are, for those who say what is wrong with it."""
        if any(self.is_content(i) for i in range(low, high)):
            text = "\n".join(self.lines[low:high])
            self.result.broken.append(Broken(low, high, self.starts[low], text, column, kinds))

    def _blank(self, low: int, high: int, column: int, kinds: tuple[str, ...]) -> None:
        """Lose some lines. At a wrong column, or at the end of the text, they may be part of any block around."""
        self._note(low, high, column, kinds)
        content = [i for i in range(low, high) if self.is_content(i)]
        if content:
            first = content[0]
            is_placed = self.indent(first) == column and first not in self.tabbed and len(content) == 1
            is_placed = is_placed and first < self.last
            self.result.holes.append(
                Hole(self.starts[first] + indent_of(self.lines[first]), column if is_placed else ANYWHERE)
            )
        self.lines[low:high] = [comment(line, column) for line in self.lines[low:high]]


def _is_likelier(column: int, other: int) -> bool:
    """True where the steps that most people indent with lead to one column, and not to the other."""
    return column % 2 == 0 and other % 2 == 1


def _without_first(columns: list[int]) -> int:
    """The column of the other entries, where the first one stands alone with too little indentation."""
    least = min(columns[1:], default=columns[0])
    is_odd = len(columns) > 1 and columns[1] > least > columns[0]
    return least if is_odd and _is_likelier(least, columns[0]) else columns[0]
