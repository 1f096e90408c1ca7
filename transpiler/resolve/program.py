"""A pipeline with its names resolved: the input of all later stages."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from transpiler.model.task import Dag
from transpiler.resolve.names import Level
from transpiler.resolve.scope import Call, Scope, scopes_of


class WrittenDag(Struct, frozen=True, eq=False):
    """Tasks as a file has them, the names that they can use, and the scope that they became."""

    dag: Dag
    level: Level
    scope: Scope


class RunHook(Struct, frozen=True, eq=False):
    """A task that runs in a state of the run, beside its tasks: the call of its name in its scope."""

    name: str
    scope: Scope

    @property
    def call(self) -> Call:
        """The call, whose `when` says when it runs. There is one unless a mistake in it is reported."""
        return self.scope.calls[self.name]


class Program(Struct, frozen=True, eq=False, dict=True):
    """The tasks of a pipeline, and those that run when it ends. In a scope the calls are in topological order."""

    tasks: Scope
    on_exit: Scope | None = None
    entries: Scope | None = None
    """What other Workflows call."""
    written: tuple[WrittenDag, ...] = ()
    """Every DAG that was resolved, the outer ones first. `()` once the program is lowered."""
    hooks: tuple[RunHook, ...] = ()

    @property
    def roots(self) -> tuple[Scope, ...]:
        """The scopes that no other scope calls."""
        others = (self.on_exit, self.entries, *(hook.scope for hook in self.hooks))
        return (self.tasks, *(each for each in others if each is not None))

    @property
    def scopes(self) -> Iterator[Scope]:
        """Every scope, each once, callers before their callees."""
        return scopes_of(*self.roots)

    @cached_property
    def called_from_elsewhere(self) -> frozenset[Scope]:
        """The scopes below the entries, where the arguments of the run are those of another Workflow."""
        return frozenset(scopes_of(self.entries))
