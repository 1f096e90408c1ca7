"""The settings of a task, or of `defaults`, as a manifest says them: what is wrong whatever they are merged with."""

from __future__ import annotations

from transpiler.argo.labels import OBJECT_NAME, OBJECT_NAME_HINT
from transpiler.check.tasks.resources import check_quantities
from transpiler.check.tasks.volumes import check_written_volume
from transpiler.diagnostics import Report
from transpiler.model.settings import SecretKey, Settings
from transpiler.model.values import Literal


def check_written_settings(settings: Settings, report: Report) -> None:
    """The quantities, volumes and Secrets that settings name."""
    for resource in settings.resources:
        check_quantities(resource, report)
    for volume in settings.volumes:
        if volume.written is not None:
            check_written_volume(volume.written, report)
    for each in settings.secrets:
        _secret(each, report)


def _secret(each: SecretKey, report: Report) -> None:
    """A Secret of the cluster has a name that Kubernetes takes."""
    if isinstance(each.secret, Literal) and not OBJECT_NAME.fullmatch(each.secret.written):
        message = f"`{each.secret.written}` is not a valid name of a Secret"
        report.error("invalid-name", message, each.span, OBJECT_NAME_HINT)
