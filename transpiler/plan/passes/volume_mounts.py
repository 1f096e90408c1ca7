"""The template of a container whose files are on a volume: mounts, and parameters with the paths of files.

The value of such a parameter is the path of the file on the volume (Kubernetes' `subPath`). Who reads it mounts the
file itself at the path that its program is given, as Argo mounts an artifact that it has downloaded (Argo's
workflow/controller/workflowpod.go, addInputArtifactsVolumes). Who writes it mounts the folder around it, since only
what exists can be mounted as a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from hashlib import sha256
from typing import Any, Final

from msgspec import Struct

from transpiler.plan.argo_objects import Node, parameter, ports, without_empty
from transpiler.plan.passes.volume_folder import VolumeFolder, artifacts_of
from transpiler.plan.templates.loop_files import in_folder

_LOCATION: Final = frozenset(["name", "path"])
"""The fields of an artifact without a location of its own."""


def mounted(
    template: Node, moved: Collection[str], files: Mapping[str, str], wanted: Collection[str], place: VolumeFolder
) -> Node:
    """A container template: the inputs `moved` are files on the volume, and so are the outputs that are `wanted`.

    `files` are all files that the component yields, each with the input that names the folder for the items of a
    loop, or the empty text.
    """
    outputs = _Outputs(template, files, wanted, place)
    container = dict(outputs.renamed(template["container"]))
    mounts = [*container.get("volumeMounts", []), *_input_mounts(template, moved, place), *outputs.mounts()]
    if mounts:
        container["volumeMounts"] = mounts
    fields: Node = {
        "inputs": moved_inputs(template, dict.fromkeys(moved), place),
        "outputs": outputs.ports(),
        "container": container,
    }
    if "memoize" in template and outputs.moved:
        fields["memoize"] = _on_this_volume(template["memoize"], place)
    return with_fields(template, fields)


def _input_mounts(template: Node, moved: Collection[str], place: VolumeFolder) -> list[Node]:
    """A mount for each file that the program reads."""
    return [
        {
            "name": place.volume,
            "mountPath": each["path"],
            "subPath": f"{{{{inputs.parameters.{place.parameter(each['name'])}}}}}",
            "readOnly": True,
        }
        for each in artifacts_of(template, "inputs")
        if each["name"] in moved
    ]


class _Outputs(Struct, frozen=True):
    template: Node
    files: Mapping[str, str]
    wanted: Collection[str]
    place: VolumeFolder

    @property
    def moved(self) -> list[Node]:
        """The outputs that are files on the volume: those with consumers."""
        artifacts = artifacts_of(self.template, "outputs")
        return [each for each in artifacts if self.files.get(each["name"]) or self.is_taken(each)]

    def is_taken(self, artifact: Node) -> bool:
        """True for a file of the component that some DAG hands on."""
        return artifact["name"] in self.files and artifact["name"] in self.wanted

    def ports(self) -> Node:
        """The outputs: a parameter for each file. An output with a location of its own stays an artifact too."""
        outputs = self.template.get("outputs", {})
        stay = [each for each in artifacts_of(self.template, "outputs") if self.is_stored(each)]
        paths = [
            parameter(self.place.parameter(each["name"]), f"{self.folders()[_folder(each)]}/{self.file_name(each)}")
            for each in self.moved
            if not self.files[each["name"]] or self.is_taken(each)
        ]
        return self.renamed(ports([*outputs.get("parameters", []), *paths], stay))

    def is_stored(self, artifact: Node) -> bool:
        """True for an output with a location in the manifest."""
        key = self.files.get(artifact["name"])
        if key:
            return not _key(artifact).startswith(in_folder(key))
        return key is None or bool(artifact.keys() - _LOCATION)

    def mounts(self) -> list[Node]:
        """A mount for each folder that the program writes to."""
        return [
            {"name": self.place.volume, "mountPath": folder, "subPath": sub_path}
            for folder, sub_path in self.folders().items()
        ]

    def folders(self) -> dict[str, str]:
        """Folder in the container → folder on the volume; outputs in one folder share that of the first."""
        found: dict[str, str] = {}
        for each in self.moved:
            key = self.files[each["name"]]
            found.setdefault(
                _folder(each), f"{{{{inputs.parameters.{key}}}}}" if key else self.place.of_pod(each["name"])
            )
        return found

    def file_name(self, artifact: Node) -> str:
        """The name of an output's file in its folder; the items of a loop share a folder."""
        if not self.files[artifact["name"]]:
            return str(artifact["path"].rpartition("/")[2])
        return _key(artifact).removeprefix(in_folder(self.files[artifact["name"]]))

    def renamed(self, node: Node) -> Node:
        """Part of the template in which the items of a loop write to a file of their own each."""
        for each in self.moved:
            if self.files[each["name"]]:
                node = _replaced(node, _renaming(each["path"], f"{_folder(each)}/{self.file_name(each)}"))
        return node


def with_fields(template: Node, fields: Node) -> Node:
    """A template with other fields, without those that are empty now."""
    kept = {key: value for key, value in template.items() if key not in fields}
    return {**kept, **without_empty(fields)}


def moved_inputs(template: Node, moved: Mapping[str, str | None], place: VolumeFolder) -> Node:
    """The inputs of a template, with some artifacts replaced by parameters with their paths.

    `moved` is the value of such a parameter if no argument is passed.
    """
    inputs = template.get("inputs", {})
    artifacts = artifacts_of(template, "inputs")
    paths = [
        parameter(place.parameter(each["name"]), moved[each["name"]]) for each in artifacts if each["name"] in moved
    ]
    stay = [each for each in artifacts if each["name"] not in moved]
    return ports([*inputs.get("parameters", []), *paths], stay)


def _key(artifact: Node) -> str:
    """Its key in an object store."""
    return str(artifact.get("s3", {}).get("key", ""))


def _folder(artifact: Node) -> str:
    return artifact["path"].rpartition("/")[0] or "/"


def _on_this_volume(memoize: Node, place: VolumeFolder) -> Node:
    """A cached result names a file, so it is valid only for this volume."""
    digest = sha256(f"{place.claim}\n{place.root}".encode()).hexdigest()[:8]
    return {**memoize, "key": f"{memoize['key']}-{digest}"}


def _renaming(path: str, other: str) -> Callable[[str], str]:
    pattern = re.compile(rf"{re.escape(path)}(?![\w.-])")
    return lambda text: pattern.sub(lambda _: other, text)


def _replaced(node: Any, change: Callable[[str], str]) -> Any:
    """Data in which every text has changed."""
    if isinstance(node, dict):
        return {key: _replaced(value, change) for key, value in node.items()}
    if isinstance(node, list):
        return [_replaced(item, change) for item in node]
    return change(node) if isinstance(node, str) else node
