"""The type of every value: of references by their declarations, of expressions by their operators.

Never reports anything: mismatches are reported by `check`, and have the intended type.
"""

from __future__ import annotations

from typing import Final

from transpiler.argo.variables import ALL_ARGUMENTS, KEPT_BY_NAME, WORKFLOW_VARIABLES
from transpiler.diagnostics import Span
from transpiler.model.expressions.functions import FUNCTIONS, NUMBER
from transpiler.model.expressions.tree import (
    Binary,
    Boxed,
    Conditional,
    Constant,
    EnvReference,
    Expression,
    FactReference,
    FunctionCall,
    Index,
    InputReference,
    Listing,
    OutputReference,
    Reference,
    Result,
    Text,
    TryReference,
    Unary,
    WorkflowReference,
)
from transpiler.model.expressions.types import ANY, FOLDER, JSON, Type, parse_type
from transpiler.model.values import Literal, Value
from transpiler.resolve.scope import Scope

STRING: Final = parse_type("String")
INTEGER: Final = parse_type("Integer")
FLOAT: Final = parse_type("Float")
BOOLEAN: Final = parse_type("Boolean")
LIST: Final = parse_type("JsonArray")
OBJECT: Final = parse_type("JsonObject")
NUMBERS: Final = frozenset(["Integer", "Float"])
STRUCTURES: Final = frozenset(["JsonArray", "JsonObject"])
TYPED: Final = NUMBERS | STRUCTURES | {"Boolean"}
"""Types whose values are not only strings."""


def type_of(reference: Reference, scope: Scope) -> tuple[Type, Span | None]:
    """The type of the target of a reference, and the position of its declaration; ANY if unknown, as for an item."""
    scope, reference = scope.origin(reference)
    if isinstance(reference, InputReference):
        if scope.parent is not None and reference.name in scope.captures:
            return passed(infer(scope.captures[reference.name], scope.parent)), None
        given = scope.input(reference.name)
        return (given.type, given.span) if given else (ANY, None)
    if isinstance(reference, OutputReference):
        return _output_type(reference, scope)
    if isinstance(reference, FactReference):
        return (INTEGER if reference.fact == "exitCode" else STRING), None
    return (_workflow_type(reference) if isinstance(reference, WorkflowReference) else ANY), None


def _workflow_type(reference: WorkflowReference) -> Type:
    """Texts, but for some and for outputs of tasks; ANY for what a run does not have, which is reported."""
    if reference.written:
        return reference.declared
    name = reference.name
    known = {"priority": INTEGER, "duration": FLOAT, "failures": LIST, **dict.fromkeys(ALL_ARGUMENTS, LIST)}
    is_text = name.partition(".")[0] in {*WORKFLOW_VARIABLES, *KEPT_BY_NAME}
    return known.get(name, STRING if is_text else ANY)


def _output_type(reference: OutputReference, scope: Scope) -> tuple[Type, Span | None]:
    output = scope.output_of(reference)
    if output is None:
        return ANY, None
    if scope.calls[reference.task].loop is None:
        return output.type, output.span
    return (FOLDER if output.type.is_custom else LIST), output.span


def collected(node: Expression | None, scope: Scope) -> Type | None:
    """The type of the values that a loop collects, for a name of the list that they come in; None for all else.

    Texts, as Argo takes them, but for lists and objects, which stand in the list as such; JSON for what items print.
    """
    seen: set[Scope] = set()
    while isinstance(node, (InputReference, OutputReference)) and scope not in seen:
        scope, reference = scope.origin(node)
        call = scope.calls.get(reference.task) if isinstance(reference, OutputReference) else None
        output = scope.output_of(reference) if isinstance(reference, OutputReference) else None
        if call is None or output is None:
            return None
        if isinstance(reference, OutputReference) and reference.is_results:
            return OBJECT
        if call.loop is not None:
            return JSON if call.prints(output) else output.type
        seen.add(scope)
        node = call.scope.yielded(output.name) if call.scope is not None else None
        scope = call.scope or scope
    return None


