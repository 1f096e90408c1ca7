"""Volumes that share a name: they are one, so they must be the same."""

from __future__ import annotations

from collections.abc import Iterable

from transpiler.diagnostics import Related, Report
from transpiler.model.settings import Volume
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
