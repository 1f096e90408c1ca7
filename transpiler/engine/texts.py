"""Tags and expressions in the words of the engine: what is missing may come, and anything else is an error."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
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


class _Layers(Mapping[str, Any]):
    """Variables in front of others. There may be many, so none is copied."""

    def __init__(self, own: Mapping[str, Any], base: Mapping[str, Any]) -> None:
        self._own, self._base = own, base

    def __getitem__(self, name: str) -> Any:
        return self._own[name] if name in self._own else self._base[name]

    def __contains__(self, name: object) -> bool:
        return name in self._own or name in self._base

    def __iter__(self) -> Iterator[str]:
        return iter({**self._base, **self._own})

    def __len__(self) -> int:
        return len({**self._base, **self._own})


class Variables(Scope):
    """Variables of a run, and others in front of them: all stay the same as long as this is used."""

    def __init__(self, base: Mapping[str, Any], base_env: Callable[[], dict[str, Any]], own: Mapping[str, Any]) -> None:
        """`base_env`: gives what expressions can name of the variables of the run."""
        super().__init__(_Layers(own, base), now=_now(base))
        self._base_env, self._own = base_env, own

    @property
    def env(self) -> dict[str, Any]:
        """What an expression can name; it is made once."""
        if self._env is None:
            if any(name.startswith(_OF_RUN) for name in self._own):
                self._env = environment(self.values)
            else:
                self._env = {**self._base_env(), **(expanded(self._own) if self._own else {})}
        return self._env


_OF_RUN: Final = "workflow"


Values = Variables | Mapping[str, Any]


class TagError(Exception):
    """A tag or an expression has no value; the message is Argo's."""


class MissingError(TagError):
    """A variable is not there, and may come."""


def replaced(data: Any, variables: Values, strict: Strict = "none") -> Any:
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


def evaluated(expression: str, variables: Values) -> Any:
    """The value of an expression. Raises TagError."""
    from transpiler.engine.tags.evaluation import evaluate  # noqa: PLC0415 - few runs have one

    try:
        scope = _scope(variables)
        return evaluate(expression, scope.env, now=scope.now)
    except ExpressionError as error:
        raise _error(error) from error


def is_true(expression: str, variables: Values) -> bool:
    """The value of a condition. Raises TagError for one that is neither true nor false."""
    from transpiler.engine.tags import evaluation  # noqa: PLC0415 - few runs have one

    try:
        scope = _scope(variables)
        return evaluation.is_true(expression, scope.env, now=scope.now)
    except ExpressionError as error:
        raise TagError(error.message) from error


def _scope(variables: Values) -> Scope:
    return variables if isinstance(variables, Scope) else Scope(variables, now=_now(variables))


def _now(variables: Mapping[str, Any]) -> datetime | None:
    now = variables.get(NOW)
    return None if now is None else datetime.fromtimestamp(now, UTC)


def _error(error: ExpressionError) -> TagError:
    return MissingError(error.message) if substitution.is_missing(error) else TagError(error.message)
