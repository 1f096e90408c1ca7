"""The types of operands in expressions. A value without a type is read as the type of the other operand."""

from __future__ import annotations

from typing import Final

from transpiler.check.expressions.operand_hints import (
    always_there,
    before_the_test,
    either,
    empty_test,
    has_parts,
    item_test,
    length_meant,
    of_all_items,
    with_unit,
)
from transpiler.diagnostics import Hint, Report
from transpiler.model.expressions.functions import COUNTABLE, FUNCTIONS, NUMBER
from transpiler.model.expressions.tree import (
    Binary,
    Conditional,
    Expression,
    FunctionCall,
    Index,
    InputReference,
    Listing,
    Unary,
    children,
    references,
    walk,
)
from transpiler.model.expressions.types import JSON, Type
from transpiler.resolve.optional_inputs import is_null, left_out
from transpiler.resolve.scope import Scope
from transpiler.resolve.types import BOOLEAN, FLOAT, NUMBERS, STRING, STRUCTURES, TYPED, holds_texts, infer

_ORDERED: Final = {"<", "<=", ">", ">="}
_EQUAL: Final = {"==", "!="}
_TESTS: Final = _ORDERED | _EQUAL | {"in"}
_STRUCTURE: Final = Type("Structure", "a list or an object")
_SHOWN: Final = {"Float": "a number", "Number": "a number", "Structure": "a list or an object"}
_SAY_WHAT: Final = "write int(x), float(x) or string(x) to set its type"


def check_operands(node: Expression, scope: Scope, report: Report) -> None:
    """Every operator and function of an expression."""
    _nulls(node, report)
    for each in walk(node):
        match each:
            case FunctionCall():
                _function(each, scope, report)
            case Binary():
                _binary(each, scope, report)
            case Unary(operator, operand):
                _operand(operand, BOOLEAN if operator == "!" else NUMBER, operator, scope, report)
            case Conditional(test):
                _operand(test, BOOLEAN, "?", scope, report)
            case Index():
                _index(each, scope, report)


def _nulls(root: Expression, report: Report) -> None:
    """`null` is something to compare a JSON value with, and nothing that could be passed on."""
    hidden = {id(root)} if is_null(root) else set()
    for each in walk(root):
        if not (isinstance(each, Binary) and each.operator in _EQUAL):
            hidden |= {id(child) for child in children(each) if is_null(child)}
    for each in walk(root):
        if id(each) in hidden:
            hint = "compare only optional inputs and JSON values with `null`: inputs.x == null, json(x).name == null"
            report.error("operand-type", "`null` is not a value here", each.span, hint)


def _function(node: FunctionCall, scope: Scope, report: Report) -> None:
    function = FUNCTIONS.get(node.name)
    if function is None:
        from transpiler.check.expressions.foreign_functions import instead_of  # noqa: PLC0415 - only mistakes need it

        report.error("unknown-function", f"there is no function `{node.name}`", node.name_span, instead_of(node.name))
        return
    if not function.accepts(len(node.arguments)):
        number, given = len(function.takes), len(node.arguments)
        needed = f"{number - function.optional} or {number}" if function.optional else str(number)
        message = f"`{node.name}` takes {needed} argument{'s' if number > 1 else ''}, not {given}"
        hint = of_all_items(node.arguments, scope)
        hint = hint or f"write {node.name}({function.arguments}): it is {function.meaning}"
        report.error("unknown-function", message, node.span, hint)
        return
    asked = item_test(node, scope)
    if asked:
        message = f"`contains` searches a string, not {infer(node.arguments[0], scope).shown}"
        report.error("operand-type", message, node.span, asked)
        return
    for wanted, argument in zip(function.takes, node.arguments, strict=False):
        _operand(argument, wanted, node.name, scope, report)


