"""New defaults of inputs: an input keeps the type that its manifest gives it."""

from __future__ import annotations

from typing import Any

from transpiler.build.values.laid import Laid, laid_over, lay, opened, put, remove, take_mistakes
from transpiler.diagnostics import Related, Report
from transpiler.model.expressions.types import inferred_type
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import Elsewhere, Map
from transpiler.read.yaml.scalars import has_leading_zero
from transpiler.suggest import suggestion


def lay_inputs(document: Laid, given: Map, report: Report) -> None:
    """Lay new defaults, and parts of declarations, over the inputs of a document."""
    inputs = opened(document, "inputs")
    if inputs is None and document.hides("inputs"):
        return
    if inputs is not None:
        take_mistakes(inputs, given)
    for name in given:
        if inputs is not None and name in inputs:
            _lay(inputs, name, given, report)
        elif inputs is None or not inputs.hides(name):
            hint = suggestion(name, inputs or (), "inputs") if inputs else "declare it under `inputs` of the manifest"
            report.error("unknown-input", f"the manifest has no input `{name}`", given.key_span(name), hint)


def _lay(inputs: Map, name: str, given: Map, report: Report) -> None:
    value, own = given[name], inputs[name]
    if given.hides(name) or inputs.hides(name) or not fields.is_complete(own):
        inputs.incomplete_keys.add(name)
    elif own is None and not isinstance(value, Map):
        put(inputs, name, value, (given, name))  # an input of any type
    else:
        declaration = _declaration(inputs, name)
        inputs[name] = declaration
        if isinstance(value, Map):
            _lay_parts(declaration, value, report)
        elif value is None:
            remove(declaration, "default")
            inputs.keys_at[name] = Elsewhere.at(given.keys_at[name], given.source)
        else:
            put(declaration, "default", value, (given, name))


def _declaration(inputs: Map, name: str) -> Laid:
    """The declaration of an input with its type, to be changed."""
    own = inputs[name]
    declaration = laid_over(own) if isinstance(own, Map) else Laid(inputs.source, inputs.values_at[name])
    if not isinstance(own, Map) and own is not None:
        declaration.put("default", own, inputs.values_at[name], inputs.values_at[name])
    default = declaration.get("default")
    kind = _type_of(default)
    if "type" not in declaration and kind and not declaration.hides("type", "default"):
        declaration.put("type", kind, declaration.keys_at["default"], declaration.values_at["default"])
    return declaration


def _type_of(default: Any) -> str:
    """The type that follows from a default; empty if none does."""
    if default is None or not isinstance(default, (str, int, float, list, dict)) or has_leading_zero(str(default)):
        return ""
    kind = inferred_type(default)
    return kind.written if kind.name else ""


def _lay_parts(declaration: Laid, value: Map, report: Report) -> None:
    take_mistakes(declaration, value)
    for key in value:
        if key == "type" and value[key] != declaration.get("type"):
            related = (Related("declared here", declaration.value_span("type")),) if "type" in declaration else ()
            message = "the type of an input is the same in every environment"
            report.error("fixed-graph", message, value.key_span(key), "delete it; change the manifest", related)
        elif key != "type":
            lay(declaration, key, value)
