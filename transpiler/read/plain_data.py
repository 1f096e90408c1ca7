"""Argo's own fields of a manifest → plain data to write out. Expects what Argo's JSON Schema has judged.

Nothing is decided here but the types of scalars. Argo's resource definitions take texts alone for parameters, and
whole numbers or texts for quantities, where its own reader, and so its schema, takes any number.
"""

from __future__ import annotations

from typing import Any, Final

from transpiler.diagnostics import Report, Source
from transpiler.read.yaml.document import read_document
from transpiler.read.yaml.nodes import FileText, List, Map

_PARAMETER_TEXTS: Final = frozenset({"value", "default", "description"})
_QUANTITIES: Final = frozenset({"limits", "requests", "capacity", "allocatedResources"})
_QUANTITY: Final = frozenset({"sizeLimit", "divisor"})
_FREE: Final = frozenset({"withItems", "plugin"})
"""Fields whose content is the user's data: it stays as it is, whatever its keys are called."""


def plain(node: Any) -> Any:
    """Dicts, lists, texts, numbers, booleans and None; numbers stay numbers unless the field takes texts alone."""
    if isinstance(node, Map):
        return {key: _field(node, key) for key in node}
    if isinstance(node, FileText):
        return str(node)
    return [plain(item) for item in node] if isinstance(node, List) else node


def plain_of_text(text: str) -> Any:
    """The data of a YAML text, such as a field of Argo holds; None if it is not YAML."""
    report = Report()
    found = read_document(Source("", text), report)
    return None if report.failed else plain(found)


def _field(parent: Map, key: str) -> Any:
    value = parent[key]
    if key in _FREE:
        return _data(value)
    if key == "parameters" and isinstance(value, List):
        return [_parameter(item) if isinstance(item, Map) else plain(item) for item in value]
    if key in _QUANTITIES and isinstance(value, Map):
        return {name: _quantity(value, name) for name in value}
    return _quantity(parent, key) if key in _QUANTITY else plain(value)


def _data(node: Any) -> Any:
    if isinstance(node, Map):
        return {key: _data(item) for key, item in node.items()}
    return [_data(item) for item in node] if isinstance(node, List) else node


def _quantity(parent: Map, key: str) -> Any:
    return parent.written(key) if isinstance(parent[key], float) else plain(parent[key])


def _parameter(parameter: Map) -> dict[str, Any]:
    return {key: _parameter_field(parameter, key) for key in parameter}


def _parameter_field(parameter: Map, key: str) -> Any:
    value = parameter[key]
    if key in _PARAMETER_TEXTS:
        return _text(value, parameter.written(key))
    if key == "enum" and isinstance(value, List):
        return [_text(item, value.written(index)) for index, item in enumerate(value)]
    if key == "valueFrom" and isinstance(value, Map) and "default" in value:
        return {**plain(value), "default": _text(value["default"], value.written("default"))}
    return plain(value)


def _text(value: Any, written: str) -> Any:
    """A scalar as the text that Argo makes of it; a number in decimal notation keeps its digits."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return written if written.lstrip("+-")[:2].lower() not in {"0x", "0o"} else str(value)
    return plain(value)
