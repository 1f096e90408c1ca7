"""The image and command of a component that no task uses yet: a task may say others."""

from __future__ import annotations

from transpiler.argo.images import FORM, image_fault, placeholder_in
from transpiler.diagnostics import Report
from transpiler.model.component import Component


def check_image(component: Component, report: Report) -> None:
    """An image that a registry can have, and a command."""
    container = component.implementation.container
    if container is None:
        return
    if container.image is not None and not container.image.strip():
        report.warning(
            "empty-image",
            "the component has no image",
            container.image_span,
            "name an image; no cluster can run a container without one",
        )
    fault = image_fault(container.image) if container.image and container.image.strip() else ""
    is_to_fill = bool(fault) and placeholder_in(container.image or "") != ""  # as published ones are: `<PROJECT>`
    if fault == FORM or is_to_fill:
        message = f"`{container.image}` is not a valid image name"
        report.warning(
            "empty-image",
            message,
            container.image_span,
            "correct it, or let each task that uses the component name an image",
        )
    elif fault:
        report.error("wrong-value", f"`{container.image}` is not a valid image name", container.image_span, fault)
    if container.command is None:
        report.warning(
            "missing-command",
            "the component has no `command`",
            container.image_span,
            "write the command; without it, Argo looks it up in the image's registry during the run",
        )
