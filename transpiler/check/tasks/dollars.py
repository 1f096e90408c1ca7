"""Texts read by Kubernetes that it would change in a probably unintended way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from transpiler.argo.kubelet import is_halved, is_read
from transpiler.diagnostics import Hint, Report, Span
from transpiler.model.component import Component
from transpiler.model.expressions.tree import Text
from transpiler.model.pipeline import Pipeline
from transpiler.model.placeholders import CommandPart, Concat, If
from transpiler.model.settings import Named
from transpiler.model.task import PassThrough
from transpiler.model.values import Literal
from transpiler.read.yaml.nodes import List, Map
from transpiler.resolve.scope import Call, Scope, calls_of, stored_files_of

HINT: Final = Hint("write `$$$$` for two", "$$$$", "$$")


def check_component_dollars(component: Component, report: Report) -> None:
    """The literal text of a component is read by Kubernetes, as in KFP."""
    container = component.implementation.container
    if container is None:
        return
    texts = [*_literals(container.parts), *(text for _, text in container.env)]
    spans = dict(component.texts)
    for text in texts:
        if text in spans:  # else it was written for Kubernetes as it is compiled
            _check(text, spans[text], report)


def _literals(parts: tuple[CommandPart, ...]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, Concat):
            yield from _literals(part.items)
        elif isinstance(part, If):
            yield from _literals((*part.then, *part.otherwise))


def check_dollar_expansion(scope: Scope, report: Report) -> None:
    """The values of `env`, and the programs of templates in Argo's own fields."""
    for call in calls_of(scope):
        for each in call.task.settings.env:
            if isinstance(each, Named):
                _check(_own_text(each.value), each.span, report)
        for _, stored in stored_files_of(call):
            _fields(stored.written, report)
        own = call.implementation.argo_node
        if own is not None:
            _fields(own, report)
        _passed(call, report)


def check_passed_dollars(pipeline: Pipeline, report: Report) -> None:
    """The same in what a manifest says of all tasks, and of the whole run."""
    for shared in pipeline.shared:
        _parts(shared.argo, report)
    for _, node in pipeline.argo:
        _fields(node, report)


def _passed(call: Call, report: Report) -> None:
    _parts(call.task.argo, report)


def _parts(passed: PassThrough, report: Report) -> None:
    for node in (passed.task, passed.template, passed.container):
        if node is not None:
            _fields(node, report)


def _own_text(value: object) -> str:
    """What a value says itself, with an ellipsis for what only a run knows."""
    if isinstance(value, Literal):
        return str(value.value)
    return value.outline if isinstance(value, Text) else ""


def _fields(node: Map | List, report: Report, path: tuple[str | int, ...] = ()) -> None:
    entries: Any = node.items() if isinstance(node, Map) else enumerate(node)
    for key, value in entries:
        at = (*path, key)
        if isinstance(value, (Map, List)):
            _fields(value, report, at)
        elif isinstance(value, str) and "$$" in value and is_read(at):
            span = node.value_span(key) if isinstance(node, Map) else node.item_span(key)
            _check(value.replace("$${{", "${{"), span, report)


def _check(text: str, span: Span, report: Report) -> None:
    if is_halved(text):
        report.warning("dollar-expansion", "Kubernetes replaces `$$` in this text by one `$`", span, HINT)
