"""Classes of characters in patterns, by their names in Go."""

from __future__ import annotations

import string
import unicodedata
from functools import lru_cache
from typing import Final

from transpiler.engine.tags.pattern_program import Test

_WORD: Final = frozenset(string.ascii_letters + string.digits + "_")


_DIGITS: Final = frozenset(string.digits)


_SPACE: Final = frozenset("\t\n\f\r ")


PERL: Final[dict[str, frozenset[str]]] = {"d": _DIGITS, "s": _SPACE, "w": _WORD}


POSIX: Final[dict[str, frozenset[str]]] = {
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


def any_of(characters: frozenset[str]) -> Test:
    """True for one of these."""
    return characters.__contains__


def folding(test: Test) -> Test:
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


def category(name: str) -> Test:
    """The test of a class such as L, Nd or Greek."""
    bare = name.translate(str.maketrans("", "", "_- ")).lower()
    short = _LONG.get(bare, bare.capitalize() if len(bare) <= 2 else "")
    if bare == "any":
        return lambda _: True
    if short:
        return lambda character: unicodedata.category(character).startswith(short)
    prefix = _SCRIPTS.get(bare, name.upper().replace("_", " "))
    return lambda character: unicodedata.name(character, "").startswith(prefix)


def either(tests: list[Test]) -> Test:
    """True for what one of the tests takes."""
    return tests[0] if len(tests) == 1 else (lambda each: any(test(each) for test in tests))
