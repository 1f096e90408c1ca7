"""Calls and scopes refer to each other, so they are completed after they are made. Only `resolve` and `lower` do that.

For all other stages they are frozen. `lower` amends its own copies (`lower/copies.py`), never the program itself.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import force_setattr

from transpiler.model.expressions.tree import Text
from transpiler.resolve.scope import Call, Scope


def amend(subject: Call | Scope, **fields: Any) -> None:
    """Set fields of a call or scope that is not complete. What it had derived from the fields before is forgotten."""
    vars(subject).clear()
    for name, value in fields.items():
        force_setattr(subject, name, value)


def adopt(scope: Scope, call: Call) -> None:
    """Tell the group that a call of a scope is where it stands, and what it captures there."""
    if call.scope is not None and call.scope.parent is not None:
        values = {name: argument.value for name, argument in call.arguments.items()}
        wholes = {name: value.whole for name, value in values.items() if isinstance(value, Text)}
        captures = {name: whole for name, whole in wholes.items() if whole is not None}
        amend(call.scope, parent=scope, captures=captures)
