"""`transpile component from-function FILE.py -o FOLDER`: a component for each function of a file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from transpiler.argo.naming import kebab
from transpiler.authoring.from_function import MADE_FROM, component_text
from transpiler.authoring.functions import Skipped, functions_for_components
from transpiler.authoring.module import FunctionNode, Module, read_module
from transpiler.authoring.options import Settings
from transpiler.catalog.files import COMPONENT_FILE, exists, git_root, shown
from transpiler.cli.output import Made, store
from transpiler.cli.streams import read, show, tell
from transpiler.cli.usage import UsageError
from transpiler.diagnostics import Report


def from_all_functions(given: argparse.Namespace) -> int:
    """Write `FOLDER/NAME/component.yaml` for each function; nothing when something is wrong with one of them."""
    path, folder = Path(given.function), Path(given.output)
    if given.name is not None:
        raise UsageError("`--name` names the component of a single function: `FILE.py:FUNCTION`")
    if exists(folder) and not folder.is_dir():
        raise UsageError(f"`{folder}` is a file; name a folder for the components of all functions")
    report = Report()
    module = read_module(shown(path), read(given.function), report)
    found: list[FunctionNode] = []
    skipped: list[Skipped] = []
    texts: dict[str, str] = {}
    if module is not None:
        found, skipped = functions_for_components(module)
        texts = _texts(found, module, Settings(given.base_image or "", tuple(given.package)), report)
    show(report.diagnostics, given, sys.stderr)
    if report.failed:
        return 1
    if not found:
        raise UsageError(f"`{given.function}` has no function to make a component of{_reasons(skipped)}")
    files = {folder / name / COMPONENT_FILE: made_of(path, text) for name, text in texts.items()}
    done = store(files, is_forced=given.force)
    for line in done if not given.quiet else ():
        tell(line)
    for each in skipped if not given.quiet else ():
        tell(f"skipped `{each.name}`: {each.reason}")
    return 0


def _texts(found: list[FunctionNode], module: Module, settings: Settings, report: Report) -> dict[str, str]:
    """Folder → component. Each function is judged by itself, so that all mistakes are reported."""
    texts: dict[str, str] = {}
    for node in found:
        own, name = Report(), kebab(node.name, "component")
        text = component_text(node, module, settings, own)
        if name in texts:
            message = f"the component of `{node.name}` has the folder of another one, `{name}`"
            own.error("duplicate-name", message, module.name_span(node), "rename one of the functions")
        report.take(own)
        texts[name] = text or ""
    return texts


def _reasons(skipped: list[Skipped]) -> str:
    said = "; ".join(f"`{each.name}`: {each.reason}" for each in skipped[:10])
    return f" ({said})" if said else ""


def made_of(file: Path, text: str) -> Made:
    """A component that was made of a function in a file."""
    home = git_root(file.resolve().parent)
    what = "the file of the function"
    return Made(text.encode(), COMPONENT_FILE, home, [file], what=what, first_line=MADE_FROM)
