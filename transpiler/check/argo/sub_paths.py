"""`subPath` of an artifact that is passed to a task: a part of the stored files, which must be a folder.

Argo appends it to the key of the stored artifact (workflow/controller/scope.go). An archive has no parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from transpiler.argo.artifacts import names_a_file
from transpiler.check.argo.calls import template_of
from transpiler.check.argo.nodes import by_name, name_of, ports, text_of
from transpiler.diagnostics import Related, Report, Span
from transpiler.model.expressions.search import references_of
from transpiler.model.expressions.tree import OutputReference, Text
from transpiler.patterns import regex
from transpiler.read.yaml.nodes import Map
from transpiler.resolve.program import Program
from transpiler.resolve.scope import Call, Scope, calls_of

_FROM: Final = regex(r"\{\{\s*(?:tasks|steps)\.([-\w]+)\.outputs\.artifacts\.([-\w]+)\s*\}\}")


def check_sub_paths(program: Program, report: Report) -> None:
    """Those that `argo: {task: ...}` gives to the arguments of a task."""
    for scope in program.scopes:
        for call in calls_of(scope):
            for passed in ports(call.task.argo.task, "arguments", "artifacts"):
                argument = call.arguments.get(name_of(passed))
                if "subPath" in passed and argument is not None and isinstance(argument.value, Text):
                    for reference in references_of(argument.value):
                        stored = _archive(reference, scope, ())
                        if stored is not None:
                            _report(passed, stored, report)


def check_sub_paths_in(tasks: Iterable[Map], templates: Mapping[str, Map], report: Report) -> None:
    """Those of tasks or steps in Argo's own fields."""
    named = by_name(tasks)
    for task in named.values():
        for passed in ports(task, "arguments", "artifacts"):
            found = _FROM.fullmatch(text_of(passed, "from")) if "subPath" in passed else None
            producer = template_of(named[found[1]], templates) if found and found[1] in named else None
            stored = by_name(ports(producer, "outputs", "artifacts")).get(found[2]) if found and producer else None
            if stored is not None and _is_archived(stored):
                _report(passed, stored.span, report)


def _report(passed: Map, stored: Span, report: Report) -> None:
    message = "a part of an archive cannot be used"
    hint = "store the output without an archive: `archive: {none: {}}`"
    report.error("argo-value", message, passed.value_span("subPath"), hint, (Related("stored here", stored),))


def _archive(reference: object, scope: Scope, seen: tuple[Call, ...]) -> Span | None:
    """The position of the setting by which an output is stored as an archive; None for one that is not."""
    call = scope.calls.get(reference.task) if isinstance(reference, OutputReference) else None
    output = scope.output_of(reference) if isinstance(reference, OutputReference) else None
    if call is None or output is None or call.loop is not None or call in seen or call.component is None:
        return None
    said = next((each for each in call.task.settings.storage if each.output == output.name), None)
    implementation = call.component.implementation
    if said is not None:
        return said.span if _is_archived(said.fields.data) and not names_a_file(said.fields.data) else None
    if implementation.argo_node is not None:
        own = by_name(ports(implementation.argo_node, "outputs", "artifacts")).get(output.name)
        return own.span if own is not None and _is_archived(own) else None
    if implementation.container is not None:
        return call.task.span
    inner = call.scope
    if inner is None:
        return None
    values = tuple(each.value for each in inner.outputs if each.name == output.name)
    spans = (_archive(each, inner, (*seen, call)) for each in references_of(values))
    return next((span for span in spans if span is not None), None)


def _is_archived(artifact: Mapping[str, Any]) -> bool:
    archive = artifact.get("archive")
    return not (isinstance(archive, dict) and "none" in archive)
