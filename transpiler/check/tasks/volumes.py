"""Volumes: their sizes and names; and those that share a name, which are one, so that they must be the same."""

from __future__ import annotations

from collections.abc import Iterable

from transpiler.argo.labels import OBJECT_NAME, OBJECT_NAME_HINT
from transpiler.argo.resources import quantity_fault
from transpiler.diagnostics import Related, Report
from transpiler.model.pipeline import ArtifactVolume
from transpiler.model.settings import Volume
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import Map
from transpiler.resolve.captures import identity_of_text
from transpiler.resolve.scope import Scope, calls_of, scopes_of


def check_volumes(roots: Iterable[Scope | None], report: Report) -> None:
    """A run makes its claims for all tasks, and any other volume is one of its task's."""
    claims: dict[str, Volume] = {}
    calls = [call for scope in scopes_of(*roots) for call in calls_of(scope)]
    for volume in (each for call in calls for each in call.task.settings.volumes if each.source is None):
        other = claims.setdefault(volume.claim, volume)
        asked = (volume.size, volume.storage_class, volume.access_modes)
        if (other.size, other.storage_class, other.access_modes) != asked:
            message = f"volume `{volume.name or volume.called}` is declared with a different claim by another task"
            _report(message, volume, other, report)
    for call in calls:
        own: dict[str, Volume] = {}
        for volume in call.task.settings.volumes:
            claim = claims.get(volume.name) if volume.source is not None else None
            first = own.setdefault(volume.name, volume) if claim is None and volume.name else claim
            if first is not None and _source(first) != _source(volume):
                _report(f"volume `{volume.name}` is defined differently by another task", volume, first, report)


def _source(volume: Volume) -> object:
    source = volume.source
    return source and (source.data, [(slot.path, identity_of_text(slot.text)) for slot in source.slots])


def _report(message: str, volume: Volume, other: Volume, report: Report) -> None:
    if volume.span != other.span:
        related = (Related("the other one", other.span),)
        report.error("conflicting-volume", message, volume.span, "give one of them another `name`", related)


def check_written_volume(given: Map, report: Report) -> None:
    """A single volume of a manifest: its size, and the names of objects in the cluster."""
    _size(given, "size", report)
    _names(given, report)
    for key in ("items", "mode", "optional"):
        if key in given and not {"secret", "configMap"} & given.keys():
            message = f"`{key}` needs a volume of a Secret or ConfigMap"
            report.error(
                "conflicting-keys", message, given.key_span(key), "delete it, or write `secret:` or `configMap:`"
            )


def check_artifact_volume(volume: ArtifactVolume | None, report: Report) -> None:
    """The volume for the files of a pipeline: how a claim is made has no meaning for one that exists."""
    given = volume.written if volume is not None else None
    if given is None:
        return
    check_written_volume(given, report)
    made_only = next((key for key in ("storageClass", "accessModes") if key in given and "claim" in given), None)
    if made_only is not None:
        message = f"`{made_only}` does not apply to the existing claim `{fields.text(given, 'claim')}`"
        report.error("conflicting-keys", message, given.key_span(made_only), "delete it, or replace `claim` by `size`")


def _size(given: Map, key: str, report: Report) -> None:
    """An implausible size."""
    message, hint = quantity_fault("storage", fields.text(given, key)) if key in given else ("", "")
    if message:
        report.error("invalid-quantity", message, given.value_span(key), hint)


def _names(given: Map, report: Report) -> None:
    """An object in the cluster must have a valid name, and a folder of a volume must stay inside it."""
    for key in ("claim", "secret", "configMap", "storageClass"):
        text = fields.text(given, key)
        if text and "${{" not in text and not OBJECT_NAME.fullmatch(text):
            report.error("invalid-name", f"`{text}` is not a valid name", given.value_span(key), OBJECT_NAME_HINT)
    empty, folder = fields.mapping(given, "emptyDir"), fields.text(given, "subPath")
    if empty is not None and "${{" not in fields.text(empty, "sizeLimit"):
        _size(empty, "sizeLimit", report)
    if folder.startswith("/") or ".." in folder.split("/"):
        message = f"`{folder}` leads out of the volume"
        report.error("wrong-value", message, given.value_span("subPath"), "write a path below the volume, without ..")
