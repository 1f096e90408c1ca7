"""What KFP's launcher does around a program, as words in front of its command line: no launcher is needed to run it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final

from transpiler.argo.programs import is_shell
from transpiler.build.kfp2.executor import EXECUTOR_OUTPUT, joined
from transpiler.build.kfp2.interface import Interface
from transpiler.diagnostics import Span
from transpiler.model.placeholders import CommandPart, Concat, OutputPath, placeholders
from transpiler.model.ports import Output
from transpiler.patterns import regex

Parts = tuple[CommandPart, ...]
_METRICS: Final = frozenset(["Metrics", "ClassificationMetrics", "SlicedClassificationMetrics"])
"""Artifacts that a program fills through their metadata, and writes no file for."""
_PYTHON: Final = regex(r"(.*/)?python[0-9.]*")
"""A program beside which an image has a shell: kfp too starts Python through `sh`."""


def with_folders(command: Parts, args: Parts, span: Span) -> Parts:
    """A command that finds the folders of its outputs, as it does in KFP; unchanged where there may be no shell."""
    program = command[0] if command else None
    written = sorted({part.name for part in placeholders((*command, *args)) if isinstance(part, OutputPath)})
    if not written or not isinstance(program, str) or not (is_shell(program) or _PYTHON.fullmatch(program)):
        return command
    files = [part for name in written for part in (" ", OutputPath(name, span))]
    return ("sh", "-ec", Concat(("for file in", *files, _FOLDERS)), *command)


def with_outputs(command: Parts, interface: Interface, span: Span) -> Parts:
    """A command that also writes the file of each output, from what its program says in `executor_output.json`."""
    if not interface.outputs:
        return command
    return ("sh", "-ec", Concat(joined(_splitter(interface, span))), *command)


def _splitter(interface: Interface, span: Span) -> Iterator[CommandPart]:
    """A shell program that runs its arguments, then splits their answer. Texts stand as v1 programs write them."""
    yield _START.format(path=EXECUTOR_OUTPUT)
    if interface.output_parameters:
        yield from _paths("parameters", interface.output_parameters, span)
        yield _PARAMETERS
    if interface.output_artifacts:
        yield from _paths("artifacts", interface.output_artifacts, span)
        yield _ARTIFACTS
        metrics = sorted(name for name, given in interface.output_artifacts.items() if given.type.name in _METRICS)
        if metrics:
            yield _METRIC_FILES.format(names=json.dumps(metrics, ensure_ascii=False))
    yield "'\n"


def _paths(variable: str, outputs: Mapping[str, Output], span: Span) -> Iterator[CommandPart]:
    yield f"{variable} = {{\n"
    for name in sorted(outputs):
        yield from (f'    {json.dumps(name, ensure_ascii=False)}: "', OutputPath(name, span), '",\n')
    yield "}\n"


_FOLDERS: Final = """\
; do mkdir -p "${file%/*}"; done
exec "$0" "$@"
"""
_START: Final = """\
"$0" "$@"
python3 -c '
import json, os, shutil

with open("{path}") as file:
    output = json.load(file)
"""
_PARAMETERS: Final = """\
for name, value in output.get("parameterValues", {}).items():
    os.makedirs(os.path.dirname(parameters[name]), exist_ok=True)
    with open(parameters[name], "w", encoding="utf-8") as file:
        file.write(value if isinstance(value, str) else str(value) if isinstance(value, bool) else json.dumps(value))
"""
_ARTIFACTS: Final = """\
for name, path in artifacts.items():
    artifact = output.get("artifacts", {}).get(name, {}).get("artifacts", [{}])[0]
    place = artifact.get("custom_path") or artifact.get("uri") or path
    if place != path and os.path.exists(place):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        shutil.move(place, path)
"""
_METRIC_FILES: Final = """\
    if name in {names} and not os.path.exists(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            json.dump(artifact.get("metadata", {{}}), file)
"""
