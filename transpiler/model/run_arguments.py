"""What a run is given for the inputs of its pipeline, beside their defaults."""

from __future__ import annotations

from msgspec import Struct

from transpiler.diagnostics import Span
from transpiler.model.values import Literal


class RunArgument(Struct, frozen=True):
    """A value for an input: of `-p NAME=VALUE`, or of a file of parameters."""

    name: str
    name_span: Span
    value: Literal
    """As YAML reads it, like a default in a manifest."""
    value_span: Span
    word: str | None = None
    """The characters of a command line, which are the value of an input that takes texts; None in a file."""
