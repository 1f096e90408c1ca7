"""Names in a component that Kubernetes must take: of variables, labels and annotations."""

from __future__ import annotations

from transpiler.argo.labels import KEY, LABEL
from transpiler.diagnostics import Report, excerpt
from transpiler.model.component import Component
from transpiler.patterns import regex


def check_names(component: Component, report: Report) -> None:
    """Every such name of a component."""
    _labels(component, report)
    _environment(component, report)


_ENVIRONMENT = regex(r"[-._a-zA-Z][-._a-zA-Z0-9]*")


def _environment(component: Component, report: Report) -> None:
    container = component.implementation.container
    for name, _ in container.env if container is not None else ():
        if not _ENVIRONMENT.fullmatch(name):
            hint = "a name has letters, digits, `_`, `-` and `.`, and does not start with a digit"
            report.error(
                "invalid-name",
                f"`{excerpt(name)}` is not a valid name of an environment variable",
                component.span,
                hint,
            )


def _labels(component: Component, report: Report) -> None:
    for what, pairs in (("label", component.labels), ("annotation", component.annotations)):
        for key, value in pairs:
            if not KEY.fullmatch(key) or (what == "label" and not LABEL.fullmatch(value)):
                report.error(
                    "invalid-name",
                    f"Kubernetes refuses the {what} `{key}: {excerpt(value)}`",
                    component.span,
                    "a key is NAME or example.com/NAME; a label value has at most 63 letters, digits, `-`, `_` and `.`",
                )
