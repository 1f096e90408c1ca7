"""A program → its instances, and the references of the tasks in each. Expects scopes without errors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct, field

from transpiler.dataflow.collected import collected_in, outputs_of_tasks
from transpiler.dataflow.instances import Instance, ValueUse, is_absent
from transpiler.model.component import Component
from transpiler.model.expressions.search import references_of
from transpiler.model.expressions.tree import InputReference, OutputReference, Reference, Text, whole_of
from transpiler.model.transport import Transport
from transpiler.model.values import StoredFile
from transpiler.resolve.files import may_be_file
from transpiler.resolve.scope import Call, Scope
from transpiler.resolve.types import type_of

MAX_INSTANCES: Final = 10_000
"""Fifty times the templates that one object may have."""


class TooManyInstances(Exception):  # noqa: N818 - becomes a diagnostic
    """Graph components that use each other with ever other inputs: more templates than any cluster takes."""


class Tracer(Struct):
    """Makes an instance for each set of omitted optional inputs of a component or scope."""

    known: dict[tuple[object, ...], Instance] = field(default_factory=dict)
    finished: list[Instance] = field(default_factory=list)
    """The instances, callees before callers."""

    def visit(
        self,
        component: Component | None,
        scope: Scope | None,
        absent: frozenset[str],
        folders: frozenset[str] = frozenset(),
        *,
        is_item: bool = False,
    ) -> Instance:
        """The instance of a component, or of a scope that no task calls, without the inputs that are absent.

        `folders` and `is_item` are those of the instance.
        """
        key = (scope or component, absent, folders, is_item)
        if key in self.known:
            return self.known[key]
        if len(self.known) >= MAX_INSTANCES:
            raise TooManyInstances
        instance = self.known[key] = Instance(component, scope, absent, folders, is_item)
        if scope is not None:
            collected, handed = collected_in(scope), outputs_of_tasks(instance)
            for name, call in scope.calls.items():
                stored = collected.get(name, frozenset()) if call.loop is not None else frozenset(handed.get(name, {}))
                instance.callees[name] = self.callee(call, instance, stored)
                for hook in call.hooks:
                    instance.hooks[name, hook.name] = self.callee(hook.call, instance)
            instance.uses = tuple(use for use in _found_uses(instance) if use.references)
        elif component is not None:
            _leaf(instance, component)
        self.finished.append(instance)
        return instance

    def callee(self, call: Call, caller: Instance, stored: frozenset[str] = frozenset()) -> Instance:
        """The instance of a call: the component without the inputs that the call omits.

        `stored` are its outputs that a loop collects in a folder.
        """
        assert call.component is not None
        is_entry = caller.scope is not None and caller.scope.is_library  # a caller may pass any of its inputs
        inputs = () if is_entry else call.component.inputs
        missing = frozenset(given.name for given in inputs if is_absent(given, call, caller))
        folders = stored if call.scope is not None else frozenset()
        is_item = bool(folders) and call.loop is not None
        instance = self.visit(call.component, call.scope, missing, folders, is_item=is_item)
        if call.implementation.is_in_cluster and caller.scope is not None:
            instance.takes = _passed_to_cluster(call, caller.scope)
        return instance


def _leaf(instance: Instance, component: Component) -> None:
    """The inputs of the template of a component without tasks, and their transport."""
    container, names = component.implementation.container, [each.name for each in component.inputs]
    instance.command = container.command_line(instance.absent) if container is not None else None
    instance.takes = component.implementation.takes(names, instance.absent)


def _passed_to_cluster(call: Call, scope: Scope) -> dict[str, Transport]:
    """A template of the cluster has no known interface: files are passed as files, all other values by value."""
    return {name: _way_of(argument.value, scope) for name, argument in call.arguments.items()}


def _way_of(value: object, scope: Scope) -> Transport:
    if isinstance(value, StoredFile):
        return Transport.PATH
    whole = value.whole if isinstance(value, Text) and _is_plain(value) else None
    outputs = [each for each in references_of(whole) if isinstance(scope.origin(each)[1], OutputReference)]
    files = [type_of(each, scope)[0].is_custom for each in outputs]
    given = scope.declared(whole) if whole is not None else None
    is_stored = given is not None and given.artifact is not None
    return Transport.PATH if is_stored or (files and all(files)) else Transport.VALUE


def _found_uses(instance: Instance) -> Iterator[ValueUse]:
    for call, callee in instance.called:
        for name, argument in call.arguments.items():
            yield ValueUse(references_of(argument.value), callee, name, _is_plain(argument.value))
        task = call.task
        yield ValueUse(references_of((task.when, task.loop, task.settings)))
        for hook in call.hooks:
            yield ValueUse(references_of(hook.when))
    for given in instance.scope.inputs if instance.scope else ():
        yield ValueUse(references_of(given.artifact))
    for output in instance.scope.outputs if instance.scope else ():
        if output.reference is None:
            inputs: list[Reference] = [each for each in references_of(output.value) if isinstance(each, InputReference)]
            is_choice_of_files = _is_plain(output.value)
            yield ValueUse(inputs, None, output.name, is_choice_of_files, is_output=is_choice_of_files)


def _is_plain(value: object) -> bool:
    """True for a reference, or one `??` another, which can be passed as a file."""
    whole = whole_of(value)
    return whole is not None and may_be_file(whole)
