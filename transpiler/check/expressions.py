"""What can be wrong with an expression: unknown functions, operators between values that do not go together."""

from __future__ import annotations

from typing import Final

from transpiler.argo.text import argo_tags, bad_character
from transpiler.diagnostics import Report, Span
from transpiler.model.functions import FUNCTIONS
from transpiler.model.types import Type
from transpiler.read.expressions import (
    REFERENCES,
    Binary,
    Conditional,
    Constant,
    Expression,
    FunctionCall,
    Index,
    OutputReference,
    Unary,
    expressions_in,
    references_of,
    walk,
)
from transpiler.resolve.scope import Call, Scope
from transpiler.resolve.types import NUMBERS, infer, type_of
from transpiler.suggest import suggestion

_ORDERED: Final = {"<", "<=", ">", ">="}


def check_expressions(scope: Scope, report: Report) -> None:
    """Every expression of a scope's tasks and outputs."""
    for call in scope.calls.values():
        for each in (call, *(hook.call for hook in call.hooks)):
            _task(each, scope, report)
        for hook in call.hooks:
            if hook.when is not None:
                _condition(hook.when, scope, report)
    for output in scope.outputs:
        for node in expressions_in(output.value):
            _expression(node, scope, report)


def _task(call: Call, scope: Scope, report: Report) -> None:
    task = call.task
    if task.when is not None:
        _condition(task.when, scope, report)
    for node in expressions_in((tuple(call.arguments.values()), task.loop, task.settings)):
        _expression(node, scope, report)


def _condition(node: Expression, scope: Scope, report: Report) -> None:
    _expression(node, scope, report)
    kind = infer(node, scope)
    if kind.name not in {"", "Boolean"}:
        hint = "compare it, such as `... == 'prod'`" if kind.name == "String" else "compare it, such as `... > 0`"
        report.error("operand-type", f"the condition is {kind.shown}, neither true nor false", node.span, hint)


def _expression(node: Expression, scope: Scope, report: Report) -> None:
    for each in walk(node):
        if isinstance(each, FunctionCall):
            _function(each, scope, report)
        elif isinstance(each, Binary):
            _binary(each, scope, report)
        elif isinstance(each, Unary):
            _operand(each.operand, "Boolean" if each.operator == "!" else "Float", each.operator, scope, report)
        elif isinstance(each, Conditional):
            _operand(each.test, "Boolean", "?", scope, report)
        elif isinstance(each, Constant) and isinstance(each.value, str):
            _text(each.value, each.span, report)
        elif isinstance(each, Index):
            _operand(each.target, "Json", "[ ]", scope, report)
    if not isinstance(node, REFERENCES) and not _is_choice(node):
        _no_files(node, scope, report)


def _function(node: FunctionCall, scope: Scope, report: Report) -> None:
    function = FUNCTIONS.get(node.name)
    if function is None:
        hint = suggestion(node.name, FUNCTIONS, "functions")
        hint = hint or "the functions are listed in docs/language.md"
        report.error("unknown-function", f"there is no function `{node.name}`", node.name_span, hint)
        return
    if len(node.arguments) != len(function.takes):
        number, given = len(function.takes), len(node.arguments)
        message = f"`{node.name}` takes {number} value{'s' if number > 1 else ''}, not {given}"
        report.error("unknown-function", message, node.span, f"it is {function.meaning}")
        return
    for wanted, argument in zip(function.takes, node.arguments, strict=True):
        _operand(argument, wanted.name, node.name, scope, report)


def _binary(node: Binary, scope: Scope, report: Report) -> None:
    left, right = infer(node.left, scope), infer(node.right, scope)
    if node.operator in {"&&", "||"}:
        _operand(node.left, "Boolean", node.operator, scope, report)
        _operand(node.right, "Boolean", node.operator, scope, report)
    elif node.operator in {"-", "*", "/"}:
        _operand(node.left, "Float", node.operator, scope, report)
        _operand(node.right, "Float", node.operator, scope, report)
    elif node.operator in {"==", "!=", *_ORDERED, "+"} and not _go_together(left, right):
        message = f"`{node.operator}` between {left.shown} and {right.shown}"
        report.error("operand-type", message, node.span, _conversion(left, right))
    elif node.operator in _ORDERED and "Boolean" in {left.name, right.name}:
        report.error("operand-type", f"`{node.operator}` between Booleans", node.span, "compare with `==` or `!=`")
    elif node.operator == "??" and not references_of(node.left):
        report.error("operand-type", "the value before `??` is never absent", node.left.span, "write a reference there")


def _conversion(left: Type, right: Type) -> str:
    if {"String"} & {left.name, right.name} and NUMBERS & {left.name, right.name}:
        return "write string(x) to make a text of the number, or int(x) to make a number of the text"
    return "compare values of one type"


def _go_together(left: Type, right: Type) -> bool:
    """True when two values can be compared, or added."""
    if not left.name or not right.name or left.name == right.name:
        return True
    if left.name in NUMBERS or right.name in NUMBERS:
        return left.name in NUMBERS and right.name in NUMBERS
    known = {"Boolean", "JsonArray", "JsonObject"}
    return left.name not in known and right.name not in known


def _operand(node: Expression, wanted: str, operator: str, scope: Scope, report: Report) -> None:
    """Report an operand of a type that its operator cannot take."""
    kind = infer(node, scope)
    fine = {
        "": True,
        "Float": kind.name in NUMBERS,
        "Integer": kind.name in NUMBERS,
        "Json": kind.name in {"JsonArray", "JsonObject", "String"} or kind.is_custom,
        "String": kind.name == "String" or kind.is_custom,
    }
    if kind.name and not fine.get(wanted, kind.name == wanted):
        shown = {"Float": "a number", "Json": "a list or an object"}.get(wanted, wanted)
        report.error("operand-type", f"`{operator}` takes {shown}, not {kind.shown}", node.span, _way_out(kind, wanted))


def _way_out(kind: Type, wanted: str) -> str:
    if wanted in {"Float", "Integer"}:
        return "write int(x) or float(x) to make a number of a text"
    if wanted == "String":
        return "write string(x) to make a text of it"
    return f"give a {wanted}" if wanted != "Boolean" else f"compare the {kind.shown} with something"


def _text(text: str, span: Span, report: Report) -> None:
    """A text that Argo would read a tag in, or that it cannot put in."""
    for tag, _, _ in argo_tags(text):
        report.error("argo-tag", f"Argo would replace or refuse `{tag}` in this text", span, "change the text")
        return
    bad = bad_character(text)
    if bad:
        message = f"the character U+{ord(bad):04X} cannot be passed to a task"
        report.error("control-character", message, span, "Argo cannot substitute it")


def _is_choice(node: Expression) -> bool:
    if isinstance(node, Binary) and node.operator == "??":
        return _is_choice(node.left) and _is_choice(node.right)
    return isinstance(node, REFERENCES)


def _no_files(node: Expression, scope: Scope, report: Report) -> None:
    """A value of a type like CSV or Model is a file: an expression has only its text."""
    for reference in references_of(node):
        kind = type_of(reference, scope)[0]
        if isinstance(reference, OutputReference) and kind.is_custom:
            message = f"a {kind.shown} is a file, and an expression cannot look into it"
            report.error(
                "type-mismatch", message, reference.span, "compute the value in a task, as an output of its own"
            )
