"""Optional inputs. One that a run does not pass is the empty string, which is neither a number nor JSON."""

from __future__ import annotations

from transpiler.diagnostics import Related, Report, Span
from transpiler.model.expressions.tree import Expression, InputReference, whole_of
from transpiler.model.expressions.types import Type
from transpiler.model.ports import Input
from transpiler.model.values import Value
from transpiler.resolve.scope import Scope


def left_out(node: Expression, scope: Scope) -> Input | None:
    """The optional input of a manifest that a reference names; None for any other reference."""
    if not isinstance(node, InputReference):
        return None
    home, reference = scope.origin(node)
    if not isinstance(reference, InputReference) or reference.name in home.captures:
        return None  # a `??` of values outside a group, which is never absent
    given = home.input(reference.name)
    return given if home.is_manifest and given is not None and given.optional and given.default is None else None


def check_left_out(value: Value | None, wanted: Type, scope: Scope, report: Report) -> None:
    """Report a value that consists of such an input, where the empty string is invalid."""
    whole = whole_of(value)
    given = left_out(whole, scope) if whole is not None else None
    if given is not None and whole is not None:
        report_left_out(given, wanted, whole.span, report)


def report_left_out(given: Input, wanted: Type, span: Span, report: Report) -> None:
    """Report such an input where its value must be of a type."""
    message = f"optional input `{given.name}` may be empty, but the type {wanted.shown} is required here"
    related = (Related("declared optional here", given.span),)
    report.error("type-mismatch", message, span, "give it a default, or make it required", related)
