"""Images of a Workflow by digest, where the lock pins them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from transpiler.plan.argo_objects import Node, with_workflow_spec, workflow_spec


def with_pinned_images(node: Node, images: Mapping[str, str]) -> Node:
    """The object with `IMAGE@sha256:…` for each image that has a pin; others stay as they are."""
    spec = workflow_spec(node)
    if not images or "templates" not in spec:
        return node
    return with_workflow_spec(node, {**spec, "templates": [with_pins(each, images) for each in spec["templates"]]})


def with_pins(template: Node, images: Mapping[str, str]) -> Node:
    """A template with every container that it has, one or several."""
    pinned = dict(template)
    for key in ("container", "script"):
        if key in template:
            pinned[key] = _container(template[key], images)
    for key in ("initContainers", "sidecars"):
        if key in template:
            pinned[key] = [_container(each, images) for each in template[key]]
    if "containerSet" in template:
        several = template["containerSet"]
        pinned["containerSet"] = {**several, "containers": [_container(each, images) for each in several["containers"]]}
    return pinned


def _container(container: Any, images: Mapping[str, str]) -> Any:
    return {**container, "image": images[container["image"]]} if container.get("image") in images else container
