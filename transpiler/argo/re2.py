r"""Faults of a regular expression for Go's `regexp`, which supports less than Perl's or Python's.

The syntax is that of Go's package `regexp/syntax`. A pattern that Go accepts has no fault here.
"""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct, field

from transpiler.argo.unicode_classes import is_unicode_class
from transpiler.patterns import regex

MAX_REPEAT: Final = 1000
"""The number of copies that repetitions make, with nested ones multiplied."""
MAX_HEIGHT: Final = 1000
MAX_SIZE: Final = (128 << 20) // 40
"""Instructions of the program that Go makes of an expression."""
_REPEAT: Final = regex(r"\{(0|[1-9][0-9]*)(?:(,)(0|[1-9][0-9]*)?)?\}")
_FLAGS: Final = regex(r"\(\?(?:[imsU]*|[imsU]*-[imsU]+)[:)]")
_NAMED: Final = regex(r"\(\?P?<[A-Za-z0-9_]+>")
_ESCAPE: Final = regex(
    r"\\(?:0[0-7]{0,2}|[1-7][0-7]{1,2}|x[0-9A-Fa-f]{2}|x\{0*(?:[0-9A-Fa-f]{1,5}|10[0-9A-Fa-f]{4})\}"
    r"|[afnrtv]|[\x00-/:-@\[-`{-\x7f])"
)
_POSIX: Final = frozenset("alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit".split())


class Fault(Exception):  # noqa: N818 - an answer
    """The reason why Go refuses a pattern."""


class Part(Struct):
    """A part of an expression: the copies of its innermost part, and lower bounds of its height and size."""

    copies: int = 1
    height: int = 1
    size: int = 1


class Group(Struct):
    """An open parenthesis with the branches after it; the last one is still being read."""

    is_captured: bool = True
    parts: list[Part] = field(default_factory=list)
    branches: list[Part] = field(default_factory=list)

    def branch(self) -> None:
        """End a branch."""
        whole = Part(
            max((part.copies for part in self.parts), default=1),
            max((part.height for part in self.parts), default=1),
            max(1, sum(part.size for part in self.parts)),
        )
        self.branches.append(whole)
        self.parts = []

    def whole(self) -> Part:
        """The group as one part."""
        self.branch()
        copies, height, size = (max(getattr(each, name) for each in self.branches) for name in Part.__struct_fields__)
        more = int(self.is_captured)
        return Part(copies, height + more, size + 2 * more)


def fault_of(pattern: str) -> str:
    """Why Go cannot read a pattern; empty when it can."""
    try:
        _Reader(pattern).read()
    except Fault as fault:
        return str(fault)
    return ""


