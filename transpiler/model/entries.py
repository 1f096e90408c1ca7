"""The entries of a library: templates with names that other Workflows call."""

from __future__ import annotations

from msgspec import Struct

from transpiler.diagnostics import Span
from transpiler.model.task import Dag


class Entries(Struct, frozen=True):
    """`entries`: what each runs, as a task without arguments, because only its callers know them."""

    dag: Dag
    span: Span
    of_callers: tuple[tuple[str, Span], ...] = ()
    """Keys of entries that only a task can have."""
    of_tasks: tuple[tuple[str, Span], ...] = ()
    """Keys of a manifest without tasks that say something of them."""
