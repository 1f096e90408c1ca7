"""`??`: of values that may be absent, and of optional inputs, which Argo has as the empty string instead."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from transpiler.model.expressions.tree import (
    Binary,
    Expression,
    InputReference,
    WorkflowReference,
    alternatives,
    references,
)
from transpiler.plan.expressions.engine import EMPTY, EngineExpression, choice, passed_or
from transpiler.resolve.optional_inputs import left_out, may_be_empty
from transpiler.resolve.scope import Scope


class TextOf(Protocol):
    """Compiles an expression to its text."""

    def __call__(self, node: Expression, *, is_printed: bool = False, may_be_absent: bool = False) -> EngineExpression:
        """The text of a node; absent if it is so and `may_be_absent`."""


class Alternatives(Struct, frozen=True):
    """The alternatives of a DAG's expressions; `text` compiles their sides."""

    scope: Scope
    text: TextOf

    def choice(self, node: Binary, *, is_printed: bool, may_be_absent: bool) -> EngineExpression:
        """`x ?? y`, which is absent itself only if it `may_be_absent`."""
        *options, last = alternatives(node)
        may_end_empty = may_be_empty(last, self.scope) is not None
        if not may_end_empty and not any(left_out(each, self.scope) for each in options):
            sides = (node.left, node.right)
            return choice(*(self.text(each, is_printed=is_printed, may_be_absent=True) for each in sides))
        if left_out(last, self.scope) and not may_be_absent:
            result = self.text(last)
        else:
            result = self.text(last, is_printed=is_printed, may_be_absent=True)
            result = choice(result, EMPTY) if may_end_empty and not may_be_absent else result
        for each in reversed(options):
            result = self.or_else(each, result, is_printed=is_printed)
        return result

    def or_else(self, node: Expression, alternative: EngineExpression, *, is_printed: bool = False) -> EngineExpression:
        """The text of a value, or an alternative if it is absent."""
        if left_out(node, self.scope):
            return passed_or(self.text(node), alternative)
        return choice(self.text(node, is_printed=is_printed, may_be_absent=True), alternative)

    def can_be_absent(self, node: Expression) -> bool:
        """False for an expression over inputs that always have a value."""
        return may_be_empty(node, self.scope) is not None or not all(
            isinstance(each, WorkflowReference) or (isinstance(each, InputReference) and not each.is_boxed)
            for each in references(node)
        )
