"""Every name of a program: where it is defined, and each place that uses it."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from transpiler.diagnostics import Span


class Kind(Enum):
    """The kinds of things that have names."""

    TASK = "task"
    ENTRY = "entry"
    """An entry of a library, which only Workflows elsewhere call."""
    INPUT = "input"
    """An input of a pipeline, or of a component."""
    OUTPUT = "output"
    """An output of a component, a group or a pipeline."""
    ITEM = "item"
    """The item of a loop."""
    COMPONENT = "component"
    """A short name below `components:`."""
    VARIABLE = "variable"
    """A variable that every run has: `workflow.…`."""


class Definition(Struct, frozen=True):
    """A name, and where a file defines it; `span` is None for a variable, which no file defines.

    `path` are the tasks around the name in its file, the outermost first: `("prepare",)` for a task, or an output, of
    the group `prepare`; `()` for an input of the pipeline, and for the ports of a component in a file of its own. The
    ports of a component in the manifest have the path of its task, or `("components", NAME)`.
    """

    kind: Kind
    name: str
    path: tuple[str, ...]
    span: Span | None


class Use(Struct, frozen=True):
    """A place that uses a name."""

    definition: Definition
    span: Span


class Bindings(Struct, frozen=True):
    """The definitions of a program and the places that use them, both by file and position, the manifest first.

    `file`, in all methods, is the name of a file as messages print it; by default, the manifest.
    """

    definitions: tuple[Definition, ...]
    uses: tuple[Use, ...]
    manifest: str

    def find(self, kind: Kind, name: str, path: tuple[str, ...] = (), file: str = "") -> Definition | None:
        """The definition of that name; None when there is none."""
        for each in self.definitions:
            is_it = (each.kind, each.name, each.path) == (kind, name, path)
            if is_it and (each.span is None or each.span.source.name == (file or self.manifest)):
                return each
        return None

    def uses_of(self, definition: Definition) -> tuple[Use, ...]:
        """Every place that uses the definition, in all files."""
        return tuple(use for use in self.uses if use.definition == definition)

    def at(self, line: int, column: int, file: str = "") -> Definition | None:
        """The name that is defined or used at a place, the innermost one; lines and columns count from 1."""
        places = [(each.span, each) for each in self.definitions if each.span is not None]
        places += [(use.span, use.definition) for use in self.uses]
        around = [place for place in places if _covers(place[0], line, column, file or self.manifest)]
        return min(around, key=lambda place: _size(place[0]))[1] if around else None


def by_position(span: Span | None, manifest: str) -> tuple[bool, str, tuple[int, ...]]:
    """Sort key: the manifest first, then other files, each from top to bottom; last, names that no file defines."""
    if span is None:
        return True, "\U0010ffff", ()
    return span.source.name != manifest, span.source.name, span[1:]


def _covers(span: Span, line: int, column: int, file: str) -> bool:
    """True for a place inside the span, or at its end."""
    is_inside = (span.line, span.column) <= (line, column) <= (span.end_line, span.end_column)
    return is_inside and span.source.name == file


def _size(span: Span) -> tuple[int, int]:
    return span.end_line - span.line, span.end_column - span.column
