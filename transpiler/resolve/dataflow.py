"""How each value travels: as a parameter to who takes `inputValue`, as an artifact to who takes `inputPath`.

Works on instances: a component together with the optional inputs that its caller leaves out, since those decide
which of its placeholders remain. Expects scopes without errors.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Flag, auto
from typing import Final

from transpiler.model.component import Component, Input
from transpiler.read.expressions import InputReference, OutputReference, Text, WorkflowReference
from transpiler.resolve.command import CommandLine, command_line
from transpiler.resolve.scope import Call, Scope

MAX_INSTANCES: Final = 2_000
"""Ten times the templates that Argo's CRD allows."""


class Way(Flag):
    """How a value is wanted; both ways are possible at once."""

    NONE = 0
    VALUE = auto()
    PATH = auto()


@dataclass(slots=True, eq=False)
class Instance:
    """A component, or the pipeline itself (component None), as one set of callers uses it."""

    component: Component | None
    scope: Scope | None
    absent: frozenset[str]
    command: CommandLine | None = None
    callees: dict[str, Instance] = field(default_factory=dict)
    """Task name → the instance it calls."""
    takes: dict[str, Way] = field(default_factory=dict)
    """Input → how it is wanted inside."""
    yields: dict[str, Way] = field(default_factory=dict)
    """Output → how it is wanted outside."""


class TooManyInstances(Exception):  # noqa: N818 - carries a diagnostic
    """Graph components that use each other with ever other inputs: more templates than any cluster takes."""


def trace(pipeline: Scope) -> list[Instance]:
    """All instances of a pipeline, callers before callees; the pipeline itself is the first.

    Raises TooManyInstances.
    """
    tracer = _Tracer()
    entry = tracer.visit(None, pipeline, frozenset())
    instances = tracer.finished[::-1]
    for output in pipeline.outputs:
        reference = output.reference
        if reference is not None:
            found = pipeline.output_of(reference)
            custom = found is not None and found.type.is_custom
            entry.yields[output.name] = Way.PATH if custom else Way.NONE
    for instance in instances:
        _pass_down(instance)
    return instances


@dataclass(slots=True)
class _Tracer:
    known: dict[tuple[Component | None, frozenset[str]], Instance] = field(default_factory=dict)
    finished: list[Instance] = field(default_factory=list)

    def visit(self, component: Component | None, scope: Scope | None, absent: frozenset[str]) -> Instance:
        key = (component, absent)
        if key in self.known:
            return self.known[key]
        if len(self.known) >= MAX_INSTANCES:
            raise TooManyInstances
        instance = self.known[key] = Instance(component, scope, absent)
        if scope is None and component is not None:
            instance.command = command_line(component, absent)
            instance.takes = _container_takes(instance.command)
        elif scope is not None:
            for name, call in scope.calls.items():
                assert call.component is not None
                missing = frozenset(given.name for given in call.component.inputs if is_absent(given, call, instance))
                instance.callees[name] = self.visit(call.component, call.scope, missing)
            instance.takes = _scope_takes(instance)
        self.finished.append(instance)
        return instance


def is_absent(given: Input, call: Call, caller: Instance) -> bool:
    """True when a call leaves out an optional input: no default, and no argument, or one that is absent itself."""
    if given.default is not None:
        return False
    argument = call.arguments.get(given.name)
    return argument is None or passes_absence(argument.value, caller)


def passes_absence(value: object, caller: Instance) -> bool:
    """True for an argument that is nothing but an input which the caller's own caller left out."""
    reference = value.plain_reference if isinstance(value, Text) else None
    return isinstance(reference, InputReference) and reference.name in caller.absent


def _container_takes(command: CommandLine) -> dict[str, Way]:
    takes = dict.fromkeys(sorted(command.by_value), Way.VALUE)
    for name in sorted(command.by_path):
        takes[name] = takes.get(name, Way.NONE) | Way.PATH
    return takes


def _scope_takes(instance: Instance) -> dict[str, Way]:
    """What a DAG wants of its inputs: what the tasks that it passes them to want."""
    takes: dict[str, Way] = {}
    for reference, way in _uses(instance):
        if isinstance(reference, InputReference):
            takes[reference.name] = takes.get(reference.name, Way.NONE) | way
    return takes


def _uses(instance: Instance) -> list[tuple[InputReference | OutputReference, Way]]:
    """Each reference in the arguments of a scope to an input or output, and how it is wanted."""
    found: list[tuple[InputReference | OutputReference, Way]] = []
    for task, call in (instance.scope.calls if instance.scope else {}).items():
        takes = instance.callees[task].takes
        for name, argument in call.arguments.items():
            if not isinstance(argument.value, Text) or name not in takes:
                continue
            whole = argument.value.plain_reference is not None
            way = takes[name] if whole else Way.VALUE
            found.extend((each, way) for each in argument.value.references if not isinstance(each, WorkflowReference))
    return found


def _pass_down(instance: Instance) -> None:
    """Tell the instances that a scope calls how their outputs are wanted: by its tasks, and by its own callers."""
    scope = instance.scope
    if scope is None:
        return
    wanted: dict[tuple[str, str], Way] = {}
    for reference, way in _uses(instance):
        if isinstance(reference, OutputReference) and (found := scope.output_of(reference)):
            key = (reference.task, found.name)
            wanted[key] = wanted.get(key, Way.NONE) | way
    for output in scope.outputs:
        source = output.reference
        if output.name in instance.yields and source and (found := scope.output_of(source)):
            key = (source.task, found.name)
            instance.yields[output.name] |= _export_way(instance.yields[output.name], wanted.get(key, Way.NONE))
            wanted[key] = wanted.get(key, Way.NONE) | instance.yields[output.name]
    for (task, output_name), way in wanted.items():
        yields = instance.callees[task].yields
        yields[output_name] = yields.get(output_name, Way.NONE) | way


def _export_way(asked: Way, inside: Way) -> Way:
    """Nobody asks how a pipeline's own output leaves: as a parameter, unless it is wanted by path only."""
    if asked:
        return asked
    return Way.PATH if inside == Way.PATH else Way.VALUE
