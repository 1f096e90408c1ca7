"""Sprig's functions that give other values in each run: they need a source of randomness, or are not there at all."""

from __future__ import annotations

import base64
import string
import uuid
from collections.abc import Callable
from typing import Any, Final

from transpiler.engine.tags.errors import ExpressionError, UnsupportedError
from transpiler.engine.tags.run import Run
from transpiler.engine.tags.values import MAX_TEXT


def _number(run: Run, below: int) -> int:
    return int.from_bytes(run.random_bytes(16)) % below


def _text(alphabet: str) -> Callable[[Run, int], str]:
    def chosen(run: Run, count: int) -> str:
        if count < 0 or count > MAX_TEXT:
            return ""
        data = run.random_bytes(2 * count)
        return "".join(alphabet[int.from_bytes(data[at : at + 2]) % len(alphabet)] for at in range(0, len(data), 2))

    return chosen


def _bytes(run: Run, count: int) -> str:
    if not 0 <= count <= MAX_TEXT:
        raise ExpressionError("runtime error: makeslice: len out of range")
    return base64.b64encode(run.random_bytes(count)).decode()


def _between(run: Run, least: int, limit: int) -> int:
    if limit <= least:
        raise ExpressionError("invalid argument to Intn")
    return least + _number(run, limit - least)


def _shuffled(run: Run, text: str) -> str:
    letters = list(text)
    for index in range(len(letters) - 1, 0, -1):
        other = _number(run, index + 1)
        letters[index], letters[other] = letters[other], letters[index]
    return "".join(letters)


def _uuid(run: Run) -> str:
    return str(uuid.UUID(bytes=run.random_bytes(16), version=4))


RANDOM: Final[dict[str, tuple[str, Callable[..., Any]]]] = {
    "randAlphaNum": ("i", _text(string.ascii_letters + string.digits)),
    "randAlpha": ("i", _text(string.ascii_letters)),
    "randAscii": ("i", _text("".join(map(chr, range(32, 127))))),
    "randNumeric": ("i", _text(string.digits)),
    "randBytes": ("i", _bytes),
    "randInt": ("ii", _between),
    "shuffle": ("s", _shuffled),
    "uuidv4": ("", _uuid),
}
"""Functions with the run before their arguments."""

ABSENT: Final = (
    "bcrypt htpasswd genPrivateKey derivePassword buildCustomCert genCA genCAWithKey genSelfSignedCert"
    " genSelfSignedCertWithKey genSignedCert genSignedCertWithKey encryptAES decryptAES getHostByName"
).split()
"""Functions that make keys and certificates, or ask the network."""


def absent(name: str) -> Callable[..., Any]:
    """A function that says that it is not there."""

    def refused(*_: Any) -> Any:
        raise UnsupportedError(
            f"sprig.{name} makes or needs secrets, or asks the network: only a cluster can evaluate it"
        )

    return refused
