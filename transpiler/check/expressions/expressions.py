"""The rules about expressions: operands, strings, and files, whose content they cannot use."""

from __future__ import annotations

from typing import Final

from transpiler.argo.text import argo_tags, bad_character, unclosed_tag
from transpiler.check.expressions.constants import check_constants
from transpiler.check.expressions.never_equal import check_possible
from transpiler.check.expressions.operands import check_operands
from transpiler.check.expressions.optional_inputs import Around, around_condition, around_task, check_needed
from transpiler.check.expressions.type_names import misspelt
from transpiler.check.expressions.unclear import is_unclear
from transpiler.check.files.casts import not_cast, or_cast
from transpiler.check.tasks.arguments import check_no_files
from transpiler.diagnostics import Report, Span
from transpiler.model.expressions.outcomes import outlines
from transpiler.model.expressions.search import env_references_of, expressions_in, references_of, try_references_of
from transpiler.model.expressions.tree import (
    REFERENCES,
    Boxed,
    Constant,
    EnvReference,
    Expression,
    ItemReference,
    OutputReference,
    Text,
    alternatives,
    walk,
)
from transpiler.resolve.passed_inputs import passed_around
from transpiler.resolve.scope import Call, Scope, calls_of
from transpiler.resolve.types import collected, infer, type_of

_NOWHERE: Final = Around()


def check_expressions(scope: Scope, report: Report) -> None:
    """Every expression of a scope's tasks and outputs."""
    for call in calls_of(scope):
        _task(call, scope, report)
        for hook in call.hooks:
            if hook.when is not None:
                _condition(hook.when, scope, report, around_condition(scope))
    for output in scope.outputs:
        for node in expressions_in(output.value):
            _expression(node, scope, report)
        if isinstance(output.value, Text) and output.value.whole is None:
            check_no_files(output.value.expressions, "yield the whole file as an output of its own", scope, report)


def _task(call: Call, scope: Scope, report: Report) -> None:
    task = call.task
    if task.when is not None:
        _condition(task.when, scope, report, around_condition(scope))
    for node in expressions_in(task.loop):
        _expression(node, scope, report, Around(lambda: passed_around(scope)))
    for node in expressions_in((tuple(call.arguments.values()), task.settings)):
        _expression(node, scope, report, around_task(call, scope))
    if task.settings.retry is not None and task.settings.retry.expression is not None:
        _condition(task.settings.retry.expression.expression, _OF_THE_LAST_TRY, report)
    _no_whole_mappings(call, scope, report)


_OF_THE_LAST_TRY: Final = Scope("", (), ())
"""The `expression` of a `retry` can use only the last try."""


def _no_whole_mappings(call: Call, scope: Scope, report: Report) -> None:
    """Argo's engine has the values of an item that is a mapping, and not the whole as JSON."""
    loop = call.loop
    if loop is None:
        return
    said = (tuple(call.arguments.values()), call.task.settings)
    nodes = [*expressions_in(said), *([call.task.when] if call.task.when is not None else [])]
    of_item = [each for each in references_of(tuple(nodes)) if isinstance(each, ItemReference)]
    of_item = [each for each in of_item if each.name == loop.alias]
    source = collected(loop.source.whole, scope) if isinstance(loop.source, Text) else None
    are_mappings = loop.matrix is not None or (source is not None and source.name == "JsonObject")
    if loop.items is not None or not (are_mappings or any(each.key is not None for each in of_item)):
        return
    for node in nodes:
        for each in references_of(node) if not isinstance(node, REFERENCES) else ():
            if isinstance(each, ItemReference) and each.name == loop.alias and each.key is None:
                message = f"`{loop.alias}` is a mapping, which an expression cannot use as a whole here"
                hint = f"use its values, such as `{loop.alias}.KEY`, or pass the whole item: ${{{{ {loop.alias} }}}}"
                report.error("operand-type", message, each.span, hint)


def _condition(node: Expression, scope: Scope, report: Report, around: Around = _NOWHERE) -> None:
    _expression(node, scope, report, around)
    kind = infer(node, scope)
    if kind.name not in {"", "Boolean"} and not try_references_of(node):  # which are reported
        hint = "compare it, such as `... == 'prod'`" if kind.name == "String" else "compare it, such as `... > 0`"
        report.error("operand-type", f"the condition has the type {kind.shown}, not Boolean", node.span, hint)


def _expression(node: Expression, scope: Scope, report: Report, around: Around = _NOWHERE) -> None:
    if not isinstance(node, EnvReference) and env_references_of(node):
        return  # which is reported: nothing is known of its value
    if is_unclear(node, scope, report):
        return
    check_operands(node, scope, report)
    check_possible(node, scope, report)
    check_constants(node, report)
    if any(unclosed_tag(text) for text in outlines(node)):
        message = "`{{` is not closed in the result, so Argo would search for its end in the following text"
        report.error("argo-tag", message, node.span, "close it with `}}`, or build the string in a task")
    for each in walk(node):
        if isinstance(each, Constant) and isinstance(each.value, str):
            _text(each.value, each.span, report)
    if not isinstance(node, REFERENCES):
        check_needed(node, around, scope, report)
        if not all(isinstance(each, (Boxed, *REFERENCES)) for each in alternatives(node)):
            _no_files(node, scope, report)


def _text(text: str, span: Span, report: Report) -> None:
    """A text that Argo would read a tag in, or that it cannot put in."""
    for tag, _, _ in argo_tags(text):
        report.error("argo-tag", f"Argo would replace or refuse `{tag}` in this string", span, "change the string")
        return
    bad = bad_character(text)
    if bad:
        message = f"the character U+{ord(bad):04X} cannot be passed to a task"
        report.error("control-character", message, span, "remove it; Argo cannot substitute it")


def _no_files(node: Expression, scope: Scope, report: Report) -> None:
    """A value of a type like CSV or Model is a file: an expression has only its text, where that is asked for."""
    for reference in not_cast([node]):
        kind = type_of(reference, scope)[0]
        if isinstance(reference, OutputReference) and kind.is_custom:
            message = f"a {kind.shown} is a file, whose content an expression cannot use"
            hint = or_cast("compute the value in a task that yields it as an output", reference, scope)
            report.error("type-mismatch", message, reference.span, misspelt(kind) or hint)
