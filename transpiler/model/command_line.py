"""The command line of a container with evaluated placeholders: `if` chosen, `concat` joined, absent values dropped.

The rules are those of kfp 1.8.22 (kfp.components._components._resolve_command_line_and_paths): an optional input
without argument and default is absent; only the parts that name it are dropped.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property, lru_cache

from msgspec import Struct

from transpiler.model.placeholders import (
    BackendPlaceholder,
    CommandPart,
    Concat,
    If,
    InputPath,
    InputValue,
    IsPresent,
    OutputPath,
)

Piece = str | InputValue | InputPath | OutputPath | BackendPlaceholder
Word = tuple[Piece, ...]
"""One element of `command` or `args`: joined pieces."""


class CommandLine(Struct, frozen=True, dict=True):
    """The resolved command line of a container."""

    command: tuple[Word, ...] | None
    args: tuple[Word, ...]

    @property
    def pieces(self) -> Iterator[Piece]:
        """Every piece, in order."""
        for word in (*(self.command or ()), *self.args):
            yield from word

    @cached_property
    def by_value(self) -> frozenset[str]:
        """Inputs whose value is in the command line."""
        return frozenset(piece.name for piece in self.pieces if isinstance(piece, InputValue))

    @cached_property
    def by_path(self) -> frozenset[str]:
        """Inputs that the program reads from a file."""
        return frozenset(piece.name for piece in self.pieces if isinstance(piece, InputPath))

    @cached_property
    def written(self) -> frozenset[str]:
        """Outputs whose path is passed to the program."""
        return frozenset(piece.name for piece in self.pieces if isinstance(piece, OutputPath))


@lru_cache(1024)
def command_line(
    command: tuple[CommandPart, ...] | None, args: tuple[CommandPart, ...], absent: frozenset[str]
) -> CommandLine:
    """Decide the placeholders of `command` and `args`, where some inputs are absent."""
    return CommandLine(
        command=None if command is None else tuple(_words(command, absent)), args=tuple(_words(args, absent))
    )


def _words(parts: Iterable[CommandPart], absent: Collection[str]) -> Iterator[Word]:
    for part in parts:
        if isinstance(part, If):
            yield from _words(part.then if _holds(part.condition, absent) else part.otherwise, absent)
        elif isinstance(part, Concat):
            yield tuple(piece for word in _words(part.items, absent) for piece in word)
        elif not _is_absent(part, absent):
            yield (part,)


def _holds(condition: bool | IsPresent, absent: Collection[str]) -> bool:
    return condition.name not in absent if isinstance(condition, IsPresent) else condition


def _is_absent(part: Piece, absent: Collection[str]) -> bool:
    if isinstance(part, (InputValue, InputPath)):
        return part.name in absent
    return isinstance(part, BackendPlaceholder) and part.input in absent
