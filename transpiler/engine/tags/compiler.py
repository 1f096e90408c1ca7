"""A tree → a function of a run, which gives its value: nothing is looked up twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from transpiler.engine.tags.compilers.calls import compile_builtin, compile_call, compile_pointer, compile_predicate
from transpiler.engine.tags.compilers.members import compile_chain, compile_member, compile_slice
from transpiler.engine.tags.compilers.operators import compile_binary, compile_unary
from transpiler.engine.tags.compilers.state import Compiled, Compiler
from transpiler.engine.tags.compilers.values import (
    compile_array,
    compile_conditional,
    compile_let,
    compile_literal,
    compile_mapping,
    compile_name,
    compile_nil,
    compile_sequence,
)
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
)

_COMPILERS: Final[dict[type, Callable[[Compiler, Any], Compiled]]] = {
    Nil: compile_nil,
    Literal: compile_literal,
    Name: compile_name,
    Unary: compile_unary,
    Binary: compile_binary,
    Chain: compile_chain,
    Member: compile_member,
    Slice: compile_slice,
    Call: compile_call,
    Builtin: compile_builtin,
    Predicate: compile_predicate,
    Pointer: compile_pointer,
    Let: compile_let,
    Sequence: compile_sequence,
    Conditional: compile_conditional,
    Array: compile_array,
    Mapping: compile_mapping,
}


def compiled(node: Node) -> tuple[Compiled, int]:
    """The function of a tree, and how many variables it has."""
    compiler = Compiler(_COMPILERS)
    return compiler.compiled(node), compiler.count
