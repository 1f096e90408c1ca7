"""Which functions of a file are meant as components, where all of them are asked for."""

from __future__ import annotations

import ast
from typing import Final, NamedTuple

from transpiler.authoring.decorator import MAKERS, decorator_name
from transpiler.authoring.module import FunctionNode, Module

_PIPELINES: Final = frozenset(["pipeline", "graph_component"])
_OTHERS: Final = frozenset(["container_component", "notebook_component"])


class Skipped(NamedTuple):
    """A function that is left out, and why."""

    name: str
    reason: str


def functions_for_components(module: Module) -> tuple[list[FunctionNode], list[Skipped]]:
    """The functions in the order of the file. Where some have the decorator of components, only these are meant."""
    functions = sorted(module.functions().values(), key=lambda node: node.lineno)
    are_marked = any(MAKERS & set(map(decorator_name, node.decorator_list)) for node in functions)
    found: list[FunctionNode] = []
    skipped: list[Skipped] = []
    for node in functions:
        reason = _reason(node, are_marked=are_marked)
        if reason:
            skipped.append(Skipped(node.name, reason))
        else:
            found.append(node)
    return found, skipped


def _reason(node: FunctionNode, *, are_marked: bool) -> str:
    """Why a function is left out; empty for one that is meant."""
    decorators = set(map(decorator_name, node.decorator_list))
    if MAKERS & decorators:
        return ""
    if _PIPELINES & decorators:
        return "it is a pipeline; write that as a manifest"
    if _OTHERS & decorators:
        return "it describes a container; compile it with kfp 2, and use that file"
    if node.name.startswith("_"):
        return "its name starts with `_`"
    if are_marked:
        return "it has no decorator such as `@component`, and others have"
    return "it starts the file as a program" if node.name == "main" and not _arguments(node.args) else ""


def _arguments(given: ast.arguments) -> bool:
    return bool([*given.posonlyargs, *given.args, *given.kwonlyargs]) or given.vararg is not None
