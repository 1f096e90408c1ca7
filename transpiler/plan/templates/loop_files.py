"""The files of a loop: Argo does not collect artifacts, so the items of a loop store theirs in one folder.

The folder is named after the DAG of the loop, and each file after the index of its item. A consumer of the files takes
the folder. A DAG that passes the folder on has it among its inputs, with its location: Argo yields only named artifacts
of a DAG. If the items are DAGs, each hands folder and index on to the task that writes the file; a loop in it has a
folder for each item.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from transpiler.argo.merge import merged
from transpiler.argo.naming import Names
from transpiler.dataflow.collected import files_of_dag, handed_on
from transpiler.dataflow.instances import Instance
from transpiler.plan.argo_objects import Node, parameter, ports
from transpiler.plan.templates.ports import PortMap

INDEX: Final = "{{=let i = split(last(split(node.name, '(')), ':')[0]; repeat('0', max(0, 5 - len(i))) + i}}"
"""The index of the item that a node is for: Argo writes it behind the last bracket, also of the node of all tries.

With five digits, the files are in the order of the items.
"""
NODE: Final = "{{=sprig.sha256sum(node.name)}}"
"""A name for a node. Its own name may contain the text of a loop item, which need not be a valid path."""


class LoopFolder(Struct, frozen=True):
    """The folder for the files of loop items, in Argo's names; a different one for another try of the DAG."""

    task: str
    output: str
    is_retried: bool
    around: str = ""
    """Its whole path, for a folder in that of a loop around."""

    @property
    def key(self) -> str:
        """Its key in an object store."""
        return self.around or f"{{{{node.name}}}}/{self.in_dag}"

    @property
    def in_dag(self) -> str:
        """Its path below the identity of its DAG."""
        retry = "{{retries}}/" if self.is_retried else ""
        return f"{retry}{self.task}/{self.output}"


class FolderInputs(Struct, frozen=True):
    """The inputs of a template whose files go into the folder of a loop."""

    folders: Mapping[str, str] = {}
    """Output → the input that names the folder."""
    index: str = ""
    """The input that names the file; empty if the loop itself runs the template, whose node has the index."""

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.folders.values(), *([self.index] if self.index else []))

    @property
    def file_name(self) -> str:
        """The name of the file of an item."""
        return f"{{{{inputs.parameters.{self.index}}}}}" if self.index else INDEX

    def path(self, output: str) -> str:
        """The path of the file, or of the folder in the folder."""
        return in_folder(self.folders[output]) + self.file_name


def folder_inputs(files: Sequence[str], names: PortMap, *, is_item: bool) -> FolderInputs:
    """The inputs for these outputs of a component."""
    taken = Names(names.inputs.values())
    folders = {names.outputs[each]: taken.unique(f"{names.outputs[each]}-folder") for each in files}
    return FolderInputs(folders, taken.unique("item-index") if folders and not is_item else "")


def with_folders(template: Node, inputs: FolderInputs) -> Node:
    """A template that stores its files in folders, and as they are: readers get no archive."""
    stored = [
        {"name": output, "archive": {"none": {}}, "s3": {"key": inputs.path(output)}} for output in inputs.folders
    ]
    parameters = [parameter(name) for name in inputs.names]
    return merged(template, {"inputs": {"parameters": parameters}, "outputs": {"artifacts": stored}})


def in_folder(name: str) -> str:
    """The start of the key of a file whose folder is an input."""
    return f"{{{{inputs.parameters.{name}}}}}/"


# ---------------------------------------------------------------------- DAGs that hand folders on


def folders_of(instance: Instance, names: PortMap) -> FolderInputs:
    """The inputs of a DAG whose files go into the folder of a loop."""
    return folder_inputs(files_of_dag(instance), names, is_item=instance.is_item)


def with_inputs(inputs: Node, folders: FolderInputs) -> Node:
    """The inputs of a DAG with these."""
    return ports([*inputs.get("parameters", []), *map(parameter, folders.names)], inputs.get("artifacts", []))


def handed_in_argo(
    instance: Instance, names: PortMap, outputs: Mapping[str, Mapping[str, str]]
) -> dict[tuple[str, str], str]:
    """Task and its output in Argo → the output of the DAG in Argo, for files that go into the folder of a loop."""
    return {
        (task, outputs[task].get(name, name)): names.outputs[to]
        for task, files in handed_on(instance).items()
        for name, to in files.items()
    }
