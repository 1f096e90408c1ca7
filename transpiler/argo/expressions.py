"""The syntax of expressions in `{{=...}}`, `expression` and the like (expr-lang).

Argo reports an invalid expression only during the run. A fault is a message; no message does not promise that Argo can
evaluate the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from transpiler.argo.re2 import fault_of
from transpiler.patterns import regex

EXPRESSION_WORDS: Final = frozenset(
    "and contains else endsWith false if in let matches nil not or startsWith true".split()
)
"""Names that expr-lang reads as operators or values: no task of a name like that can be waited for."""

_OPERATORS: Final = frozenset("and contains endsWith in matches or startsWith".split())
_NEGATED: Final = _OPERATORS - {"and", "or"}
_SPACE: Final = r"\s+|//[^\n]*|/\*.*?\*/"
_NUMBER: Final = (
    r"0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+"
    r"|(?:[0-9][0-9_]*(?:\.(?![.\w])[0-9_]*|\.[0-9][0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?"
)
_TOKEN: Final = regex(
    rf"(?P<space>{_SPACE})|(?P<wrong>/\*)"
    r"|(?P<text>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`)"
    rf"|(?P<number>{_NUMBER})"
    r"|(?P<word>#\w*|\$\w*|[^\W\d][\w$]*)"
    r"|(?P<sign>\?\?|\?\.|==|!=|<=|>=|&&|\|\||\*\*|\.\.|[-+*/%^<>!?:.,;=|()\[\]{}])",
    re.DOTALL,
)
_PAIRS: Final = {")": "(", "]": "[", "}": "{"}


class Token(NamedTuple):
    """A piece of an expression. `kind` is text, number, word or sign."""

    kind: str
    text: str


def tokens(expression: str) -> Iterator[Token]:
    """The tokens of an expression; an invalid one has the kind `wrong` and is the last."""
    at = 0
    while at < len(expression):
        found = _TOKEN.match(expression, at)
        if found is None or found["wrong"]:
            yield Token("wrong", found["wrong"] if found else expression[at])
            return
        if found.lastgroup != "space":
            yield Token(str(found.lastgroup), found.group())
        at = found.end()


def expression_fault(expression: str) -> str:
    """The reason why an expression is invalid for expr-lang; empty if none is found."""
    pieces = list(tokens(expression))
    if not pieces:
        return "it is empty"
    if pieces[-1].kind == "wrong":
        return no_token(pieces[-1].text)
    return unbalanced(pieces) or _out_of_order(pieces) or _wrong_pattern(pieces)


def _wrong_pattern(pieces: list[Token]) -> str:
    """The fault of a literal after `matches`, which is a pattern as a whole."""
    for index, piece in enumerate(pieces[1:], 1):
        is_whole = index + 1 == len(pieces) or pieces[index + 1].text != "+"
        if piece.kind == "text" and pieces[index - 1].text == "matches" and is_whole:
            pattern = _literal(piece.text)
            fault = fault_of(pattern) if pattern is not None else ""
            if fault:
                return f"in the pattern, {fault}"
    return ""


def _literal(written: str) -> str | None:
    r"""The text of a literal; None for one with escapes of other characters than `\\` and quotes."""
    inside = written[1:-1]
    if written.startswith("`"):
        return inside
    escaped = re.findall(r"\\(.)", inside, re.DOTALL)
    return re.sub(r"\\(.)", r"\1", inside, flags=re.DOTALL) if set(escaped) <= set("\\'\"") else None


def no_token(character: str) -> str:
    """The message about a character that starts no token."""
    if character in "\"'`":
        return f"the string that starts with {character} is not closed"
    if character == "/*":
        return "the comment that starts with `/*` is not closed"
    return "`&` is not an operator; write `&&`" if character == "&" else f"`{character}` is not allowed"


def unbalanced(pieces: list[Token]) -> str:
    """The first bracket without its other half."""
    opened: list[str] = []
    for kind, text in pieces:
        if kind == "sign" and text in "([{":
            opened.append(text)
        elif kind == "sign" and text in _PAIRS and (not opened or opened.pop() != _PAIRS[text]):
            return f"`{text}` has no opening counterpart"
    return f"`{opened[-1]}` is not closed" if opened else ""


def _out_of_order(pieces: list[Token]) -> str:
    """Values and operators take turns. `let` and `if` have a grammar of their own, which is not looked at."""
    if any(piece in {("word", "let"), ("word", "if"), ("sign", ";")} for piece in pieces):
        return ""
    reader = _Reader()
    for piece in pieces:
        fault = reader.after_value(piece) if reader.has_value else reader.after_operator(piece)
        if fault:
            return fault
        reader.before = piece
    if not reader.has_value:
        return missing_after(reader.before.text)
    return reader.choice_fault()


class _Reader:
    """The state of the parser: the open brackets, and whether a value has just ended."""

    def __init__(self) -> None:
        self.open = ["top"]
        self.choices = [0]
        self.before = Token("sign", "(")
        self.has_value = False

    def choice_fault(self) -> str:
        return "`?` has no `:` after it" if self.choices[-1] else ""

    def opens(self, kind: str) -> str:
        self.open.append(kind)
        self.choices.append(0)
        self.has_value = False
        return ""

    def closes(self) -> str:
        fault = self.choice_fault()
        self.open.pop()
        self.choices.pop()
        self.has_value = True
        return fault

    def after_value(self, piece: Token) -> str:
        """Tokens that cannot follow a value: another value, or a prefix operator."""
        text = piece.text
        if piece.kind == "sign" and text in "([":
            return self.opens("call" if text == "(" else "index")
        if piece.kind == "sign" and text in _PAIRS:
            return self.closes()
        self.has_value = False
        if text in _OPERATORS or text == "not":
            return ""
        if piece.kind != "sign" or text in "!{":
            return f"an operator is missing between `{self.before.text}` and `{text}`"
        if text == "?":
            self.choices[-1] += 1
        return self._separator(text)

    def _separator(self, text: str) -> str:
        if text == "=":
            return "`=` is not a comparison; write `==`"
        if text == ":" and self.choices[-1]:
            self.choices[-1] -= 1
        elif text == ":" and self.open[-1] not in {"index", "{"}:
            return "`:` has no `?` before it"
        return "`,` is not expected here" if text == "," and self.open[-1] in {"top", "group", "index"} else ""

    def after_operator(self, piece: Token) -> str:
        """Tokens that cannot follow an operator: another operator, except a prefix operator."""
        text, before = piece.text, self.before.text
        if before == "not" and self.before.kind == "word" and text in _NEGATED:
            return ""
        if before in {".", "?."} and self.before.kind == "sign":
            self.has_value = piece.kind == "word"
            return "" if self.has_value or (text == "[" and not self.opens("index")) else missing_after(before)
        if piece.kind == "sign":
            return self._sign_after_operator(text, before)
        self.has_value = text != "not"
        return f"something is missing before `{text}`" if text in _OPERATORS else ""

    def _sign_after_operator(self, text: str, before: str) -> str:
        if text in "([{":
            return self.opens({"(": "group", "[": "list", "{": "{"}[text])
        if text in "!-+":
            return ""
        if text == "." and self.open[-1] in {"{", "call"}:
            return ""  # a field of the elements that a function iterates over
        if text == ":" and before == "?":
            self.choices[-1] -= 1
            return ""
        if text in _PAIRS and (before, text, self.open[-1]) in _EMPTY | _TRAILING:
            return self.closes()
        return "" if text == ":" and self.open[-1] == "index" else f"something is missing before `{text}`"


_EMPTY: Final = {("(", ")", "call"), ("[", "]", "list"), ("{", "}", "{")}
_TRAILING: Final = {(",", ")", "call"), (",", "]", "list"), (",", "}", "{"), (":", "]", "index")}


def missing_after(text: str) -> str:
    """The message about an operator without a value after it."""
    return f"something is missing after `{text}`"


_ROOTS: Final = frozenset({"inputs", "tasks", "steps", "workflow", "item"})


class Name(NamedTuple):
    """A dotted name in a tag or expression. `longer` includes the text after a `-`, which an expression subtracts."""

    path: tuple[str, ...]
    longer: str = ""


def names_in(expression: str) -> Iterator[Name]:
    """The names in an expression that Argo gives values to."""
    pieces = list(tokens(expression))
    at = 0
    while at < len(pieces):
        is_field = at > 0 and pieces[at - 1].text in {".", "?."}
        if pieces[at].kind == "word" and pieces[at].text in _ROOTS and not is_field:
            path, at = _path(pieces, at)
            yield Name(tuple(path), _longer(path, pieces[at:]))
        else:
            at += 1


def _path(pieces: list[Token], at: int) -> tuple[list[str], int]:
    path = [pieces[at].text]
    at += 1
    while at + 1 < len(pieces):
        if pieces[at].text in {".", "?."} and pieces[at + 1].kind == "word":
            path.append(pieces[at + 1].text)
            at += 2
        elif pieces[at].text == "[" and pieces[at + 1].kind == "text":
            path.append(pieces[at + 1].text[1:-1])
            at += 3
        else:
            break
    return path, at


def _longer(path: list[str], following: list[Token]) -> str:
    name = path[-1]
    while len(following) > 1 and following[0].text == "-" and following[1].kind in {"word", "number"}:
        name += f"-{following[1].text}"
        following = following[2:]
    return name if name != path[-1] else ""
