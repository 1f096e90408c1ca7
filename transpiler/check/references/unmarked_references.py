"""Strings that are passed literally, although they would be references with `${{ }}`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from transpiler.argo.variables import KEPT_BY_NAME, WORKFLOW_VARIABLES
from transpiler.diagnostics import Report, Span
from transpiler.model.expressions.tree import RESULTS
from transpiler.model.pipeline import Pipeline
from transpiler.model.task import Loop
from transpiler.model.values import Literal
from transpiler.patterns import regex
from transpiler.read.unmarked_references import NO_REFERENCE, meant, meant_inside, write_reference
from transpiler.read.yaml.nodes import List, Map
from transpiler.resolve.scope import Call, Scope, calls_of, stored_files_of

_FIRST: Final = regex(r"(?P<root>\w+)(?:\.(?P<name>[\w-]+)|\['(?P<quoted>[^']+)'\])?(?P<rest>.*)", re.DOTALL)
_EXPRESSIONS: Final = {"expression", "fromExpression", "when", "depends", "filter", "transform"}
"""Fields of Argo that hold expressions, where names need no braces."""


def warn_meant(text: object, call: Call, scope: Scope, span: Span, report: Report) -> None:
    """Warn about a text that is, or holds in the braces of a shell, what would name something here."""
    if not isinstance(text, str):
        return
    whole = meant(text)
    for written, reference in [(text, whole)] if whole else meant_inside(text):
        if is_known(reference, call, scope):
            message = f"`{written}` is passed literally"
            report.warning("literal-reference", message, span, write_reference(reference, written))
            return


def is_meant(value: object, call: Call, scope: Scope) -> bool:
    """True for a text that would name something here, with braces around it."""
    return is_known(meant(value), call, scope)


def check_unmarked_defaults(pipeline: Pipeline, report: Report) -> None:
    """The same for defaults, where no reference can stand."""
    names = {given.name for given in pipeline.inputs}
    for given in pipeline.inputs:
        found = _FIRST.fullmatch(meant(given.default))
        known = names if found and found["root"] == "inputs" else WORKFLOW_VARIABLES
        if (
            found
            and given.default_span
            and "{{" not in str(given.default)
            and (found["name"] or found["quoted"]) in known
        ):
            message = f"`{given.default}` is passed to a run literally"
            report.warning("literal-reference", message, given.default_span, NO_REFERENCE)


def check_unmarked_references(scope: Scope, report: Report) -> None:
    """Settings, and data in Argo's own fields. Values with another diagnostic are skipped."""
    for call in calls_of(scope):
        settings = call.task.settings
        for each in settings.named:
            if isinstance(each.value, Literal) and not report.says_something_at(each.span):
                warn_meant(each.value.value, call, scope, each.span, report)
        spans = dict(settings.spans)
        key = settings.cache.key if settings.cache is not None else None
        for name, value in (*settings.single, ("cache", key)):
            if isinstance(value, Literal):
                _below(value.value, call, scope, spans.get(name, call.task.span), report)
        for node, span in _own_fields(call):
            _below(node, call, scope, span, report)


def _own_fields(call: Call) -> Iterator[tuple[object, Span]]:
    """The data of a task in the fields of Argo and Kubernetes."""
    settings, passed = call.task.settings, call.task.argo
    trees = [(each.source, each.span) for each in settings.volumes]
    trees += [(each.source, each.span) for each in settings.env_from]
    trees += [(each.fields, each.span) for each in settings.storage]
    yield from ((tree.data, span) for tree, span in trees if tree is not None)
    raw = call.implementation.argo_node
    yield from ((stored.written, argument.span) for argument, stored in stored_files_of(call))
    yield from ((node, call.task.span) for node in (passed.task, passed.template, passed.container, raw))


def _below(node: object, call: Call, scope: Scope, span: Span, report: Report) -> None:
    """Warn about each text that is a reference as a whole: a part may be of a program, and a tag is Argo's."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in _EXPRESSIONS:
                continue
            place = node.value_span(key) if isinstance(node, Map) else span
            _below(value, call, scope, place, report)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            place = node.item_span(index) if isinstance(node, List) else span
            _below(value, call, scope, place, report)
    elif isinstance(node, str) and "{{" not in node and meant(node) and not report.says_something_at(span):
        warn_meant(node, call, scope, span, report)


def is_known(reference: str, call: Call, scope: Scope) -> bool:
    """True if a reference names something at a task."""
    found = _FIRST.fullmatch(reference)
    if found is None:
        return False
    name = found["name"] or found["quoted"] or ""
    if found["root"] == "inputs":
        return any(each.input(name) for each in _outwards(scope))
    if found["root"] == "tasks":
        return found["rest"].startswith((".output", f".{RESULTS}")) and any(
            name in each.calls for each in _outwards(scope)
        )
    if found["root"] == "workflow":
        return name in WORKFLOW_VARIABLES or (name in KEPT_BY_NAME and found["rest"] != "")
    return any(_has_item(loop, name) for loop in _loops(call, scope))


def _outwards(scope: Scope) -> Iterator[Scope]:
    """A scope and those around it."""
    current: Scope | None = scope
    while current is not None:
        yield current
        current = current.parent


def _loops(call: Call, scope: Scope) -> Iterator[Loop]:
    """The loops around a call."""
    groups = (each.group for each in _outwards(scope))
    yield from (loop for loop in (call.loop, *(group.loop for group in groups if group)) if loop is not None)


def _has_item(loop: Loop, key: str) -> bool:
    """True when `item`, or `item.KEY`, means something in a loop."""
    if loop.alias != "item":
        return False
    known = [dict(item).keys() for item in loop.items or () if isinstance(item, tuple)]
    return not key or loop.items is None or any(key in names for names in known)
