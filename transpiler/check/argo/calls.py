"""Compares the arguments of Argo's own tasks, steps and hooks with the inputs of their templates.

`argo lint` reports missing arguments, but silently drops an argument without an input.
"""

from __future__ import annotations

from collections.abc import Mapping

from transpiler.check.argo.nodes import by_name, hides_ports, is_required, name_of, place, ports, text_of
from transpiler.diagnostics import Related, Report, Span
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import List, Map
from transpiler.suggest import did_you_mean, suggestion

_KINDS = {"parameters": "artifacts", "artifacts": "parameters"}


def template_of(caller: Map, templates: Mapping[str, Map]) -> Map | None:
    """The template that a task, step or hook runs; None if it is defined elsewhere."""
    inline = fields.mapping(caller, "inline")
    return inline if inline is not None else templates.get(text_of(caller, "template"))


def check_passed(caller: Map, template: Map, report: Report) -> None:
    """Unknown and missing arguments; a misspelt one is one mistake, not two."""
    if (
        report.is_full
        or hides_ports(template, "inputs")
        or caller.hides("arguments")
        or not fields.is_complete(caller.get("arguments"))
    ):
        return
    for kind, other in _KINDS.items():
        inputs = by_name(ports(template, "inputs", kind))
        passed = by_name(ports(caller, "arguments", kind))
        free = [name for name in inputs if name not in passed]
        explained = {did_you_mean(name, free) for name in passed if name not in inputs}
        explained |= by_name(ports(caller, "arguments", other)).keys()
        for name, argument in passed.items():
            if name in inputs:
                _allowed(argument, inputs[name], report)
            else:
                elsewhere = by_name(ports(template, "inputs", other))
                hint = (
                    f"it is declared among the {other}"
                    if name in elsewhere
                    else suggestion(name, free or inputs, "inputs")
                )
                _unknown(argument, kind, hint, template, report)
        missing = [
            port for name, port in inputs.items() if name in free and name not in explained and is_required(port)
        ]
        if missing:
            report_missing(missing, place(caller), kind, report)


def _unknown(argument: Map, kind: str, hint: str, template: Map, report: Report) -> None:
    message = f"{_called(template)} has no input `{name_of(argument)}` among its {kind}"
    hint = hint or "delete it, or add the input to the template"
    report.error("unknown-argument", message, place(argument), hint, (Related("the template", place(template)),))


def _called(template: Map) -> str:
    return f"template `{name_of(template)}`" if "name" in template else "the template"


def report_missing(ports_: list[Map], span: Span, kind: str, report: Report) -> None:
    """Report required inputs without an argument."""
    names = ", ".join(f"`{name_of(port)}`" for port in ports_)
    related = tuple(Related(f"`{name_of(port)}` is required here", place(port)) for port in ports_)
    hint = f"add {names} to the {kind} of the `arguments`"
    report.error("missing-argument", f"no value is passed for {names}", span, hint, related)


def _allowed(argument: Map, given: Map, report: Report) -> None:
    """`enum` of an input: Argo shows it, and never looks whether a value is in it."""
    choices = fields.items(given, "enum")
    value = argument.get("value")
    if isinstance(choices, List) and value is not None and "{{" not in str(value) and value not in choices:
        related = (Related("the input", place(given)),)
        hint = suggestion(str(value), map(str, choices), "values")
        report.error(
            "argo-value",
            f"`{value}` is not in the `enum` of `{name_of(given)}`",
            argument.value_span("value"),
            hint,
            related,
        )
