"""`component_from_function`: a component from a function object, or from one in a file. Also the Python API."""

from __future__ import annotations

import ast
import inspect
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, ParamSpec, TypeVar, overload

from transpiler import atomic
from transpiler.authoring.from_function import component_text
from transpiler.authoring.module import FUNCTIONS, FunctionNode, Module, read_module
from transpiler.authoring.options import Settings
from transpiler.catalog.files import COMPONENT_FILE, shown
from transpiler.diagnostics import Diagnostic, Report
from transpiler.report.text import render_text
from transpiler.suggest import suggestion

P = ParamSpec("P")
R = TypeVar("R")


class UnknownFunction(LookupError):  # noqa: N818 - says what there is not
    """A file has no function of that name; `hint` names its functions."""

    def __init__(self, name: str, file: str, hint: str) -> None:
        super().__init__(f"`{file}` has no function `{name}`")
        self.hint = hint


class InvalidFunction(ValueError):  # noqa: N818 - says what is wrong
    """A function that no component can be made of; `diagnostics` say why, and so does the message."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__("a component cannot be made from this function\n" + render_text(diagnostics, color=False))
        self.diagnostics = diagnostics


@dataclass(frozen=True, eq=False)
class FunctionComponent(Generic[P, R]):
    """A component that was made of a function. Calling it calls the function, as its own tests do."""

    text: str
    """The component.yaml."""
    diagnostics: tuple[Diagnostic, ...]
    """Warnings."""
    function: Callable[P, R] | None = field(default=None, repr=False)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the function. Raises TypeError for a component that was made from a file: nothing of it is run."""
        if self.function is None:
            raise TypeError("the function was read from a file, not imported")
        return self.function(*args, **kwargs)


@overload
def component_from_function(
    func: Callable[P, R],
    output_component_file: str | Path | None = None,
    base_image: str | None = None,
    packages_to_install: Sequence[str] = (),
    annotations: Mapping[str, str] | None = None,
) -> FunctionComponent[P, R]: ...


@overload
def component_from_function(
    func: str,
    output_component_file: str | Path | None = None,
    base_image: str | None = None,
    packages_to_install: Sequence[str] = (),
    annotations: Mapping[str, str] | None = None,
) -> FunctionComponent[..., Any]: ...


@overload
def component_from_function(
    func: None = None,
    output_component_file: str | Path | None = None,
    base_image: str | None = None,
    packages_to_install: Sequence[str] = (),
    annotations: Mapping[str, str] | None = None,
) -> Callable[[Callable[P, R]], FunctionComponent[P, R]]: ...


def component_from_function(
    func: Callable[..., Any] | str | None = None,
    output_component_file: str | Path | None = None,
    base_image: str | None = None,
    packages_to_install: Sequence[str] = (),
    annotations: Mapping[str, str] | None = None,
) -> Any:
    """Make a component of a function, or of the one that `"FILE.py:FUNCTION"` names; without `func`, a decorator.

    The arguments are those of KFP 1.8's `create_component_from_func`. The source is read, the bytecode never. Raises
    InvalidFunction; OSError when the source cannot be read or the file not written; UnknownFunction.
    """
    settings = Settings(base_image or "", tuple(packages_to_install), annotations=dict(annotations or {}))

    def make(function: Callable[..., Any] | str) -> FunctionComponent[..., Any]:
        report = Report()
        module, node = _named(function, report) if isinstance(function, str) else _at_hand(function, report)
        text = component_text(node, module, settings, report)
        if text is None:
            raise InvalidFunction(report.diagnostics)
        if output_component_file is not None:
            atomic.write(_file(output_component_file), text.encode())
        return FunctionComponent(text, report.diagnostics, None if isinstance(function, str) else function)

    return make if func is None else make(func)


def _file(output: str | Path) -> Path:
    """The target file: for an existing folder, or a path with a trailing slash, its component.yaml."""
    path = Path(output)
    is_meant = path.is_dir() or (isinstance(output, str) and output.replace(os.sep, "/").endswith("/"))
    return path / COMPONENT_FILE if is_meant else path


def find_function(module: Module, name: str) -> FunctionNode:
    """The function of a module. Raises UnknownFunction."""
    node = module.find(name)
    if node is None:
        raise UnknownFunction(name, module.source.name, suggestion(name, module.functions(), "functions"))
    return node


def _named(name: str, report: Report) -> tuple[Module, FunctionNode]:
    file, colon, function = name.rpartition(":")
    if not colon:
        raise ValueError(f"name the function: {name}:FUNCTION")
    module = _read(shown(Path(file)), Path(file).read_bytes(), report)
    return module, find_function(module, function)


def _at_hand(function: Callable[..., Any], report: Report) -> tuple[Module, FunctionNode]:
    """The source of a function object: the definition that starts where its code does."""
    function = inspect.unwrap(function)
    code = getattr(function, "__code__", None)
    if code is None:
        raise TypeError(f"{function!r} is not a function defined with `def`")
    lines, _ = inspect.findsource(function)
    module = _read(shown(Path(inspect.getsourcefile(function) or code.co_filename)), "".join(lines).encode(), report)
    for node in ast.walk(module.tree):
        if isinstance(node, FUNCTIONS) and (node.name, _first_line(node)) == (code.co_name, code.co_firstlineno):
            return module, node
    raise UnknownFunction(code.co_name, module.source.name, "define it with `def` in a file")


def _first_line(node: FunctionNode) -> int:
    return node.decorator_list[0].lineno if node.decorator_list else node.lineno


def _read(name: str, data: bytes, report: Report) -> Module:
    module = read_module(name, data, report)
    if module is None:
        raise InvalidFunction(report.diagnostics)
    return module
