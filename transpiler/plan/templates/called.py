"""A template that other Workflows call: what its inputs are when a caller leaves them out."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec import Struct, field

from transpiler.model.component import Component
from transpiler.model.placeholders import IsPresent
from transpiler.model.ports import Input
from transpiler.plan.argo_objects import Node, ports
from transpiler.resolve.scope import Scope


class Called(Struct, frozen=True):
    """The values of inputs without a default in the component, and the files that may be missing, by Argo's names."""

    values: Mapping[str, str] = field(default_factory=dict)
    files: Collection[str] = frozenset()

    def with_values(self, template: Node) -> Node:
        """The template with them; unchanged where there are none."""
        inputs = template.get("inputs", {})
        if not inputs or not (self.values or self.files):
            return template
        values = [self._value(each) for each in inputs.get("parameters", [])]
        files = [self._file(each) for each in inputs.get("artifacts", [])]
        return {**template, "inputs": ports(values, files)}

    def _value(self, given: Node) -> Node:
        is_open = given["name"] in self.values and not {"value", "valueFrom", "default"} & given.keys()
        return {**given, "value": self.values[given["name"]]} if is_open else given

    def _file(self, given: Node) -> Node:
        return {**given, "optional": True} if given["name"] in self.files else given


def called(component: Component, scope: Scope | None, names: Mapping[str, str], settings: Mapping[str, str]) -> Called:
    """An entry that runs a component: optional inputs are empty, and settings have the values of the run that calls.

    `names` are the inputs of the component in Argo, `settings` the inputs that references in settings have become.
    """
    may_lack = [names[each.name] for each in component.inputs if _may_be_empty(each, component, scope)]
    files = frozenset(may_lack) if scope is None else frozenset()  # a DAG cannot hand on a file that is not there
    return Called({**dict.fromkeys(may_lack, ""), **settings}, files)


def _may_be_empty(given: Input, component: Component, scope: Scope | None) -> bool:
    """True for an optional input that can be empty instead of absent: nothing can tell in a run that it is absent."""
    if not given.optional or given.has_source:
        return False
    if scope is not None:
        return scope.is_manifest
    asked = {each.name for each in component.placeholders if isinstance(each, IsPresent)}
    return given.type.allows_empty and given.name not in asked
