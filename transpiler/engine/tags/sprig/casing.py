"""Words and cases of letters, as goutils and xstrings v1.5 see them."""

from __future__ import annotations

import unicodedata
from typing import Final

from transpiler.engine.tags.gotext import SPACES, lower_letter, upper_letter
from transpiler.engine.tags.values import as_bytes

_CONNECTORS: Final = frozenset({"-", "_", *SPACES})

_CJK: Final = (("\u4e00", "\u9fcc"), ("\u3400", "\u4d85"), ("\U00020000", "\U0002b81d"))
"""Letters of which xstrings makes no words."""


def title_letter(letter: str) -> str:
    """A letter in title case."""
    changed = letter.title()
    return changed if len(changed) == 1 else letter


def untitled(text: str) -> str:
    """Each word with a small letter first."""
    letters = list(text)
    for index, letter in enumerate(letters):
        if letter not in SPACES and (index == 0 or letters[index - 1] in SPACES):
            letters[index] = lower_letter(letter)
    return "".join(letters)


def without_spaces(text: str) -> str:
    """Without spaces; each byte becomes a character where there were some (goutils does that)."""
    data = [chr(byte) for byte in as_bytes(text)]
    kept = [each for each in data if each not in SPACES]
    return text if len(kept) == len(data) else "".join(kept)


def initials(text: str) -> str:
    """The first byte of each word."""
    found, before = [], " "
    for letter in map(chr, as_bytes(text)):
        if letter not in SPACES and before in SPACES:
            found.append(letter)
        before = letter
    return "".join(found)


def swapped(text: str) -> str:
    """Small letters for capital ones and the other way round; the first of a word becomes a title letter."""
    letters: list[str] = []
    is_start = True
    for letter in text:
        category = unicodedata.category(letter)
        if category in {"Lu", "Lt"}:
            letters.append(lower_letter(letter))
            is_start = False
        elif category == "Ll":
            letters.append(title_letter(letter) if is_start else upper_letter(letter))
            is_start = False
        else:
            letters.append(letter)
            is_start = letter in SPACES
    return "".join(letters)


def _is_upper(letter: str) -> bool:
    return unicodedata.category(letter) == "Lu"


def pascal(text: str) -> str:
    """SomeWords of some_words."""
    start = next((index for index, letter in enumerate(text) if letter not in _CONNECTORS), len(text))
    found = list(text[:start])
    rest = text[start:]
    if not rest:
        return text
    is_upper, before = _is_upper(rest[0]), upper_letter(rest[0])
    for letter in rest[1:]:
        current = letter
        if letter in _CONNECTORS and before in _CONNECTORS:
            found.append(before)
            before = letter
            continue
        if before in _CONNECTORS:
            is_upper, current = _is_upper(letter), upper_letter(letter)
        else:
            if is_upper:
                is_upper = _is_upper(letter)
                current = lower_letter(letter) if is_upper else letter
            found.append(before)
        before = current
    return "".join([*found, before])


def _kind(letter: str) -> str:
    category = unicodedata.category(letter)
    if letter in _CONNECTORS:
        return "connector"
    if category[0] == "P":
        return "punct"
    if category == "Lu":
        return "upper"
    if category[0] == "L" and not any(first <= letter <= last for first, last in _CJK):
        return "alphabet"
    return "number" if category[0] == "N" else "other"


def _words(text: str) -> list[tuple[str, str]]:
    """The words of a text with their kinds: `HTTPStatus` is HTTP and Status."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        kind = _kind(text[at])
        end = _word_end(text, at, kind)
        found.append((kind, text[at:end]))
        at = end
    return found


def _word_end(text: str, at: int, kind: str) -> int:
    end = at + 1
    if kind == "upper" and end < len(text) and _kind(text[end]) == "upper":
        while end < len(text) and _kind(text[end]) == "upper":
            end += 1
        return end - 1 if end < len(text) and _kind(text[end]) == "alphabet" else end
    wanted = "alphabet" if kind == "upper" else kind
    while end < len(text) and (_kind(text[end]) == wanted or (kind == "punct" and _is_punct(text[end]))):
        end += 1
    return end


def _is_punct(letter: str) -> bool:
    """Punctuation; the hyphens and underscores behind it too."""
    return unicodedata.category(letter)[0] == "P"


def joined_words(text: str, connector: str) -> str:
    """some_words of SomeWords (camelCaseToLowerCase)."""
    words = [*_words(text), ("invalid", "")]
    return "".join(_joined(words, connector))


def _lowered(word: tuple[str, str], connector: str) -> str:
    kind, letters = word
    if kind not in {"upper", "connector"}:
        return letters
    return "".join(connector if letter in _CONNECTORS else lower_letter(letter) for letter in letters)


def _joined(words: list[tuple[str, str]], connector: str) -> list[str]:
    """Words with connectors between them, where numbers may belong to the word before or behind."""
    found: list[str] = []
    at = 0
    ends = {"invalid", "connector", "punct"}
    while at + 1 < len(words) and words[at + 1][0] != "invalid":
        kind = words[at][0]
        if kind != "connector":
            found.append(_lowered(words[at], connector))
        before, at = words[at], at + 1
        if kind == "number":
            at = _with_letters(words, at, connector, found)
            if words[at][0] not in ends:
                found.append(connector)
        elif kind == "connector":
            found.append(_lowered(before, connector))
        elif kind == "punct":
            pass
        elif words[at][0] != "number":
            if words[at][0] not in {"connector", "punct"}:
                found.append(connector)
        elif words[at + 1][0] != "invalid":
            at = _number_in_word(words, at, connector, found)
    found.append(_lowered(words[at], connector))
    return found


def _with_letters(words: list[tuple[str, str]], at: int, connector: str, found: list[str]) -> int:
    """Step over letters and numbers that belong to a number: 20x."""
    while words[at][0] in {"alphabet", "number"}:
        found.append(_lowered(words[at], connector))
        at += 1
    return at


def _number_in_word(words: list[tuple[str, str]], at: int, connector: str, found: list[str]) -> int:
    """A number behind letters: part of them, unless small letters follow it."""
    number, at = words[at], at + 1
    if words[at][0] != "alphabet":
        found.append(number[1])
        if words[at][0] not in {"connector", "punct"}:
            found.append(connector)
        return at
    found += (connector, number[1])
    at = _with_letters(words, at, connector, found)
    if words[at][0] not in {"invalid", "connector", "punct"}:
        found.append(connector)
    return at