def _binary(node: Binary, scope: Scope, report: Report) -> None:
    if node.operator == "||" and _is_no_boolean(infer(node.left, scope)):
        message = f"`||` takes Boolean, not {infer(node.left, scope).shown}"
        report.error("operand-type", message, node.span, either(node, scope))
    elif node.operator in {"&&", "||", "-", "*", "/"}:
        for side in (node.left, node.right):
            _operand(side, BOOLEAN if node.operator in {"&&", "||"} else FLOAT, node.operator, scope, report)
    elif node.operator == "??":
        _choice(node, scope, report)
    elif node.operator == "in":
        _membership(node, scope, report)
    else:
        _pair(node, infer(node.left, scope), infer(node.right, scope), scope, report)


def _is_no_boolean(kind: Type) -> bool:
    return bool(kind.name) and not _takes(BOOLEAN, kind)


def _choice(node: Binary, scope: Scope, report: Report) -> None:
    """`??` after a value that is never absent, or before a test: `x ?? 0 > 3` is `x ?? (0 > 3)`."""
    left, right = node.left, node.right
    is_input = isinstance(left, InputReference) and left.name not in scope.captures
    if left_out(left, scope) is None and (is_input or not any(True for _ in references(left))):
        hint = always_there(left)
        hint = hint or "use it with an output of a task that may be skipped, or a part of a JSON value"
        report.error("operand-type", "the value before `??` is never absent", left.span, f"delete the `??`, or {hint}")
    elif isinstance(right, Binary) and right.operator in _TESTS and infer(left, scope).name not in {"", "Boolean"}:
        message = "`??` takes the whole test after it as the alternative"
        report.error("operand-type", message, node.span, before_the_test(node, right))


def _null(node: Binary, left: Type, right: Type, scope: Scope, report: Report) -> None:
    """A comparison with `null`: of an optional input, or of a JSON value."""
    given, kind = (node.left, left) if is_null(node.right) else (node.right, right)
    if left == right == JSON or left_out(given, scope) is not None:
        return
    hint = always_there(given)
    hint = f"delete the test, or {hint}" if hint else "use `??` for a value that may be absent"
    report.error("operand-type", f"a value of type {kind.shown} is never `null`", node.span, hint)


def _pair(node: Binary, left: Type, right: Type, scope: Scope, report: Report) -> None:
    """`==`, `<`, `+` and their like."""
    if is_null(node.left) or is_null(node.right):
        _null(node, left, right, scope, report)
        return
    unfit = [each for each in (left, right) if each.name in STRUCTURES | {"Boolean"}]
    if not _go_together(left, right):
        message = f"`{node.operator}` cannot combine {left.shown} and {right.shown}"
        report.error("operand-type", message, node.span, _instead(node, left, right, scope))
    elif node.operator not in _EQUAL and unfit:
        message = f"`{node.operator}` takes numbers or strings, not {unfit[0].shown}"
        report.error("operand-type", message, node.span, "compare with `==` or `!=`, or use a part of it")
    elif (
        not left.name
        and not right.name
        and (node.operator in _ORDERED or (node.operator == "+" and JSON in {left, right}))
    ):
        message = f"`{node.operator}` between values without a type: they could be numbers or strings"
        report.error("operand-type", message, node.span, _SAY_WHAT)


def _instead(node: Binary, left: Type, right: Type, scope: Scope) -> str:
    sides = (node.left, node.right)
    return empty_test(node, scope) or of_all_items(sides, scope) or _conversion(left, right)


def _conversion(left: Type, right: Type) -> str:
    if {left.name, right.name} & NUMBERS and not {left.name, right.name} <= TYPED:
        return "write string(x) to convert the number, or int(x) to convert the string"
    return "use values of the same type"


def _go_together(left: Type, right: Type) -> bool:
    """True when two values can be compared, or added."""
    return not left.name or not right.name or _family(left) == _family(right)


def _family(kind: Type) -> str:
    return "number" if kind.name in NUMBERS else kind.name if kind.name in TYPED else "string"