class _Reader(Struct):
    pattern: str
    at: int = 0
    groups: list[Group] = field(default_factory=lambda: [Group(is_captured=False)])
    is_repeated: bool = False
    """True directly after a repetition."""

    def read(self) -> None:
        """Read all of it. Raises Fault."""
        while self.at < len(self.pattern):
            was_repeated, self.is_repeated = self.is_repeated, False
            character = self.pattern[self.at]
            if character in "*+?{":
                self.repetition(character, behind_another=was_repeated)
            elif character == "(":
                self.open()
            elif character == ")":
                self.close()
            elif character == "|":
                self.groups[-1].branch()
                self.at += 1
            elif character == "[":
                self.character_class()
            elif character == "\\":
                self.escape()
            else:
                self.single(self.at + 1)
        if len(self.groups) > 1:
            raise Fault("a `(` is not closed")

    def single(self, end: int) -> None:
        """A part that ends there."""
        self.at = end
        self.groups[-1].parts.append(Part())

    def repetition(self, character: str, *, behind_another: bool) -> None:
        """`*`, `+`, `?`, `{2,3}`, lazy ones too; a brace that is none of these is a character."""
        found = _REPEAT.match(self.pattern, self.at) if character == "{" else None
        if character == "{" and found is None:
            self.single(self.at + 1)
            return
        end = found.end() if found is not None else self.at + 1
        written = self.pattern[self.at : end]
        least, most = (0, -1) if found is None else _bounds(found)
        if max(least, most) > MAX_REPEAT:
            raise Fault(f"`{written}` repeats more than {MAX_REPEAT} times")
        if 0 <= most < least:
            raise Fault(f"`{written}` repeats at least {least} and at most {most} times")
        end += self.pattern.startswith("?", end)
        if behind_another:
            raise Fault(f"`{written}` repeats a repetition; put that into a group")
        if not self.groups[-1].parts:
            raise Fault(f"`{written}` has nothing to repeat")
        self.repeat(least, most, is_counted=found is not None)
        self.at, self.is_repeated = end, True

    def repeat(self, least: int, most: int, *, is_counted: bool) -> None:
        """The last part, repeated. `most` is -1 for one without an end."""
        part = self.groups[-1].parts[-1]
        times = least if most < 0 else most
        if is_counted:
            part.height += 1
            part.copies = 1 if most == 0 else part.copies * max(times, 1)
            part.size = max(1, times * part.size)
        if part.copies > MAX_REPEAT:
            raise Fault(f"nested repetitions make more than {MAX_REPEAT} copies")
        _check(part)

    def open(self) -> None:
        """`(`, and the flags or name that may follow it."""
        if not self.pattern.startswith("(?", self.at):
            self.groups.append(Group())
            self.at += 1
            return
        found = _NAMED.match(self.pattern, self.at) or _FLAGS.match(self.pattern, self.at)
        if found is None:
            raise Fault(_unknown_group(self.pattern[self.at :]))
        self.at = found.end()
        if found[0].endswith(">"):
            self.groups.append(Group())
        elif found[0].endswith(":"):
            self.groups.append(Group(is_captured=False))

    def close(self) -> None:
        """`)`."""
        if len(self.groups) == 1:
            raise Fault("a `)` has no opening `(`")
        whole = self.groups.pop().whole()
        _check(whole)
        self.groups[-1].parts.append(whole)
        self.at += 1

    # ------------------------------------------------------------------ escapes and classes

    def escape(self) -> None:
        """A backslash outside of brackets."""
        following = self.pattern[self.at + 1 : self.at + 2]
        if following == "Q":
            end = self.pattern.find("\\E", self.at + 2)
            quoted = self.pattern[self.at + 2 : end if end >= 0 else None]
            self.groups[-1].parts.extend(Part() for _ in quoted)
            self.at = end + 2 if end >= 0 else len(self.pattern)
        elif following and following in "AbBz":
            self.single(self.at + 2)
        elif following and following in "pPdDsSwW":
            self.single(self.class_escape())
        else:
            self.single(self.character()[0])

    def class_escape(self) -> int:
        r"""Where `\d`, `\pL` or `\p{Greek}` ends."""
        kind, brace = self.pattern[self.at + 1], self.pattern[self.at + 2 : self.at + 3]
        if kind not in "pP":
            return self.at + 2
        close = self.pattern.find("}", self.at)
        if brace == "{" and close < 0:
            raise Fault(f"`\\{kind}{{` is not closed")
        end = close + 1 if brace == "{" else self.at + 3
        name = self.pattern[self.at + 3 : close] if brace == "{" else brace
        if not is_unicode_class(name.removeprefix("^")):
            raise Fault(f"there is no character class `{self.pattern[self.at : end]}`")
        return end

    def character(self) -> tuple[int, int]:
        """Where a single character ends, with its escape, and its code point."""
        if self.pattern[self.at] != "\\":
            return self.at + 1, ord(self.pattern[self.at])
        found = _ESCAPE.match(self.pattern, self.at)
        if found is None:
            raise Fault(_unknown_escape(self.pattern[self.at : self.at + 2]))
        return found.end(), _code(found[0][1:])

    def character_class(self) -> None:
        """`[...]`."""
        start = self.at
        self.at += 2 if self.pattern.startswith("[^", start) else 1
        is_first = True
        while is_first or not self.pattern.startswith("]", self.at):
            is_first = False
            if self.at >= len(self.pattern):
                raise Fault("a `[` is not closed")
            self.member()
        self.single(self.at + 1)

    def member(self) -> None:
        """A class, character or range between brackets."""
        named = self.pattern.find(":]", self.at + 2) if self.pattern.startswith("[:", self.at) else -1
        if named >= 0:
            name = self.pattern[self.at + 2 : named].removeprefix("^")
            if name not in _POSIX:
                raise Fault(f"there is no character class `[:{name}:]`")
            self.at = named + 2
        elif self.pattern[self.at] == "\\" and self.pattern[self.at + 1 : self.at + 2] in [*"pPdDsSwW"]:
            self.at = self.class_escape()
        else:
            self.range()

    def range(self) -> None:
        """A character, or two with a hyphen between them."""
        start = self.at
        self.at, low = self.character()
        behind = self.pattern[self.at + 1 : self.at + 2]
        if self.pattern.startswith("-", self.at) and behind and behind != "]":
            self.at += 1
            self.at, high = self.character()
            if high < low:
                raise Fault(f"the range `{self.pattern[start : self.at]}` ends before it starts")


def _bounds(found: re.Match[str]) -> tuple[int, int]:
    """At least and at most how often a `{…}` repeats; -1 for no end."""
    numbers = (found[1], found[3] or "0")
    least, most = (int(digits) if len(digits) < 9 else MAX_REPEAT + 1 for digits in numbers)
    return least, (most if found[3] is not None else -1) if found[2] else least


def _code(escape: str) -> int:
    """The code point of an escape, without its backslash."""
    if escape[0] == "x":
        return int(escape[1:].strip("{}"), 16)
    if escape[0].isdigit():
        return int(escape, 8)
    return ord({"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}.get(escape, escape))


def _check(part: Part) -> None:
    if part.height > MAX_HEIGHT:
        raise Fault("groups and repetitions are nested too deeply")
    if part.size > MAX_SIZE:
        raise Fault("it repeats too much")


def _unknown_group(rest: str) -> str:
    looks = {"(?=": "ahead", "(?!": "ahead", "(?<=": "behind", "(?<!": "behind"}
    start = next((each for each in ("(?<=", "(?<!", "(?=", "(?!") if rest.startswith(each)), "")
    if start:
        return f"RE2 has no look-{looks[start]}: `{start}`"
    return f"there is no group `{rest[:4]}`"


def _unknown_escape(written: str) -> str:
    if written == "\\":
        return "it ends with a backslash"
    if written[1] in "123456789":
        return f"RE2 has no back-references such as `{written}`"
    return f"`{written}` is not a valid escape"
