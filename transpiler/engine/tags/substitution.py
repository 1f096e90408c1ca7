"""Tags in the JSON text of an object, replaced as Argo does it (util/template of Argo v4.0).

`{{name}}` becomes a text, `{{=expression}}` a value. Argo does this several times to an object: with what a task knows,
where names that start with `tasks` or `steps` must have a value; for each item of a loop, where all must; with the
inputs of a template; and once more to the pod. So a value with a tag in it is replaced too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from transpiler.engine.tags.environment import environment
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.run import Random
from transpiler.engine.tags.texts import as_json, quoted
from transpiler.engine.tags.values import MAX_TEXT

PLACEHOLDER: Final = "__argo__internal__placeholder-"
"""How Argo's stand-in for a value starts that is not known yet."""
TASK_PREFIXES: Final = ("tasks", "steps")
"""Names that must have a value when Argo resolves what a task refers to."""
_LATE: Final = frozenset(
    "item retries lastRetry.exitCode lastRetry.status lastRetry.duration lastRetry.message workflow.status"
    " workflow.failures".split()
)
"""Variables that get a value late: an expression with one is left until then, whatever it would give."""
_HTML: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


class Policy(Struct, frozen=True):
    """What must have a value: all tags, those whose names start with one of these, or none.

    `keeps_artifacts` leaves `….outputs.artifacts.…` as they are: those are resolved elsewhere.
    """

    all: bool = False
    prefixes: tuple[str, ...] = ()
    keeps_artifacts: bool = True

    def demands(self, name: str) -> bool:
        """True for a name that must have a value. A prefix is whole parts of it."""
        return self.all or any(name == prefix or name.startswith(f"{prefix}.") for prefix in self.prefixes)


STRICT: Final = Policy(all=True, keeps_artifacts=False)
"""Every tag must have a value: `Replace` without unresolved tags, as for the items of a loop."""
LENIENT: Final = Policy()
"""Tags without a value stay: `Replace` that allows unresolved tags."""
TASKS: Final = Policy(prefixes=TASK_PREFIXES)
"""What tasks refer to must have a value: `ReplaceStrictAny` for tasks and steps."""


class Scope:
    """Values by their whole names, such as `inputs.parameters.x`; None is what a skipped task would have given.

    Keep one for as long as its values stay the same: what expressions need of it is made once.
    """

    def __init__(self, values: Mapping[str, Any], *, now: datetime | None = None, random: Random | None = None) -> None:
        self.values = values
        self.now = now
        self.random = random
        self._env: dict[str, Any] | None = None
        self._has_placeholders: bool | None = None

    @property
    def env(self) -> dict[str, Any]:
        """What expressions can name."""
        if self._env is None:
            self._env = environment(self.values)
        return self._env

    @property
    def has_placeholders(self) -> bool:
        """True when a value is a stand-in: expressions may fail then."""
        if self._has_placeholders is None:
            self._has_placeholders = any(map(_is_placeholder, self.values.values()))
        return self._has_placeholders


