"""The lines of a text that is told apart by indentation: where each starts, its column, and what starts on it.

A line that is indented with tabs stands at the column that was meant, as far as the lines around it show that.
"""

from __future__ import annotations

from typing import Final

from transpiler.patterns import regex

_KEY = regex(r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s\-?:,\[\]{}#&*!|>'"%@`]|[-?:](?=\S))""")
_REST = regex(r":(?=[ \t]|$)")
_BRACKET = regex(r"\s[\[{]")
"""The value of a key without a colon starts, whose own colon may come first."""
PROPERTIES_ONLY = regex(r"[ \t]*(?:[&!]\S*[ \t]*)*(?:#.*)?$")
_OPEN_KEY = regex(r":[ \t]*(?:[&!]\S*[ \t]*)*$")
ITEM = regex(r"-(?:[ \t]+|$)")
DOCUMENT: Final = regex(r"(?:---|\.\.\.)(?:\s|$)")


class Lines:
    """Lines that may be blanked out one by one."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.tabbed: dict[int, int] = {}
        self._guess_tabs()

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
            after = after if index in tabbed else indent_of(self.lines[index])
        last = ""
        for index in content if tabbed else ():
            text = self.lines[index].strip()
            if index in tabbed:
                self.tabbed[index] = _meant(
                    before, following[index], is_key=holds_more(text), is_first=holds_more(last)
                )
            column = self.indent(index)
            while before and before[-1] >= column:
                before.pop()
            before.append(column)
            last = text

    def indent(self, index: int) -> int:
        """The column of a line's first character; for a line with a tab before that, the column that was meant."""
        return self.tabbed[index] if index in self.tabbed else indent_of(self.lines[index])

    def is_content(self, index: int) -> bool:
        """True for a line that is neither empty nor a comment, nor starts a document."""
        line = self.lines[index].strip()
        return bool(line) and line[0] != "#" and not DOCUMENT.match(self.lines[index])

    def continues(self, index: int) -> bool:
        """True for a line that starts no entry, wherever it stands."""
        return self.lines[index].lstrip(" ")[:1] in {"}", "]"}

    def is_item(self, index: int, column: int) -> bool:
        """True where an item of a list starts at a column."""
        return ITEM.match(self.lines[index], column) is not None

    def key_end(self, index: int, column: int) -> int | None:
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
            bracket = _BRACKET.search(line, column, colon.start()) if colon else None
            colon = None if colon and (bracket or 0 <= comment < colon.start()) else colon
        return colon.end() if colon else None

    def is_empty_key(self, index: int, indent: int) -> bool:
        """True for a key without a value on its line."""
        end = self.key_end(index, indent)
        return end is not None and PROPERTIES_ONLY.match(self.lines[index], end) is not None


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


def holds_more(line: str) -> bool:
    """True for a key whose value stands on the lines below it."""
    return _OPEN_KEY.search(line.partition(" #")[0]) is not None


def indent_of(line: str) -> int:
    """The number of spaces before a line."""
    return len(line) - len(line.lstrip(" "))


def comment(line: str, column: int) -> str:
    """A comment in the place of a line, as long as that where it can be."""
    return f"{' ' * column}#".ljust(len(line))[: len(line)]