def _membership(node: Binary, scope: Scope, report: Report) -> None:
    """`x in list`, `key in object`."""
    left, right = infer(node.left, scope), infer(node.right, scope)
    if isinstance(node.right, Listing):
        _items(node, node.right, left, scope, report)
    elif right.name and right.name not in STRUCTURES:
        hint = "write contains(string, part)" if _family(right) == "string" else "write a list, such as ['a', 'b']"
        report.error("operand-type", f"`in` takes a list or an object, not {right.shown}", node.right.span, hint)
    elif right.name == "JsonObject" and left.name in TYPED:
        message = f"a key of an object is a String, not {left.shown}"
        report.error("operand-type", message, node.left.span, "convert it: string(x)")
    elif left.name in TYPED and holds_texts(node.right, scope):
        message = f"the items of the list are Strings, not {left.shown}"
        report.error("operand-type", message, node.left.span, "convert it: string(x)")


def _items(node: Binary, listing: Listing, left: Type, scope: Scope, report: Report) -> None:
    kinds = [left, *(infer(each, scope) for each in listing.items)]
    families = dict.fromkeys(_family(kind) for kind in kinds if kind.name)
    unfit = next((kind for kind in kinds if kind.name in STRUCTURES), None)
    if unfit is not None:
        message = f"`in` compares numbers, strings or Booleans with the items of a list, not {unfit.shown}"
        report.error("operand-type", message, node.span, "compare with `==`")
    elif len(families) > 1:
        message = f"`in` cannot compare {' and '.join(f'a {each}' for each in families)}"
        report.error("operand-type", message, node.span, "write string(x) to convert a number")


def _index(node: Index, scope: Scope, report: Report) -> None:
    length = length_meant(node)
    proposal = Hint(f"write `{length}`", length)
    if not has_parts(node, scope):
        hint = proposal if length else "use all of it, or declare it as a JsonObject or JsonArray"
        report.error("operand-type", "a String has no parts", node.span, hint)
        return
    _operand(node.target, _STRUCTURE, "[ ]", scope, report)
    target, key = infer(node.target, scope), infer(node.key, scope)
    if target.name == "JsonArray" and length:
        report.error("operand-type", "a list has no names", node.span, proposal)
    elif target.name == "JsonArray" and key.name not in {"", "Integer"}:
        message = f"the position of an item of a list is an Integer, not {key.shown}"
        report.error("operand-type", message, node.key.span, "write [0] for the first item, [-1] for the last")
    elif key.name in TYPED - {"Integer"} or (target.name == "JsonObject" and key.name == "Integer"):
        message = f"the name of a value of an object is a String, not {key.shown}"
        report.error("operand-type", message, node.key.span, "write ['name']")


def _operand(node: Expression, wanted: Type, operator: str, scope: Scope, report: Report) -> None:
    """Report an operand of a type that its operator cannot take."""
    kind = infer(node, scope)
    if not kind.name or _takes(wanted, kind):
        return
    shown = _SHOWN.get(wanted.name, wanted.shown)
    report.error(
        "operand-type", f"`{operator}` takes {shown}, not {kind.shown}", node.span, _way_out(node, kind, wanted, scope)
    )


def _takes(wanted: Type, kind: Type) -> bool:
    is_text = kind.name not in TYPED
    fits = {
        "": True,
        "String": is_text,
        "Float": kind.name in NUMBERS,
        NUMBER.name: kind.name in NUMBERS,
        COUNTABLE.name: is_text or kind.name in STRUCTURES,
        _STRUCTURE.name: is_text or kind.name in STRUCTURES,
    }
    return fits.get(wanted.name, kind.name == wanted.name)


def _way_out(node: Expression, kind: Type, wanted: Type, scope: Scope) -> str:
    if wanted.name in {"Float", NUMBER.name}:
        return with_unit(node, scope) or "write int(x) or float(x) to convert a string"
    if wanted == STRING and kind.name == "JsonArray":
        return "write join(list, ',') for a string of all items, or toJson(list)"
    if wanted in {STRING, COUNTABLE}:
        return "write string(x) to convert it"
    if wanted.name == "Integer":
        return "write round(x), floor(x) or ceil(x); int(x) reads a value without a type, such as -int(item)"
    return (
        f"compare the {kind.shown} with something"
        if wanted == BOOLEAN
        else f"give {_SHOWN.get(wanted.name, f'a value of type {wanted.shown}')}"
    )
