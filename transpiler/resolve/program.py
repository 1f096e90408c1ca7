"""A pipeline with its names resolved: what all later stages work on."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from transpiler.resolve.scope import Scope, scopes_of


class Program(Struct, frozen=True, eq=False):
    """The tasks of a pipeline, and those that run when it ends."""

    tasks: Scope
    on_exit: Scope | None = None

    @property
    def roots(self) -> tuple[Scope, ...]:
        """The scopes that no other scope calls."""
        return (self.tasks,) if self.on_exit is None else (self.tasks, self.on_exit)

    @property
    def scopes(self) -> Iterator[Scope]:
        """Every scope, each once, callers before what they call first."""
        return scopes_of(*self.roots)
