"""The placeholders for inputs and outputs in a command line, with their names in KFP v1."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from transpiler.diagnostics import Span


class InputValue(Struct, frozen=True):
    """`{inputValue: X}`: the value itself."""

    name: str
    span: Span


class JsonValue(InputValue, frozen=True):
    """The value as JSON, for a program that reads it so (KFP v2). `kind` is the name of the input's type."""

    kind: str


class InputPath(Struct, frozen=True):
    """`{inputPath: X}`: the path of a file that contains the value."""

    name: str
    span: Span


class OutputPath(Struct, frozen=True):
    """`{outputPath: X}`: the path of a file to write the output to."""

    name: str
    span: Span


class Concat(Struct, frozen=True):
    """`{concat: […]}`: one text of several parts."""

    items: tuple[CommandPart, ...]


class If(Struct, frozen=True):
    """`{if: {cond, then, else}}`: decided when a pipeline is compiled.

    `condition` is a constant, or the name of the input that must be present.
    """

    condition: bool | IsPresent
    then: tuple[CommandPart, ...]
    otherwise: tuple[CommandPart, ...]


class IsPresent(Struct, frozen=True):
    """`{isPresent: X}`: an argument was passed, or the input has a default."""

    name: str
    span: Span


class BackendPlaceholder(Struct, frozen=True):
    """A placeholder that works only in the KFP v2 backend; `text` is KFP 1.8.22's replacement."""

    keyword: str
    text: str
    span: Span
    input: str | None = None
    output: str | None = None


Placeholder = InputValue | InputPath | OutputPath | Concat | If | BackendPlaceholder
CommandPart = str | Placeholder
NamedPart = InputValue | InputPath | OutputPath | IsPresent | BackendPlaceholder


def placeholders(parts: Iterable[CommandPart]) -> Iterator[NamedPart]:
    """Every placeholder that names something, however deep it is nested."""
    for part in parts:
        if isinstance(part, Concat):
            yield from placeholders(part.items)
        elif isinstance(part, If):
            if isinstance(part.condition, IsPresent):
                yield part.condition
            yield from placeholders((*part.then, *part.otherwise))
        elif not isinstance(part, str):
            yield part
