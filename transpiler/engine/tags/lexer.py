"""The tokens of expr-lang, read as its own lexer does (parser/lexer of expr v1.17)."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.gotext import SPACES
from transpiler.patterns import regex

MAX_LENGTH: Final = 1 << 20
"""Characters of an expression: Kubernetes stores no object that is larger."""

_SPACES: Final = frozenset(SPACES)
_WORDS: Final = frozenset("not in or and matches contains startsWith endsWith let if else".split())
_ESCAPE: Final = (
    r"\\(?:[abfnrtv\\{quote}]|[0-3][0-7]{{2}}|x[0-9a-fA-F]{{2}}|u[0-9a-fA-F]{{4}}|u\{{[0-9a-fA-F]{{1,6}}\}}"
    r"|U[0-9a-fA-F]{{8}})"
)
_TEXTS: Final = {quote: regex(rf"{quote}((?:[^{quote}\\\n]|{_ESCAPE.format(quote=quote)})*){quote}") for quote in "'\""}
_RAW: Final = regex(r"`((?:[^`]|``)*)`")
_ESCAPED: Final = regex(r"\\(?:([abfnrtv\\'\"])|([0-3][0-7]{2})|x(..)|u\{([^}]*)\}|u(....)|U(.{8}))", re.DOTALL)
_SIMPLE: Final = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_COMMENT: Final = regex(r"//[^\n]*\n?|/\*(?:.*?)\*/", re.DOTALL)
_SIGN: Final = regex(r"[&!=*<>][&=*]?|\|\|?|::?|\?[.?]?|\.\.?|[,;%+\-^/]")
_NAME: Final = regex(r"[\w$]+")


class Token(NamedTuple):
    """A piece of an expression: its kind, as the engine prints it, its text, and the offset in characters."""

    kind: str
    text: str
    at: int

    def __str__(self) -> str:
        return f"{self.kind}({go_quoted(self.text)})" if self.text else self.kind


def go_quoted(text: str) -> str:
    """A text between double quotes, for messages."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def tokens(source: str) -> list[Token]:
    """The tokens of an expression; the last is EOF. Raises ExpressionError for what is none."""
    if len(source) > MAX_LENGTH:
        raise ExpressionError(f"the expression is longer than {MAX_LENGTH} characters")
    found: list[Token] = []
    at = 0
    while at < len(source):
        at = _next(source, at, found)
    found.append(Token("EOF", "", max(len(source) - 1, 0)))
    return found


def _next(source: str, at: int, found: list[Token]) -> int:
    """Append the token at an offset, if one starts there; the offset behind it."""
    character = source[at]
    if character in _SPACES:
        return at + 1
    if character in "'\"":
        return _text(source, at, found)
    if character == "`":
        return _raw(source, at, found)
    if character.isdigit() and character.isascii():
        return _number(source, at, at, found)
    if character == "." and source[at + 1 : at + 2] and source[at + 1] in "0123456789":
        return _number(source, at, at + 1, found)
    if character == "/" and source[at + 1 : at + 2] in {"/", "*"}:
        return _comment(source, at)
    if character in "([{)]}":
        found.append(Token("Bracket", character, at))
        return at + 1
    return _sign_or_name(source, at, found)


def _sign_or_name(source: str, at: int, found: list[Token]) -> int:
    if source[at] == "#":
        end = at + 2 if source[at + 1 : at + 2] == "#" else at + 1
        found.append(Token("Operator", source[at:end], at))
        behind = _name_end(source, end)
        if behind > end:
            found.append(Token("Identifier", source[end:behind], end))
        return behind
    sign = _SIGN.match(source, at)
    if sign:
        found.append(Token("Operator", sign.group(), at))
        return sign.end()
    end = _name_end(source, at)
    if end == at:
        raise ExpressionError(f"unrecognized character: U+{ord(source[at]):04X} '{source[at]}'", at)
    word = source[at:end]
    found.append(Token("Operator" if word in _WORDS else "Identifier", word, at))
    return end


def _name_end(source: str, at: int) -> int:
    name = _NAME.match(source, at)
    end = name.end() if name else at
    while at < end and not (source[at] in "_$" or source[at].isalpha() or source[at].isdecimal()):
        return at
    for index in range(at, end):
        character = source[index]
        if not (character in "_$" or character.isalpha() or character.isdecimal()):
            return index
    return end


def _comment(source: str, at: int) -> int:
    comment = _COMMENT.match(source, at)
    if comment is None:
        raise ExpressionError("unclosed comment", len(source))
    return comment.end()


def _number(source: str, start: int, at: int, found: list[Token]) -> int:
    end = _number_end(source, at)
    if end > start and _name_end(source, end) > end:
        raise ExpressionError(f"bad number syntax: {go_quoted(source[start : end + 1])}", end)
    found.append(Token("Number", source[start:end], start))
    return end


def _number_end(source: str, at: int) -> int:
    """Where a number ends, as `scanNumber` reads it."""
    digits = "0123456789_"
    if source[at : at + 1] == "0":
        at += 1
        prefix = source[at : at + 1].lower()
        special = {"x": "0123456789abcdefABCDEF_", "o": "01234567_", "b": "01_"}
        if prefix and prefix in special:
            digits = special[prefix]
            at += 1
    at = _run(source, at, digits)
    if source[at : at + 1] == ".":
        if source[at + 1 : at + 2] == ".":
            return at
        at = _run(source, at + 1, digits)
    if source[at : at + 1] in {"e", "E"}:
        at += 1
        if source[at : at + 1] in {"+", "-"}:
            at += 1
        at = _run(source, at, digits)
    return at


def _run(source: str, at: int, characters: str) -> int:
    while at < len(source) and source[at] in characters:
        at += 1
    return at


def _text(source: str, at: int, found: list[Token]) -> int:
    text = _TEXTS[source[at]].match(source, at)
    if text is None:
        raise ExpressionError("literal not terminated", at)
    inner = text[1].replace("\r\n", "\n").replace("\r", "\n")
    found.append(Token("String", _ESCAPED.sub(lambda escape: _unescaped(escape, at), inner), at))
    return text.end()


def _unescaped(escape: re.Match[str], at: int) -> str:
    simple, octal, *others = escape.groups()
    if simple:
        return _SIMPLE.get(simple, simple)
    code = int(octal, 8) if octal else int(next(each for each in others if each), 16)
    if code > 0x10FFFF:
        raise ExpressionError("unable to unescape string", at)
    return "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)


def _raw(source: str, at: int, found: list[Token]) -> int:
    text = _RAW.match(source, at)
    if text is None:
        raise ExpressionError("literal not terminated", at)
    found.append(Token("String", text[1].replace("``", "`"), at))
    return text.end()
