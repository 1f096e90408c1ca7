"""Images of a Workflow by digest, where the lock pins them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from transpiler.plan.workflow import Template, Workflow


def with_pinned_images(workflow: Workflow, images: Mapping[str, str]) -> Workflow:
    """The Workflow with `IMAGE@sha256:…` for each image that has a pin; others stay as they are."""
    if not images:
        return workflow
    return replace(workflow, templates=tuple(_pinned(template, images) for template in workflow.templates))


def _pinned(template: Template, images: Mapping[str, str]) -> Template:
    container = template.container
    if container is None or container.image not in images:
        return template
    return replace(template, container=replace(container, image=images[container.image]))
