"""The files of a loop: Argo does not collect artifacts, so the items of a loop store theirs in one folder.

The folder is named after the DAG of the loop, and each file after its pod. A consumer of the files takes the
folder. A DAG that passes the folder on has it among its inputs, with its location: Argo yields only named artifacts
of a DAG.
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
"""A name for a node. Its own name may contain the text of a loop item, which need not be a valid path."""


class LoopFolder(Struct, frozen=True):
    """The folder for the files of loop items, in Argo's names; a different one for another try of the DAG."""

    task: str
    output: str
    is_retried: bool

    @property
    def key(self) -> str:
        """Its key in an object store."""
        return f"{{{{node.name}}}}/{self.in_dag}"

    @property
    def in_dag(self) -> str:
        """Its path below the identity of its DAG."""
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
    """The start of the key of a file whose folder is an input."""
    return f"{{{{inputs.parameters.{name}}}}}/"


def file_name(*, is_retried: bool) -> str:
    """The name of the file of an item: that of its pod, or of its node if there may be several tries.

    So the next try overwrites the file of the previous one.
    """
    return NODE if is_retried else "{{pod.name}}"
