"""`images` of values files: entries that are about no image of the pipeline."""

from __future__ import annotations

from collections.abc import Sequence

from transpiler.catalog.lockfile import image_name
from transpiler.diagnostics import Hint, Report
from transpiler.model.images import ImageRule, parted
from transpiler.suggest import suggestion


def check_unused_images(rules: Sequence[ImageRule], images: Sequence[str], report: Report) -> None:
    """Report entries that match no image, as the manifest and its components have them."""
    known = {each: parted(each) for each in images}
    names = [image_name(each) for each, parts in known.items() if parts is not None]
    computed = [each for each, parts in known.items() if parts is None]
    for rule in rules:
        if any(rule.applied(image) is not None for image in images):
            continue
        hint = suggestion(rule.pattern, dict.fromkeys(names), "images of the pipeline")
        if computed and not isinstance(hint, Hint):
            hint = "an image that is computed in the run keeps its name; change the input that it comes from"
        report.warning("unused-image", f"the pipeline has no image `{rule.pattern}`", rule.span, hint)
