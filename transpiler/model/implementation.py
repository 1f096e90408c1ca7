"""What a component is made of: the base of all kinds, and a container."""

from __future__ import annotations

from dataclasses import dataclass

from transpiler.diagnostics import Span
from transpiler.model.placeholders import CommandPart


class Implementation:
    """What runs when a component is called."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class FileOutput:
    """An entry of `fileOutputs`: the program writes the output to a fixed path."""

    name: str
    path: str
    span: Span


@dataclass(frozen=True, slots=True)
class Container(Implementation):
    """`implementation.container`. `command` is None when the file has none, `image` when it has no usable one."""

    image: str | None
    image_span: Span
    command: tuple[CommandPart, ...] | None
    args: tuple[CommandPart, ...]
    env: tuple[tuple[str, str], ...] = ()
    file_outputs: tuple[FileOutput, ...] = ()

    @property
    def fixed_paths(self) -> dict[str, str]:
        """Output → the path that `fileOutputs` fixes for it."""
        return {fixed.name: fixed.path for fixed in self.file_outputs}
