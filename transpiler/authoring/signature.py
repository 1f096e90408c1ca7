"""A function's parameters and return annotation → the interface of its component, with diagnostics."""

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

_PATH_HINTS: Final = {
    Style.INPUT_PATH: "write None for an optional input",
    Style.OUTPUT_PATH: "remove it: the path is always passed",
}
_VALUE_HINT: Final = "write its type: int, float, str, bool, list or dict; InputPath() or OutputPath() for files"


def read_interface(node: FunctionNode, module: Module, report: Report) -> Interface:
    """The interface of a function. Complete only when nothing was reported."""
    description, described = parse_docstring(ast.get_docstring(node) or "")
    reader = _ParameterReader(module, report, described)
    found = (reader.read(*each) for each in _arguments(node.args))
    parameters = tuple(each for each in found if each is not None)
    results, returns_tuple = read_results(node, reader.annotations, reader.outputs, module, report)
    return Interface(node.name, component_name(node.name), description, parameters, tuple(results), returns_tuple)


def _arguments(given: ast.arguments) -> Iterator[tuple[ast.arg, ast.expr | None, bool]]:
    """Every parameter with its default, and whether it is passed by position only."""
    positional = [*given.posonlyargs, *given.args]
    defaults = [*[None] * (len(positional) - len(given.defaults)), *given.defaults]
    for number, (argument, default) in enumerate(zip(positional, defaults, strict=True)):
        yield argument, default, number < len(given.posonlyargs)
    yield from (
        (argument, default, False) for argument, default in zip(given.kwonlyargs, given.kw_defaults, strict=True)
    )


class _ParameterReader:
    """Reads the parameters of one function; records the used names of inputs and outputs."""

    def __init__(self, module: Module, report: Report, described: dict[str, str]) -> None:
        self.annotations = AnnotationReader(module)
        self.outputs: set[str] = set()
        self._inputs: set[str] = set()
        self._module, self._report, self._described = module, report, described

    def read(self, argument: ast.arg, default: ast.expr | None, is_positional: bool) -> Parameter | None:
        """A parameter; None when it has no type, which is reported."""
        annotation = self._annotation(argument, default)
        if annotation is None:
            return None
        taken = self.outputs if annotation.style is Style.OUTPUT_PATH else self._inputs
        port = unique(self._port(argument, annotation), taken)
        text = self._default(argument.arg, default, annotation)
        is_none_default = isinstance(default, ast.Constant) and default.value is None
        is_optional = text is None and (annotation.is_optional or is_none_default)
        description = self._described.get(argument.arg, "")
        return Parameter(argument.arg, port, annotation, text, is_optional, is_positional, description)

    def _annotation(self, argument: ast.arg, default: ast.expr | None) -> Annotation | None:
        if argument.annotation is None:
            message = f"the parameter `{argument.arg}` has no type"
            hint = _hint_for(argument.arg, default)
            self._report.error("missing-annotation", message, self._module.span(argument), hint)
            return None
        try:
            return self.annotations.read(argument.annotation)
        except WrongAnnotation as wrong:
            message = f"the parameter `{argument.arg}`: {wrong.message}"
            self._report.error("wrong-annotation", message, self._module.span(wrong.node), wrong.hint)
            return None

    def _port(self, argument: ast.arg, annotation: Annotation) -> str:
        name = port_name(argument.arg, Style.VALUE if annotation.is_artifact else annotation.style)
        if not name:
            message = f"the name `{argument.arg}` is empty without `_path` and `_file`"
            hint = "name it after the data: `table_path` becomes the input `table`"
            self._report.error("invalid-name", message, self._module.span(argument), hint)
        return name

    def _default(self, name: str, default: ast.expr | None, annotation: Annotation) -> str | None:
        """The text of a default; None when there is none, or a wrong one, which is reported."""
        if default is None or (annotation.style is Style.INPUT_PATH and is_none(default)):
            return None
        try:
            if annotation.style is not Style.VALUE:
                raise WrongDefault("wrong-default", "a path has no default", _PATH_HINTS[annotation.style])
            return default_text(default, annotation)
        except WrongDefault as wrong:
            message = f"the parameter `{name}`: {wrong.message}"
            self._report.error(wrong.code, message, self._module.span(default), wrong.hint)
            return None


def _hint_for(name: str, default: ast.expr | None) -> str:
    """The hint for a parameter without a type, derived from its default."""
    guessed = {ast.List: "list", ast.Dict: "dict"}.get(type(default))
    if isinstance(default, ast.Constant) and isinstance(default.value, (bool, int, float, str)):
        guessed = type(default.value).__name__
    return f"write `{name}: {guessed}`" if guessed else _VALUE_HINT
