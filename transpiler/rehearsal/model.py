"""What a file of tests says, as frozen data: cases with what is given, and what is expected."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from msgspec import Struct

from transpiler.diagnostics import Span
from transpiler.model.run_arguments import RunArgument

SECONDS: Final = 1.0
"""How long a fake takes in virtual time if the file does not say."""


class Said(NamedTuple):
    """A value of the file, and its place."""

    value: Any
    span: Span


class Given(Struct, frozen=True):
    """A named value: of an output, an argument, a variable. The value None: there is none."""

    name: str
    name_span: Span
    value: Any
    written: str
    """The value as the file has it."""
    span: Span


class Item(Struct, frozen=True):
    """Which item of a loop is meant: a number from 0, or else a text."""

    number: int | None = None
    text: str = ""

    def fits(self, number: int, text: str) -> bool:
        """True for an item with that number, and that text in Argo: `a`, or `depth:3,rate:0.1`."""
        if self.number is not None:
            return self.number == number
        if self.text == text:
            return True
        parts = {each.strip() for each in text.split(",")}
        wanted = [":".join(word.strip() for word in each.split("=", 1)) for each in self.text.split(",")]
        return "=" in self.text and parts.issuperset(wanted)


class TaskPath(Struct, frozen=True):
    """The path of a task, and for each name in it the item that is meant, if it names one."""

    names: tuple[str, ...]
    items: tuple[Item | None, ...]

    @property
    def has_items(self) -> bool:
        """True if it means single items of a loop."""
        return any(each is not None for each in self.items)


class Fake(Struct, frozen=True):
    """What a task does in one try."""

    span: Span
    phase: str = "Succeeded"
    exit_code: int | None = None
    message: str = ""
    seconds: float = SECONDS
    outputs: tuple[Given, ...] = ()
    prints: Given | None = None
    is_real: bool = False
    """True if it is none: the program of the task runs."""


class FakedTask(Struct, frozen=True):
    """What a task does in each of its tries; the last one stays."""

    written: str
    """Its path, as the file has it."""
    span: Span
    tries: tuple[Fake, ...]
    is_shared: bool = False
    """True if it is one of all cases."""

    is_kept: bool = False
    """True if it is what a cache holds."""

    @property
    def is_real(self) -> bool:
        """True if it says that the program of the task runs."""
        return self.tries[0].is_real


class ExpectedTask(Struct, frozen=True):
    """What is expected of a task."""

    written: str
    span: Span
    phase: Said | None = None
    message: Said | None = None
    tries: Said | None = None
    items: Said | None = None
    arguments: tuple[Given, ...] = ()
    outputs: tuple[Given, ...] = ()
    command: Said | None = None
    env: tuple[Given, ...] = ()
    cached: Said | None = None


class Expectation(Struct, frozen=True):
    """What is expected of a run."""

    phase: Said
    message: Said | None = None
    seconds: Said | None = None
    outputs: tuple[Given, ...] = ()
    tasks: tuple[ExpectedTask, ...] = ()
    order: tuple[Said, ...] = ()


class Case(Struct, frozen=True):
    """One run of the pipeline."""

    name: str
    span: Span
    expected: Expectation
    env: Said | None = None
    inputs: tuple[RunArgument, ...] = ()
    fakes: tuple[FakedTask, ...] = ()
    cached: tuple[FakedTask, ...] = ()
    """The tasks whose results caches hold."""
    after: Said | None = None
    """The case whose run comes first: this one has the caches that it leaves."""
    later: float = 0.0
    """Seconds from the end of that to the start of this one."""
    stop_after: float | None = None


class Tests(Struct, frozen=True):
    """A file of tests. Cases stand in the order of the file."""

    span: Span
    cases: tuple[Case, ...] = ()
    keys: tuple[Span, ...] = ()
    """The places of the keys at the top of the file."""
