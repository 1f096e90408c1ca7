"""The inputs and outputs that a component declares, against those that its command or its graph names."""

from __future__ import annotations

from transpiler.diagnostics import Related, Report
from transpiler.model.component import Component
from transpiler.model.placeholders import BackendPlaceholder, NamedPart, OutputPath
from transpiler.model.task import Dag
from transpiler.suggest import suggestion


def check_ports(component: Component, report: Report) -> None:
    """Every name of a port, unless a mistake that is reported hides some."""
    if not component.has_incomplete_ports:
        _placeholders(component, report)
        _file_outputs(component, report)
        _graph_outputs(component, report)


def _placeholders(component: Component, report: Report) -> None:
    inputs = [given.name for given in component.inputs]
    outputs = [given.name for given in component.outputs]
    for part in component.placeholders:
        taken, given = ports_of(part)
        if taken is not None and taken not in inputs:
            hint = suggestion(taken, inputs, "inputs")
            hint = f"`{taken}` is an output: write {{outputPath: {taken}}}" if taken in outputs else hint
            report.error("unknown-input", f"there is no input `{taken}`", part.span, hint)
        if given is not None and given not in outputs:
            hint = suggestion(given, outputs, "outputs")
            report.error("unknown-output", f"there is no output `{given}`", part.span, hint)


def ports_of(part: NamedPart) -> tuple[str | None, str | None]:
    """The input and the output that a placeholder names."""
    if isinstance(part, BackendPlaceholder):
        return part.input, part.output
    return (None, part.name) if isinstance(part, OutputPath) else (part.name, None)


def _file_outputs(component: Component, report: Report) -> None:
    container = component.implementation.container
    if container is None:
        return
    outputs = [given.name for given in component.outputs]
    asked = {part.name: part.span for part in component.placeholders if isinstance(part, OutputPath)}
    for fixed in container.file_outputs:
        if fixed.name not in outputs:
            hint = suggestion(fixed.name, outputs, "outputs")
            report.error("unknown-output", f"there is no output `{fixed.name}`", fixed.span, hint)
        elif fixed.name in asked:
            message = f"the output `{fixed.name}` has both a fixed path and an outputPath"
            related = (Related("the fixed path", fixed.span),)
            report.error("conflicting-output", message, asked[fixed.name], "keep one of them", related)


def _graph_outputs(component: Component, report: Report) -> None:
    graph = component.implementation
    if not isinstance(graph, Dag):
        return
    outputs = [given.name for given in component.outputs]
    for output in graph.outputs:
        if output.name not in outputs:
            report.error(
                "unknown-output",
                f"there is no output `{output.name}`",
                output.span,
                suggestion(output.name, outputs, "outputs"),
            )
