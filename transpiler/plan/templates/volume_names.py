"""The names of volumes: one for each claim that a run makes, and one for each other volume of a template."""

from __future__ import annotations

from msgspec.structs import replace

from transpiler.argo.naming import Names
from transpiler.dataflow.instances import Dataflow
from transpiler.model.settings import Settings
from transpiler.plan.argo_objects import Node

_OF_ARGO = ("argo-staging", "input-artifacts", "tmp-dir-argo", "var-run-argo")
"""Volumes that Argo adds to pods itself (workflow/controller/workflowpod.go)."""


class VolumeNames:
    """The volumes of a pipeline by their names in Argo."""

    def __init__(self, traced: Dataflow) -> None:
        """Name every claim. Names given by the user are unique."""
        calls = (call for instance in traced.instances for call, _ in instance.called)
        volumes = [volume for call in calls for volume in call.task.settings.volumes]
        self._given = {volume.name for volume in volumes if volume.name}
        taken = Names((*_OF_ARGO, *self._given))
        claims = {volume.claim: volume for volume in volumes if volume.source is None}
        self._claims = {claim: each.name or taken.unique(each.called) for claim, each in sorted(claims.items())}

    def named(self, settings: Settings, template: Node) -> Settings:
        """The settings of a task with the names of its volumes; a claim is identified by a unique name."""
        if not settings.volumes:
            return settings
        own = [each["name"] for each in template.get("volumes", [])]
        taken = Names((*_OF_ARGO, *self._given, *self._claims.values(), *own))
        names = [
            self._claims[each.claim] if each.source is None else each.name or taken.unique(each.called)
            for each in settings.volumes
        ]
        named = [replace(each, name=name) for each, name in zip(settings.volumes, names, strict=True)]
        return replace(settings, volumes=tuple(named))
