"""One finding of JSON Schema, and the place in the document that it is about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonschema.exceptions import ValidationError

from transpiler.diagnostics import Span
from transpiler.read.yaml.nodes import List, Map


def said(error: ValidationError) -> Iterator[ValidationError]:
    """A finding; where all of some alternatives fail, those about the one that fails latest."""
    if error.validator not in {"anyOf", "oneOf"} or not error.context:
        yield error
        return
    nearest = max(error.context, key=lambda each: (len(each.path), each.validator == "enum", each.validator != "type"))
    for each in error.context:
        if each.schema_path[0] == nearest.schema_path[0]:
            yield from said(each)


class Failure:
    """What jsonschema says about one keyword, with the types that it has here."""

    def __init__(self, error: ValidationError) -> None:
        self.validator = str(error.validator)
        self.validator_value: Any = error.validator_value
        self.instance: Any = error.instance
        self.schema: dict[str, Any] = error.schema if isinstance(error.schema, dict) else {}
        self.is_about_a_key = "propertyNames" in error.schema_path
        self.message = error.message
        self.choices = _choices(error)
        """The keys of which one would do, where this one is missing."""
        self.schema_path = tuple(error.absolute_schema_path)


def _choices(error: ValidationError) -> set[str]:
    if error.validator != "required":
        return set()
    parent = error.parent
    others = parent.context if parent is not None and parent.validator in {"anyOf", "oneOf"} and parent.context else ()
    alternatives = [each.validator_value for each in (error, *others) if each.validator == "required"]
    return {keys[0] for keys in alternatives if len(keys) == 1}


class Place:
    """A node of a document, by its path from the root."""

    def __init__(self, document: Map, path: tuple[str | int, ...]) -> None:
        self.path = path
        self.parent: Any = None
        self.node: Any = document
        for step in path:
            self.parent, self.node = self.node, _child(self.node, step)

    @property
    def span(self) -> Span:
        """The position of the value."""
        if isinstance(self.parent, Map):
            return self.parent.value_span(str(self.path[-1]))
        if isinstance(self.parent, List):
            return self.parent.item_span(int(self.path[-1]))
        span: Span = self.node.span
        return span

    @property
    def is_incomplete(self) -> bool:
        """True when something is said about this value already."""
        return isinstance(self.parent, Map) and self.path[-1] in self.parent.incomplete_keys

    def mark_incomplete(self) -> None:
        """Keep later stages from saying more about this value."""
        if isinstance(self.parent, Map):
            self.parent.incomplete_keys.add(str(self.path[-1]))
        elif isinstance(self.parent, List):
            self.parent.is_incomplete = True

    @property
    def owner_span(self) -> Span:
        """Where the name of the value stands, for what is missing in it."""
        return self.parent.key_span(str(self.path[-1])) if isinstance(self.parent, Map) else self.span

    @property
    def written(self) -> str:
        """The characters of the value, as the file has them."""
        if isinstance(self.parent, Map):
            return self.parent.written(str(self.path[-1]))
        if isinstance(self.parent, List):
            return self.parent.written(int(self.path[-1]))
        mark = self.node.mark
        return str(self.parent.source.text[mark.start : mark.end])

    @property
    def name(self) -> str:
        """The value's name in words."""
        named = [step for step in self.path if isinstance(step, str)]
        if not named:
            return "the file"
        return f"an item of `{named[-1]}`" if isinstance(self.path[-1], int) else f"`{named[-1]}`"


def _child(node: Any, step: str | int) -> Any:
    return node[step]
