"""What a cluster would have for the pods of a run: secrets, config maps, volumes, stores of files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from msgspec import Struct

from transpiler.executors.errors import TaskError
from transpiler.plan.argo_objects import Node

_KEYS: Final = {
    "s3": ("bucket", "key"),
    "gcs": ("bucket", "key"),
    "oss": ("bucket", "key"),
    "azure": ("container", "blob"),
    "http": ("url",),
    "hdfs": ("path",),
    "git": ("repo",),
}
"""Kind of store → the fields that name a file in it."""


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

    def stored(self, location: Node) -> Path:
        """What stands in for a file of a store. Raises TaskError."""
        path = place_of(location)
        if self.locations is None or path is None:
            raise TaskError("no folder stands in for the store of this file")
        return self.locations / path


def place_of(location: Node) -> PurePosixPath | None:
    """Where the stand-in of a store has a file; None for a store that has none. Raises TaskError for an odd name."""
    for kind, keys in _KEYS.items():
        if kind in location:
            text = "/".join(str(location[kind].get(key, "")) for key in keys).replace("://", "/")
            parts = [kind, *(part for part in text.rpartition("@")[2].split("/") if part)]
            if ".." in parts or "\0" in text or len(parts) < 2:
                raise TaskError(f"`{text}` is no name that a folder can stand in for")
            return PurePosixPath(*parts)
    return None
