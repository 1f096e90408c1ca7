"""Values joined into JSON or YAML: a quote, a colon or a new line in one breaks the text, or makes another of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from transpiler.argo.variables import is_of_people
from transpiler.check.expressions.unclear import is_unclear
from transpiler.diagnostics import Report
from transpiler.model.argo_data import Slot
from transpiler.model.expressions.tree import (
    Binary,
    Conditional,
    Constant,
    EnvReference,
    Expression,
    FactReference,
    FunctionCall,
    InputReference,
    ItemReference,
    Text,
    WorkflowReference,
)
from transpiler.model.settings import Named, Settings
from transpiler.model.task import Loop
from transpiler.model.values import Literal
from transpiler.patterns import regex
from transpiler.resolve.scope import Call, Scope, calls_of
from transpiler.resolve.types import NUMBERS, STRUCTURES, infer

_YAML: Final = frozenset([("resource", "manifest")])
_HARMLESS: Final = regex(r"[A-Za-z][A-Za-z0-9_./-]*")
"""Text that is the same text in JSON and YAML, with and without quotes, if it is none of YAML's words."""
_WORDS: Final = frozenset("true false null yes no on off y n".split())


def check_structured_texts(scope: Scope, report: Report) -> None:
    """Every text of a scope's tasks that is certainly JSON or YAML."""
    for call in calls_of(scope):
        for what, text in _texts(call):
            _check(text, what, call.loop, scope, report)


def _texts(call: Call) -> Iterator[tuple[str, Text]]:
    for argument in call.arguments.values():
        if isinstance(argument.value, Text) and _is_json(argument.value):
            yield "JSON", argument.value
    settings = call.task.settings
    for each in settings.env:
        if isinstance(each, Named) and isinstance(each.value, Text) and _is_json(each.value):
            yield "JSON", each.value
    for slot in _slots(settings):
        end = slot.path[-2:]
        if end in _YAML or slot.path[-1] == "podSpecPatch":
            yield "YAML", slot.text
        elif _is_json(slot.text) or (end == ("http", "body") and slot.text.outline.lstrip()[:1] in {"{", "["}):
            yield "JSON", slot.text


def _slots(settings: Settings) -> Iterator[Slot]:
    yield from settings.own
    for tree in (settings.argo_template, settings.argo_container):
        yield from tree.slots if tree is not None else ()


def _is_json(text: Text) -> bool:
    """True for a list or an object with values in it."""
    outline = "".join(part if isinstance(part, str) else "0" for part in text.parts)
    if len(text.parts) < 2 or outline.lstrip()[:1] not in {"{", "["}:
        return False
    try:
        return isinstance(json.loads(outline), (dict, list))
    except (ValueError, RecursionError):
        return False


def _check(text: Text, what: str, loop: Loop | None, scope: Scope, report: Report) -> None:
    """Warn of the first value that may break a text; a text that is a single value cannot break."""
    if text.whole is not None or any(is_unclear(each, scope, report) for each in text.expressions):
        return
    for before, part in zip(("", *text.parts), text.parts, strict=False):
        if isinstance(part, str):
            continue
        is_quoted = isinstance(before, str) and before.endswith(('"', "'"))
        if _is_written(part):
            if is_quoted:
                message = f"`toJson` must not be in quotes: its result has quotes of its own, which break the {what}"
                report.warning("joined-json", message, part.span, "delete the quotes around it")
                return
        elif not _is_harmless(part, loop, scope, is_quoted=is_quoted):
            hint = "write `${{ toJson(...) }}`, without quotes around it"
            message = f"the value is inserted into {what} without escaping: a quote in it breaks or changes the object"
            report.warning("joined-json", message, part.span, hint)
            return


def _is_written(node: Expression) -> bool:
    """True for an expression whose result is always JSON."""
    match node:
        case FunctionCall(name):
            return name == "toJson"
        case Conditional(_, left, right) | Binary("??", left, right):
            return _is_written(left) and _is_written(right)
    return False


def _is_harmless(node: Expression, loop: Loop | None, scope: Scope, *, is_quoted: bool) -> bool:
    """True for numbers, Booleans, names of Argo's and Kubernetes', texts that are known, and JSON without quotes."""
    match node:
        case Constant(value):
            return not isinstance(value, str) or _is_plain(value)
        case Conditional(_, left, right) | Binary("??", left, right):
            sides = (left, right)
            return all(_is_harmless(each, loop, scope, is_quoted=is_quoted) or _is_written(each) for each in sides)
        case FactReference() | EnvReference():
            return True
        case WorkflowReference(name):
            return not is_of_people(name)
        case InputReference(name) if scope.parent is None and (given := scope.input(name)) and given.enum:
            return all(map(_is_plain, given.enum))
        case ItemReference(_, key) if loop is not None and _known(loop, key):
            return True
    kind = infer(node, scope).name
    return kind in NUMBERS | {"Boolean"} or (kind in STRUCTURES and not is_quoted)


def _known(loop: Loop, key: str | None) -> bool:
    """True for an item that is one of those in the manifest, and harmless."""
    if loop.items is None:
        return loop.source is None
    values = [dict(each).get(key or "") if isinstance(each, tuple) else each for each in loop.items]
    if key is None and loop.has_mappings:
        return False
    return all(isinstance(each, Literal) and _is_plain(str(each.value)) for each in values)


def _is_plain(text: str) -> bool:
    is_number = re.fullmatch(r"[0-9]+", text) is not None
    return is_number or (_HARMLESS.fullmatch(text) is not None and text.lower() not in _WORDS)
