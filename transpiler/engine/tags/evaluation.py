"""The value of an expression, as expr-lang with Argo's functions gives it (expr v1.17; Argo's util/expr)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, TypeAlias

from msgspec import Struct

from transpiler.engine.tags.checker import check
from transpiler.engine.tags.compiler import compiled
from transpiler.engine.tags.environment import argo_functions, expanded
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.folding import folded
from transpiler.engine.tags.names_of_functions import BUILTINS, PREDICATES
from transpiler.engine.tags.natures import Nature, nature_of
from transpiler.engine.tags.parser import parse
from transpiler.engine.tags.run import Random, Run
from transpiler.engine.tags.times import Time
from transpiler.engine.tags.tree import Literal, Name, walk

Program: TypeAlias = Callable[[Run], Any]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FUNCTIONS: Final = BUILTINS.union(PREDICATES)


def evaluate(
    expression: str,
    env: Mapping[str, Any],
    *,
    now: datetime | None = None,
    random: Random | None = None,
    functions: Mapping[str, Any] | None = None,
) -> Any:
    """The value of an expression.

    Values are texts, whole numbers (64 bits), floats, truth values, None, lists and mappings; times and durations have
    classes of their own (`times.py`). `env` holds what the expression can name, with names in mappings: see
    `environment`. Argo's functions are there without being in it, unless `functions` names others.

    Raises ExpressionError with the words of the engine, where it refuses the expression or fails; the same for what
    takes too much time or memory, and UnsupportedError for values that differ from run to run.
    """
    named = env if "sprig" in env else {**env, **(argo_functions() if functions is None else functions)}
    try:
        program, variables = _compiled_for(expression, named)
        moment = None if now is None else _time(now)
        return program(Run(named, variables, moment, random))
    except RecursionError:
        raise ExpressionError("the expression or its values are nested too deeply") from None
    except ExpressionError as error:
        raise error.located(expression) if error.at is not None else error from None


def evaluate_in_scope(
    expression: str, scope: Mapping[str, Any], *, now: datetime | None = None, random: Random | None = None
) -> Any:
    """The value of an expression, where values have the whole names that Argo gives them: `inputs.parameters.x`."""
    return evaluate(expression, expanded(scope), now=now, random=random)


def is_true(
    expression: str, env: Mapping[str, Any], *, now: datetime | None = None, random: Random | None = None
) -> bool:
    """The truth value of an expression (Argo's argoexpr.EvalBool). Raises ExpressionError for another value."""
    value = evaluate(expression, env, now=now, random=random)
    if value is not True and value is not False:
        raise ExpressionError(f"unable to cast expression result '{value}' to bool")
    return bool(value)


def _time(now: datetime) -> Time:
    moment = now if now.tzinfo else now.replace(tzinfo=UTC)
    return Time((moment - _EPOCH) // timedelta(microseconds=1) * 1000)


def _compiled_for(expression: str, env: Mapping[str, Any]) -> tuple[Program, int]:
    """The program of an expression for the types in an environment, and the number of its variables."""
    overridden = _FUNCTIONS.intersection(env)
    natures = tuple((name, nature_of(env[name])) for name in _names(expression, overridden) if name in env)
    found = _compiled(expression, overridden, natures)
    if isinstance(found, _Refused):
        raise found.error()
    return found


class _Refused(Struct, frozen=True):
    """Why an expression has no program. An exception would keep the frames in which it was raised."""

    kind: type[ExpressionError]
    message: str
    at: int | None

    def error(self) -> ExpressionError:
        """It as an exception."""
        return self.kind(self.message, self.at)


@lru_cache(maxsize=8192)
def _names(expression: str, overridden: frozenset[str]) -> tuple[str, ...]:
    """The variables of an expression, those that it declares itself too; texts that `$env` may be asked for."""
    nodes = list(walk(parse(expression, overridden)))
    names = {node.name for node in nodes if isinstance(node, Name)}
    if "$env" in names:
        names |= {node.value for node in nodes if isinstance(node, Literal) and isinstance(node.value, str)}
    return tuple(sorted(names | overridden))


@lru_cache(maxsize=8192)
def _compiled(
    expression: str, overridden: frozenset[str], natures: tuple[tuple[str, Nature], ...]
) -> tuple[Program, int] | _Refused:
    """Argo tries an expression before its values are there, so that it is refused is asked as often as its program."""
    try:
        tree = parse(expression, overridden)
        check(tree, dict(natures))
        return compiled(folded(tree))
    except RecursionError:
        return _Refused(ExpressionError, "the expression is nested too deeply", None)
    except ExpressionError as error:
        return _Refused(type(error), error.message, error.at)
