"""Durations as Argo reads them: Go's `time.ParseDuration`, and in most places whole seconds without a unit."""

from __future__ import annotations

from typing import Final

from transpiler.patterns import regex

_DURATION: Final = regex(r"[-+]?(?:0|(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+)")
_SECONDS: Final = regex(r"[-+]?[0-9]+")


def is_duration(text: str, *, seconds: bool) -> bool:
    """True for `1h30m` and the like, and for `90` where it may be seconds."""
    return _DURATION.fullmatch(text) is not None or (seconds and _SECONDS.fullmatch(text) is not None)
