"""Argo's tags in the texts of a component: written, unclosed, or made by joining the parts of a word."""

from __future__ import annotations

from itertools import pairwise

from transpiler.argo.text import argo_tags, unclosed_tag
from transpiler.argo.variables import is_known_in_a_container
from transpiler.diagnostics import Report, excerpt
from transpiler.model.component import Component
from transpiler.model.placeholders import InputValue


def check_tags(component: Component, report: Report) -> None:
    """Every tag of a component."""
    _tags(component, report)
    _braces(component, report)


def _tags(component: Component, report: Report) -> None:
    """In a component's text Argo's tags are Argo's; those that it would refuse are mistakes."""
    for text, span in component.texts:
        for tag, start, end in argo_tags(text):
            if not is_known_in_a_container(tag):
                message = f"Argo refuses `{{{{{tag}}}}}`: a container has no such variable"
                hint = "write {inputValue: NAME} for an input; `{{- name -}}` reaches the program unchanged"
                report.error("argo-tag", message, span.below(text[start:end]), hint)
        unclosed = unclosed_tag(text)
        if unclosed:
            message = f"`{excerpt(unclosed)}` is not closed, so Argo would search for its end in the following text"
            hint = "separate the braces with a space, if the program allows it"
            report.error("argo-tag", message, span.below(unclosed), hint)


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
