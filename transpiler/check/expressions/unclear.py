"""Expressions of which too little is known to judge them: a reported mistake hides what a name in them stands for."""

from __future__ import annotations

from transpiler.diagnostics import Report
from transpiler.model.expressions.search import references_of
from transpiler.model.expressions.tree import Expression, InputReference
from transpiler.model.ports import Input
from transpiler.resolve.scope import Scope


def is_unclear(node: Expression, scope: Scope, report: Report) -> bool:
    """True if a name in an expression is reported, or names an input whose declaration is, or may be."""
    if not report.failed:
        return False
    for each in references_of(node):
        if report.names_nothing_in(each.span):
            return True
        given = scope.input(each.name) if isinstance(each, InputReference) else None
        is_lost = isinstance(each, InputReference) and given is None and "inputs" in scope.incomplete_names
        if is_lost or (given is not None and _hides(given)):
            return True
    return False


def _hides(given: Input) -> bool:
    """True if the type of an input, or whether it is optional, is hidden."""
    if given.written is None:
        return given.has_wrong_default and not given.type.name
    return given.written.hides("type", "optional")
