"""Regular expressions of Go: text → program of a machine that matches in linear time (package regexp/syntax)."""

from __future__ import annotations

from typing import Final

from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.pattern_classes import PERL, POSIX, any_of, category, either, folding
from transpiler.engine.tags.pattern_program import (
    Piece,
    Program,
    Step,
    Test,
    captured,
    choice,
    looking,
    repeated,
    row,
    taking,
)
from transpiler.patterns import regex

MAX_LENGTH: Final = 10_000
"""Characters of a pattern."""


_REPEAT: Final = regex(r"\{([0-9]+)(,?)([0-9]*)\}")


_NAME: Final = regex(r"\(\?P?<(\w+)>")


_FLAGS: Final = regex(r"\(\?([imsU]*)(?:-([imsU]+))?([:)])")


_CODE: Final = regex(r"\\(?:x\{([0-9A-Fa-f]+)\}|x([0-9A-Fa-f]{2})|([0-7]{1,3}))")


_CONTROL: Final = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


class _Parser:
    """A pattern that Go can read, and the place in it. Flags hold to the end of their group."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.flags: frozenset[str] = frozenset()
        self.names = [""]

    def alternatives(self) -> Piece:
        """Branches up to the end of the group."""
        flags = self.flags
        branches = [self.branch()]
        while self.text.startswith("|", self.at):
            self.at += 1
            branches.append(self.branch())
        self.flags = flags
        return choice(branches)

    def branch(self) -> Piece:
        pieces: list[Piece] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            found = self.atom()
            pieces.append(self.repeated(row(found[-1:]))) if len(found) == 1 else pieces.extend(found)
        return row(pieces)

    def atom(self) -> list[Piece]:
        """What stands at this place; nothing for flags, several for a quoted text."""
        character = self.text[self.at]
        if character == "(":
            return self.group()
        if character == "[":
            return [taking(self.folded(self.brackets()))]
        if character == "\\":
            return self.escaped()
        self.at += 1
        if character == ".":
            return [taking((lambda _: True) if "s" in self.flags else (lambda each: each != "\n"))]
        if character in "^$":
            is_line = "m" in self.flags
            return [looking(("line " if is_line else "text ") + ("start" if character == "^" else "end"))]
        return [self.literal(character)]

    def literal(self, character: str) -> Piece:
        return taking(self.folded(any_of(frozenset(character))))

    def folded(self, test: Test) -> Test:
        return folding(test) if "i" in self.flags else test

    def group(self) -> list[Piece]:
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
        return [captured(inner, group)]

    def repeated(self, piece: Piece) -> Piece:
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
        return repeated(piece, least, most, is_lazy=is_lazy != ("U" in self.flags))

    def escaped(self) -> list[Piece]:
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
            return [looking(looks[following])]
        if following in "dDsSwWpP":
            return [taking(self.folded(self.class_escape()))]
        return [self.literal(self.character())]

    def class_escape(self) -> Test:
        kind = self.text[self.at + 1]
        if kind not in "pP":
            self.at += 2
            known = PERL[kind.lower()]
            return any_of(known) if kind.islower() else (lambda each: each not in known)
        end = self.text.index("}", self.at) + 1 if self.text[self.at + 2] == "{" else self.at + 3
        name = self.text[self.at + 2 : end].strip("{}")
        self.at = end
        test = category(name.removeprefix("^"))
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
        return (lambda each: not any(test(each) for test in tests)) if is_negated else either(tests)

    def member(self) -> Test:
        named = self.text.find(":]", self.at + 2) if self.text.startswith("[:", self.at) else -1
        if named >= 0:
            name = self.text[self.at + 2 : named]
            self.at = named + 2
            known = POSIX[name.removeprefix("^")]
            return (lambda each: each not in known) if name.startswith("^") else any_of(known)
        if self.text[self.at] == "\\" and self.text[self.at + 1] in "dDsSwWpP":
            return self.class_escape()
        low = high = self.character()
        if self.text.startswith("-", self.at) and self.text[self.at + 1] != "]":
            self.at += 1
            high = self.character()
        return lambda each: low <= each <= high


def program(text: str) -> Program:
    """The program of a pattern that Go can read. Raises ExpressionError for one that is too large."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"the regular expression is longer than {MAX_LENGTH} characters")
    parser = _Parser(text)
    piece = captured(parser.alternatives(), 0)
    steps = [Step("end")]
    return Program(steps, piece.emit(steps, 0), parser.names)
