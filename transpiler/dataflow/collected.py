"""The files of loops: the outputs that the items of a loop store in one folder, and the tasks that write them.

A loop over several tasks hands the folder on to the task that writes the file, through DAGs of any depth.
"""

from __future__ import annotations

from collections.abc import Mapping

from transpiler.dataflow.instances import Instance
from transpiler.model.expressions.tree import OutputReference
from transpiler.model.transport import Transport
from transpiler.resolve.scope import Call, Scope, references_in
from transpiler.resolve.types import is_folder

Handed = Mapping[str, Mapping[str, str]]
"""Task → its output → the output of the DAG around, for files that the DAG hands on."""


def collected_in(scope: Scope) -> dict[str, frozenset[str]]:
    """Task with a loop → its outputs that are used as a folder."""
    if not any(call.loop is not None for call in scope.calls.values()):
        return {}
    found: dict[str, frozenset[str]] = {}
    for reference in references_in(scope):
        output = scope.output_of(reference) if isinstance(reference, OutputReference) else None
        if output is None or not isinstance(reference, OutputReference) or not is_folder(reference, scope):
            continue
        if scope.calls[reference.task].loop is not None:
            found[reference.task] = found.get(reference.task, frozenset()) | {output.name}
    return found


def outputs_of_tasks(instance: Instance) -> dict[str, dict[str, str]]:
    """Task → its output → the output of the DAG, for files that go into the folder of a loop around the DAG."""
    scope, found = instance.scope, dict[str, dict[str, str]]()
    for output in scope.outputs if scope is not None and instance.folders else ():
        reference = output.reference if output.name in instance.folders else None
        inner = scope.output_of(reference) if scope is not None and reference is not None else None
        if inner is not None and reference is not None:
            found.setdefault(reference.task, {})[inner.name] = output.name
    return found


def handed_on(instance: Instance) -> dict[str, dict[str, str]]:
    """The same of files that some task takes."""
    wanted = wanted_folders(instance)
    found = outputs_of_tasks(instance)
    return {task: {name: to for name, to in outputs.items() if to in wanted} for task, outputs in found.items()}


def wanted_folders(instance: Instance) -> frozenset[str]:
    """The outputs of a DAG that go into a folder, and that some task takes."""
    return frozenset(name for name in instance.folders if Transport.PATH in instance.yields.get(name, Transport.NONE))


def files_of_dag(instance: Instance) -> list[str]:
    """The same, in the order of the outputs."""
    wanted = wanted_folders(instance)
    return [each.name for each in instance.component.outputs if each.name in wanted] if instance.component else []


def files_in_folders(call: Call, callee: Instance, handed: Handed) -> list[str]:
    """The outputs of a call that its template stores in a folder; `handed` are those of the DAG around."""
    if callee.component is None:
        return []
    if callee.scope is not None:
        return files_of_dag(callee)
    own = {each.name for each in callee.component.outputs if each.type.is_custom} if call.loop is not None else set()
    names = own | handed.get(call.task.name, {}).keys()
    wanted = callee.yields
    return [
        each.name
        for each in callee.component.outputs
        if each.name in names and Transport.PATH in wanted.get(each.name, Transport.NONE)
    ]
