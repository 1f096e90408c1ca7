"""A copy of a program, whose scopes and calls `lower` may change without changing the original."""

from __future__ import annotations

from msgspec import Struct, field
from msgspec.structs import replace

from transpiler.resolve.amend import amend
from transpiler.resolve.program import Program
from transpiler.resolve.scope import Call, Scope


class Copies(Struct, frozen=True):
    """The copy of each scope below a program, which are looked up by the scopes of the program."""

    of: dict[Scope, Scope] = field(default_factory=dict)

    def program(self, program: Program) -> Program:
        """The copy of the program. Scopes are copied first, and then linked: a pipeline may call itself."""
        for scope in program.scopes:
            self.of[scope] = replace(scope)
        for scope in self.of.values():
            parent = None if scope.parent is None else self.of[scope.parent]
            amend(scope, calls={name: self._call(call) for name, call in scope.calls.items()}, parent=parent)
        on_exit, entries = program.on_exit and self.of[program.on_exit], program.entries and self.of[program.entries]
        hooks = tuple(replace(hook, scope=self.of[hook.scope]) for hook in program.hooks)
        return Program(self.of[program.tasks], on_exit, entries, hooks=hooks)

    def _call(self, call: Call) -> Call:
        hooks = tuple(replace(hook, call=self._call(hook.call)) for hook in call.hooks)
        return replace(call, scope=call.scope and self.of[call.scope], hooks=hooks)
