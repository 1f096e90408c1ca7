"""What a cluster would have for the pods of a run: secrets, config maps, volumes, stores of files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from transpiler.argo.artifacts import place_of
from transpiler.executors.errors import TaskError
from transpiler.plan.argo_objects import Node


class Supplies(Struct, frozen=True):
    """All of it, from files of this machine. The values of secrets are never printed or kept."""

    claims: Path
    """The folder with a folder for each volume claim."""
    secrets: Mapping[str, Mapping[str, bytes]] = {}
    config_maps: Mapping[str, Mapping[str, bytes]] = {}
    volumes: Mapping[str, Node] = {}
    """The volumes of the whole run, by name."""
    locations: Path | None = None
    """The folder that stands in for stores: `s3/BUCKET/KEY`, `http/HOST/PATH`, `git/HOST/PATH`."""

    def kept(self, kind: str, name: str) -> Mapping[str, bytes] | None:
        """The content of a Secret (`secret`) or ConfigMap (`configMap`); None if nobody has supplied it."""
        return (self.secrets if kind == "secret" else self.config_maps).get(name)

    def stored(self, location: Node) -> Path | None:
        """What stands in for a file of a store; None where no folder does. Raises TaskError for an odd name."""
        place = place_of(location)
        if self.locations is None or not place:
            return None
        if ".." in place.split("/") or "\0" in place:
            raise TaskError(f"`{place}` is no name that a folder can stand in for")
        return self.locations / place
