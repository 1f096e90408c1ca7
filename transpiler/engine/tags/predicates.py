"""The functions of expr-lang that ask something of each element, as loops."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

from transpiler.engine.tags import operators
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.functions.lists import falling, in_order
from transpiler.engine.tags.run import Run, Scope
from transpiler.engine.tags.values import AnyMap, Uint8, as_bytes, type_name

Compiled: TypeAlias = Callable[[Run], Any]
Maker: TypeAlias = Callable[[list[Compiled], Compiled | None, bool], Compiled]


def _begun(run: Run, value: Any) -> Scope:
    """The scope of a loop over a value."""
    if isinstance(value, str):  # Go's reflection has a length for texts and their bytes
        value = [Uint8(each) for each in as_bytes(value)]
    if not isinstance(value, list):
        name = "zero Value" if value is None else f"{type_name(value)} Value"
        raise ExpressionError(f"reflect: call of reflect.Value.Len on {name}")
    scope = Scope(value)
    run.scopes.append(scope)
    return scope


def _loop(compute: Callable[[Run, Scope], Any], listed: Compiled) -> Compiled:
    """A function of the elements of a list, with a scope of its own."""

    def looped(run: Run) -> Any:
        depth = len(run.scopes)
        try:
            return compute(run, _begun(run, listed(run)))
        finally:
            del run.scopes[depth:]

    return looped


def _each(run: Run, scope: Scope, *, backwards: bool = False) -> Iterator[int]:
    """The places of the elements, one after the other; the scope stands at them."""
    size = len(scope.items)
    for index in range(size - 1, -1, -1) if backwards else range(scope.index, size):
        run.step()
        scope.index = index
        yield index


def _truth(value: Any) -> bool:
    if value is True or value is False:
        return bool(value)
    shown = "nil" if value is None else type_name(value)
    raise ExpressionError(f"interface conversion: interface {{}} is {shown}, not bool")


def _quantifier(wanted: bool, found: bool) -> Maker:
    """A loop that ends with `found` at the first element of which the predicate is `wanted`."""

    def made(arguments: list[Compiled], _: Compiled | None, __: bool) -> Compiled:
        predicate = arguments[1]

        def compute(run: Run, scope: Scope) -> bool:
            for _ in _each(run, scope):
                if _truth(predicate(run)) is wanted:
                    return found
            return not found

        return _loop(compute, arguments[0])

    return made


def _element(run: Run) -> Any:
    scope = run.scopes[-1]
    return scope.items[scope.index]


def _one(arguments: list[Compiled], _: Compiled | None, __: bool) -> Compiled:
    def compute(run: Run, scope: Scope) -> bool:
        return sum(_truth(arguments[1](run)) for _ in _each(run, scope)) == 1

    return _loop(compute, arguments[0])


def _count(arguments: list[Compiled], _: Compiled | None, __: bool) -> Compiled:
    predicate = arguments[1] if len(arguments) > 1 else _element

    def compute(run: Run, scope: Scope) -> int:
        return sum(_truth(predicate(run)) for _ in _each(run, scope))

    return _loop(compute, arguments[0])


def _filter(arguments: list[Compiled], mapped: Compiled | None, _: bool) -> Compiled:
    predicate, gives = arguments[1], mapped or _element

    def compute(run: Run, scope: Scope) -> list[Any]:
        found = [gives(run) for _ in _each(run, scope) if _truth(predicate(run))]
        run.grow(len(found))
        return found

    return _loop(compute, arguments[0])


def _map(arguments: list[Compiled], _: Compiled | None, __: bool) -> Compiled:
    change = arguments[1]

    def compute(run: Run, scope: Scope) -> list[Any]:
        found = [change(run) for _ in _each(run, scope)]
        run.grow(len(found))
        return found

    return _loop(compute, arguments[0])


def _sum(arguments: list[Compiled], _: Compiled | None, __: bool) -> Compiled:
    value = arguments[1] if len(arguments) > 1 else _element

    def compute(run: Run, scope: Scope) -> Any:
        scope.gathered = 0
        for _ in _each(run, scope):
            scope.gathered = operators.add(value(run), scope.gathered)
        return scope.gathered

    return _loop(compute, arguments[0])


def _find(*, backwards: bool, gives_index: bool) -> Maker:
    def made(arguments: list[Compiled], mapped: Compiled | None, throws: bool) -> Compiled:
        predicate, gives = arguments[1], mapped or _element

        def compute(run: Run, scope: Scope) -> Any:
            for index in _each(run, scope, backwards=backwards):
                if _truth(predicate(run)):
                    return index if gives_index else gives(run)
            if throws:
                raise ExpressionError("reflect: slice index out of range")
            return None

        return _loop(compute, arguments[0])

    return made


def _group_by(arguments: list[Compiled], _: Compiled | None, __: bool) -> Compiled:
    def compute(run: Run, scope: Scope) -> AnyMap:
        groups = AnyMap({}, "map[interface {}][]interface {}")
        for index in _each(run, scope):
            key = arguments[1](run)
            group = groups.get(key)
            if group is None:
                groups.put(key, [scope.items[index]])
            else:
                group.append(scope.items[index])
        return groups

    return _loop(compute, arguments[0])


def _sort_by(arguments: list[Compiled], _: Compiled | None, __: bool) -> Compiled:
    def compute(run: Run, scope: Scope) -> list[Any]:
        order = arguments[2](run) if len(arguments) > 2 else "asc"
        is_falling = falling(order, "unknown order, use asc or desc")
        by = [arguments[1](run) for _ in _each(run, scope)]
        run.grow(len(by))
        return in_order(list(scope.items), by, is_falling=is_falling)

    return _loop(compute, arguments[0])


def _reduce(arguments: list[Compiled], _: Compiled | None, __: bool) -> Compiled:
    def compute(run: Run, scope: Scope) -> Any:
        if len(arguments) > 2:
            scope.gathered = arguments[2](run)
        elif not scope.items:
            raise ExpressionError("reflect: slice index out of range")
        else:
            scope.gathered = scope.items[0]
            scope.index = 1
        for _ in _each(run, scope):
            scope.gathered = arguments[1](run)
        return scope.gathered

    return _loop(compute, arguments[0])


PREDICATES: Final[dict[str, Maker]] = {
    "all": _quantifier(False, False),
    "none": _quantifier(True, False),
    "any": _quantifier(True, True),
    "one": _one,
    "filter": _filter,
    "map": _map,
    "count": _count,
    "sum": _sum,
    "find": _find(backwards=False, gives_index=False),
    "findIndex": _find(backwards=False, gives_index=True),
    "findLast": _find(backwards=True, gives_index=False),
    "findLastIndex": _find(backwards=True, gives_index=True),
    "groupBy": _group_by,
    "sortBy": _sort_by,
    "reduce": _reduce,
}
