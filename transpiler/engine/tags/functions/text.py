"""Functions of texts."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from transpiler.engine.tags import gotext
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.functions.arguments import text
from transpiler.engine.tags.run import Run
from transpiler.engine.tags.texts import as_json, from_json
from transpiler.engine.tags.values import as_bytes, as_text, checked_text, to_int, type_name


def trim(_: Run, *arguments: Any) -> str:
    """Without spaces at both ends, or without the characters of a second text."""
    texts = [text(each) for each in arguments]
    return gotext.trim_space(texts[0]) if len(texts) == 1 else texts[0].strip(texts[1]) if texts[1] else texts[0]


def trim_prefix(_: Run, whole: Any, prefix: Any = " ") -> str:
    """Without a text at its start."""
    return text(whole).removeprefix(text(prefix))


def trim_suffix(_: Run, whole: Any, suffix: Any = " ") -> str:
    """Without a text at its end."""
    return text(whole).removesuffix(text(suffix))


def upper(_: Run, whole: Any) -> str:
    """In capital letters, each by itself."""
    return gotext.upper(text(whole))


def lower(_: Run, whole: Any) -> str:
    """In small letters, each by itself."""
    return gotext.lower(text(whole))


def split(_: Run, whole: Any, between: Any, limit: Any = -1) -> list[str]:
    """The parts between a text."""
    return gotext.split(text(whole), text(between), to_int(limit))


def split_after(_: Run, whole: Any, between: Any, limit: Any = -1) -> list[str]:
    """The parts between a text, each with that text behind it."""
    parts = gotext.split(text(whole), text(between), to_int(limit))
    for index in range(len(parts) - 1):
        parts[index] += between
    return parts


def replace(_: Run, whole: Any, old: Any, new: Any, count: Any = -1) -> str:
    """With a text in place of another, everywhere or some times."""
    return gotext.replace(text(whole), text(old), text(new), to_int(count))


def repeat(run: Run, whole: Any, times: Any) -> str:
    """Some copies of a text behind each other."""
    count = to_int(times)
    if count < 0:
        raise ExpressionError(f"invalid argument for repeat (expected positive integer, got {count})")
    if count > 1_000_000:
        raise ExpressionError("memory budget exceeded")
    run.grow(len(as_bytes(text(whole))) * count)
    return text(whole) * count


def join(_: Run, parts: Any, between: Any = "") -> str:
    """Texts with another between them."""
    glue = text(between)
    if not isinstance(parts, list):
        raise ExpressionError(f"invalid argument for join (type {type_name(parts)})")
    return checked_text(glue.join([text(each) for each in parts]))


def index_of(_: Run, whole: Any, part: Any) -> int:
    """The offset of a text in bytes, -1 without one."""
    return as_bytes(text(whole)).find(as_bytes(text(part)))


def last_index_of(_: Run, whole: Any, part: Any) -> int:
    """The offset of the last such text in bytes, -1 without one."""
    return as_bytes(text(whole)).rfind(as_bytes(text(part)))


def has_prefix(_: Run, whole: Any, part: Any) -> bool:
    """True when a text starts with another."""
    return text(whole).startswith(text(part))


def has_suffix(_: Run, whole: Any, part: Any) -> bool:
    """True when a text ends with another."""
    return text(whole).endswith(text(part))


def to_json(_: Run, value: Any) -> str:
    """A value as JSON with indentation."""
    return as_json(value, indent="  ")


def from_json_text(_: Run, whole: Any) -> Any:
    """The value of a JSON text."""
    return from_json(text(whole))


def to_base64(_: Run, whole: Any) -> str:
    """A text in base64."""
    return base64.b64encode(as_bytes(text(whole))).decode()


def from_base64(_: Run, whole: Any) -> str:
    """The text of a text in base64."""
    return as_text(decoded_base64(text(whole)))


def decoded_base64(whole: str) -> bytes:
    """The bytes of a text in base64. Raises ExpressionError with Go's words; Go passes over line ends."""
    packed = whole.replace("\n", "").replace("\r", "")
    try:
        if not packed.isascii():
            raise binascii.Error
        return base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        at = wrong_base64(whole)
        raise ExpressionError(f"illegal base64 data at input byte {at}") from None


def wrong_base64(whole: str) -> int:
    """The offset in bytes of what no decoder of base64 takes."""
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    count = 0
    data = as_bytes(whole)
    for at, byte in enumerate(data):
        if byte in alphabet:
            count += 1
        elif byte not in b"\r\n":
            return _wrong_padding(data, at, 4 - count % 4) if byte == ord("=") and count % 4 >= 2 else at
    return len(data) - count % 4


def _wrong_padding(data: bytes, at: int, wanted: int) -> int:
    """The same from the first `=` on, when so many are wanted."""
    rest = data[at:].replace(b"\n", b"").replace(b"\r", b"")
    if rest.startswith(b"=" * wanted):
        return at + wanted
    return len(data) if rest == b"=" else at
