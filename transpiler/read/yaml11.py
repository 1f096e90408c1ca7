"""Objects of Kubernetes as kubectl reads them: the YAML 1.1 of `sigs.k8s.io/yaml`, where `yes` is true and `010` is 8.

Our own files are YAML 1.2. The nodes are the same, so each value is resolved anew from the characters in the file.
"""

from __future__ import annotations

from decimal import Decimal
from math import isinf
from typing import Any, Final

from transpiler.argo.any_string import any_string
from transpiler.patterns import regex
from transpiler.read.yaml.nodes import List, Map, Mark

_NOT_PLAIN: Final = frozenset("'\"|>")
_CONSTANTS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(["", "~", "null", "Null", "NULL"]),
    **dict.fromkeys(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"], True),
    **dict.fromkeys(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"], False),
}
_INTEGER: Final = regex(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))")
_FLOAT: Final = regex(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_STARTS: Final = frozenset("+-.0123456789")
_MOST: Final = 2**64
_TEXTS: Final = frozenset({"value", "default"})


def plain11(node: Any) -> Any:
    """A mapping, list or text → plain data, with the texts that Argo makes of the values of parameters."""
    if isinstance(node, Map):
        return {_key(node, key): _field(node, key) for key in node}
    if isinstance(node, List):
        return [_item(node, index) for index in range(len(node))]
    return node


def _field(parent: Map, key: str) -> Any:
    value = parent[key]
    if key == "parameters" and isinstance(value, List):
        return [_parameter(found) if isinstance(found, dict) else found for found in plain11(value)]
    if isinstance(value, (Map, List)):
        return plain11(value)
    return _resolved(parent, parent.values_at[key], value)


def _item(parent: List, index: int) -> Any:
    value = parent[index]
    return plain11(value) if isinstance(value, (Map, List)) else _resolved(parent, parent.items_at[index], value)


def _key(parent: Map, key: str) -> str:
    """A key as kubectl has it: `on` is true, and JSON has texts for keys."""
    found = _resolved(parent, parent.keys_at[key], key)
    return key if isinstance(found, (str, float)) or found is None else any_string(found)


def _resolved(parent: Map | List, mark: Mark, value: Any) -> Any:
    """What a single value is; a text with quotes, or in a block, is one."""
    text = mark.of(parent.source).text[mark.start : mark.end].strip()
    if text[:1] in _NOT_PLAIN and text:
        return value
    return scalar11(value if isinstance(value, str) else text)


def scalar11(text: str) -> str | int | float | bool | None:
    """The value of a plain scalar in YAML 1.1. Base 60 and dates are texts, as for kubectl."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in _STARTS:
        return text
    digits = text if text.startswith("._") else text.replace("_", "")
    match = _INTEGER.fullmatch(digits)
    if match is not None:
        found = _integer(match[1], *match.groups()[1:])
        if -_MOST // 2 <= found < _MOST and not (match[1] and found >= _MOST // 2):
            return found
    return _float(text, digits)


def _integer(sign: str, *digits: str | None) -> int:
    value = next(int(each, base) for each, base in zip(digits, (16, 2, 8, 10), strict=True) if each is not None)
    return -value if sign == "-" else value


def _float(text: str, digits: str) -> str | int | float:
    if _FLOAT.fullmatch(digits) is None:
        return text
    found = float(digits)
    if isinf(found):
        return text
    is_whole = found.is_integer() and abs(found) < 1e21
    return int(Decimal(repr(found))) if is_whole else found


def _parameter(given: dict[str, Any]) -> dict[str, Any]:
    found = {key: any_string(value) if key in _TEXTS and _is_single(value) else value for key, value in given.items()}
    if isinstance(found.get("enum"), list):
        found["enum"] = [any_string(each) if _is_single(each) else each for each in found["enum"]]
    source = found.get("valueFrom")
    if isinstance(source, dict) and _is_single(source.get("default")):
        found["valueFrom"] = {**source, "default": any_string(source["default"])}
    return found


def _is_single(value: Any) -> bool:
    return isinstance(value, (str, int, float))
