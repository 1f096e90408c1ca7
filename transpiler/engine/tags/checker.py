"""What the engine refuses before it evaluates: unknown names, and operands and arguments of wrong types.

Follows the checker of expr v1.17. Of what stands in the arguments of a function that it knows nothing of, such as those
of `sprig`, it looks at nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from transpiler.engine.tags import tree
from transpiler.engine.tags.checks.calls import check_builtin, check_call
from transpiler.engine.tags.checks.collections import check_pointer, check_predicate
from transpiler.engine.tags.checks.members import check_chain, check_member, check_slice
from transpiler.engine.tags.checks.operators import check_binary, check_unary
from transpiler.engine.tags.checks.state import Checker
from transpiler.engine.tags.checks.values import (
    check_array,
    check_conditional,
    check_let,
    check_literal,
    check_mapping,
    check_name,
    check_sequence,
)
from transpiler.engine.tags.natures import (
    NIL,
    Nature,
)

_CHECKS: Final[dict[type, Callable[[Checker, Any], Nature]]] = {
    tree.Nil: lambda _, __: NIL,
    tree.Literal: check_literal,
    tree.Name: check_name,
    tree.Unary: check_unary,
    tree.Binary: check_binary,
    tree.Chain: check_chain,
    tree.Member: check_member,
    tree.Slice: check_slice,
    tree.Call: check_call,
    tree.Builtin: check_builtin,
    tree.Predicate: check_predicate,
    tree.Pointer: check_pointer,
    tree.Let: check_let,
    tree.Sequence: check_sequence,
    tree.Conditional: check_conditional,
    tree.Array: check_array,
    tree.Mapping: check_mapping,
}


def check(node: tree.Node, env: Mapping[str, Nature]) -> Nature:
    """The type of an expression, by those of what it can name. Raises ExpressionError for what the engine refuses."""
    return Checker(env, _CHECKS).check(node)
