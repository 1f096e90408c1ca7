"""Conditions of tasks: `when` (govaluate, over text with its tags replaced) and `depends` (names and `&&`, `||`, `!`).

Argo reports an invalid condition only during the run. A fault is a message.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from transpiler.argo.expressions import Token, missing_after, no_token, unbalanced
from transpiler.argo.text import without_tags
from transpiler.patterns import regex

_WHEN: Final = regex(
    r"(?P<space>\s+)|(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")|(?P<value>[\w.\0]+|\[[^\]]*\])"
    r"|(?P<sign>==|!=|=~|!~|>=|<=|>>|<<|&&|\|\||\?\?|\*\*|[-+*/%^<>!~?:&|,()])"
)
_ANY: Final = "\0"
"""The placeholder for a tag."""
_JOINED: Final = regex(r"(?<!\w)\w+(?:[-.]\w+)+")
_NUMBERS: Final = regex(r"(?!\d{4}-\d\d-\d\d)\d+(?:\.\d+)?(?:-\d+(?:\.\d+)?)*")
"""Numbers, and differences of numbers; a date is none."""


def when_fault(condition: str) -> str:
    """The reason why a `when` is invalid for any values of its tags; empty if none is found."""
    text = without_tags(condition, _ANY)
    pieces: list[Token] = []
    bare: list[str] = []
    at = 0
    while at < len(text):
        found = _WHEN.match(text, at)
        if found is None:
            return "`=` is not a comparison; write `==`" if text[at] == "=" else no_token(text[at])
        if found.lastgroup != "space":
            is_sign = found.lastgroup == "sign" or (found.group().lower() == "in" and bool(pieces))
            pieces.append(Token("sign" if is_sign else "value", found.group().replace(_ANY, "{{...}}")))
        bare.append("''" if found.lastgroup == "text" else found.group())
        at = found.end()
    return _no_word("".join(bare)) or unbalanced(pieces) or _when_out_of_order(pieces)


def _no_word(bare: str) -> str:
    """Bare words are texts for Argo, but `a-b` is a difference of two, `a.b` a field of `a`. A tag may be anything."""
    for found in _JOINED.finditer(" ".join(word for word in bare.split() if _ANY not in word)):
        if not _NUMBERS.fullmatch(found.group()):
            return f"`{found.group()}` is not a valid word here; quote it"
    return ""


def _when_out_of_order(pieces: list[Token]) -> str:
    before = Token("sign", "(")
    for piece in pieces:
        after_value = before.kind == "value" or before.text == ")"
        is_value = piece.kind == "value" or piece.text in {"(", "!", "~"}
        if after_value and is_value:
            return f"an operator is missing between `{before.text}` and `{piece.text}`"
        if not after_value and not is_value and piece.text != "-":
            return f"something is missing before `{piece.text}`"
        before = piece
    return "" if before.kind == "value" or before.text == ")" else missing_after(before.text)


class DependsToken(NamedTuple):
    """A task of a `depends` with the result that is asked for, or a sign; `start` and `end` are offsets."""

    task: str
    result: str
    sign: str
    start: int
    end: int

    @property
    def text(self) -> str:
        """The text without the result."""
        return self.task or self.sign


_DEPENDS: Final = regex(r"(?P<task>[A-Za-z0-9_][A-Za-z0-9_-]*)(?:\.(?P<result>[A-Za-z]\w*))?|(?P<sign>&&|\|\||\S)")


def depends_tokens(depends: str) -> list[DependsToken]:
    """The tokens of a `depends`. A sign may be invalid."""
    return [
        DependsToken(found["task"] or "", found["result"] or "", found["sign"] or "", found.start(), found.end())
        for found in _DEPENDS.finditer(depends)
    ]


def not_in_depends(sign: str) -> str:
    """The message about an invalid sign."""
    if sign in "&|":
        return f"`{sign}` is not an operator; write `{sign * 2}`"
    return "tasks are joined with `&&` or `||`" if sign == "," else f"`{sign}` is not allowed"
