"""Optional inputs that a run may leave out. Each is the empty text then: no number, no JSON."""

from __future__ import annotations

from transpiler.diagnostics import Related, Report, Span
from transpiler.model.component import Input
from transpiler.model.types import Type
from transpiler.read.expressions import Expression, InputReference
from transpiler.resolve.scope import Scope


def left_out(node: Expression, scope: Scope) -> Input | None:
    """The input of a manifest that a reference means, if a run may leave it out; None for anything else."""
    if not isinstance(node, InputReference):
        return None
    home, reference = scope.origin(node)
    given = home.input(reference.name) if isinstance(reference, InputReference) else None
    return given if home.is_manifest and given is not None and given.optional and given.default is None else None


def report_left_out(given: Input, wanted: Type, span: Span, report: Report) -> None:
    """Report such an input where its value must be of a type."""
    message = f"`{given.name}` is empty in a run that leaves it out, and that is no {wanted.shown}"
    related = (Related("declared optional here", given.span),)
    report.error("type-mismatch", message, span, "give it a default, or make it required", related)
