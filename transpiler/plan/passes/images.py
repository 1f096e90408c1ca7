"""The images of a Workflow: those of the environment, by digest where the lock pins them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from transpiler.model.images import ImageRule, renamed
from transpiler.plan.argo_objects import Node, with_workflow_spec, workflow_spec


class Images(Struct, frozen=True):
    """What is written instead of an image: the environment's, and then its pin (`IMAGE@sha256:…`)."""

    rules: tuple[ImageRule, ...] = ()
    """The most specific first."""
    pins: Mapping[str, str] = {}

    def __bool__(self) -> bool:
        return bool(self.rules or self.pins)

    def of(self, image: str) -> str:
        """The image that is written for one."""
        image = renamed(image, self.rules) if self.rules else image
        return self.pins.get(image, image)


def with_images(node: Node, images: Images) -> Node:
    """The object with the images that are written for those of its templates."""
    spec = workflow_spec(node)
    if not images or "templates" not in spec:
        return node
    changed = {**spec, "templates": [in_template(each, images.of) for each in spec["templates"]]}
    if "templateDefaults" in spec:
        changed["templateDefaults"] = in_template(spec["templateDefaults"], images.of)
    return with_workflow_spec(node, changed)


def images_of(node: Node) -> tuple[str, ...]:
    """Every image of an object, once."""
    found: dict[str, None] = {}

    def note(image: str) -> str:
        found.setdefault(image)
        return image

    spec = workflow_spec(node)
    for template in (*spec.get("templates", ()), spec.get("templateDefaults", {})):
        in_template(template, note)
    return tuple(found)


def in_template(template: Node, image_of: Callable[[str], str]) -> Node:
    """A template with other images in every container that it has, one or several."""
    pinned = dict(template)
    for key in ("container", "script"):
        if key in template:
            pinned[key] = _container(template[key], image_of)
    for key in ("initContainers", "sidecars"):
        if key in template:
            pinned[key] = [_container(each, image_of) for each in template[key]]
    if "containerSet" in template:
        several = template["containerSet"]
        pinned["containerSet"] = {
            **several,
            "containers": [_container(each, image_of) for each in several["containers"]],
        }
    return pinned


def _container(container: Any, image_of: Callable[[str], str]) -> Any:
    image = container.get("image")
    return {**container, "image": image_of(image)} if isinstance(image, str) and image else container
