"""The tokens of a condition, as govaluate reads them, and which may follow which (parsing.go, lexerState.go)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from transpiler.engine.tags.durations import SECOND
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.gotext import SPACES
from transpiler.engine.tags.times import parse_time

MAX_LENGTH: Final = 1 << 20
"""Characters of a condition."""
_TIMES: Final = (
    "Mon Jan _2 15:04:05 2006",
    "Mon Jan _2 15:04:05 MST 2006",
    "Mon Jan 02 15:04:05 -0700 2006",
    "3:04PM",
    "2006-01-02T15:04:05Z07:00",
    "2006-01-02T15:04:05.999999999Z07:00",
    "2006-01-02",
    "2006-01-02 15:04",
    "2006-01-02 15:04:05",
    "2006-01-02 15:04:05-07:00",
    "2006-01-02T15Z0700",
    "2006-01-02T15:04Z0700",
    "2006-01-02T15:04:05Z0700",
    "2006-01-02T15:04:05.999999999Z0700",
)
_PREFIXES: Final = frozenset("-!~")
_KINDS: Final = {
    **dict.fromkeys(("+", "-", "*", "/", "%", "**", "&", "|", "^", ">>", "<<"), "MODIFIER"),
    **dict.fromkeys(("&&", "||"), "LOGICALOP"),
    **dict.fromkeys(("==", "!=", ">", ">=", "<", "<=", "=~", "!~"), "COMPARATOR"),
    **dict.fromkeys(("?", ":", "??"), "TERNARY"),
}
_STARTS: Final = "PREFIX NUMERIC BOOLEAN VARIABLE PATTERN FUNCTION ACCESSOR STRING TIME CLAUSE"
_OPERATORS: Final = "MODIFIER COMPARATOR LOGICALOP CLAUSE_CLOSE TERNARY SEPARATOR"
_FOLLOWING: Final[dict[str, frozenset[str]]] = {
    kind: frozenset(kinds.split())
    for kind, kinds in {
        "UNKNOWN": _STARTS,
        "CLAUSE": f"{_STARTS} CLAUSE_CLOSE",
        "CLAUSE_CLOSE": f"{_OPERATORS} NUMERIC BOOLEAN VARIABLE STRING PATTERN TIME CLAUSE",
        **dict.fromkeys(("NUMERIC", "BOOLEAN", "STRING", "VARIABLE"), _OPERATORS),
        **dict.fromkeys(("TIME", "PATTERN"), "MODIFIER COMPARATOR LOGICALOP CLAUSE_CLOSE SEPARATOR"),
        "MODIFIER": "PREFIX NUMERIC VARIABLE FUNCTION ACCESSOR STRING BOOLEAN CLAUSE CLAUSE_CLOSE",
        "COMPARATOR": f"{_STARTS} CLAUSE_CLOSE",
        "LOGICALOP": "PREFIX NUMERIC BOOLEAN VARIABLE FUNCTION ACCESSOR STRING TIME CLAUSE CLAUSE_CLOSE",
        "PREFIX": "NUMERIC BOOLEAN VARIABLE FUNCTION ACCESSOR CLAUSE CLAUSE_CLOSE",
        "TERNARY": "PREFIX NUMERIC BOOLEAN STRING TIME VARIABLE FUNCTION ACCESSOR CLAUSE SEPARATOR",
        "ACCESSOR": f"CLAUSE {_OPERATORS}",
        "SEPARATOR": "PREFIX NUMERIC BOOLEAN STRING TIME VARIABLE FUNCTION ACCESSOR CLAUSE",
    }.items()
}
_ENDS: Final = frozenset("CLAUSE_CLOSE NUMERIC BOOLEAN STRING TIME PATTERN VARIABLE ACCESSOR".split())


class Token(NamedTuple):
    """A piece of a condition: its kind in govaluate, and its value."""

    kind: str
    value: Any


def tokens(text: str) -> list[Token]:
    """The tokens of a condition. Raises ExpressionError with the words of govaluate."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"the condition is longer than {MAX_LENGTH} characters")
    reader = _Reader(text)
    found: list[Token] = []
    while reader.at < len(text):
        token = reader.token(found[-1].kind if found else "UNKNOWN")
        if token is None:
            break
        found.append(token)
    return found


def check(found: list[Token]) -> None:
    """Raise ExpressionError where a token may not follow the one before it."""
    if sum((token.kind == "CLAUSE") - (token.kind == "CLAUSE_CLOSE") for token in found):
        raise ExpressionError("Unbalanced parenthesis")
    before = Token("UNKNOWN", None)
    for token in found:
        if token.kind not in _FOLLOWING[before.kind]:
            if before.kind == "VARIABLE" and token.kind == "CLAUSE":
                raise ExpressionError(f"Undefined function {before.value}")
            raise ExpressionError(f"Cannot transition token types from {_shown(before)} to {_shown(token)}")
        before = token
    if before.kind not in _ENDS:
        raise ExpressionError("Unexpected end of expression")


