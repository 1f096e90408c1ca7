"""Regular expressions of Go: text → program of a machine that matches in linear time (package regexp/syntax)."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeAlias

from msgspec import Struct

from transpiler.engine.tags.errors import ExpressionError
from transpiler.patterns import regex

Test: TypeAlias = Callable[[str], bool]
"""True for the characters that a step takes."""

MAX_PROGRAM: Final = 20_000
"""Steps of a program; `((a{100}){10}){9}` is written in a few characters."""
MAX_LENGTH: Final = 10_000
"""Characters of a pattern."""
_WORD: Final = frozenset(string.ascii_letters + string.digits + "_")
_DIGITS: Final = frozenset(string.digits)
_SPACE: Final = frozenset("\t\n\f\r ")
_PERL: Final[dict[str, frozenset[str]]] = {"d": _DIGITS, "s": _SPACE, "w": _WORD}
_POSIX: Final[dict[str, frozenset[str]]] = {
    "alnum": frozenset(string.ascii_letters + string.digits),
    "alpha": frozenset(string.ascii_letters),
    "ascii": frozenset(map(chr, range(128))),
    "blank": frozenset("\t "),
    "cntrl": frozenset([*map(chr, range(32)), "\x7f"]),
    "digit": _DIGITS,
    "graph": frozenset(map(chr, range(33, 127))),
    "lower": frozenset(string.ascii_lowercase),
    "print": frozenset(map(chr, range(32, 127))),
    "punct": frozenset(string.punctuation),
    "space": frozenset("\t\n\v\f\r "),
    "upper": frozenset(string.ascii_uppercase),
    "word": _WORD,
    "xdigit": frozenset(string.hexdigits),
}
_LONG: Final = {
    "letter": "L", "uppercaseletter": "Lu", "lowercaseletter": "Ll", "titlecaseletter": "Lt", "modifierletter": "Lm",
    "otherletter": "Lo", "mark": "M", "number": "N", "decimalnumber": "Nd", "digit": "Nd", "punctuation": "P",
    "punct": "P", "symbol": "S", "separator": "Z", "other": "C", "control": "Cc", "cntrl": "Cc",
}  # fmt: skip
_SCRIPTS: Final = {"han": "CJK UNIFIED IDEOGRAPH"}
_REPEAT: Final = regex(r"\{([0-9]+)(,?)([0-9]*)\}")
_NAME: Final = regex(r"\(\?P?<(\w+)>")
_FLAGS: Final = regex(r"\(\?([imsU]*)(?:-([imsU]+))?([:)])")
_CODE: Final = regex(r"\\(?:x\{([0-9A-Fa-f]+)\}|x([0-9A-Fa-f]{2})|([0-7]{1,3}))")
_CONTROL: Final = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


class Step(Struct):
    """One instruction: what it does, with the steps that may follow it.

    `take` takes a character, `split` goes on at both, `save` notes the place, `look` takes nothing, `end` matches.
    """

    kind: str
    next: int = -1
    other: int = -1
    test: Test | None = None
    look: str = ""
    slot: int = 0


class Program(Struct):
    """The instructions, where they start, and the names of the groups; group 0 is the whole match."""

    steps: list[Step]
    start: int
    names: list[str]


class _Piece(Struct):
    """A part of an expression: a function that appends its steps before the step that follows, and gives the first."""

    emit: Callable[[list[Step], int], int]


def _step(steps: list[Step], step: Step) -> int:
    if len(steps) >= MAX_PROGRAM:
        raise ExpressionError("the regular expression is too large")
    steps.append(step)
    return len(steps) - 1


def _taking(test: Test) -> _Piece:
    return _Piece(lambda steps, after: _step(steps, Step("take", after, test=test)))


def _looking(look: str) -> _Piece:
    return _Piece(lambda steps, after: _step(steps, Step("look", after, look=look)))


def _row(pieces: list[_Piece]) -> _Piece:
    def emit(steps: list[Step], after: int) -> int:
        for piece in reversed(pieces):
            after = piece.emit(steps, after)
        return after

    return _Piece(emit)


def _choice(branches: list[_Piece]) -> _Piece:
    def emit(steps: list[Step], after: int) -> int:
        first = branches[-1].emit(steps, after)
        for branch in reversed(branches[:-1]):
            first = _step(steps, Step("split", branch.emit(steps, after), first))
        return first

    return branches[0] if len(branches) == 1 else _Piece(emit)


def _captured(piece: _Piece, group: int) -> _Piece:
    def emit(steps: list[Step], after: int) -> int:
        end = _step(steps, Step("save", after, slot=2 * group + 1))
        return _step(steps, Step("save", piece.emit(steps, end), slot=2 * group))

    return _Piece(emit)


def _split(steps: list[Step], more: int, after: int, *, is_lazy: bool) -> int:
    return _step(steps, Step("split", after, more) if is_lazy else Step("split", more, after))


def _repeated(piece: _Piece, least: int, most: int, *, is_lazy: bool) -> _Piece:
    """A piece from so many to so many times; -1 has no end."""

    def endless(steps: list[Step], after: int) -> int:
        loop = _step(steps, Step("split"))
        body = piece.emit(steps, loop)
        steps[loop].next, steps[loop].other = (after, body) if is_lazy else (body, after)
        return loop

    def emit(steps: list[Step], after: int) -> int:
        if most < 0 and least == 1:  # `x+` is its own loop, so that an empty x ends it
            loop = _step(steps, Step("split"))
            body = piece.emit(steps, loop)
            steps[loop].next, steps[loop].other = (after, body) if is_lazy else (body, after)
            return body
        first = after
        if most < 0:
            first = endless(steps, after)
        for _ in range(max(most - least, 0)):
            first = _split(steps, piece.emit(steps, first), after, is_lazy=is_lazy)
        for _ in range(least):
            first = piece.emit(steps, first)
        return first

    return _Piece(emit)


def _any_of(characters: frozenset[str]) -> Test:
    return characters.__contains__


def _folding(test: Test) -> Test:
    """A test that takes a character in any case."""

    def folded(character: str) -> bool:
        return any(len(each) == 1 and test(each) for each in variants(character))

    return folded


@lru_cache(maxsize=4096)
def variants(character: str) -> tuple[str, ...]:
    """A character in all its cases."""
    folded = character.casefold()
    others = {"k": "\u212a", "s": "\u017f", "å": "\u212b"}
    return tuple({character, character.lower(), character.upper(), folded, others.get(folded, character)})


def _category(name: str) -> Test:
    """The test of a class such as L, Nd or Greek."""
    bare = name.translate(str.maketrans("", "", "_- ")).lower()
    short = _LONG.get(bare, bare.capitalize() if len(bare) <= 2 else "")
    if bare == "any":
        return lambda _: True
    if short:
        return lambda character: unicodedata.category(character).startswith(short)
    prefix = _SCRIPTS.get(bare, name.upper().replace("_", " "))
    return lambda character: unicodedata.name(character, "").startswith(prefix)


class _Parser:
    """A pattern that Go can read, and the place in it. Flags hold to the end of their group."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.flags: frozenset[str] = frozenset()
        self.names = [""]

    def alternatives(self) -> _Piece:
        """Branches up to the end of the group."""
        flags = self.flags
        branches = [self.branch()]
        while self.text.startswith("|", self.at):
            self.at += 1
            branches.append(self.branch())
        self.flags = flags
        return _choice(branches)

    def branch(self) -> _Piece:
        pieces: list[_Piece] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            found = self.atom()
            pieces.append(self.repeated(_row(found[-1:]))) if len(found) == 1 else pieces.extend(found)
        return _row(pieces)

    def atom(self) -> list[_Piece]:
        """What stands at this place; nothing for flags, several for a quoted text."""
        character = self.text[self.at]
        if character == "(":
            return self.group()
        if character == "[":
            return [_taking(self.folded(self.brackets()))]
        if character == "\\":
            return self.escaped()
        self.at += 1
        if character == ".":
            return [_taking((lambda _: True) if "s" in self.flags else (lambda each: each != "\n"))]
        if character in "^$":
            is_line = "m" in self.flags
            return [_looking(("line " if is_line else "text ") + ("start" if character == "^" else "end"))]
        return [self.literal(character)]

    def literal(self, character: str) -> _Piece:
        return _taking(self.folded(_any_of(frozenset(character))))

    def folded(self, test: Test) -> Test:
        return _folding(test) if "i" in self.flags else test

    def group(self) -> list[_Piece]:
        flags = _FLAGS.match(self.text, self.at)
        if flags:
            self.at = flags.end()
            before = self.flags
            self.flags = (self.flags | set(flags[1])) - set(flags[2] or "")
            if flags[3] == ")":
                return []
            inner = self.alternatives()
            self.at += 1
            self.flags = before
            return [inner]
        named = _NAME.match(self.text, self.at)
        self.at = named.end() if named else self.at + 1
        group = len(self.names)
        self.names.append(named[1] if named else "")
        inner = self.alternatives()
        self.at += 1
        return [_captured(inner, group)]

    def repeated(self, piece: _Piece) -> _Piece:
        """A piece with the repetition behind it."""
        character = self.text[self.at : self.at + 1]
        counted = _REPEAT.match(self.text, self.at) if character == "{" else None
        if not character or (character not in "*+?" and counted is None):
            return piece
        if counted is not None:
            least = int(counted[1])
            most = (int(counted[3]) if counted[3] else -1) if counted[2] else least
            self.at = counted.end()
        else:
            least, most = {"*": (0, -1), "+": (1, -1), "?": (0, 1)}[character]
            self.at += 1
        is_lazy = self.text.startswith("?", self.at)
        self.at += is_lazy
        return _repeated(piece, least, most, is_lazy=is_lazy != ("U" in self.flags))

    def escaped(self) -> list[_Piece]:
        following = self.text[self.at + 1]
        if following == "Q":
            end = self.text.find("\\E", self.at + 2)
            quoted = self.text[self.at + 2 : end if end >= 0 else None]
            self.at = end + 2 if end >= 0 else len(self.text)
            pieces = [self.literal(each) for each in quoted]
            return [*pieces[:-1], self.repeated(pieces[-1])] if len(pieces) > 1 else pieces
        looks = {"A": "text start", "z": "text end", "b": "border", "B": "no border"}
        if following in looks:
            self.at += 2
            return [_looking(looks[following])]
        if following in "dDsSwWpP":
            return [_taking(self.folded(self.class_escape()))]
        return [self.literal(self.character())]

    def class_escape(self) -> Test:
        kind = self.text[self.at + 1]
        if kind not in "pP":
            self.at += 2
            known = _PERL[kind.lower()]
            return _any_of(known) if kind.islower() else (lambda each: each not in known)
        end = self.text.index("}", self.at) + 1 if self.text[self.at + 2] == "{" else self.at + 3
        name = self.text[self.at + 2 : end].strip("{}")
        self.at = end
        test = _category(name.removeprefix("^"))
        return (lambda each: not test(each)) if (kind == "P") != name.startswith("^") else test

    def character(self) -> str:
        """One character, with its escape."""
        if self.text[self.at] != "\\":
            self.at += 1
            return self.text[self.at - 1]
        code = _CODE.match(self.text, self.at)
        if code:
            self.at = code.end()
            return chr(int(code[3], 8) if code[3] else int(code[1] or code[2], 16))
        self.at += 2
        return _CONTROL.get(self.text[self.at - 1], self.text[self.at - 1])

    def brackets(self) -> Test:
        start = self.at
        self.at += 1
        is_negated = self.text.startswith("^", self.at)
        self.at += is_negated
        tests: list[Test] = []
        first = self.at
        while self.at == first or self.text[self.at] != "]":
            tests.append(self.member())
        self.at += 1
        assert self.at > start
        return (lambda each: not any(test(each) for test in tests)) if is_negated else _either(tests)

    def member(self) -> Test:
        named = self.text.find(":]", self.at + 2) if self.text.startswith("[:", self.at) else -1
        if named >= 0:
            name = self.text[self.at + 2 : named]
            self.at = named + 2
            known = _POSIX[name.removeprefix("^")]
            return (lambda each: each not in known) if name.startswith("^") else _any_of(known)
        if self.text[self.at] == "\\" and self.text[self.at + 1] in "dDsSwWpP":
            return self.class_escape()
        low = high = self.character()
        if self.text.startswith("-", self.at) and self.text[self.at + 1] != "]":
            self.at += 1
            high = self.character()
        return lambda each: low <= each <= high


def _either(tests: list[Test]) -> Test:
    return tests[0] if len(tests) == 1 else (lambda each: any(test(each) for test in tests))


def program(text: str) -> Program:
    """The program of a pattern that Go can read. Raises ExpressionError for one that is too large."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"the regular expression is longer than {MAX_LENGTH} characters")
    parser = _Parser(text)
    piece = _captured(parser.alternatives(), 0)
    steps = [Step("end")]
    return Program(steps, piece.emit(steps, 0), parser.names)
