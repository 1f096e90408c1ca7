"""The rules about a component by itself, independent of its users, in the order in which they are read."""

from __future__ import annotations

from transpiler.check.component.advice import check_literal_placeholders, check_types, check_use
from transpiler.check.component.backend import check_backend
from transpiler.check.component.image import check_image
from transpiler.check.component.names import check_names
from transpiler.check.component.ports import check_ports
from transpiler.check.component.tags import check_tags
from transpiler.check.tasks.dollars import check_component_dollars
from transpiler.check.tasks.injection import check_component_injection
from transpiler.diagnostics import Report
from transpiler.model.component import Component
from transpiler.model.expressions.types import WrongLiteral, literal_text


def check_component(component: Component, report: Report, *, is_used: bool) -> None:
    """Run every rule about components. Some that are advice for one that nothing uses are errors of its users."""
    if not is_used:  # else the image and command count that its task says, and are judged there
        check_image(component, report)
        check_use(component, report)
        check_types(component, report)
    check_ports(component, report)
    check_literal_placeholders(component, report)
    _defaults(component, report)
    check_tags(component, report)
    check_component_injection(component, report)
    check_backend(component, report)
    check_names(component, report)
    check_component_dollars(component, report)


def _defaults(component: Component, report: Report) -> None:
    """A warning, since public components have such defaults and KFP passes them on verbatim."""
    for given in component.inputs:
        try:
            if given.default:  # an empty default means "none" in the public catalog, whatever the type
                literal_text(given.default, "", given.type)
        except WrongLiteral as wrong:
            report.warning("wrong-default", wrong.message, given.default_span or given.span, wrong.fixed_hint)
