"""The inputs that a template gets in addition to those of its component, for references in settings."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from transpiler.argo.kubelet import variable
from transpiler.argo.merge import merged
from transpiler.argo.naming import Names, port_name
from transpiler.model.argo_data import Tree, filled
from transpiler.model.expressions.tree import EnvReference, Expression, Text, TryReference, WorkflowReference
from transpiler.model.values import Literal, Value
from transpiler.plan.argo_objects import Node, parameter
from transpiler.plan.expressions.program_texts import Put, may_hold_dollars, program_text
from transpiler.plan.expressions.tried import holds_tries, tried_expression
from transpiler.resolve.captures import identity as identity_of
from transpiler.resolve.captures import identity_of_text
from transpiler.resolve.scope import Scope


class SettingInputs(Struct):
    """The inputs that settings add to a template: name → argument."""

    names: Names
    scope: Scope
    """The scope of the task."""
    passed: dict[str, Text] = field(default_factory=dict)
    inputs: dict[tuple[object, ...], str] = field(default_factory=dict)
    """The identity of a text with references → its input."""

    def value(self, hint: str, value: Value | None) -> str | None:
        """The text of an optional setting."""
        return self.put(hint, value) if value is not None else None

    def put(self, hint: str, value: Value) -> str:
        """The text of a setting: a literal, or the tag of a new input."""
        if isinstance(value, Literal):
            return value.written.strip("\"'") if isinstance(value.value, (int, float)) else str(value.value)
        assert isinstance(value, Text)
        if holds_tries(value):
            return program_text(part if isinstance(part, str) else self._inserted(part) for part in value.parts)
        return _tag(self.name(hint, value))

    def name(self, hint: str, value: Text) -> str:
        """The input for a text with references; the same one for the same text."""
        key = identity_of_text(value)
        if key not in self.inputs:
            self.inputs[key] = self.input(hint, value)
        return self.inputs[key]

    def variable(self, name: str, value: Value) -> str:
        """The text of an environment variable. Kubernetes expands a `$` in it, as in all of its texts."""
        if not isinstance(value, Text):
            return self.put("", value)
        is_own = any(isinstance(part, EnvReference) or (isinstance(part, str) and "$" in part) for part in value.parts)
        if is_own or holds_tries(value):
            return self.program(value)
        given = self.name(f"env-{name}", value)
        is_plain = not any(may_hold_dollars(each, self.scope) for each in value.expressions)
        return program_text([_put(given, is_plain=is_plain)])

    def program(self, text: Text) -> str:
        """A text in Argo's own fields that the kubelet expands; its references become inputs and arrive unchanged."""
        return program_text(self._piece(part) for part in text.parts)

    def _piece(self, part: str | Expression) -> str | Put:
        if isinstance(part, str):
            return part
        if isinstance(part, EnvReference):
            return variable(part.name)
        is_plain = not may_hold_dollars(part, self.scope)
        if holds_tries(part):
            return self._tried(part, is_plain=is_plain)
        if isinstance(part, WorkflowReference) and is_plain:
            return Put(f"workflow.{part.name}", self._reference(part), is_plain)
        return _put(self.name(identity_of(part)[1], Text((part,))), is_plain=is_plain)

    def _inserted(self, part: Expression) -> Put:
        """A part of a text that only Argo reads."""
        if holds_tries(part):
            return self._tried(part, is_plain=True)
        return _put(self.name(identity_of(part)[1], Text((part,))), is_plain=True)

    def _tried(self, part: Expression, *, is_plain: bool) -> Put:
        """A part that differs from try to try: the template computes it."""
        tag = "{{retries}}" if isinstance(part, TryReference) else ""
        code = tried_expression(part, self.scope, self._passed, is_printed=is_plain)
        return Put(code, tag, is_plain)

    def _passed(self, node: Expression) -> str:
        return self.name(identity_of(node)[1], Text((node,)))

    def write(self, text: Text) -> str:
        """A text in Argo's own fields: its references become inputs, one for equal references."""
        return "".join(part if isinstance(part, str) else self._reference(part) for part in text.parts)

    def fields(self, tree: Tree | None) -> Any:
        """Data of Argo's own with its texts; None for none."""
        return filled(tree.data, tree.slots, self.write, self.program) if tree is not None else None

    def _reference(self, node: Expression) -> str:
        if isinstance(node, WorkflowReference):  # they are available in every template
            return f"{{{{workflow.{node.name}}}}}"
        return self.put(identity_of(node)[1], Text((node,)))

    def input(self, hint: str, value: Text) -> str:
        """The name of a new input."""
        name = self.names.unique(port_name(hint))
        self.passed[name] = value
        return name


def _tag(name: str) -> str:
    return f"{{{{inputs.parameters.{name}}}}}"


def _put(name: str, *, is_plain: bool) -> Put:
    return Put(f"inputs.parameters['{name}']", _tag(name), is_plain)


def with_inputs(template: Node, extras: SettingInputs) -> Node:
    """A template that takes them."""
    added = [parameter(name) for name in extras.passed]
    return merged(template, {"inputs": {"parameters": added}}) if added else template


def input_names(node: Any) -> list[str]:
    """The inputs of a template, and of templates inside it: Argo fills both from the same text."""
    if isinstance(node, list):
        return [name for item in node for name in input_names(item)]
    if not isinstance(node, dict):
        return []
    inputs = node.get("inputs")
    own = [*inputs.get("parameters", []), *inputs.get("artifacts", [])] if isinstance(inputs, dict) else []
    return [*(each["name"] for each in own if "name" in each), *input_names(list(node.values()))]
