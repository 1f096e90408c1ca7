"""Requests and limits of a pod: quantities that are valid for Kubernetes and plausible."""

from __future__ import annotations

from decimal import Decimal

from transpiler.argo.quantities import quantity
from transpiler.argo.resources import is_fixed, quantity_fault
from transpiler.check.tasks.computed_quantities import check_computed_quantity
from transpiler.diagnostics import Report
from transpiler.model.expressions.tree import Text
from transpiler.model.expressions.types import ANY
from transpiler.model.settings import Resource
from transpiler.model.values import Literal
from transpiler.read.unmarked_references import reference_hint
from transpiler.resolve.scope import Call, Scope
from transpiler.resolve.types import type_of_value


def check_quantities(resource: Resource, report: Report) -> None:
    """Each quantity that a manifest says of a resource, by itself."""
    for value, span in resource.written:
        message, hint = quantity_fault(resource.name, _text(value))
        if message:
            report.error("invalid-quantity", message, span, reference_hint(value.value, hint))


def check_resources(call: Call, scope: Scope, report: Report) -> None:
    """The resources of a task, once `defaults` are merged."""
    _resources(call, report)
    _amounts(call, scope, report)


def _resources(call: Call, report: Report) -> None:
    """A request must not exceed its limit; for devices, which are not shared, both must be equal."""
    for each in call.task.settings.resources:
        of_device = is_fixed(each.name)
        hint = (
            "raise the limit, or request less; a pod gets as many devices as its limit"
            if of_device
            else "raise the limit, or request less"
        )
        if any(quantity_fault(each.name, _text(value))[0] for value, _ in each.written):
            continue  # which is reported
        if isinstance(each.request, Literal) and isinstance(each.limit, Literal):
            request, limit = _amount(each.request), _amount(each.limit)
            if request > limit or (of_device and request != limit):
                message = f"the request for `{each.name}` is {each.request.value}, but its limit is {each.limit.value}"
                report.error("invalid-quantity", message, each.span, hint)
        elif of_device and each.limit is None and each.request is not None:
            report.error("invalid-quantity", f"the request for `{each.name}` has no limit", each.span, hint)


def _amounts(call: Call, scope: Scope, report: Report) -> None:
    """A quantity known only in the run must have a suitable type."""
    for each in call.task.settings.resources:
        for value in dict.fromkeys((each.request, each.limit)):
            kind = type_of_value(value, scope) if isinstance(value, Text) and value.whole is not None else ANY
            is_none = kind.name in {"Boolean", "JsonArray", "JsonObject"}
            if is_none or (is_fixed(each.name) and kind.name == "Float"):
                message = (
                    f"`{each.name}` takes a {'whole number' if is_fixed(each.name) else 'quantity'}, not {kind.shown}"
                )
                report.error("type-mismatch", message, each.span, "pass a number, or a string such as 2Gi")
            elif isinstance(value, Text):
                check_computed_quantity(each.name, value, each.span, scope, report)


def _amount(value: Literal) -> Decimal:
    return quantity(_text(value))


def _text(value: Literal) -> str:
    return value.written.strip("\"'")
