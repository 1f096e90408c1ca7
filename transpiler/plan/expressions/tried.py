"""Expressions with `retries`, which Argo has only in the template that is tried: they are computed there, for each try.

The DAG around it computes all that does not depend on the try, and passes it as inputs of the template.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from transpiler.model.expressions.search import references_of, try_references_of
from transpiler.model.expressions.tree import (
    Binary,
    Conditional,
    Expression,
    FunctionCall,
    Index,
    InputReference,
    Listing,
    Reference,
    TryReference,
    Unary,
)
from transpiler.model.ports import Input
from transpiler.plan.expressions.engine import EngineExpression
from transpiler.plan.expressions.expression_compiler import ExpressionCompiler
from transpiler.resolve.scope import Scope
from transpiler.resolve.types import INTEGER, infer, passed

_RETRIES: Final = "retries()"
"""The number of the try among the inputs; no input has such a name."""


def holds_tries(value: object) -> bool:
    """True for a value that differs from try to try."""
    return bool(try_references_of(value))


def tried_expression(node: Expression, scope: Scope, name: Callable[[Expression], str], *, is_printed: bool) -> str:
    """An engine expression for a template. `name` gives the input for what its DAG computes; `scope` is that DAG's."""
    split = _Split(scope, name)
    inside = split.inside(node)
    inputs = (Input(_RETRIES, INTEGER, node.span), *split.inputs.values())
    compiler = ExpressionCompiler(Scope("", inputs, ()), _path)
    return compiler.text(inside, is_printed=is_printed).text


def _path(reference: Reference, _may_be_absent: bool) -> EngineExpression:
    assert isinstance(reference, InputReference)
    return EngineExpression("retries" if reference.name == _RETRIES else f"inputs.parameters['{reference.name}']")


class _Split(Struct):
    """Replaces all of an expression that does not depend on the try by inputs."""

    scope: Scope
    name: Callable[[Expression], str]
    inputs: dict[str, Input] = field(default_factory=dict)

    def inside(self, node: Expression) -> Expression:
        """The expression in terms of the template."""
        if isinstance(node, TryReference):
            return InputReference(_RETRIES, node.span)
        if not holds_tries(node):
            return self.outside(node) if references_of(node) else node
        match node:
            case Unary():
                return replace(node, operand=self.inside(node.operand))
            case Binary():
                return replace(node, left=self.inside(node.left), right=self.inside(node.right))
            case Conditional():
                branches = {"then": self.inside(node.then), "otherwise": self.inside(node.otherwise)}
                return replace(node, test=self.inside(node.test), **branches)
            case FunctionCall():
                return replace(node, arguments=self.all_inside(node.arguments))
            case Listing():
                return replace(node, items=self.all_inside(node.items))
            case Index():
                return replace(node, target=self.inside(node.target), key=self.inside(node.key))
        raise AssertionError(node)

    def all_inside(self, nodes: Iterable[Expression]) -> tuple[Expression, ...]:
        """Several of them."""
        return tuple(map(self.inside, nodes))

    def outside(self, node: Expression) -> InputReference:
        """The input for what the DAG computes."""
        name = self.name(node)
        self.inputs[name] = Input(name, passed(infer(node, self.scope)), node.span)
        return InputReference(name, node.span)
