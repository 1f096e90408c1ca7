"""The decorators of a function: those that make components set its image and packages; others have no effect."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, Final

from msgspec.structs import replace

from transpiler.authoring.module import FunctionNode, Module
from transpiler.authoring.options import Settings
from transpiler.diagnostics import Report

MAKERS: Final = {"component_from_function", "create_component_from_func", "func_to_container_op", "component"}
"""The decorators that make components."""
_ELSEWHERE: Final = {"func", "output_component_file"}
"""Options that say nothing of the component itself."""
_INSTEAD: Final = {"base_image": "name it with --base-image", "packages_to_install": "name them with --package"}


def with_decorators(settings: Settings, node: FunctionNode, module: Module, report: Report) -> Settings:
    """The settings, completed by those of the function's decorators, which are then removed."""
    for each in node.decorator_list:
        name = decorator_name(each)
        if name not in MAKERS:
            which = f"the decorator `{name}`" if name else "a decorator"
            message = f"{which} of `{node.name}` has no effect in the component"
            hint = "move the effect of the decorator into the function; a component contains only the function"
            report.warning("dropped-decorator", message, module.span(each), hint)
        elif isinstance(each, ast.Call):
            settings = _with_options(settings, each, module, report)
    return settings


def decorator_name(node: ast.expr) -> str:
    """The last name of a decorator: `component` of `@dsl.component(base_image=...)`."""
    called = node.func if isinstance(node, ast.Call) else node
    return called.attr if isinstance(called, ast.Attribute) else str(getattr(called, "id", ""))


def _with_options(settings: Settings, call: ast.Call, module: Module, report: Report) -> Settings:
    own = {
        "base_image": settings.image,
        "packages_to_install": settings.packages,
        "annotations": settings.annotations,
    }
    said: dict[str, Any] = {}
    for keyword in call.keywords:
        option, value = keyword.arg or "", _constant(keyword.value)
        if option in _ELSEWHERE or own.get(option) or (value is None and _is_constant(keyword.value)):
            continue  # set by the caller, or absent
        if option in own and _fits(option, value):
            said[option] = value
            continue
        what = f"`{option}` of the decorator" if option else "an option of the decorator"
        why = ", because it is computed, and the file is not run" if option in own else ""
        hint = _INSTEAD.get(option, "move it into the function, or into its image")
        report.warning("dropped-decorator", f"{what} has no effect in the component{why}", module.span(keyword), hint)
    return replace(
        settings,
        image=settings.image or said.get("base_image", ""),
        packages=settings.packages or tuple(said.get("packages_to_install", ())),
        annotations=settings.annotations or said.get("annotations", {}),
    )


def _constant(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None


def _is_constant(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant)


def _fits(option: str, value: Any) -> bool:
    if option == "base_image":
        return isinstance(value, str) and _is_word(value)
    if option == "packages_to_install":
        return isinstance(value, (list, tuple)) and all(isinstance(each, str) and _is_word(each) for each in value)
    return isinstance(value, dict) and all(isinstance(each, str) for each in _flat(value))


def _flat(value: dict[Any, Any]) -> Iterator[Any]:
    for key, each in value.items():
        yield key
        yield each


def _is_word(text: str) -> bool:
    return bool(text) and text.isprintable()
