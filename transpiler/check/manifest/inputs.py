"""The inputs that a manifest declares: where their values come from, and where their files are stored."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from transpiler.check.files.stored_files import check_location
from transpiler.check.tasks.literals import check_default
from transpiler.diagnostics import Report, Span
from transpiler.model.ports import Input
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import Map


def check_inputs(inputs: Iterable[Input], named_secrets: Collection[str], report: Report) -> None:
    """One source for a value, one location for a file, and a default that arrives as it is written.

    `named_secrets` are the inputs whose value is the name of a Secret.
    """
    for given in inputs:
        if given.written is not None:
            _source(given.name, given.written, given.span, report)
            _default(given, given.written, report)
            _hidden(given, given.written, report)
        _early(given, report)
        check_default(given, report, names_a_secret=given.name in named_secrets)


def _early(given: Input, report: Report) -> None:
    """A run reads `valueFrom` before its inputs."""
    for slot in given.value_from.slots if given.value_from is not None else ():
        message = "a reference cannot be used here: a run reads this before its inputs"
        report.error("misplaced-reference", message, slot.text.expressions[0].span, "write the name itself")


def _default(given: Input, declaration: Map, report: Report) -> None:
    """The default is one of the values that the input takes."""
    values = fields.items(declaration, "enum")
    if given.default is not None and fields.is_complete(values) and given.enum and given.default not in given.enum:
        report.error(
            "wrong-default",
            f"the default `{given.default}` is not one of the `enum`",
            declaration.value_span("default"),
            "add it to `enum`, or use one of its values",
        )


def _hidden(given: Input, declaration: Map, report: Report) -> None:
    """Nothing asks for the value of a hidden input, so it has one by itself; what has a source cannot be hidden."""
    has_source = any(declaration.get(key) is not None for key in _BESIDE)
    if given.hidden and given.required and not given.has_wrong_default and not has_source:
        message = f"`{given.name}` is hidden and has no default: nothing passes a value to it"
        report.error("missing-key", message, declaration.key_span("hidden"), "add a `default`, or `optional: true`")


_BESIDE: Final = {
    "artifact": ("default", "enum", "optional", "hidden", "valueFrom"),
    "valueFrom": ("enum", "optional", "hidden"),
}
"""A key → those that say something else of where the value comes from, or that Argo does not look at then."""


def _source(name: str, declaration: Map, span: Span, report: Report) -> None:
    """An input has one source, and a file is stored in one place."""
    for key, others in _BESIDE.items():
        for other in others if declaration.get(key) is not None else ():
            is_left_to_callers = other == "optional" and declaration[key] == {}
            if declaration.get(other) is not None and not is_left_to_callers:
                message = f"the input `{name}` has both `{key}` and `{other}`"
                report.error("conflicting-keys", message, declaration.key_span(other), f"delete `{other}`")
    stored = fields.mapping(declaration, "artifact")
    if stored and fields.is_complete(stored):
        check_location(name, stored, span, report)
