"""Hints for unknown words: the known word that was probably intended."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from transpiler.diagnostics import Hint

MAX_WORDS: Final = 600
"""Comparing with more costs seconds."""


def did_you_mean(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The known word that looks like `word`, for at least `cutoff` of 1; empty when none does."""
    words = _in_order(known)
    if len(words) > MAX_WORDS:
        return ""
    from difflib import get_close_matches  # noqa: PLC0415 - only mistakes need it

    lowered = {candidate.lower(): candidate for candidate in reversed(words)}
    close = get_close_matches(word.lower()[:100], list(lowered), n=1, cutoff=cutoff)
    return lowered[close[0]] if close else ""


def correction(word: str, close: str) -> Hint:
    """The hint to write another word; it is safe if the two differ only in case, hyphens and underscores."""
    return Hint(f"did you mean `{close}`?", close, word, is_safe=_letters(word) == _letters(close))


def _letters(word: str) -> str:
    return word.lower().replace("_", "").replace("-", "")


def suggestion(word: str, known: Iterable[str], what: str) -> str:
    """A hint for an unknown word: the one that looks like it, or the whole list when it is short."""
    words = _in_order(known)
    close = did_you_mean(word, words)
    if close and close != word:
        return correction(word, close)
    return listing(words, what)


def listing(words: Collection[str], what: str) -> str:
    """A hint with all known words, when they are few."""
    if not words:
        return f"there are no {what}"
    return f"the {what} are " + ", ".join(f"`{name}`" for name in words) if len(words) <= 12 else ""


def _in_order(words: Iterable[str]) -> Sequence[str]:
    """The words as they come, those of a set sorted: a set has another order in each run."""
    return sorted(words) if isinstance(words, (set, frozenset)) else list(words)
