"""`images` of a values file: names of images, or patterns with `*`, and what is written instead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from transpiler.argo.images import FORM, image_fault
from transpiler.build.values.laid import Laid, lay
from transpiler.diagnostics import Report
from transpiler.model.images import ImageRule
from transpiler.read.yaml.nodes import Map

_STARS: Final = "write one `*` on both sides, such as `ghcr.io/shop/*: registry.prod/shop/*`"


def lay_images(document: Laid, given: Map, report: Report) -> None:
    """Lay the images of a layer over those of the layers before it. What cannot be used is reported."""
    wrong = [name for name in given if given.hides(name) or not _is_usable(name, given, report)]
    images = document.images
    if images is None:
        images = document.images = Laid(given.source, given.mark)
    for name in given:
        if name not in wrong:
            lay(images, name, given)


def _is_usable(name: str, given: Map, report: Report) -> bool:
    value: Any = given[name]
    message, hint = _fault(name, value) if value is not None else ("", "")
    if message:
        report.error("wrong-value", message, given.value_span(name), hint)
    return not message


def _fault(name: str, value: Any) -> tuple[str, str]:
    """What is wrong with an entry, and a hint; empty for a right one."""
    if not isinstance(value, str):
        return f"the image for `{name}` must be a string", "write NAME: NEW-NAME, or NAME: NEW-NAME:TAG"
    if "{{" in value:
        return "the name of an image is written here as it is, without references", "use `image` of the task for one"
    if name.count("*") > 1 or value.count("*") != name.count("*"):
        return f"`{name}` and `{value}` do not have the same `*`", _STARS
    for each in (name, value):
        if fault := image_fault(each.replace("*", "a/b" if each == "*" else "a")):
            return f"`{each}` is not a valid image name", fault if "*" not in each else FORM
    return "", ""


def image_rules(images: Map) -> Iterator[ImageRule]:
    """The entries that all layers of a document leave."""
    return (ImageRule(name, str(images[name]), images.key_span(name)) for name in images)
