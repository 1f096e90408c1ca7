"""A Python function → a component: the way as one function. The file is read, never imported or run."""

from __future__ import annotations

import re
from typing import Final

from msgspec.structs import replace

from transpiler.authoring.checks import check_artifacts, check_imports, check_names, check_tags, is_usable
from transpiler.authoring.component_yaml import component_yaml
from transpiler.authoring.decorator import with_decorators
from transpiler.authoring.module import FunctionNode, Module
from transpiler.authoring.options import DEFAULT_IMAGE, Settings
from transpiler.authoring.program import program
from transpiler.authoring.signature import read_interface
from transpiler.authoring.strip import source_of
from transpiler.diagnostics import Report
from transpiler.patterns import regex

MADE_FROM: Final = regex(r"# Made from .+\. Change it there, and make this file anew\.")
"""The first line of every component that is made of a function."""


def component_text(node: FunctionNode, module: Module, settings: Settings, report: Report) -> str | None:
    """The component.yaml of a function; None when something is wrong with it, which is reported."""
    if not is_usable(node, module, report):
        return None
    interface = read_interface(node, module, report)
    check_names(node, interface, module, report)
    check_artifacts(node, interface, module, report)
    check_imports(node, module, report)
    settings = with_decorators(settings, node, module, report)
    check_tags(node, module, report)
    if report.failed:
        return None
    interface = replace(interface, name=settings.name or interface.name)
    text = program(interface, source_of(node, module))
    made_from = f"# Made from {_file_name(module)}:{node.name}. Change it there, and make this file anew.\n"
    return made_from + component_yaml(
        interface, text, settings.image or DEFAULT_IMAGE, settings.packages, settings.annotations
    )


def _file_name(module: Module) -> str:
    """The name of the file without its folder, independent of the working folder."""
    name = re.split(r"[/\\]", module.source.name)[-1]
    return name if name.isprintable() else "a Python file"
