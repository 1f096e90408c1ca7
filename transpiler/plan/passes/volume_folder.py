"""The paths of files on a volume, and their parameters in a Workflow."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from transpiler.argo.naming import Names
from transpiler.model.pipeline import ArtifactVolume
from transpiler.plan.argo_objects import Node
from transpiler.plan.templates.loop_files import NODE, LoopFolder
from transpiler.plan.templates.planner import Templates


class VolumeFolder(Struct, frozen=True):
    """The folder of files on the volume: `root` is empty, or ends with `/`. `claim` identifies the volume."""

    volume: str
    root: str
    suffix: str
    claim: str = ""

    def parameter(self, artifact: str) -> str:
        """The name of the parameter with the path of an artifact."""
        return artifact + self.suffix

    def of_pod(self, output: str) -> str:
        """The folder for an output of a pod. Another try is another pod, so it finds an empty one."""
        return f"{self.root}{{{{pod.name}}}}/{output}"

    def of_loop(self, folder: LoopFolder) -> str:
        """The folder for the files of loop items."""
        return folder.around or f"{self.root}{NODE}/{folder.in_dag}"


def place_of(planned: Templates, volume: ArtifactVolume) -> VolumeFolder:
    """Names that nothing else in the Workflow has. In a claim that exists, each run has a folder of its own."""
    volumes = {each["name"] for template in planned.templates for each in template.get("volumes", [])}
    volumes |= {each.name for each in planned.volumes}
    parameters = {name for template in planned.templates for name in _parameters(template)}
    artifacts = {each["name"] for template in planned.templates for each in _artifacts(template)}
    suffix, number = "-subpath", 1
    while any(name + suffix in parameters for name in artifacts):
        number += 1
        suffix = f"-subpath-{number}"
    root = f"{volume.prefix}/" if volume.prefix else ""
    if volume.claim:
        root = f"{root or 'artifacts/'}{{{{workflow.uid}}}}/"
    return VolumeFolder(Names(volumes).unique("artifacts"), root, suffix, volume.claim)


def _parameters(template: Node) -> Iterator[str]:
    for side in ("inputs", "outputs"):
        yield from (each["name"] for each in template.get(side, {}).get("parameters", []))


def _artifacts(template: Node) -> list[Node]:
    return [*artifacts_of(template, "inputs"), *artifacts_of(template, "outputs")]


def artifacts_of(template: Node, side: str) -> list[Node]:
    """The artifacts among the inputs or outputs of a template."""
    found: list[Node] = template.get(side, {}).get("artifacts", [])
    return found
