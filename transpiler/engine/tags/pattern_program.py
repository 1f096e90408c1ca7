"""Patterns as programs: steps, each of which takes a character, looks around, or goes on at others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from msgspec import Struct

from transpiler.engine.tags.errors import ExpressionError

Test: TypeAlias = Callable[[str], bool]
"""True for the characters that a step takes."""


MAX_PROGRAM: Final = 20_000
"""Steps of a program; `((a{100}){10}){9}` is written in a few characters."""


class Step(Struct):
    """One instruction: what it does, with the steps that may follow it.

    `take` takes a character, `split` goes on at both, `save` notes the place, `look` takes nothing, `end` matches.
    """

    kind: str
    next: int = -1
    other: int = -1
    test: Test | None = None
    look: str = ""
    slot: int = 0


class Program(Struct):
    """The instructions, where they start, and the names of the groups; group 0 is the whole match."""

    steps: list[Step]
    start: int
    names: list[str]


class Piece(Struct):
    """A part of an expression: a function that appends its steps before the step that follows, and gives the first."""

    emit: Callable[[list[Step], int], int]


def _step(steps: list[Step], step: Step) -> int:
    if len(steps) >= MAX_PROGRAM:
        raise ExpressionError("the regular expression is too large")
    steps.append(step)
    return len(steps) - 1


def taking(test: Test) -> Piece:
    """Takes a character."""
    return Piece(lambda steps, after: _step(steps, Step("take", after, test=test)))


def looking(look: str) -> Piece:
    """Takes nothing, and looks where it is: at a border, or at an end."""
    return Piece(lambda steps, after: _step(steps, Step("look", after, look=look)))


def row(pieces: list[Piece]) -> Piece:
    """One after another."""

    def emit(steps: list[Step], after: int) -> int:
        for piece in reversed(pieces):
            after = piece.emit(steps, after)
        return after

    return Piece(emit)


def choice(branches: list[Piece]) -> Piece:
    """One of them, the first that leads to an end."""

    def emit(steps: list[Step], after: int) -> int:
        first = branches[-1].emit(steps, after)
        for branch in reversed(branches[:-1]):
            first = _step(steps, Step("split", branch.emit(steps, after), first))
        return first

    return branches[0] if len(branches) == 1 else Piece(emit)


def captured(piece: Piece, group: int) -> Piece:
    """A group, whose place is kept."""

    def emit(steps: list[Step], after: int) -> int:
        end = _step(steps, Step("save", after, slot=2 * group + 1))
        return _step(steps, Step("save", piece.emit(steps, end), slot=2 * group))

    return Piece(emit)


def _split(steps: list[Step], more: int, after: int, *, is_lazy: bool) -> int:
    return _step(steps, Step("split", after, more) if is_lazy else Step("split", more, after))


def repeated(piece: Piece, least: int, most: int, *, is_lazy: bool) -> Piece:
    """A piece from so many to so many times; -1 has no end."""

    def endless(steps: list[Step], after: int) -> int:
        loop = _step(steps, Step("split"))
        body = piece.emit(steps, loop)
        steps[loop].next, steps[loop].other = (after, body) if is_lazy else (body, after)
        return loop

    def emit(steps: list[Step], after: int) -> int:
        if most < 0 and least == 1:  # `x+` is its own loop, so that an empty x ends it
            loop = _step(steps, Step("split"))
            body = piece.emit(steps, loop)
            steps[loop].next, steps[loop].other = (after, body) if is_lazy else (body, after)
            return body
        first = after
        if most < 0:
            first = endless(steps, after)
        for _ in range(max(most - least, 0)):
            first = _split(steps, piece.emit(steps, first), after, is_lazy=is_lazy)
        for _ in range(least):
            first = piece.emit(steps, first)
        return first

    return Piece(emit)
