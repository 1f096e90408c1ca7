"""Tags and expressions in the words of the engine: what is missing may come, and anything else is an error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, Literal

from transpiler.engine.tags import substitution
from transpiler.engine.tags.environment import environment, expanded
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.substitution import LENIENT, STRICT, TASKS, Scope

Strict = Literal["none", "all", "own"]
"""Which tags must have a value: none, all, or those of tasks and steps."""
_POLICIES: Final = {"none": LENIENT, "all": STRICT, "own": TASKS}


NOW: Final = "\0now"
"""The variable, which no tag can name, that holds the time in seconds from the epoch for functions that ask for it."""


BaseEnv = Callable[[Mapping[str, Any]], dict[str, Any]]


class Variables(dict[str, Any]):
    """Variables of a run, and others beside them. What expressions need of the first is made once for all."""

    def __init__(self, base: Mapping[str, Any], base_env: BaseEnv, own: Mapping[str, Any]) -> None:
        """`base_env`: makes what expressions can name of the variables of the run, given these variables."""
        super().__init__(base)
        self.update(own)
        self._base_env, self._own = base_env, own

    @property
    def env(self) -> dict[str, Any]:
        """What an expression can name."""
        if any(name.startswith(_OF_RUN) for name in self._own):
            return environment(self)
        return {**self._base_env(self), **(expanded(self._own) if self._own else {})}


_OF_RUN: Final = "workflow"


class _LayeredScope(Scope):
    def __init__(self, variables: Variables, now: datetime | None) -> None:
        super().__init__(variables, now=now)
        self._variables = variables

    @property
    def env(self) -> dict[str, Any]:
        if self._env is None:
            self._env = self._variables.env
        return self._env


class TagError(Exception):
    """A tag or an expression has no value; the message is Argo's."""


class MissingError(TagError):
    """A variable is not there, and may come."""


def replaced(data: Any, variables: Mapping[str, Any], strict: Strict = "none") -> Any:
    """Plain data with values for its tags. Raises TagError."""
    try:
        return substitution.substituted(data, _scope(variables), _POLICIES[strict])
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
    from transpiler.engine.tags.evaluation import evaluate  # noqa: PLC0415 - few runs have one

    try:
        return evaluate(expression, _scope(variables).env, now=_now(variables))
    except ExpressionError as error:
        raise _error(error) from error


def is_true(expression: str, variables: Mapping[str, Any]) -> bool:
    """The value of a condition. Raises TagError for one that is neither true nor false."""
    from transpiler.engine.tags import evaluation  # noqa: PLC0415 - few runs have one

    try:
        return evaluation.is_true(expression, _scope(variables).env, now=_now(variables))
    except ExpressionError as error:
        raise TagError(error.message) from error


def _scope(variables: Mapping[str, Any]) -> Scope:
    if isinstance(variables, Variables):
        return _LayeredScope(variables, _now(variables))
    return Scope(variables, now=_now(variables))


def _now(variables: Mapping[str, Any]) -> datetime | None:
    now = variables.get(NOW)
    return None if now is None else datetime.fromtimestamp(now, UTC)


def _error(error: ExpressionError) -> TagError:
    return MissingError(error.message) if substitution.is_missing(error) else TagError(error.message)
