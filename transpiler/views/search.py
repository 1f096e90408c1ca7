"""Words → the components that have them all, the best first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from transpiler.patterns import regex
from transpiler.suggest import did_you_mean
from transpiler.views.entries import Entry

_NAME, _PATH, _PORT, _TYPE, _TEXT = 8, 6, 4, 3, 1
"""The score of a word by its place; twice as much for a whole word."""
_WORD: Final = regex(r"[^\W_]+")


def search(words: str, entries: Sequence[Entry]) -> list[Entry]:
    """The components that contain every word, as a word or a part of one; sorted by score, then by reference."""
    wanted = words.lower().split()
    scored = [(_score(entry, wanted), entry) for entry in entries]
    return [entry for score, entry in sorted(scored, key=lambda each: -each[0]) if score]


def probably_meant(words: str, entries: Sequence[Entry]) -> str:
    """The probable spelling of words without matches; empty if no name is similar."""
    known = {word for entry in entries for word in _WORD.findall(entry.component.name.lower())}
    meant = [word if word in known else did_you_mean(word, sorted(known)) for word in words.lower().split()]
    return " ".join(meant) if all(meant) and meant != words.lower().split() else ""


def _score(entry: Entry, wanted: list[str]) -> int:
    """The sum of the scores of the words; 0 if one of them does not occur."""
    fields = [(worth, text.lower()) for worth, text in _fields(entry)]
    each = [max(_worth(word, text) * worth for worth, text in fields) for word in wanted]
    return sum(each) if all(each) else 0


def _worth(word: str, text: str) -> int:
    return (2 if word in _WORD.findall(text) else 1) if word in text else 0


def _fields(entry: Entry) -> Iterator[tuple[int, str]]:
    component = entry.component
    yield from ((_NAME, component.name), (_PATH, entry.reference), (_TEXT, component.description), (_TEXT, entry.image))
    for port in entry.ports:
        yield from ((_PORT, port.name), (_TYPE, port.type.shown), (_TEXT, port.description))
