"""A component with the optional inputs that its callers omit: they determine its remaining placeholders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct, field

from transpiler.model.command_line import CommandLine
from transpiler.model.component import Component
from transpiler.model.expressions.tree import InputReference, Reference, reference_of
from transpiler.model.ports import Input
from transpiler.model.transport import Transport
from transpiler.resolve.program import RunHook
from transpiler.resolve.scope import Call, Scope


class ValueUse(NamedTuple):
    """The references of one value, and the input it is passed to, or the output of the DAG that it is.

    Without either it is used by value.
    """

    references: list[Reference]
    callee: Instance | None = None
    name: str = ""
    is_plain: bool = False
    is_output: bool = False


class Instance(Struct, eq=False):
    """A component, or the pipeline itself (component None), as one set of callers uses it."""

    component: Component | None
    scope: Scope | None
    absent: frozenset[str]
    folders: frozenset[str] = frozenset()
    """The outputs of a DAG whose files go into the folder of a loop around it."""
    is_item: bool = False
    """True for a DAG with such outputs that the loop itself runs: it names the files after the item."""
    command: CommandLine | None = None
    callees: dict[str, Instance] = field(default_factory=dict)
    """Task name → the instance it calls."""
    hooks: dict[tuple[str, str], Instance] = field(default_factory=dict)
    """Task name and hook name → the instance that the hook calls."""
    takes: dict[str, Transport] = field(default_factory=dict)
    """Input → how it is wanted inside."""
    yields: dict[str, Transport] = field(default_factory=dict)
    """Output → how it is wanted outside."""
    uses: tuple[ValueUse, ...] = ()
    """The references of its tasks."""

    @property
    def called(self) -> Iterator[tuple[Call, Instance]]:
        """Every call of the scope, hooks too, with the instance that it calls."""
        for task, call in self.scope.calls.items() if self.scope else ():
            yield call, self.callees[task]
            for hook in call.hooks:
                yield hook.call, self.hooks[task, hook.name]


class Dataflow(Struct, frozen=True):
    """The instances of a pipeline, callers before callees; the entry is the first."""

    entry: Instance
    on_exit: Instance | None
    instances: tuple[Instance, ...]
    entries: Instance | None = None
    """What calls each entry of a library, in place of the Workflows that will."""
    hooks: tuple[tuple[RunHook, Instance], ...] = ()
    """The hooks of the run, each with the instance of its scope."""


def writes(producer: Instance, output: str) -> bool:
    """False if it is known that the program never writes an output."""
    assert producer.component is not None
    implementation, command = producer.component.implementation, producer.command
    container = implementation.container
    if container is None or command is None:
        return implementation.may_write(output)
    return output in container.fixed_paths or output in command.written


def files_of(instance: Instance) -> list[str]:
    """The outputs that the program of a component writes, but for values of a type such as Integer or GCSPath."""
    component, command = instance.component, instance.command
    container = component.implementation.container if component is not None else None
    if component is None or command is None or container is None:
        return []
    written = {*command.written, *container.fixed_paths}
    return [each.name for each in component.outputs if each.name in written and each.type.may_be_file]


def unused_files(traced: Dataflow) -> list[str]:
    """The files that programs write and nothing takes or stores: `TASK.OUTPUT`, each once."""
    found: dict[str, None] = {}
    for caller in traced.instances:
        for call, callee in caller.called:
            settings = call.task.settings
            stored = {each.output for each in settings.storage}
            for output in files_of(callee) if not settings.keep_files else ():
                if not callee.yields.get(output) and output not in stored:
                    found[f"{call.task.name}.{output}"] = None
    return list(found)


def is_absent(given: Input, call: Call, caller: Instance) -> bool:
    """True if a call omits an optional input: it has no default, and no argument or an omitted one."""
    if given.has_source:
        return False
    argument = call.arguments.get(given.name)
    return argument is None or passes_absence(argument.value, caller)


def passes_absence(value: object, caller: Instance) -> bool:
    """True for an argument that consists of an input omitted by the caller's own caller."""
    reference = reference_of(value)
    return isinstance(reference, InputReference) and reference.name in caller.absent