def _is_placeholder(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(PLACEHOLDER)


def substituted(node: Any, scope: Scope | Mapping[str, Any], policy: Policy = LENIENT) -> Any:
    """A node with its tags replaced: texts, and keys of mappings, in plain data. One without tags is given back.

    Raises ExpressionError with Argo's words for a tag that must have a value and has none, for an expression that
    fails, and for a result that is no JSON: a text with control characters cannot be put in.
    """
    text = json_of(node)
    if "{{" not in text:
        return node
    replacement = _replaced(text, scope, policy)
    return node if replacement == text else _loaded(replacement)


def json_of(node: Any) -> str:
    """Plain data as Go marshals it: `<`, `>` and `&` are escaped."""
    return json.dumps(node, ensure_ascii=False, separators=(",", ":")).translate(_HTML)


def _loaded(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise ExpressionError("cannot finish template replacement because the result was invalid JSON") from None


def replaced(text: str, scope: Scope | Mapping[str, Any], policy: Policy = LENIENT) -> str:
    """The JSON text of an object with its tags replaced. Raises ExpressionError; see `substituted`."""
    if not _is_json(text):
        raise ExpressionError("cannot do template replacements with invalid JSON")
    result = _replaced(text, scope, policy)
    if not _is_json(result):
        raise ExpressionError("cannot finish template replacement because the result was invalid JSON")
    return result


def _replaced(text: str, scope: Scope | Mapping[str, Any], policy: Policy) -> str:
    known = scope if isinstance(scope, Scope) else Scope(scope)
    return "".join(_parts(text, lambda tag: _tag(tag, known, policy)))


def _is_json(text: str) -> bool:
    try:
        json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse(text: str) -> Any:
    raise ValueError(text)


def _parts(text: str, replace: Callable[[str], str]) -> list[str]:
    """A text in parts, with its tags replaced. A tag ends at the first `}}`, so `{{` may be part of one."""
    parts: list[str] = []
    at = size = 0
    while (start := text.find("{{", at)) >= 0:
        end = text.find("}}", start + 2)
        if end < 0:
            raise ExpressionError(f"Cannot find end tag={quoted('}}')} in the template={quoted(text[:1000])}")
        parts += (text[at:start], text[start + 2 : end])
        at = end + 2
    for index in range(1, len(parts), 2):
        parts[index] = replace(parts[index])
        size += len(parts[index])
        if size > MAX_TEXT:
            raise ExpressionError("memory budget exceeded")
    return [*parts, text[at:]]


def _tag(tag: str, scope: Scope, policy: Policy) -> str:
    if tag.startswith("="):
        expression = tag[1:].replace("\\u003c", "<").replace("\\u003e", ">").replace("\\u0026", "&")
        return _expression(expression, scope, policy)
    return _simple(tag, scope.values, policy)


def _inside(text: str) -> str:
    """A text as it stands between the quotes of a JSON text, by Go's rules: control characters do not fit."""
    return quoted(text)[1:-1]


def _simple(tag: str, values: Mapping[str, Any], policy: Policy) -> str:
    """What becomes of a simple tag (simpleReplaceStrict)."""
    name = tag.strip()
    if name not in values:
        return _nested(tag, values, policy)
    value = values[name]
    if value is None:
        raise ExpressionError(
            f"unable to substitute {{{{{tag}}}}}: output is an absent optional (skipped/omitted node with no default)"
        )
    if not isinstance(value, str):
        raise ExpressionError(f"failed to resolve {{{{{tag}}}}} to string")
    return _inside(value)


def _nested(tag: str, values: Mapping[str, Any], policy: Policy) -> str:
    """A tag without a value: the one inside it is replaced if it has one, and the outer one in the next pass."""
    index = tag.rfind("{{")
    inner = tag[index + 2 :]
    if index > 0 and inner in values:
        value = values[inner]
        if value is None:
            raise ExpressionError(
                f"unable to substitute nested tag {{{{{tag}}}}}: {quoted(inner)} is an absent optional"
            )
        if isinstance(value, str):
            return "{{" + tag[:index] + _inside(value)
    name = tag.strip()
    if policy.demands(name) and not (policy.keeps_artifacts and ".outputs.artifacts." in name):
        raise ExpressionError(f"failed to resolve {{{{{tag}}}}}")
    return f"{{{{{tag}}}}}"


def _expression(written: str, scope: Scope, policy: Policy) -> str:
    """What becomes of an expression tag (expressionReplaceStrict)."""
    from transpiler.engine.tags.identifiers import has_name, identifiers  # noqa: PLC0415 - few runs have one

    try:
        expression = json.loads(f'"{written}"') if "\\" in written or '"' in written else written
    except ValueError as error:
        raise ExpressionError(f"failed to unmarshall JSON expression: {error}") from None
    try:
        missing = [name for name in identifiers(expression) if not has_name(scope.env, name)]
    except ExpressionError as error:
        if scope.has_placeholders:
            return f"{{{{={written}}}}}"
        raise ExpressionError(f"failed to evaluate expression: {error.message}") from None
    for name in missing:
        if policy.demands(name):
            raise ExpressionError(f"failed to evaluate expression: {name} is missing")
    is_lenient = bool(missing) or not (policy.all or policy.prefixes)
    if is_lenient and not _LATE.isdisjoint(missing):
        return f"{{{{={written}}}}}"
    found = _value(expression, scope, is_lenient=is_lenient)
    return f"{{{{={written}}}}}" if found is None else found


def _value(expression: str, scope: Scope, *, is_lenient: bool) -> str | None:
    """The value of an expression as it stands in a JSON text; None where the tag is left (expressionReplaceCore)."""
    from transpiler.engine.tags.evaluation import evaluate  # noqa: PLC0415 - see `_expression`

    may_fail = is_lenient or scope.has_placeholders
    try:
        value = evaluate(expression, scope.env, now=scope.now, random=scope.random)
    except ExpressionError as error:
        if may_fail:
            return None
        raise ExpressionError(f"failed to evaluate expression: {error.message}") from None
    if value is None:
        if may_fail:
            return None
        raise ExpressionError(f"failed to evaluate expression {quoted(expression)}")
    try:
        text = as_json(value)
    except ExpressionError as error:
        if is_lenient:
            return None
        raise ExpressionError(f"failed to marshal evaluated expression: {error.message}") from None
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else _inside(text)


def resolved(text: str, values: Mapping[str, Any], *, now: datetime | None = None, random: Random | None = None) -> Any:
    """The value of one tag, with its type (ResolveVar): what `valueFrom.parameter` of an output names.

    `values` have their whole names; an expression sees them as they are, without Argo's functions. Raises
    ExpressionError where there is no value.
    """
    tag = text.removeprefix("{{").removesuffix("}}").strip()
    if not tag.startswith("="):
        if tag not in values:
            raise ExpressionError(f"Unable to resolve: {quoted(tag)}")
        return values[tag]
    from transpiler.engine.tags.evaluation import evaluate  # noqa: PLC0415 - see `_expression`

    try:
        value = evaluate(tag[1:], values, now=now, random=random, functions={})
    except ExpressionError:
        raise ExpressionError(f"Invalid expression: {quoted(tag[1:])}") from None
    if value is None:
        raise ExpressionError(f"Unable to resolve: {quoted(tag)}")
    return value


def is_missing(error: ExpressionError) -> bool:
    """True when a value is missing that may still come: Argo asks again later (IsMissingVariableErr)."""
    return any(each in error.message for each in ("failed to resolve {{", " is missing", "variable not in env"))


def demanding(prefixes: Sequence[str]) -> Policy:
    """The policy by which names with these prefixes must have a value (ReplaceStrictAny)."""
    return Policy(prefixes=tuple(prefixes))
