"""Sprig's functions of texts (strings.go, with goutils and xstrings)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import unicodedata
import zlib
from collections.abc import Callable
from typing import Any, Final

from transpiler.engine.tags import gotext
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.functions.text import decoded_base64
from transpiler.engine.tags.sprig import casing
from transpiler.engine.tags.sprig.casts import text_of, texts_of
from transpiler.engine.tags.texts import quoted, shown
from transpiler.engine.tags.values import MAX_TEXT, StringMap, as_bytes, as_text, checked_text


def abbreviated(text: str, offset: int, width: int) -> str:
    """A text cut to a width in bytes, with dots where something is left out."""
    data = as_bytes(text)
    if not data or width < 4 or len(data) <= width:
        return text if width >= 4 else ""
    offset = min(offset, len(data))
    if len(data) - offset < width - 3:
        offset = len(data) - (width - 3)
    if offset <= 4:
        return as_text(data[: width - 3]) + "..."
    if width < 7:
        return ""
    if offset + width - 3 < len(data):
        return "..." + abbreviated(as_text(data[offset:]), 0, width - 3)
    return "..." + as_text(data[-(width - 3) :])


def _abbrev(width: int, text: str) -> str:
    return text if width < 4 else abbreviated(text, 0, width)


def _abbrev_both(left: int, right: int, text: str) -> str:
    return text if right < 4 or (left > 0 and right < 7) else abbreviated(text, left, right)


def truncated(count: int, text: str) -> str:
    """The first bytes, or the last ones for a negative count."""
    data = as_bytes(text)
    if count < 0 and len(data) + count > 0:
        return as_text(data[count:])
    return as_text(data[:count]) if 0 <= count < len(data) else text


def substring(start: int, end: int, text: str) -> str:
    """Bytes of a text."""
    data = as_bytes(text)
    if start < 0:
        begin, stop = 0, end
    else:
        begin, stop = start, len(data) if end < 0 or end > len(data) else end
    if not 0 <= begin <= stop <= len(data):
        raise ExpressionError(f"runtime error: slice bounds out of range [{begin}:{stop}] with length {len(data)}")
    return as_text(data[begin:stop])


def repeated(count: int, text: str) -> str:
    """Copies of a text."""
    if count < 0:
        raise ExpressionError("strings: negative Repeat count")
    if count * len(text) > MAX_TEXT:
        raise ExpressionError("memory budget exceeded")
    return text * count


def _quote(*values: Any) -> str:
    return " ".join(quoted(text_of(each)) for each in values if each is not None)


def _squote(*values: Any) -> str:
    return " ".join(f"'{shown(each)}'" for each in values if each is not None)


def _cat(*values: Any) -> str:
    return " ".join(shown(each) for each in values if each is not None)


def indented(spaces: int, text: str) -> str:
    """A text with spaces before each line."""
    if spaces < 0:
        raise ExpressionError("strings: negative Repeat count")
    if spaces * (text.count("\n") + 1) > MAX_TEXT:
        raise ExpressionError("memory budget exceeded")
    return " " * spaces + text.replace("\n", "\n" + " " * spaces)


def _split(between: str, text: str, limit: int = -1) -> StringMap:
    return StringMap({f"_{index}": part for index, part in enumerate(gotext.split(text, between, limit))})


def _join(between: str, value: Any) -> str:
    return checked_text(between.join(texts_of(value)))


def _base32(text: str) -> str:
    packed = text.replace("\n", "").replace("\r", "")
    try:
        return as_text(base64.b32decode(packed))
    except (binascii.Error, ValueError):
        return f"illegal base32 data at input byte {_wrong_base32(packed)}"


def _wrong_base32(text: str) -> int:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    return next((index for index, each in enumerate(text) if each not in alphabet), len(text))


def _base64(text: str) -> str:
    try:
        return as_text(decoded_base64(text))
    except ExpressionError as error:
        return error.message


def wrapped(text: str, width: int, line_end: str, *, cuts_words: bool) -> str:
    """A text in lines of a width in bytes, cut at spaces."""
    data, end = as_bytes(text), as_bytes(line_end or "\n")
    width = max(width, 1)
    parts: list[bytes] = []
    offset = 0
    while len(data) - offset > width:
        if data[offset] == 0x20:
            offset += 1
            continue
        space = data.rfind(b" ", offset, width + offset + 1)
        if space < 0 and not cuts_words:
            space = data.find(b" ", width + offset)
            if space < 0:
                break
        if space >= 0:
            parts += (data[offset:space], end)
            offset = space + 1
        else:
            parts += (data[offset : offset + width], end)
            offset += width
        if sum(map(len, parts[-2:])) + len(parts) * len(end) > MAX_TEXT:
            raise ExpressionError("memory budget exceeded")
    return as_text(b"".join(parts) + data[offset:])


def _hash(name: str) -> Callable[[str], str]:
    return lambda text: hashlib.new(name, as_bytes(text), usedforsecurity=False).hexdigest()


def title(text: str) -> str:
    """Each word with a capital letter."""
    before = " "
    letters: list[str] = []
    for letter in text:
        letters.append(casing.title_letter(letter) if _is_separator(before) else letter)
        before = letter
    return "".join(letters)


def _is_separator(letter: str) -> bool:
    if letter.isascii():
        return not (letter.isalnum() or letter == "_")
    category = unicodedata.category(letter)
    return letter in gotext.SPACES and category[0] != "L"


STRINGS: Final[dict[str, tuple[str, Callable[..., Any]]]] = {
    "hello": ("", lambda: "Hello!"),
    "abbrev": ("is", _abbrev),
    "abbrevboth": ("iis", _abbrev_both),
    "trunc": ("is", truncated),
    "trim": ("s", gotext.trim_space),
    "upper": ("s", gotext.upper),
    "lower": ("s", gotext.lower),
    "title": ("s", title),
    "untitle": ("s", casing.untitled),
    "substr": ("iis", substring),
    "repeat": ("is", repeated),
    **dict.fromkeys(("trimall", "trimAll"), ("ss", lambda cut, text: text.strip(cut) if cut else text)),
    "trimSuffix": ("ss", lambda end, text: text.removesuffix(end)),
    "trimPrefix": ("ss", lambda start, text: text.removeprefix(start)),
    "nospace": ("s", casing.without_spaces),
    "initials": ("s", casing.initials),
    "swapcase": ("s", casing.swapped),
    "snakecase": ("s", lambda text: casing.joined_words(text, "_")),
    "camelcase": ("s", casing.pascal),
    "kebabcase": ("s", lambda text: casing.joined_words(text, "-")),
    "wrap": ("is", lambda width, text: wrapped(text, width, "", cuts_words=False)),
    "wrapWith": ("iss", lambda width, line_end, text: wrapped(text, width, line_end, cuts_words=True)),
    "contains": ("ss", lambda part, text: part in text),
    "hasPrefix": ("ss", lambda start, text: text.startswith(start)),
    "hasSuffix": ("ss", lambda end, text: text.endswith(end)),
    "quote": ("a*", _quote),
    "squote": ("a*", _squote),
    "cat": ("a*", _cat),
    "indent": ("is", indented),
    "nindent": ("is", lambda spaces, text: "\n" + indented(spaces, text)),
    "replace": ("sss", lambda old, new, text: gotext.replace(text, old, new)),
    "plural": ("ssi", lambda one, many, count: one if count == 1 else many),
    "sha1sum": ("s", _hash("sha1")),
    "sha256sum": ("s", _hash("sha256")),
    "sha512sum": ("s", _hash("sha512")),
    "adler32sum": ("s", lambda text: str(zlib.adler32(as_bytes(text)))),
    "toString": ("a", text_of),
    "toStrings": ("a", texts_of),
    "split": ("ss", _split),
    "splitn": ("sis", lambda between, limit, text: _split(between, text, limit)),
    "splitList": ("ss", lambda between, text: gotext.split(text, between)),
    "join": ("sa", _join),
    "b64enc": ("s", lambda text: base64.b64encode(as_bytes(text)).decode()),
    "b64dec": ("s", _base64),
    "b32enc": ("s", lambda text: base64.b32encode(as_bytes(text)).decode()),
    "b32dec": ("s", _base32),
}
"""Name → the types of the arguments (see `typed`), and what it does."""
