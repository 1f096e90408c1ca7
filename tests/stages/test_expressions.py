"""Expressions: a text → its tree; the tree in a scope → its type."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from transpiler import analyze_bytes
from transpiler.build.expressions.interpolation import parse_bare
from transpiler.diagnostics import Report, Source
from transpiler.model.expressions.tree import (
    Binary,
    Conditional,
    Constant,
    Expression,
    FunctionCall,
    Index,
    Listing,
    Unary,
    children,
)
from transpiler.read.yaml.nodes import Mark
from transpiler.resolve.types import infer

TREES = {
    "inputs.a": "inputs.a",
    "inputs['an a']": "inputs['an a']",
    "tasks.a.output": "tasks.a.output",
    "tasks.a.outputs.b.c": "(index tasks.a.outputs.b 'c')",
    "tasks.a.status": "tasks.a.status",
    "item.a.b": "(index item.a 'b')",
    "workflow.labels.x": "workflow.labels.x",
    "env.HOME": "env.HOME",
    "1 + 2 * 3": "(+ 1 (* 2 3))",
    "(1 + 2) * 3": "(* (+ 1 2) 3)",
    "1 - 2 - 3": "(- (- 1 2) 3)",
    "-1 + 2": "(+ (- 1) 2)",
    "!inputs.a && inputs.b || inputs.c": "(|| (&& (! inputs.a) inputs.b) inputs.c)",
    "inputs.a ?? inputs.b ?? 'c'": "(?? (?? inputs.a inputs.b) 'c')",
    "inputs.a == 1 ? 'x' : inputs.b ? 'y' : 'z'": "(conditional (== inputs.a 1) 'x' (conditional inputs.b 'y' 'z'))",
    "'a' in ['a', \"b\"]": "(in 'a' ['a' 'b'])",
    "len(split(inputs.a, ',')) > 0.5": "(> (len (split inputs.a ',')) 0.5)",
    "inputs.a[0]": "(index inputs.a 0)",
    "null": "null",
    "true": "true",
}


@pytest.mark.parametrize("text", TREES)
def test_a_text_becomes_a_tree(text: str) -> None:
    tree, report = parsed(text)
    assert (outlined(tree), report.diagnostics) == (TREES[text], ())
    assert tree is not None
    assert (tree.span.column, tree.span.end_column) in {(1, len(text) + 1), (2, len(text))}, "without outer brackets"


MANIFEST = b"""\
name: x
inputs:
  {n: 1, r: 0.5, s: text, b: true, l: [1], o: {type: JsonObject, default: {}}, any: {}, t: {type: CSV, default: x}}
components:
  make:
    outputs: [{name: n, type: Integer}, {name: table, type: CSV}]
    implementation: {container: {image: alpine, command: [make, {outputPath: n}, {outputPath: table}]}}
tasks:
  one: {component: make}
  many: {component: make, forEach: [a, b]}
outputs: {n: "${{ tasks.one.outputs.n }}"}
"""
TYPES = {
    "inputs.n": "Integer",
    "inputs.r": "Float",
    "inputs.s": "String",
    "inputs.b": "Boolean",
    "inputs.l": "JsonArray",
    "inputs.o": "JsonObject",
    "inputs.any": "",
    "inputs.t": "CSV",
    "tasks.one.outputs.n": "Integer",
    "tasks.one.outputs.table": "CSV",
    "tasks.many.outputs.n": "JsonArray",
    "tasks.one.status": "String",
    "tasks.one.exitCode": "Integer",
    "workflow.name": "String",
    "inputs.n + 1": "Integer",
    "inputs.n + inputs.r": "Float",
    "inputs.n / 2": "Float",
    "inputs.s + 'x'": "String",
    "inputs.n > 1 && inputs.b": "Boolean",
    "inputs.b ? 1 : 0.5": "Float",
    "inputs.b ? 1 : 'x'": "",
    "len(inputs.s)": "Integer",
    "split(inputs.s, ',')": "JsonArray",
    "lower(inputs.s)": "String",
    "[1, 2]": "JsonArray",
    "'a' in inputs.l": "Boolean",
    "!inputs.b": "Boolean",
    "-inputs.r": "Float",
}
"""An expression, and its type; "" where any may come out."""


@pytest.mark.parametrize("text", TYPES)
def test_a_tree_has_a_type(text: str) -> None:
    program = analyze_bytes("x", MANIFEST, Path()).program
    tree, _ = parsed(text)
    assert program is not None
    assert tree is not None
    assert infer(tree, program.tasks).name == TYPES[text]


def parsed(text: str) -> tuple[Expression | None, Report]:
    report = Report()
    return parse_bare(text, Source("x", text), Mark(0, len(text)), report), report


def outlined(node: Any) -> str:
    """A tree as nested lists, operators first; references as they stand at their places."""
    inside = " ".join(map(outlined, children(node)))
    match node:
        case Constant(value):
            return repr(value) if isinstance(value, str) else json.dumps(value)
        case Listing():
            return f"[{inside}]"
        case Unary() | Binary():
            return f"({node.operator} {inside})"
        case FunctionCall():
            return f"({node.name} {inside})"
        case Conditional() | Index():
            return f"({type(node).__name__.lower()} {inside})"
    return str(node.span.source.text[node.span.column - 1 : node.span.end_column - 1])
