"""Bytes of a Python file → its syntax tree, with the place of every node. Nothing of it is imported or run."""

from __future__ import annotations

import ast
import sys
import unicodedata
import warnings
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from msgspec import Struct

from transpiler.diagnostics import Report, Source, Span
from transpiler.read.yaml.source import decode_utf8

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)
MAX_PYTHON_BYTES: Final = 512 * 1024
"""Above the size of hand-written files; Python needs 3 seconds and 350 MB for as many short statements."""
Positioned = ast.expr | ast.stmt | ast.arg | ast.keyword


class Module(Struct, frozen=True, dict=True):
    """A Python file that has been read."""

    source: Source
    tree: ast.Module

    def offset(self, line: int, column: int) -> int:
        """The character offset of a place as `ast` counts it: lines from 1, columns in bytes of UTF-8 from 0."""
        text = self._lines[line - 1] if line <= len(self._lines) else ""
        if not text.isascii():
            column = len(text.encode()[:column].decode(errors="ignore"))
        return self._starts[min(line, len(self._starts)) - 1] + column

    def start(self, node: Positioned) -> int:
        """The offset of a node's first character."""
        return self.offset(node.lineno, node.col_offset)

    def end(self, node: Positioned) -> int:
        """The offset after the last character of a node."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.offset(node.end_lineno, node.end_col_offset)

    def span(self, node: Positioned) -> Span:
        """The position of a node."""
        return self.source.span(self.start(node), self.end(node))

    def name_span(self, node: FunctionNode | ast.ClassDef) -> Span:
        """The position of the name of a definition, after `def` or `class`."""
        start = self.start(node)
        found = self.source.text.find(node.name, start, self.source.text.find("\n", start))
        return self.source.span(found, found + len(node.name)) if found >= 0 else self.source.span(start, start + 3)

    def line_start(self, line: int) -> int:
        """The offset of the first character of a line."""
        return self._starts[line - 1]

    @cached_property
    def _lines(self) -> list[str]:
        return self.source.text.split("\n")

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for line in self._lines:
            starts.append(starts[-1] + len(line) + 1)
        return starts

    def statements(self) -> Iterator[ast.stmt]:
        """Every statement of the module's own scope, in order; those under `if`, `try` and the like too."""
        pending: list[ast.AST] = [self.tree]
        while pending:
            node = pending.pop()
            if isinstance(node, ast.stmt):
                yield node
            if not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
                children = (each for each in ast.iter_child_nodes(node) if not isinstance(each, ast.expr))
                pending.extend(reversed(list(children)))

    def functions(self) -> dict[str, FunctionNode]:
        """The functions of the module's own scope; of several with one name the last counts, as in Python."""
        return {each.name: each for each in self.statements() if isinstance(each, FUNCTIONS)}

    def methods(self) -> Iterator[tuple[ast.ClassDef, FunctionNode]]:
        """Every function directly inside a class, with the class."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ClassDef):
                yield from ((node, each) for each in node.body if isinstance(each, FUNCTIONS))

    def find(self, name: str) -> FunctionNode | None:
        """The function of that name; a method, by its own name or as `Class.method`, when there is no function."""
        methods = {
            known: method for owner, method in self.methods() for known in (method.name, f"{owner.name}.{method.name}")
        }
        name = unicodedata.normalize("NFKC", name)  # as Python does with every identifier
        return self.functions().get(name) or methods.get(name)


def read_module(name: str, data: bytes, report: Report) -> Module | None:
    """Read a Python file; None, with a diagnostic, if it is not valid Python."""
    source = decode_utf8(name, data, report, MAX_PYTHON_BYTES)
    if source is None:
        return None
    if "\0" in source.text:
        at = source.text.index("\0")
        hint = "delete it, or write it as `\\0` in a string"
        report.error("python-syntax", "a null byte is not allowed in a Python file", source.span(at, at + 1), hint)
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the file, for its author: they are none of ours
            tree = ast.parse(source.text)
        return Module(source, tree)
    except SyntaxError as error:
        report_syntax(error, source, report)
    except (RecursionError, MemoryError):  # raised by CPython for an expression that is nested too deeply
        hint = "split the longest expression, or build the value in a loop"
        report.error("too-deep", "an expression is nested too deeply for Python", source.span(0), hint)
    return None


def parsed_expression(text: str) -> ast.expr | None:
    """The expression that a text is; None when it is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def report_syntax(error: SyntaxError, source: Source, report: Report) -> None:
    """Report Python's own message about a file, at the line that it names."""
    line = error.lineno or 1
    columns = [(error.offset or 1) - 1, (error.end_offset or 0) - 1]
    first = sum(len(source.line(number)) + 1 for number in range(1, line))
    start = first + min(max(columns[0], 0), len(source.line(line)))
    end = first + columns[1] if error.end_lineno == line and columns[1] > columns[0] else start + 1
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    hint = f"correct the line; this transpile runs on Python {running}, which cannot read newer syntax"
    report.error("python-syntax", f"this is not valid Python: {error.msg}", source.span(start, end), hint)
