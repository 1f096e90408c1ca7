"""The files of a loop: Argo collects no artifacts, so the items of a loop store theirs in one folder.

The folder has the name of the DAG that the loop is in, and each file that of its pod. Who takes the files takes the
folder. A DAG that hands the folder on has it among its inputs, with the place: Argo yields of a DAG only what has a
name there.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from transpiler.argo.merge import merged
from transpiler.argo.naming import Names
from transpiler.dataflow.instances import Instance
from transpiler.model.transport import Transport
from transpiler.plan.argo_objects import Node, parameter
from transpiler.plan.templates.ports import PortMap
from transpiler.resolve.scope import Call

NODE: Final = "{{=sprig.sha256sum(node.name)}}"
"""A name for a node. Its own name may hold the text of a loop's item, which need not be a path."""


class LoopFolder(Struct, frozen=True):
    """The folder of what the items of a loop write, in Argo's names; another one for another try of the DAG."""

    task: str
    output: str
    is_retried: bool

    @property
    def key(self) -> str:
        """Its key in an object store."""
        return f"{{{{node.name}}}}/{self.in_dag}"

    @property
    def in_dag(self) -> str:
        """Its path below what tells its DAG from others."""
        retry = "{{retries}}/" if self.is_retried else ""
        return f"{retry}{self.task}/{self.output}"


def folder_inputs(call: Call, callee: Instance, names: PortMap) -> dict[str, str]:
    """For each file that the items of a loop write: the input that names the folder for all of them."""
    if call.loop is None or callee.component is None:
        return {}
    taken = Names(names.inputs.values())
    files = [
        each
        for each in callee.component.outputs
        if each.type.is_custom and Transport.PATH in callee.yields.get(each.name, Transport.NONE)
    ]
    return {names.outputs[each.name]: taken.unique(f"{names.outputs[each.name]}-folder") for each in files}


def with_folders(template: Node, inputs: dict[str, str], *, is_retried: bool) -> Node:
    """A template that stores its files in folders, and as they are: readers get no archive."""
    stored = [
        {"name": output, "archive": {"none": {}}, "s3": {"key": in_folder(name) + file_name(is_retried=is_retried)}}
        for output, name in inputs.items()
    ]
    parameters = [parameter(name) for name in inputs.values()]
    return merged(template, {"inputs": {"parameters": parameters}, "outputs": {"artifacts": stored}})


def in_folder(name: str) -> str:
    """How the key of a file begins whose folder an input names."""
    return f"{{{{inputs.parameters.{name}}}}}/"


def file_name(*, is_retried: bool) -> str:
    """The name of an item's file: of its pod, or of its node where there may be several tries.

    So the next try writes over what the last one left.
    """
    return NODE if is_retried else "{{pod.name}}"
