"""A function's parameters and return annotation → the interface of its component; what is wrong with them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from transpiler.authoring.annotations import AnnotationReader, WrongAnnotation, is_none
from transpiler.authoring.defaults import WrongDefault, default_text
from transpiler.authoring.docstring import parse_docstring
from transpiler.authoring.interface import (
    Annotation,
    Interface,
    Parameter,
    Style,
    component_name,
    port_name,
    unique,
)
from transpiler.authoring.module import FunctionNode, Module
from transpiler.authoring.results import read_results
from transpiler.diagnostics import Report

_VALUE_HINT: Final = "write its type: int, float, str, bool, list or dict; InputPath() or OutputPath() for files"


def read_interface(node: FunctionNode, module: Module, report: Report) -> Interface:
    """The interface of a function. Complete only when nothing was reported."""
    reader = AnnotationReader(module)
    description, described = parse_docstring(ast.get_docstring(node) or "")
    inputs: set[str] = set()
    outputs: set[str] = set()
    parameters = []
    for argument, default, is_positional in _arguments(node.args):
        annotation = _annotation(argument, default, reader, module, report)
        if annotation is None:
            continue
        taken = outputs if annotation.style is Style.OUTPUT_PATH else inputs
        parameters.append(
            Parameter(
                argument.arg,
                unique(_port(argument, annotation, module, report), taken),
                annotation,
                text := _default(argument, default, annotation, module, report),
                is_optional=text is None and (annotation.is_optional or _is_none_default(default)),
                is_positional=is_positional,
                description=described.get(argument.arg, ""),
            )
        )
    results, returns_tuple = read_results(node, reader, outputs, module, report)
    name = component_name(node.name)
    return Interface(node.name, name, description, tuple(parameters), tuple(results), returns_tuple)


def _arguments(given: ast.arguments) -> Iterator[tuple[ast.arg, ast.expr | None, bool]]:
    """Every parameter with its default, and whether it is passed by position only."""
    positional = [*given.posonlyargs, *given.args]
    defaults = [*[None] * (len(positional) - len(given.defaults)), *given.defaults]
    for number, (argument, default) in enumerate(zip(positional, defaults, strict=True)):
        yield argument, default, number < len(given.posonlyargs)
    yield from (
        (argument, default, False) for argument, default in zip(given.kwonlyargs, given.kw_defaults, strict=True)
    )


def _is_none_default(default: ast.expr | None) -> bool:
    return isinstance(default, ast.Constant) and default.value is None


def _annotation(
    argument: ast.arg, default: ast.expr | None, reader: AnnotationReader, module: Module, report: Report
) -> Annotation | None:
    """The type of a parameter; None when it has none, which is reported."""
    if argument.annotation is None:
        message = f"the parameter `{argument.arg}` has no type"
        report.error("missing-annotation", message, module.span(argument), _hint_for(argument.arg, default))
        return None
    try:
        return reader.read(argument.annotation)
    except WrongAnnotation as wrong:
        message = f"the parameter `{argument.arg}`: {wrong.message}"
        report.error("wrong-annotation", message, module.span(wrong.node), wrong.hint)
        return None


def _hint_for(name: str, default: ast.expr | None) -> str:
    """What to write for a parameter without a type; its default says what it takes."""
    guessed = {ast.List: "list", ast.Dict: "dict"}.get(type(default))
    if isinstance(default, ast.Constant) and isinstance(default.value, (bool, int, float, str)):
        guessed = type(default.value).__name__
    return f"write `{name}: {guessed}`" if guessed else _VALUE_HINT


def _port(argument: ast.arg, annotation: Annotation, module: Module, report: Report) -> str:
    name = port_name(argument.arg, annotation.style)
    if not name:
        message = f"nothing is left of the name `{argument.arg}` without `_path` and `_file`"
        hint = "name it after the data: `table_path` becomes the input `table`"
        report.error("invalid-name", message, module.span(argument), hint)
    return name


def _default(
    argument: ast.arg, default: ast.expr | None, annotation: Annotation, module: Module, report: Report
) -> str | None:
    """The text of a parameter's default, None when it has none; a wrong one is reported."""
    if default is None:
        return None
    if annotation.style is Style.OUTPUT_PATH:
        hint = "remove it: the path is always given"
        report.error("wrong-default", f"the path `{argument.arg}` has a default", module.span(default), hint)
        return None
    if annotation.style is Style.INPUT_PATH and not is_none(default):
        hint = "write None for an input that may be left out"
        report.error("wrong-default", f"the path `{argument.arg}` has a default", module.span(default), hint)
        return None
    try:
        return default_text(default, annotation)
    except WrongDefault as wrong:
        report.error(wrong.code, f"the parameter `{argument.arg}`: {wrong.message}", module.span(default), wrong.hint)
        return None
