"""Text → mappings and lists that know where each of their keys and values stands: the door to all reading of YAML.

Promises: bad YAML gives diagnostics, never an exception.
"""

from __future__ import annotations

from typing import Any

from transpiler.diagnostics import Report, Source
from transpiler.read.yaml.straight import read_straight


def read_document(source: Source, report: Report) -> Any:
    """The one document of a source: Map, List or scalar; None when it is empty or cannot be read."""
    document, is_broken = read_what_can_be(source, report)
    return None if is_broken else document


def read_what_can_be(source: Source, report: Report) -> tuple[Any, bool]:
    """The document and False; where the text breaks off being YAML, what can be understood of it, or None, and True.

    What is read of a broken text marks what is lost (`recover.py`).
    """
    document, broken = read_straight(source, report)
    if broken is None:
        return document, False
    from transpiler.read.yaml.recover import recover  # noqa: PLC0415 - most files are YAML

    return recover(source, broken.error, report), True
