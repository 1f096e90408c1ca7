"""Valid labels and annotations in Kubernetes (its documentation, "Labels and Selectors")."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from transpiler.patterns import regex

_DNS: Final = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
KEY: Final = regex(rf"({_DNS}(\.{_DNS})*/)?[A-Za-z0-9]([-_.A-Za-z0-9]{{0,61}}[A-Za-z0-9])?")
LABEL: Final = regex(r"([A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?)?")
"""The value of a label; that of an annotation may be any text."""
MAX_ANNOTATIONS: Final = 256 * 1024
"""Bytes of all annotations of an object, their keys too."""


def annotation_bytes(annotations: Iterable[tuple[str, object]]) -> int:
    """How much annotations are, as Kubernetes counts."""
    return sum(len(f"{key}{value}".encode("utf-8", "replace")) for key, value in annotations)


OBJECT_NAME: Final = regex(rf"(?!.{{254}}){_DNS}(\.{_DNS})*")
"""The name of a Secret, ConfigMap, claim or storage class."""
OBJECT_NAME_HINT: Final = "the name of an object has lower-case letters, digits, `-` and `.`, at most 253"
LABEL_HINT: Final = "a label value has at most 63 letters, digits, `-`, `_` and `.`"
