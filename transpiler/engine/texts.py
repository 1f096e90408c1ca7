"""Tags and expressions in the words of the engine: what is missing may come, and anything else is an error."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, Literal

from transpiler.engine.tags import substitution
from transpiler.engine.tags.environment import environment
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.evaluation import evaluate
from transpiler.engine.tags.evaluation import is_true as evaluates_to_true
from transpiler.engine.tags.substitution import LENIENT, STRICT, TASKS, Scope

Strict = Literal["none", "all", "own"]
"""Which tags must have a value: none, all, or those of tasks and steps."""
_POLICIES: Final = {"none": LENIENT, "all": STRICT, "own": TASKS}


NOW: Final = "\0now"
"""The variable, which no tag can name, that holds the time in seconds from the epoch for functions that ask for it."""


class TagError(Exception):
    """A tag or an expression has no value; the message is Argo's."""


class MissingError(TagError):
    """A variable is not there, and may come."""


def replaced(data: Any, variables: Mapping[str, Any] | Scope, strict: Strict = "none") -> Any:
    """Plain data with values for its tags. Raises TagError."""
    try:
        scope = variables if isinstance(variables, Scope) else Scope(variables, now=_now(variables))
        return substitution.substituted(data, scope, _POLICIES[strict])
    except ExpressionError as error:
        raise _error(error) from error


def resolved(reference: str, values: Mapping[str, Any]) -> Any:
    """What a single tag names, of any type. Raises TagError."""
    try:
        return substitution.resolved(reference, values, now=_now(values))
    except ExpressionError as error:
        raise _error(error) from error


def evaluated(expression: str, variables: Mapping[str, Any]) -> Any:
    """The value of an expression. Raises TagError."""
    try:
        return evaluate(expression, environment(variables), now=_now(variables))
    except ExpressionError as error:
        raise _error(error) from error


def is_true(expression: str, variables: Mapping[str, Any]) -> bool:
    """The value of a condition. Raises TagError for one that is neither true nor false."""
    try:
        return evaluates_to_true(expression, environment(variables), now=_now(variables))
    except ExpressionError as error:
        raise TagError(error.message) from error


def _now(variables: Mapping[str, Any]) -> datetime | None:
    now = variables.get(NOW)
    return None if now is None else datetime.fromtimestamp(now, UTC)


def _error(error: ExpressionError) -> TagError:
    return MissingError(error.message) if substitution.is_missing(error) else TagError(error.message)
