"""Numbers that reach a program as JSON, which a component of KFP v2 asks for."""

from __future__ import annotations

import json

from transpiler.dataflow.instances import Instance
from transpiler.diagnostics import Related, Report, excerpt
from transpiler.model.expressions.tree import InputReference, Text
from transpiler.model.expressions.types import literal_text, parse_type
from transpiler.model.placeholders import JsonValue
from transpiler.model.task import Argument
from transpiler.model.values import Literal
from transpiler.resolve.scope import Call


def check_json_numbers(call: Call, callee: Instance, caller: Instance, report: Report) -> None:
    """A program that reads its values as JSON cannot read every number that Python can: `.5`, `1_000`, `007`."""
    for piece in callee.command.pieces if callee.command else ():
        argument = call.arguments.get(piece.name) if isinstance(piece, JsonValue) else None
        if argument is None or not isinstance(piece, JsonValue) or piece.kind not in {"Integer", "Float"}:
            continue
        text = _known_text(argument, piece.kind, caller)
        if text and not _is_json(text):
            message = f"the component parses this input as JSON, and `{excerpt(text)}` is not a JSON number"
            related = (Related("the component", piece.span),)
            report.error("type-mismatch", message, argument.span, "write it as 3, 0.5 or 1e-3", related)


def _known_text(argument: Argument, kind: str, caller: Instance) -> str:
    """What an argument passes, as far as it is known here: a literal, or the default of a manifest's input."""
    value = argument.value
    if isinstance(value, Literal):
        return literal_text(value.value, value.written, parse_type(kind))
    reference = value.plain_reference if isinstance(value, Text) and caller.component is None else None
    given = caller.scope.input(reference.name) if caller.scope and isinstance(reference, InputReference) else None
    return (given.default or "") if given else ""


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
