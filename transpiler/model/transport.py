"""How a value travels between tasks."""

from __future__ import annotations

from enum import Flag, auto


class Transport(Flag):
    """How a value is wanted; both ways are possible at once."""

    NONE = 0
    VALUE = auto()
    PATH = auto()
    UNKNOWN = auto()
    """The transport to a template of the cluster, which is unknown: either way."""