def holds_texts(node: Expression, scope: Scope) -> bool:
    """True for a list of which it is known that its items are texts: what a loop collects, `split` and `keys`."""
    if isinstance(node, Conditional):
        return holds_texts(node.then, scope) or holds_texts(node.otherwise, scope)
    if isinstance(node, FunctionCall):
        return node.name in {"split", "keys"}
    kind = collected(node, scope)
    return kind is not None and kind != JSON and kind.name not in STRUCTURES


def is_folder(reference: Reference, scope: Scope) -> bool:
    """True for the files that the items of a loop write: outside they are the files of one folder."""
    return type_of(reference, scope)[0] == FOLDER


def type_of_value(value: Value, scope: Scope) -> Type:
    """The type of a value: of its expression when that is all of it, else a text."""
    if isinstance(value, Text):
        whole = value.whole
        return passed(infer(whole, scope)) if whole is not None else STRING
    return infer_constant(value.value) if isinstance(value, Literal) else ANY


def passed(kind: Type) -> Type:
    """The type of a value where it arrives: all that Argo passes on is text, JSON too."""
    return ANY if kind == JSON else kind


_ALWAYS: Final[dict[type, Type]] = {
    Listing: LIST,
    Result: OBJECT,
    Index: JSON,
    EnvReference: ANY,
    TryReference: INTEGER,
}
"""Expressions of one type, whatever is in them."""


def infer(node: Expression, scope: Scope) -> Type:
    """The type of an expression."""
    match node:
        case Constant(value):
            return infer_constant(value)
        case Listing() | Result() | Index() | EnvReference() | TryReference():
            return _ALWAYS[type(node)]
        case Unary(operator, operand):
            return BOOLEAN if operator == "!" else _number(infer(operand, scope))
        case Binary(operator, left, right):
            return _binary(operator, infer(left, scope), infer(right, scope))
        case Conditional(_, then, otherwise):
            return common(infer(then, scope), infer(otherwise, scope))
        case FunctionCall(name, arguments):
            return _result(name, [infer(each, scope) for each in arguments])
        case Boxed(reference):
            return infer(reference, scope)
    return type_of(node, scope)[0]


def infer_constant(value: object) -> Type:
    """The type of a literal; `null` is none but JSON's."""
    if value is None:
        return JSON
    kinds = {bool: BOOLEAN, int: INTEGER, float: FLOAT, str: STRING}
    return next((kinds[kind] for kind in type(value).__mro__ if kind in kinds), ANY)


def common(left: Type, right: Type) -> Type:
    """The type of a value that is one or the other."""
    if left == right or (left.name and left.name == right.name):
        return left
    if {left.name, right.name} == NUMBERS:
        return FLOAT
    return ANY


def _result(name: str, arguments: list[Type]) -> Type:
    if name not in FUNCTIONS or not FUNCTIONS[name].accepts(len(arguments)):
        return ANY  # which is reported
    result = FUNCTIONS[name].result
    if result == NUMBER:
        return INTEGER if all(each.name == "Integer" for each in arguments) else FLOAT
    return result


def _binary(operator: str, left: Type, right: Type) -> Type:
    if operator == "||" and left.name not in {"", "Boolean"}:
        return ANY  # likewise
    if operator in {"==", "!=", "<", "<=", ">", ">=", "&&", "||", "in"}:
        return BOOLEAN
    if operator == "??":
        return passed(common(left, right))
    if operator in {"-", "*", "/", "+"} and not _computes(operator, left, right):
        return ANY  # which is reported
    if operator == "/":
        return FLOAT
    if operator == "+" and not (left.name in NUMBERS or right.name in NUMBERS):
        return STRING
    return INTEGER if left.name == right.name == "Integer" else FLOAT


def _computes(operator: str, left: Type, right: Type) -> bool:
    """True for numbers, and for texts that are added."""
    numbers = {each.name in NUMBERS for each in (left, right) if each.name}
    return numbers <= {True} or (operator == "+" and numbers == {False})


def _number(kind: Type) -> Type:
    return kind if kind.name in NUMBERS else FLOAT
