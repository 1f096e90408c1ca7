"""Texts that the kubelet expands: the words of a program, its variables, and the template in Argo's own variable.

Argo inserts values first, so in a value that may contain a `$`, each one is doubled. The literal text around it is
expanded by Kubernetes, as in KFP.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from transpiler.argo.kubelet import beside, ends_open, variable
from transpiler.argo.variables import is_of_people
from transpiler.model.expressions.tree import (
    Binary,
    Conditional,
    Constant,
    EnvReference,
    Expression,
    FactReference,
    FunctionCall,
    Text,
    WorkflowReference,
)
from transpiler.model.expressions.types import Type
from transpiler.resolve.scope import Scope
from transpiler.resolve.types import NUMBERS, infer

_WITHOUT_DOLLARS: Final = NUMBERS | {"Boolean"}


class Put(Struct, frozen=True):
    """A value that Argo inserts into a text: its engine expression, and its simple tag, if there is one."""

    code: str
    tag: str = ""
    is_plain: bool = False
    """True if it contains no `$`."""
    is_own: bool = False
    """True if it is a text for Kubernetes, which is inserted unchanged."""


def program_text(pieces: Iterable[str | Put]) -> str:
    """Literal pieces and values as one text with Argo's tags."""
    text = ""
    for piece in pieces:
        if isinstance(piece, str):
            text += piece
            continue
        if ends_open(text) and not piece.is_plain:
            text += "$"  # otherwise Kubernetes would read it together with the start of the value
        is_kept = piece.is_plain or piece.is_own
        code = piece.code if is_kept else f"replace({piece.code}, '$', '$$')"
        tag = piece.tag if is_kept and piece.tag else f"{{{{={code}}}}}"
        if text.endswith("{"):
            # Three braces are another tag for Argo. An expression puts the brace in front of the value.
            text, tag = text[:-1], f"{{{{='{{' + {code}}}}}"
        text += tag
    return text


def holds_no_dollars(kind: Type) -> bool:
    """True for a type whose values are never free text."""
    return kind.name in _WITHOUT_DOLLARS


def may_hold_dollars(node: Expression, scope: Scope) -> bool:
    """False for an expression whose text is a number, a Boolean, or one of Argo's or Kubernetes' names."""
    match node:
        case Constant(value):
            return "$" in str(value)
        case FactReference():
            return False
        case WorkflowReference(name):
            return is_of_people(name)
        case Conditional(_, left, right) | Binary("??", left, right):
            return may_hold_dollars(left, scope) or may_hold_dollars(right, scope)
    return not holds_no_dollars(infer(node, scope))


def whole(parts: Iterable[str | Expression], scope: Scope) -> tuple[str | Expression, ...]:
    """The parts of a text, escaped for the kubelet. References to variables stay."""
    return tuple(beside(part) if isinstance(part, str) else _part(part, scope) for part in parts)


def own(text: Text, scope: Scope) -> tuple[str | Expression, ...]:
    """The parts of a text in Kubernetes' own words, with values that arrive as they are."""
    following = (*text.parts[1:], "")
    return tuple(
        (part + "$" if ends_open(part) and not isinstance(after, str) else part)
        if isinstance(part, str)
        else _part(part, scope)
        for part, after in zip(text.parts, following, strict=True)
    )


def _part(node: Expression, scope: Scope) -> str | Expression:
    if isinstance(node, EnvReference):
        return variable(node.name)
    if not may_hold_dollars(node, scope):
        return node
    return FunctionCall("replace", (node, Constant("$", node.span), Constant("$$", node.span)), node.span, node.span)
