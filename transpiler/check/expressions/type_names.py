"""Types of one's own that are nearly one of the language's."""

from __future__ import annotations

from transpiler.diagnostics import Hint
from transpiler.model.expressions.types import SCALARS, Type
from transpiler.suggest import did_you_mean


def misspelt(*types: Type, cutoff: float = 0.6) -> str:
    """A hint when one of the types is probably a known one with a slip in its name; else empty.

    `cutoff` is how much of the names must agree, of 1: more where nothing else tells that the type is wrong.
    """
    for each in types:
        close = did_you_mean(each.name, sorted(SCALARS), cutoff) if each.is_custom and not each.is_file else ""
        if close and abs(len(close) - len(each.name)) <= 2:
            return Hint(f"`{each.written}` is not a built-in type: did you mean `{close}`?", close, each.written)
    return ""
