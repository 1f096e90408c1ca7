"""The names that a function takes from outside of itself: at run time only the function is there.

Python's scopes, without running anything: https://docs.python.org/3/reference/executionmodel.html#naming-and-binding.
A stack instead of recursion, so that no expression is too deep.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from typing import Final

from msgspec import Struct, field

from transpiler.authoring.module import FUNCTIONS, FunctionNode

_COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_ALWAYS: Final = frozenset(dir(builtins)) | {"__name__", "__doc__", "__package__", "__spec__", "__class__"}
"""`__file__` is not among them: the program has no file of its own."""


class _Scope(Struct, eq=False):
    """A function, lambda, class or comprehension."""

    parent: _Scope | None
    kind: str
    bound: set[str] = field(default_factory=set)
    globals: set[str] = field(default_factory=set)
    uses: list[ast.Name] = field(default_factory=list)

    @property
    def walrus(self) -> _Scope:
        """Where `:=` binds: a comprehension binds only its own targets."""
        scope = self
        while scope.kind == "comprehension" and scope.parent is not None:
            scope = scope.parent
        return scope


def names_from_outside(function: FunctionNode) -> list[ast.Name]:
    """The first use of each name that neither the function nor Python itself defines, in order."""
    scopes = list(_scopes(function))
    assigned = {name for scope in scopes for name in scope.bound & scope.globals}
    known = _ALWAYS | assigned | {function.name}
    found: dict[str, ast.Name] = {}
    uses = [use for scope in scopes for use in scope.uses if use.id not in known and not _is_bound(use.id, scope)]
    for use in sorted(uses, key=lambda use: (use.lineno, use.col_offset)):
        found.setdefault(use.id, use)
    return list(found.values())


def _is_bound(name: str, scope: _Scope) -> bool:
    """True when the name is a local one, or one of a function around it. A class is seen by its own body only."""
    if name in scope.bound - scope.globals:
        return True
    around = None if name in scope.globals else scope.parent
    while around is not None:
        if around.kind != "class" and name in around.bound - around.globals:
            return True
        around = around.parent
    return False


def _scopes(function: FunctionNode) -> Iterator[_Scope]:
    """The scope of the function, then those within it."""
    top = _Scope(None, "function")
    _bind_parameters(function.args, top)
    pending: list[tuple[ast.AST, _Scope]] = [(each, top) for each in function.body]
    yield top
    while pending:
        node, scope = pending.pop()
        inner = _inner(node, scope)
        if inner is not None:
            yield inner
            pending.extend(_contents(node, scope, inner))
        else:
            pending.extend(_children(node, scope))


def _inner(node: ast.AST, scope: _Scope) -> _Scope | None:
    """The scope that a node opens; its names are bound, its contents not yet looked at."""
    if isinstance(node, _COMPREHENSIONS):
        return _Scope(scope, "comprehension")
    if isinstance(node, ast.ClassDef):
        scope.bound.add(node.name)
        return _Scope(scope, "class", {"__qualname__", "__module__"} | _type_parameters(node))
    if not isinstance(node, (*FUNCTIONS, ast.Lambda)):
        return None
    inner = _Scope(scope, "function")
    _bind_parameters(node.args, inner)
    if not isinstance(node, ast.Lambda):
        scope.bound.add(node.name)
        inner.bound |= _type_parameters(node)
    return inner


def _type_parameters(node: ast.AST) -> set[str]:
    """`T` of `def first[T](…)`, since Python 3.12."""
    return {each.name for each in getattr(node, "type_params", ())}


def _bind_parameters(given: ast.arguments, scope: _Scope) -> None:
    for each in (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg):
        if each is not None:
            scope.bound.add(each.arg)


def _contents(node: ast.AST, scope: _Scope, inner: _Scope) -> Iterator[tuple[ast.AST, _Scope]]:
    """The children of a node that opens a scope, each with the scope in which Python evaluates it."""
    outside: list[ast.AST]
    body: list[ast.AST]
    if isinstance(node, (*FUNCTIONS, ast.Lambda)):
        outside = [*node.args.defaults, *(each for each in node.args.kw_defaults if each is not None)]
        body = [node.body] if isinstance(node, ast.Lambda) else [*node.body]
        outside += [] if isinstance(node, ast.Lambda) else node.decorator_list  # annotations are stripped
    elif isinstance(node, ast.ClassDef):
        outside, body = [*node.decorator_list, *node.bases, *(each.value for each in node.keywords)], [*node.body]
    else:
        first = node.generators[0]  # type: ignore[attr-defined]  # a comprehension
        outside, body = [first.iter], [each for each in ast.iter_child_nodes(node) if each is not first]
        body += [first.target, *first.ifs]
    yield from ((each, scope) for each in outside)
    yield from ((each, inner) for each in body)


def _children(node: ast.AST, scope: _Scope) -> Iterator[tuple[ast.AST, _Scope]]:
    """The children of any other node; its bound and used names are recorded."""
    skipped: ast.AST | None = None
    if isinstance(node, ast.Name):
        if isinstance(node.ctx, ast.Load):
            scope.uses.append(node)
        else:
            scope.bound.add(node.id)
    elif isinstance(node, ast.Global):
        scope.globals.update(node.names)
    elif isinstance(node, ast.NamedExpr):
        scope.walrus.bound.add(node.target.id)
        skipped = node.target
    elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        scope.uses.append(node.target)  # it reads before it binds, so it is not a definition
        skipped = node.target
    elif isinstance(node, ast.AnnAssign):
        skipped = node.annotation if scope.kind != "class" else None  # never evaluated in a function
    else:
        scope.bound.update(plain_names(node))
    return ((each, scope) for each in ast.iter_child_nodes(node) if each is not skipped)


def plain_names(node: ast.AST) -> Iterator[str]:
    """The names that a statement or pattern binds as plain text, not as a `Name`."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from (alias.asname or alias.name.split(".")[0] for alias in node.names)
    elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
        yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest
