"""The rules about a component by itself, independent of its users."""

from __future__ import annotations

from itertools import pairwise

from transpiler.argo.images import FORM, image_fault
from transpiler.argo.labels import KEY, LABEL
from transpiler.argo.text import argo_tags, unclosed_tag
from transpiler.argo.variables import is_known_in_a_container
from transpiler.check.tasks.dollars import check_component_dollars
from transpiler.check.tasks.injection import check_component_injection
from transpiler.diagnostics import Related, Report, excerpt
from transpiler.model.component import Component
from transpiler.model.expressions.types import WrongLiteral, literal_text
from transpiler.model.placeholders import (
    BackendPlaceholder,
    CommandPart,
    InputValue,
    NamedPart,
    OutputPath,
    placeholders,
)
from transpiler.model.task import Dag
from transpiler.patterns import regex
from transpiler.suggest import suggestion


def check_component(component: Component, report: Report, *, is_used: bool) -> None:
    """Run every rule about components. Some that are advice for one that nothing uses are errors of its users."""
    _container(component, report, is_used=is_used)
    for rule in (
        _placeholders,
        _file_outputs,
        _graph_outputs,
        _defaults,
        _tags,
        _braces,
        check_component_injection,
        _backend,
        _labels,
        _environment,
        check_component_dollars,
    ):
        rule(component, report)


def _parts(component: Component) -> tuple[CommandPart, ...]:
    container = component.implementation.container
    return container.parts if container is not None else ()


def _placeholders(component: Component, report: Report) -> None:
    if component.has_incomplete_ports:
        return
    inputs = [given.name for given in component.inputs]
    outputs = [given.name for given in component.outputs]
    for part in placeholders(_parts(component)):
        taken, given = _ports_of(part)
        if taken is not None and taken not in inputs:
            hint = suggestion(taken, inputs, "inputs")
            hint = f"`{taken}` is an output: write {{outputPath: {taken}}}" if taken in outputs else hint
            report.error("unknown-input", f"there is no input `{taken}`", part.span, hint)
        if given is not None and given not in outputs:
            hint = suggestion(given, outputs, "outputs")
            report.error("unknown-output", f"there is no output `{given}`", part.span, hint)


def _ports_of(part: NamedPart) -> tuple[str | None, str | None]:
    """The input and the output that a placeholder names."""
    if isinstance(part, BackendPlaceholder):
        return part.input, part.output
    return (None, part.name) if isinstance(part, OutputPath) else (part.name, None)


def _file_outputs(component: Component, report: Report) -> None:
    container = component.implementation.container
    if container is None or component.has_incomplete_ports:
        return
    outputs = [given.name for given in component.outputs]
    asked = {part.name: part.span for part in placeholders(_parts(component)) if isinstance(part, OutputPath)}
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
    if not isinstance(graph, Dag) or component.has_incomplete_ports:
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


def _defaults(component: Component, report: Report) -> None:
    """A warning, since public components have such defaults and KFP passes them on verbatim."""
    for given in component.inputs:
        try:
            if given.default:  # an empty default means "none" in the public catalog, whatever the type
                literal_text(given.default, "", given.type)
        except WrongLiteral as wrong:
            report.warning("wrong-default", wrong.message, given.default_span or given.span, wrong.fixed_hint)


def _container(component: Component, report: Report, *, is_used: bool) -> None:
    container = component.implementation.container
    if container is None:
        return
    if is_used:
        return  # the fields of a task override the container, so they are checked at the call
    if container.image is not None and not container.image.strip():
        report.warning(
            "empty-image",
            "the component has no image",
            container.image_span,
            "name an image; no cluster can run a container without one",
        )
    fault = image_fault(container.image) if container.image and container.image.strip() else ""
    if fault == FORM:  # published ones have a place to fill in: `<PROJECT>`
        message = f"`{container.image}` is not a valid image name"
        report.warning(
            "empty-image",
            message,
            container.image_span,
            "correct it, or let each task that uses the component name an image",
        )
    elif fault:
        report.error("wrong-value", f"`{container.image}` is not a valid image name", container.image_span, fault)
    if container.command is None:
        report.warning(
            "missing-command",
            "the component has no `command`",
            container.image_span,
            "write the command; without it, Argo looks it up in the image's registry during the run",
        )


def _tags(component: Component, report: Report) -> None:
    """In a component's text Argo's tags are Argo's; those that it would refuse are mistakes."""
    for text, span in component.texts:
        for tag, _, _ in argo_tags(text):
            if not is_known_in_a_container(tag):
                message = f"Argo refuses `{{{{{tag}}}}}`: a container has no such variable"
                hint = "write {inputValue: NAME} for an input; `{{- name -}}` reaches the program unchanged"
                report.error("argo-tag", message, span, hint)
        unclosed = unclosed_tag(text)
        if unclosed:
            message = f"`{excerpt(unclosed)}` is not closed, so Argo would search for its end in the following text"
            report.error("argo-tag", message, span, "separate the braces with a space, if the program allows it")


def _braces(component: Component, report: Report) -> None:
    """`{{` and a value, joined, would be a tag of Argo's with the value as its name."""
    container = component.implementation.container
    if container is None:
        return
    line = container.command_line()
    for word in (*(line.command or ()), *line.args):
        literal = "".join(piece if isinstance(piece, str) else "\0" for piece in word)
        if len(word) > 1 and any(not is_known_in_a_container(tag) for tag, _, _ in argo_tags(literal)):
            message = "the parts of this text join into a tag that Argo refuses"
            report.error("argo-tag", message, component.span, "put a space after the braces")
        for before, piece in pairwise(word):
            if isinstance(before, str) and before.endswith("{{") and isinstance(piece, InputValue):
                message = f"`{{{{` before the value of `{piece.name}`: Argo would take it as a tag"
                report.error(
                    "argo-tag", message, piece.span, "put a space between them, or build the string in the program"
                )


def _backend(component: Component, report: Report) -> None:
    for part in placeholders(_parts(component)):
        if isinstance(part, BackendPlaceholder):
            say = report.warning if part.text else report.error
            say(
                "kfp-backend",
                f"`{part.keyword}` works only in KFP's v2 backend",
                part.span,
                "for plain Argo, use inputPath, inputValue or outputPath",
            )
    for text, span in component.texts:
        if "{{$" in text:
            report.warning(
                "kfp-backend",
                "`{{$…}}` works only in KFP's v2 backend",
                span,
                "on plain Argo, it reaches the program unchanged",
            )


_ENVIRONMENT = regex(r"[-._a-zA-Z][-._a-zA-Z0-9]*")


def _environment(component: Component, report: Report) -> None:
    container = component.implementation.container
    for name, _ in container.env if container is not None else ():
        if not _ENVIRONMENT.fullmatch(name):
            hint = "a name has letters, digits, `_`, `-` and `.`, and does not start with a digit"
            report.error(
                "invalid-name",
                f"`{excerpt(name)}` is not a valid name of an environment variable",
                component.span,
                hint,
            )


def _labels(component: Component, report: Report) -> None:
    for what, pairs in (("label", component.labels), ("annotation", component.annotations)):
        for key, value in pairs:
            if not KEY.fullmatch(key) or (what == "label" and not LABEL.fullmatch(value)):
                report.error(
                    "invalid-name",
                    f"Kubernetes refuses the {what} `{key}: {excerpt(value)}`",
                    component.span,
                    "a key is NAME or example.com/NAME; a label value has at most 63 letters, digits, `-`, `_` and `.`",
                )
