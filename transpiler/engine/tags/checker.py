"""What the engine refuses before it evaluates: unknown names, and operands and arguments of wrong types.

Follows the checker of expr v1.17. Of what stands in the arguments of a function that it knows nothing of, such as those
of `sprig`, it looks at nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from transpiler.engine.tags import tree
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.functions.types import METHODS, OVERLOADS, VALIDATED
from transpiler.engine.tags.names_of_functions import BUILTINS, PREDICATES
from transpiler.engine.tags.natures import (
    BOOL,
    DURATION,
    FLOAT,
    INT,
    LIST,
    MAP,
    NIL,
    STRING,
    TIME,
    UNKNOWN,
    Nature,
    Signature,
    list_of,
    nature_of,
    promoted,
)
from transpiler.engine.tags.patterns import pattern

__all__ = ["Checker", "Nature", "nature_of"]

_NUMBER: Final = frozenset({"int", "float"})
_COMPARED: Final = frozenset({"int", "float", "string", "time", "duration"})


class Checker:
    """The state: the types of the environment, of variables, and of the elements of predicates."""

    def __init__(self, env: Mapping[str, Nature]) -> None:
        self.env = env
        self.variables: list[tuple[str, Nature]] = []
        self.collections: list[tuple[Nature, dict[str, Nature]]] = []
        self.known: dict[int, Nature] = {}

    def check(self, node: tree.Node) -> Nature:
        """The type of a node. Raises ExpressionError for what the engine refuses."""
        found = self.known.get(id(node))
        if found is None:
            found = self.known[id(node)] = _CHECKS[type(node)](self, node)
        return found


def _wrong(node: tree.Node, message: str) -> ExpressionError:
    return ExpressionError(message, node.at)


def _literal(_: Checker, node: tree.Literal) -> Nature:
    return nature_of(node.value)


def _name(checker: Checker, node: tree.Name) -> Nature:
    for name, nature in reversed(checker.variables):
        if name == node.name:
            return nature
    if node.name == "$env":
        return UNKNOWN
    return _named(checker, node, node.name, is_strict=True, has_builtins=True)


def _named(checker: Checker, node: tree.Node, name: str, *, is_strict: bool, has_builtins: bool) -> Nature:
    if name in checker.env:
        return checker.env[name]
    if has_builtins and (name in BUILTINS or name in PREDICATES):
        return Nature("func", f"builtin {name}")
    if is_strict:
        raise _wrong(node, f"unknown name {name}")
    return UNKNOWN


def _unary(checker: Checker, node: tree.Unary) -> Nature:
    nature = checker.check(node.operand)
    if node.operator in {"!", "not"}:
        if nature.kind in {"bool", "unknown"}:
            return BOOL
    elif nature.is_number or nature.is_unknown:
        return nature
    raise _wrong(node, f"invalid operation: {node.operator} (mismatched type {nature.name})")


def _binary(checker: Checker, node: tree.Binary) -> Nature:
    first, parts = tree.row(node)
    left = checker.check(first)
    for part in parts:
        right = checker.check(part.right)
        left = _operation(part, left, right)
    return left


def _operation(node: tree.Binary, left: Nature, right: Nature) -> Nature:
    if node.operator == "matches" and isinstance(node.right, tree.Literal) and isinstance(node.right.value, str):
        try:
            pattern(node.right.value)
        except ExpressionError as error:
            raise _wrong(node, error.message) from None
    found = _RESULTS[node.operator](node, left, right)
    if found is None:
        raise _wrong(node, f"invalid operation: {node.operator} (mismatched types {left.name} and {right.name})")
    return found


def _maybe(left: Nature, right: Nature, kinds: frozenset[str]) -> bool:
    """True where nothing is known of one, and the other is of one of these kinds, or unknown too."""
    if left.is_unknown:
        return right.is_unknown or right.kind in kinds
    return right.is_unknown and left.kind in kinds


def _comparable(left: Nature, right: Nature) -> bool:
    if {left.kind, right.kind} & {"unknown", "nil"} or (left.is_number and right.is_number):
        return True
    return left.kind == right.kind and (left.kind in {"duration", "time", "list"} or left.assignable_to(right))


def _equality(_: tree.Binary, left: Nature, right: Nature) -> Nature | None:
    return BOOL if _comparable(left, right) else None


def _logic(_: tree.Binary, left: Nature, right: Nature) -> Nature | None:
    kinds = frozenset({"bool"})
    return BOOL if left.kind == right.kind == "bool" or _maybe(left, right, kinds) else None


def _comparison(_: tree.Binary, left: Nature, right: Nature) -> Nature | None:
    are_alike = left.kind == right.kind and left.kind in _COMPARED
    return BOOL if are_alike or (left.is_number and right.is_number) or _maybe(left, right, _COMPARED) else None


def _sum(_: tree.Binary, left: Nature, right: Nature) -> Nature | None:
    if left.is_number and right.is_number:
        return promoted(left, right)
    sums = {("string", "string"): STRING, ("time", "duration"): TIME, ("duration", "time"): TIME}
    sums["duration", "duration"] = DURATION
    found = sums.get((left.kind, right.kind))
    return found or (UNKNOWN if _maybe(left, right, _COMPARED) else None)


def _difference(_: tree.Binary, left: Nature, right: Nature) -> Nature | None:
    if left.is_number and right.is_number:
        return promoted(left, right)
    known = {("time", "time"): DURATION, ("time", "duration"): TIME, ("duration", "duration"): DURATION}
    found = known.get((left.kind, right.kind))
    return found or (UNKNOWN if _maybe(left, right, _NUMBER | {"time", "duration"}) else None)


def _product(_: tree.Binary, left: Nature, right: Nature) -> Nature | None:
    if left.is_number and right.is_number:
        return promoted(left, right)
    kinds = _NUMBER | {"duration"}
    if left.kind in kinds and right.kind in kinds:
        return DURATION
    return UNKNOWN if _maybe(left, right, kinds) else None


def _quotient(_: tree.Binary, left: Nature, right: Nature) -> Nature | None:
    return FLOAT if (left.is_number and right.is_number) or _maybe(left, right, _NUMBER) else None


def _integers(left: Nature, right: Nature) -> bool:
    return left.kind == right.kind == "int" or _maybe(left, right, frozenset({"int"}))


def _remainder(_: tree.Binary, left: Nature, right: Nature) -> Nature | None:
    return INT if _integers(left, right) else None


def _range(_: tree.Binary, left: Nature, right: Nature) -> Nature | None:
    return list_of(INT) if _integers(left, right) else None


def _on_texts(_: tree.Binary, left: Nature, right: Nature) -> Nature | None:
    texts = frozenset({"string"})
    return BOOL if left.kind == right.kind == "string" or _maybe(left, right, texts) else None


def _membership(node: tree.Binary, left: Nature, right: Nature) -> Nature | None:
    if right.kind == "map":
        if not left.is_unknown and right.key not in {"interface {}", left.name}:
            raise _wrong(node, f"cannot use {left.name} as type {right.key} in map key")
        return BOOL
    if right.kind == "list":
        if not _comparable(left, right.inside()):
            raise _wrong(node, f"cannot use {left.name} as type {right.inside().name} in array")
        return BOOL
    if right.kind in {"time", "other"} and left.kind in {"string", "unknown"}:
        return BOOL
    return BOOL if right.is_unknown or (left.is_unknown and right.kind == "string") else None


def _alternative(_: tree.Binary, left: Nature, right: Nature) -> Nature | None:
    if left.kind == "nil":
        return right
    if right.kind == "nil":
        return left
    return left if right.assignable_to(left) else UNKNOWN


_RESULTS: Final[dict[str, Callable[[tree.Binary, Nature, Nature], Nature | None]]] = {
    **dict.fromkeys(("==", "!="), _equality),
    **dict.fromkeys(("or", "||", "and", "&&"), _logic),
    **dict.fromkeys(("<", ">", "<=", ">="), _comparison),
    "+": _sum,
    "-": _difference,
    "*": _product,
    **dict.fromkeys(("/", "**", "^"), _quotient),
    "%": _remainder,
    "..": _range,
    **dict.fromkeys(("matches", "contains", "startsWith", "endsWith"), _on_texts),
    "in": _membership,
    "??": _alternative,
}


def _chain(checker: Checker, node: tree.Chain) -> Nature:
    return checker.check(node.inner)


def _member(checker: Checker, node: tree.Member) -> Nature:
    text = node.key.value if isinstance(node.key, tree.Literal) and isinstance(node.key.value, str) else None
    if isinstance(node.base, tree.Name) and node.base.name == "$env":
        if text is None:
            return UNKNOWN
        return _named(checker, node, text, is_strict=not node.is_optional, has_builtins=False)
    base, key = checker.check(node.base), checker.check(node.key)
    if base.is_unknown:
        return UNKNOWN
    if base.kind == "nil" and text is not None:
        raise _wrong(node, f"type nil has no field {text}")
    if text is not None and (base.kind, text) in METHODS:
        return METHODS[base.kind, text]
    found = _element(node, base, key)
    if found is not None:
        return found
    if text is not None:
        raise _wrong(node, f"type {base.name} has no {'method' if node.is_method else 'field'} {text}")
    raise _wrong(node, f"type {base.name}[{key.name}] is undefined")


def _element(node: tree.Member, base: Nature, key: Nature) -> Nature | None:
    """The type of an item or value; None where there are none."""
    if base.kind == "map":
        if base.key != "interface {}" and not key.is_unknown and key.name != base.key:
            raise _wrong(node.key, f"cannot use {key.name} to get an element from {base.name}")
        return base.inside()
    if base.kind == "list":
        if key.kind not in {"int", "unknown"}:
            raise _wrong(node.key, f"array elements can only be selected using an integer (got {key.name})")
        return base.inside()
    return None


def _slice(checker: Checker, node: tree.Slice) -> Nature:
    base = checker.check(node.base)
    if base.is_unknown:
        return UNKNOWN
    if base.kind not in {"string", "list"}:
        raise _wrong(node, f"cannot slice {base.name}")
    for bound in (node.start, node.stop):
        nature = INT if bound is None else checker.check(bound)
        if nature.kind not in {"int", "unknown"}:
            raise _wrong(node, f"non-integer slice index {nature.name}")
    return base


def _call(checker: Checker, node: tree.Call) -> Nature:
    callee = checker.check(node.callee)
    if callee.is_unknown:
        return UNKNOWN
    name = _called(node.callee)
    if callee.kind == "nil":
        raise _wrong(node, f"{name} is nil; cannot call nil as function")
    if callee.kind != "func":
        raise _wrong(node, f"{callee.name} is not callable")
    if callee.signature is None:
        return UNKNOWN
    return _fitting(checker, name, callee.signature, node.arguments, node)


def _called(callee: tree.Node) -> str:
    if isinstance(callee, tree.Name):
        return callee.name
    if isinstance(callee, tree.Member) and isinstance(callee.key, tree.Literal):
        return str(callee.key.value)
    return "function"


def _fitting(
    checker: Checker, name: str, wanted: Signature, arguments: tuple[tree.Node, ...], node: tree.Node
) -> Nature:
    """The result of a function, when the arguments fit. Raises ExpressionError."""
    inputs = wanted.inputs
    if len(arguments) < len(inputs) - wanted.is_variadic:
        raise _wrong(node, f"not enough arguments to call {name}")
    if len(arguments) > len(inputs) and not wanted.is_variadic:
        raise _wrong(node, f"too many arguments to call {name}")
    for index, argument in enumerate(arguments):
        nature, given = inputs[min(index, len(inputs) - 1)], checker.check(argument)
        if (nature.kind == "float" and given.kind == "int") or nature.kind == given.kind == "int":
            continue
        if given.kind == "nil" and nature.kind not in {"unknown", "zone"}:
            raise _wrong(argument, f"cannot use nil as argument (type {nature.name}) to call {name}")
        if not given.assignable_to(nature) and not given.is_unknown and given.kind != "nil":
            raise _wrong(argument, f"cannot use {given.name} as argument (type {nature.name}) to call {name} ")
    return wanted.output


def _builtin(checker: Checker, node: tree.Builtin) -> Nature:
    if node.name in PREDICATES:
        return _predicate_function(checker, node)
    if node.name == "get":
        return _get(checker, node)
    if node.name in VALIDATED:
        natures = [checker.check(each) for each in node.arguments]
        try:
            return VALIDATED[node.name](node.name, natures)
        except ExpressionError as error:
            raise _wrong(node, error.message) from None
    *others, last = OVERLOADS[node.name]
    for signature in others:
        with suppress(ExpressionError):  # the last one says what is wrong
            return _fitting(checker, node.name, signature, node.arguments, node)
    return _fitting(checker, node.name, last, node.arguments, node)


def _get(checker: Checker, node: tree.Builtin) -> Nature:
    if len(node.arguments) != 2:
        raise _wrong(node, f"invalid number of arguments (expected 2, got {len(node.arguments)})")
    base, key = (checker.check(each) for each in node.arguments)
    first, second = node.arguments
    if isinstance(first, tree.Name) and first.name == "$env":
        known = checker.env.get(second.value) if isinstance(second, tree.Literal) else None
        return known or UNKNOWN
    if base.is_unknown:
        return UNKNOWN
    if base.kind == "list":
        if key.kind not in {"int", "unknown"}:
            raise _wrong(second, f"non-integer slice index {key.name}")
        return base.inside()
    if base.kind == "map":
        if base.key != "interface {}" and not key.is_unknown and key.name != base.key:
            raise _wrong(second, f"cannot use {key.name} to get an element from {base.name}")
        return base.inside()
    raise _wrong(first, f"type {base.name} does not support indexing")


_WITH_INDEX: Final = {"map": {"index": INT}, "reduce": {"index": INT, "acc": UNKNOWN}}
_ASKING: Final = frozenset("all none any one filter count find findLast findIndex findLastIndex".split())


def _predicate_function(checker: Checker, node: tree.Builtin) -> Nature:
    collection = checker.check(node.arguments[0])
    if collection.kind not in {"list", "unknown"}:
        raise _wrong(node.arguments[0], f"builtin {node.name} takes only array (got {collection.name})")
    gives = UNKNOWN
    if len(node.arguments) > 1:
        checker.collections.append((collection, _WITH_INDEX.get(node.name, {})))
        gives = checker.check(node.arguments[1])
        checker.collections.pop()
        if gives.kind == "nil":
            raise _wrong(node.arguments[1], "predicate should has one input and one output param")
        if node.name in _ASKING and gives.kind not in {"bool", "unknown"}:
            raise _wrong(node.arguments[1], f"predicate should return boolean (got {gives.name})")
    for each in node.arguments[2:]:
        checker.check(each)
    return _predicate_result(node, collection, gives)


def _predicate_result(node: tree.Builtin, collection: Nature, gives: Nature) -> Nature:
    inside = UNKNOWN if collection.is_unknown else collection.inside()
    name = node.name
    if name in {"all", "none", "any", "one"}:
        return BOOL
    if name in {"count", "findIndex", "findLastIndex"}:
        return INT
    if name == "filter":
        return LIST if collection.is_unknown else list_of(inside)
    if name in {"find", "findLast"}:
        return inside
    if name == "groupBy":
        return Nature("map", "map[interface {}][]interface {}", LIST, "interface {}")
    if name == "sum":
        return gives if len(node.arguments) > 1 else inside
    return {"map": list_of(gives), "sortBy": collection, "reduce": gives}[name]


def _predicate(checker: Checker, node: tree.Predicate) -> Nature:
    return checker.check(node.inner)


def _pointer(checker: Checker, node: tree.Pointer) -> Nature:
    if not checker.collections:
        raise _wrong(node, "cannot use pointer accessor outside predicate")
    collection, names = checker.collections[-1]
    if not node.name:
        return UNKNOWN if collection.is_unknown else collection.inside()
    if node.name not in names:
        raise _wrong(node, f"unknown pointer #{node.name}")
    return names[node.name]


def _let(checker: Checker, node: tree.Let) -> Nature:
    if node.name in checker.env:
        raise _wrong(node, f"cannot redeclare {node.name}")
    if node.name in BUILTINS or node.name in PREDICATES:
        raise _wrong(node, f"cannot redeclare builtin {node.name}")
    if any(name == node.name for name, _ in checker.variables):
        raise _wrong(node, f"cannot redeclare variable {node.name}")
    checker.variables.append((node.name, checker.check(node.value)))
    body = checker.check(node.body)
    checker.variables.pop()
    return body


def _sequence(checker: Checker, node: tree.Sequence) -> Nature:
    return [checker.check(each) for each in node.nodes][-1]


def _conditional(checker: Checker, node: tree.Conditional) -> Nature:
    choices: list[Nature] = []
    each: tree.Node = node
    while isinstance(each, tree.Conditional):
        test = checker.check(each.test)
        if test.kind not in {"bool", "unknown"}:
            raise _wrong(each.test, f"non-bool expression (type {test.name}) used as condition")
        choices.append(checker.check(each.one))
        each = each.other
    other = checker.check(each)
    for one in reversed(choices):
        other = _either(one, other)
    return other


def _either(one: Nature, other: Nature) -> Nature:
    """The type of a choice."""
    if one.kind == "nil":
        return other
    if other.kind == "nil":
        return one
    if not one.assignable_to(other):
        return UNKNOWN
    if one.kind == "list" and one.inside() != other.inside():
        inside, others = one.inside(), other.inside()
        return one if inside.assignable_to(others) and others.assignable_to(inside) else LIST
    return one


def _array(checker: Checker, node: tree.Array) -> Nature:
    natures = [checker.check(each) for each in node.nodes]
    kinds = {_go_kind(each) for each in natures}
    return list_of(natures[-1]) if len(kinds) == 1 else LIST if kinds else list_of(UNKNOWN)


def _go_kind(nature: Nature) -> str:
    if nature.name == "unknown":
        return "invalid"
    return nature.kind if nature.kind in {"list", "map"} else nature.name


def _mapping(checker: Checker, node: tree.Mapping) -> Nature:
    for key, value in node.pairs:
        checker.check(key)
        checker.check(value)
    return MAP


_CHECKS: Final[dict[type, Callable[[Checker, Any], Nature]]] = {
    tree.Nil: lambda _, __: NIL,
    tree.Literal: _literal,
    tree.Name: _name,
    tree.Unary: _unary,
    tree.Binary: _binary,
    tree.Chain: _chain,
    tree.Member: _member,
    tree.Slice: _slice,
    tree.Call: _call,
    tree.Builtin: _builtin,
    tree.Predicate: _predicate,
    tree.Pointer: _pointer,
    tree.Let: _let,
    tree.Sequence: _sequence,
    tree.Conditional: _conditional,
    tree.Array: _array,
    tree.Mapping: _mapping,
}