def _shown(token: Token) -> str:
    value = (
        {None: "<nil>", True: "true", False: "false"}.get(token.value, token.value)
        if token.value in {None, True, False}
        else token.value
    )
    return f"{token.kind} [{value}]"


class _Reader:
    """A condition and the place in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def read(self) -> str:
        if self.at >= len(self.text):
            raise ExpressionError("runtime error: index out of range")
        self.at += 1
        return self.text[self.at - 1]

    def until(self, is_part: Callable[[str], bool], *, has_spaces: bool = False) -> tuple[str, bool]:
        """A text of such characters, and whether it ended before the condition did. A backslash takes any character."""
        found: list[str] = []
        while self.at < len(self.text):
            character = self.read()
            if character == "\\":
                found.append(self.read())
            elif not has_spaces and character in SPACES:
                if found:
                    return "".join(found), True
            elif is_part(character):
                found.append(character)
            else:
                self.at -= 1
                return "".join(found), True
        return "".join(found), False

    def token(self, before: str) -> Token | None:
        """The next token, None where only spaces are left."""
        while self.at < len(self.text) and self.text[self.at] in SPACES:
            self.at += 1
        if self.at >= len(self.text):
            return None
        character = self.text[self.at]
        if _is_numeric(character):
            return self.number()
        if character.isalpha():
            return self.word()
        if character in "'\"":
            return self.quoted()
        single = {",": "SEPARATOR", "(": "CLAUSE", ")": "CLAUSE_CLOSE"}.get(character)
        if single:
            self.at += 1
            return Token(single, character)
        return self.bracketed() if character == "[" else self.sign(before)

    def number(self) -> Token:
        if self.text.startswith("0x", self.at) and self.at + 2 < len(self.text):
            self.at += 2
            digits, _ = self.until(lambda each: each.isdecimal() or each.lower() in "abcdef")
            try:
                return Token("NUMERIC", float(int(digits, 16))) if int(digits, 16) < 1 << 64 else self.no_hex(digits)
            except ValueError:
                return self.no_hex(digits)
        digits, _ = self.until(_is_numeric)
        try:
            return Token("NUMERIC", float(digits if digits.isascii() else ""))
        except ValueError:
            raise ExpressionError(f"Unable to parse numeric value '{digits}' to float64\n") from None

    def no_hex(self, digits: str) -> Token:
        raise ExpressionError(f"Unable to parse hex value '{digits}' to uint64\n")

    def word(self) -> Token:
        word, _ = self.until(lambda each: each.isalpha() or each.isdecimal() or each in "_.")
        if word in {"true", "false"}:
            return Token("BOOLEAN", word == "true")
        if word in {"in", "IN"}:
            return Token("COMPARATOR", "in")
        if word.find(".") <= 0:
            return Token("VARIABLE", word)
        if word.endswith("."):
            raise ExpressionError(f"Hanging accessor on token '{word}'")
        for part in word.split(".")[1:]:
            if part[:1].upper() != part[:1] and len(part[:1].upper()) == 1:
                raise ExpressionError(f"Unable to access unexported field '{part}' in token '{word}'")
        return Token("ACCESSOR", tuple(word.split(".")))

    def quoted(self) -> Token:
        self.at += 1
        text, is_complete = self.until(lambda each: each not in "'\"", has_spaces=True)
        if not is_complete:
            raise ExpressionError("Unclosed string literal")
        self.at += 1
        for layout in _TIMES:
            try:
                return Token("TIME", float(parse_time(layout, text).nanoseconds // SECOND))
            except ExpressionError:
                continue
        return Token("STRING", text)

    def bracketed(self) -> Token:
        self.at += 1
        text, is_complete = self.until(lambda each: each != "]", has_spaces=True)
        if not is_complete:
            raise ExpressionError("Unclosed parameter bracket")
        self.at += 1
        return Token("VARIABLE", text)

    def sign(self, before: str) -> Token:
        sign, _ = self.until(lambda each: not (each.isdecimal() or each.isalpha() or each in "()[]'\""))
        if "PREFIX" in _FOLLOWING[before] and sign in _PREFIXES:
            return Token("PREFIX", sign)
        kind = _KINDS.get(sign)
        if kind is None:
            raise ExpressionError(f"Invalid token: '{sign}'")
        return Token(kind, sign)


def _is_numeric(character: str) -> bool:
    return character.isdecimal() or character == "."
