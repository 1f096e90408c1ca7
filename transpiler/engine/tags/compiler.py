"""A tree → a function of a run, which gives its value: nothing is looked up twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from transpiler.engine.tags import operators, predicates
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.functions.table import TABLE
from transpiler.engine.tags.patterns import Pattern, pattern
from transpiler.engine.tags.run import Run
from transpiler.engine.tags.tree import (
    Array,
    Binary,
    Builtin,
    Call,
    Chain,
    Conditional,
    Let,
    Literal,
    Mapping,
    Member,
    Name,
    Nil,
    Node,
    Pointer,
    Predicate,
    Sequence,
    Slice,
    Unary,
    row,
)
from transpiler.engine.tags.values import Function, equal, is_nil, type_name

Compiled: TypeAlias = Callable[[Run], Any]
Step: TypeAlias = Callable[[Run, Any], Any]

_OPERATORS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "==": equal,
    "!=": lambda left, right: not equal(left, right),
    "<": operators.less,
    ">": operators.more,
    "<=": operators.less_or_equal,
    ">=": operators.more_or_equal,
    "+": operators.add,
    "-": operators.subtract,
    "*": operators.multiply,
    "/": operators.divide,
    "%": operators.modulo,
    "**": operators.power,
    "^": operators.power,
    "in": operators.is_in,
    "contains": operators.contains,
    "startsWith": operators.starts_with,
    "endsWith": operators.ends_with,
}


class _ChainEnd(Exception):  # noqa: N818 - no error: the base of `?.` is nil
    """The rest of a chain is left out."""


class Compiler:
    """The state: the variables in scope, and how many there are."""

    def __init__(self) -> None:
        self.variables: list[tuple[str, int]] = []
        self.count = 0

    def compiled(self, node: Node) -> Compiled:
        """The function of a node."""
        return _COMPILERS[type(node)](self, node)

    def several(self, nodes: tuple[Node, ...]) -> list[Compiled]:
        """The functions of nodes."""
        return [self.compiled(each) for each in nodes]


def truth(value: Any) -> bool:
    """A value that is a truth value. Raises ExpressionError for anything else."""
    if value is True or value is False:
        return bool(value)
    raise ExpressionError(f"interface conversion: interface {{}} is {_shown_type(value)}, not bool")


def _shown_type(value: Any) -> str:
    return "nil" if value is None else type_name(value)


def _nil(_: Compiler, __: Nil) -> Compiled:
    return lambda _: None


def _literal(_: Compiler, node: Literal) -> Compiled:
    value = node.value
    return lambda _: value


def _name(compiler: Compiler, node: Name) -> Compiled:
    name = node.name
    for known, index in reversed(compiler.variables):
        if known == name:
            return lambda run: run.variables[index]
    if name == "$env":
        return lambda run: run.env
    return lambda run: run.env.get(name)


def _unary(compiler: Compiler, node: Unary) -> Compiled:
    operand, at = compiler.compiled(node.operand), node.at
    if node.operator == "+":
        return operand
    change = operators.negate if node.operator == "-" else lambda value: not truth(value)

    def changed(run: Run) -> Any:
        value = operand(run)
        try:
            return change(value)
        except ExpressionError as error:
            raise at_place(error, at) from None

    return changed


def at_place(error: ExpressionError, at: int) -> ExpressionError:
    """An error that knows where it happened; the innermost place stays."""
    if error.at is None:
        error.at = at
    return error


def _binary(compiler: Compiler, node: Binary) -> Compiled:
    operand, parts = row(node)
    first = compiler.compiled(operand)
    steps = [_step(compiler, part) for part in parts]
    if len(steps) == 1:
        [step] = steps
        return lambda run: step(run, first(run))

    def value_of_row(run: Run) -> Any:
        value = first(run)
        for each in steps:
            value = each(run, value)
        return value

    return value_of_row


def _step(compiler: Compiler, node: Binary) -> Step:
    """What an operator makes of the value on its left."""
    name = node.operator
    if name == "matches":
        return _matching(compiler, node)
    right, at = compiler.compiled(node.right), node.at
    if name in {"and", "&&"}:
        return lambda run, left: right(run) if truth(left) else left
    if name in {"or", "||"}:
        return lambda run, left: left if truth(left) else right(run)
    if name == "??":
        return lambda run, left: right(run) if is_nil(left) else left
    if name == "..":
        return _range(right, at)
    compute = _membership(node) if name == "in" else _OPERATORS[name]

    def step(run: Run, left: Any) -> Any:
        other = right(run)
        try:
            return compute(left, other)
        except ExpressionError as error:
            raise at_place(error, at) from None

    return step


def _range(right: Compiled, at: int) -> Step:
    def step(run: Run, left: Any) -> Any:
        last = right(run)
        try:
            items = operators.span(left, last)
            run.grow(len(items))
        except ExpressionError as error:
            raise at_place(error, at) from None
        return items

    return step


def _membership(node: Binary) -> Callable[[Any, Any], bool]:
    """Among texts only, the engine looks for a key: what is no text is an error then."""
    right = node.right
    if isinstance(right, Literal) and isinstance(right.value, list) and all(type(each) is str for each in right.value):
        among: dict[str, Any] = dict.fromkeys(right.value)
        return lambda left, _: operators.is_in(left, among)
    return operators.is_in


def _matching(compiler: Compiler, node: Binary) -> Step:
    at = node.at
    if isinstance(node.right, Literal) and isinstance(node.right.value, str):
        known = pattern(node.right.value)
        return lambda _, left: _matches(left, known, at)
    right = compiler.compiled(node.right)

    def step(run: Run, left: Any) -> Any:
        other = right(run)
        if is_nil(left) or is_nil(other):
            return False
        if not isinstance(other, str):
            raise ExpressionError(f"interface conversion: interface {{}} is {type_name(other)}, not string", at)
        try:
            return _matches(left, pattern(other), at)
        except ExpressionError as error:
            raise at_place(error, at) from None

    return step


def _matches(left: Any, known: Pattern, at: int) -> bool:
    if is_nil(left):
        return False
    if not isinstance(left, str):
        raise ExpressionError(f"interface conversion: interface {{}} is {type_name(left)}, not []uint8", at)
    return known.matches(left)


def _chain(compiler: Compiler, node: Chain) -> Compiled:
    inner = compiler.compiled(node.inner)

    def chained(run: Run) -> Any:
        try:
            value = inner(run)
        except _ChainEnd:
            return None
        return None if is_nil(value) else value

    return chained


def _member(compiler: Compiler, node: Member) -> Compiled:
    base, at, is_optional = compiler.compiled(node.base), node.at, node.is_optional
    if isinstance(node.key, Literal) and not is_optional:
        constant = node.key.value

        def fetched(run: Run) -> Any:
            value = base(run)
            if type(value) is dict and type(constant) is str:
                return value.get(constant)
            try:
                return operators.fetch(value, constant)
            except ExpressionError as error:
                raise at_place(error, at) from None

        return fetched
    key = compiler.compiled(node.key)

    def looked_up(run: Run) -> Any:
        value = base(run)
        if is_optional and is_nil(value):
            raise _ChainEnd
        name = key(run)
        try:
            return operators.fetch(value, name)
        except ExpressionError as error:
            raise at_place(error, at) from None

    return looked_up


def _slice(compiler: Compiler, node: Slice) -> Compiled:
    base, at = compiler.compiled(node.base), node.at
    start = compiler.compiled(node.start) if node.start is not None else None
    stop = compiler.compiled(node.stop) if node.stop is not None else None

    def cut(run: Run) -> Any:
        value = base(run)
        end = stop(run) if stop else 1 << 62
        begin = start(run) if start else 0
        try:
            return operators.sliced(value, begin, end)
        except ExpressionError as error:
            raise at_place(error, at) from None

    return cut


def _call(compiler: Compiler, node: Call) -> Compiled:
    arguments, callee, at = compiler.several(node.arguments), compiler.compiled(node.callee), node.at

    def called(run: Run) -> Any:
        values = [argument(run) for argument in arguments]
        function = callee(run)
        try:
            if not isinstance(function, Function):
                name = "nil" if function is None else f"non-function of type {type_name(function)}"
                raise ExpressionError(f"invalid operation: cannot call {name}")
            return function.call(run, *values) if function.needs_run else function.call(*values)
        except ExpressionError as error:
            raise at_place(error, at) from None

    return called


def _builtin(compiler: Compiler, node: Builtin) -> Compiled:
    if node.name in predicates.PREDICATES:
        arguments = compiler.several(node.arguments)
        mapped = compiler.compiled(node.mapped) if node.mapped is not None else None
        return predicates.PREDICATES[node.name](arguments, mapped, node.throws)
    entry, at = TABLE[node.name], node.at
    arguments = compiler.several(node.arguments)
    if not entry.least <= len(arguments) <= entry.most:
        wrong = f"invalid number of arguments for {node.name} (got {len(arguments)})"
        return lambda _: _fail(wrong, at)
    call = entry.call

    def computed(run: Run) -> Any:
        values = [argument(run) for argument in arguments]
        try:
            return call(run, *values)
        except ExpressionError as error:
            raise at_place(error, at) from None

    return computed


def _fail(message: str, at: int) -> Any:
    raise ExpressionError(message, at)


def _predicate(compiler: Compiler, node: Predicate) -> Compiled:
    return compiler.compiled(node.inner)


def _pointer(_: Compiler, node: Pointer) -> Compiled:
    if node.name == "index":
        return lambda run: run.scopes[-1].index
    if node.name == "acc":
        return lambda run: run.scopes[-1].gathered
    if node.name:
        raise ExpressionError(f"unknown pointer {node.name}", node.at)

    def element(run: Run) -> Any:
        scope = run.scopes[-1]
        return scope.items[scope.index]

    return element


def _let(compiler: Compiler, node: Let) -> Compiled:
    value = compiler.compiled(node.value)
    index = compiler.count
    compiler.count += 1
    compiler.variables.append((node.name, index))
    body = compiler.compiled(node.body)
    compiler.variables.pop()

    def bound(run: Run) -> Any:
        run.variables[index] = value(run)
        return body(run)

    return bound


def _sequence(compiler: Compiler, node: Sequence) -> Compiled:
    nodes = compiler.several(node.nodes)

    def last(run: Run) -> Any:
        value: Any = None
        for each in nodes:
            value = each(run)
        return value

    return last


def _conditional(compiler: Compiler, node: Conditional) -> Compiled:
    choices: list[tuple[Compiled, Compiled, int]] = []
    other: Node = node
    while isinstance(other, Conditional):
        choices.append((compiler.compiled(other.test), compiler.compiled(other.one), other.at))
        other = other.other
    otherwise = compiler.compiled(other)

    def chosen(run: Run) -> Any:
        for test, one, at in choices:
            value = test(run)
            if value is True:
                return one(run)
            if value is not False:
                raise ExpressionError(f"interface conversion: interface {{}} is {_shown_type(value)}, not bool", at)
        return otherwise(run)

    return chosen


def _array(compiler: Compiler, node: Array) -> Compiled:
    nodes = compiler.several(node.nodes)

    def listed(run: Run) -> Any:
        run.grow(len(nodes))
        return [each(run) for each in nodes]

    return listed


def _mapping(compiler: Compiler, node: Mapping) -> Compiled:
    pairs = [(compiler.compiled(key), compiler.compiled(value)) for key, value in node.pairs]
    at = node.at

    def mapped(run: Run) -> Any:
        run.grow(len(pairs))
        found = [(key(run), value(run)) for key, value in pairs]
        for key, _ in found:
            if not isinstance(key, str):
                raise ExpressionError(f"interface conversion: interface {{}} is {_shown_type(key)}, not string", at)
        return dict(found)

    return mapped


_COMPILERS: Final[dict[type, Callable[[Compiler, Any], Compiled]]] = {
    Nil: _nil,
    Literal: _literal,
    Name: _name,
    Unary: _unary,
    Binary: _binary,
    Chain: _chain,
    Member: _member,
    Slice: _slice,
    Call: _call,
    Builtin: _builtin,
    Predicate: _predicate,
    Pointer: _pointer,
    Let: _let,
    Sequence: _sequence,
    Conditional: _conditional,
    Array: _array,
    Mapping: _mapping,
}
