"""Whether a task runs: its `when`, with values for its tags."""

from __future__ import annotations

from transpiler.engine.errors import CallError
from transpiler.engine.tags.errors import ExpressionError


def is_met(condition: str) -> bool:
    """True if a condition lets a task run; an empty one does. Raises CallError, with Argo's message."""
    if not condition:
        return True
    from transpiler.engine.tags.conditions import holds  # noqa: PLC0415 - not every run has a condition

    try:
        return holds(condition)
    except ExpressionError as error:
        raise CallError(error.message) from error
