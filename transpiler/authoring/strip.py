"""The source of a function, including comments, without its decorators and annotations.

Annotations may need imports that the image does not have; KFP removes them too (`strip_type_hints`). Whitespace at the
end of lines goes as well, where it is not part of a string: YAML shows a text with it on one long line only.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from typing import Final

from transpiler.authoring.module import FUNCTIONS, FunctionNode, Module
from transpiler.patterns import regex

Edit = tuple[int, int, str]
"""Start offset, end offset, replacement."""
_EQUALS: Final = regex(r"[ \t]*=[ \t]*")


def source_of(function: FunctionNode, module: Module) -> str:
    """The function's own text, from `def` to its last line, at the left margin; ends with a newline."""
    start, text = module.line_start(function.lineno), lines_of(function, module)
    edits = sorted({*_annotations(function, module), *_whitespace(function, module)})
    parts, done = [], 0
    for first, last, replacement in edits:
        if first - start >= done:
            parts += [text[done : first - start], replacement]
            done = last - start
    return "".join((*parts, text[done:])).rstrip() + "\n"


def lines_of(function: FunctionNode, module: Module) -> str:
    """The source lines of a function, unchanged."""
    assert function.end_lineno is not None
    return module.source.text[module.line_start(function.lineno) : module.line_start(function.end_lineno + 1) - 1]


def _annotations(function: FunctionNode, module: Module) -> Iterator[Edit]:
    """Every annotation of a parameter or a return value, in the function and in those within it."""
    for node in ast.walk(function):
        if isinstance(node, ast.arg) and node.annotation is not None:
            end = module.end(node)
            equals = _EQUALS.match(module.source.text, end)
            yield (
                (_name_end(module.start(node), module), equals.end(), "=")
                if equals
                else (
                    _name_end(module.start(node), module),
                    end,
                    "",
                )
            )
        elif isinstance(node, FUNCTIONS) and node.returns is not None:
            yield _return_annotation(node, node.returns, module)


def _name_end(start: int, module: Module) -> int:
    """Where the identifier ends that starts there: `ast` has its normalized form, which may be longer."""
    text, end = module.source.text, start
    while end < len(text) and ("a" + text[end]).isidentifier():
        end += 1
    return end


def _return_annotation(function: FunctionNode, returns: ast.expr, module: Module) -> Edit:
    """` -> X`, up to the colon."""
    first = module.line_start(function.lineno)
    header = module.source.text[first : module.start(function.body[0])]
    starts = [first, *(first + found.end() for found in re.finditer("\n", header))]
    end, arrow_from = first, first
    for token in tokenize.generate_tokens(io.StringIO(header).readline):
        place = starts[token.start[0] - 1] + token.start[1]
        if token.string == "->" and place < module.start(returns):
            arrow_from = end
        if token.string == ":" and place >= module.end(returns):
            return arrow_from, place, ""
        end = starts[token.end[0] - 1] + token.end[1]
    raise AssertionError("a function has a colon behind its return annotation")


def _whitespace(function: FunctionNode, module: Module) -> Iterator[Edit]:
    """Removes the margin of a nested function, and blanks at the ends of lines."""
    assert function.end_lineno is not None
    starts_inside, ends_inside = _string_lines(function)
    margin = module.source.text[module.line_start(function.lineno) : module.start(function)]
    for number in range(function.lineno, function.end_lineno + 1):
        start, end = module.line_start(number), module.line_start(number + 1) - 1
        line = module.source.text[start:end]
        stripped = len(line.rstrip(" \t\f"))
        if number not in ends_inside and stripped < len(line):
            yield start + stripped, end, ""
        blank = len(line) - len(line.lstrip(" \t\f"))
        width = len(margin) if line.startswith(margin) else min(blank, len(margin))
        if number not in starts_inside and width:
            yield start, start + min(width, stripped), ""


def _string_lines(function: FunctionNode) -> tuple[set[int], set[int]]:
    """The lines that start, and those that end, within a string whose whitespace is significant."""
    starts: set[int] = set()
    ends: set[int] = set()
    for node in ast.walk(function):
        is_string = isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes))
        if (is_string or type(node).__name__ in {"JoinedStr", "TemplateStr"}) and isinstance(node, ast.expr):
            assert node.end_lineno is not None
            starts.update(range(node.lineno + 1, node.end_lineno + 1))
            ends.update(range(node.lineno, node.end_lineno))
    docstrings = {each for node in ast.walk(function) for each in _docstring_lines(node)}
    return starts, ends - docstrings


def _docstring_lines(node: ast.AST) -> range:
    """The lines of a string that is a statement: the blanks at their ends are insignificant."""
    alone = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    return range(node.lineno, node.end_lineno or node.lineno) if alone and isinstance(node, ast.Expr) else range(0)
