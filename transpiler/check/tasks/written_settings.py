"""The settings of a task, or of `defaults`, as a manifest says them: what is wrong whatever they are merged with."""

from __future__ import annotations

from transpiler.argo.images import image_fault
from transpiler.argo.labels import OBJECT_NAME, OBJECT_NAME_HINT
from transpiler.check.tasks.resources import check_quantities
from transpiler.check.tasks.volumes import check_written_volume
from transpiler.diagnostics import Report, Span
from transpiler.model.settings import Settings
from transpiler.model.values import Literal


def check_written_settings(settings: Settings, report: Report) -> None:
    """The quantities, volumes, images and objects of the cluster that settings name."""
    for resource in settings.resources:
        check_quantities(resource, report)
    for volume in settings.volumes:
        if volume.written is not None:
            check_written_volume(volume.written, report)
    for each in settings.secrets:
        if isinstance(each.secret, Literal):
            _object_name(str(each.secret.value), "Secret", each.span, report)
    for source in settings.env_from:
        for kind, what in (("secretRef", "Secret"), ("configMapRef", "ConfigMap")):
            _object_name(source.source.data.get(kind, {}).get("name", ""), what, source.span, report)
    _image(settings, report)


def _object_name(name: str, what: str, span: Span, report: Report) -> None:
    """An object of the cluster has a name that Kubernetes takes. Empty: known only in the run."""
    if name and not OBJECT_NAME.fullmatch(name):
        report.error("invalid-name", f"`{name}` is not a valid name of a {what}", span, OBJECT_NAME_HINT)


def _image(settings: Settings, report: Report) -> None:
    """The image of a task, whichever container runs it."""
    image = settings.image
    fault = image_fault(str(image.value)) if isinstance(image, Literal) else ""
    if fault and isinstance(image, Literal):
        span = dict(settings.spans)["image"]
        report.error("wrong-value", f"`{image.value}` is not a valid image name", span, fault)
