"""The types of inputs and outputs, and how a literal of each is written as text.

Names are KFP's; the spellings that the public catalog uses for the same type count as one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from msgspec import Struct

from transpiler.argo.readable import is_integer, is_number, json_of
from transpiler.model.expressions.text_types import is_text_type
from transpiler.patterns import regex
from transpiler.read.unmarked_references import NO_REFERENCE, meant, reference_hint
from transpiler.read.yaml.nodes import UNUSABLE
from transpiler.read.yaml.scalars import has_leading_zero

_SPELLINGS = {
    "String": "str string String Str text",
    "Integer": "int integer Integer Int",
    "Float": "float Float double Double number",
    "Boolean": "bool Bool boolean Boolean",
    "JsonArray": "list List JsonArray array Array",
    "JsonObject": "dict Dict JsonObject object",
}
_CANONICAL: Final = {spelling: name for name, all_of in _SPELLINGS.items() for spelling in all_of.split()}
_ANYTHING = {"Artifact", "Any"}
SCALARS: Final = frozenset(_SPELLINGS)
"""Types whose values are short strings, so that a pipeline can yield them as parameters."""


class Type(Struct, frozen=True):
    """A type as written; `name` is the canonical name, empty when it fits everything."""

    name: str
    written: str
    properties: tuple[tuple[str, str], ...] = ()
    is_file: bool = False
    """True for an artifact of KFP v2: its values are files, also when it fits everything."""

    @property
    def shown(self) -> str:
        """The type in words, with its properties."""
        pairs = ", ".join(f"{key}: {value}" for key, value in self.properties)
        return f"{self.written} ({pairs})" if pairs else self.written

    @property
    def allows_empty(self) -> bool:
        """True when the empty text is a value of it."""
        return self.name not in SCALARS or self.name == "String"

    @property
    def is_text(self) -> bool:
        """True for `String`, and for `GCSPath`, `ModelUri` and the like, whose values are texts too."""
        return is_text_type(self.name)

    @property
    def may_be_file(self) -> bool:
        """True for a type of files, and for one that fits everything."""
        return self.is_custom or not self.name

    @property
    def is_custom(self) -> bool:
        """True for `CSV`, `Model` and the like: their values are files."""
        return self.is_file or (bool(self.name) and self.name not in SCALARS and not self.is_text)


ANY: Final = Type("", "Any")
FILE: Final = Type("", "file", is_file=True)
"""A file of any kind."""
FOLDER: Final = Type("", "folder of files", is_file=True)
"""The type of the collected files of a loop: a folder."""
JSON: Final = Type("", "JSON value")
"""A part of JSON, of a type known only in the run; unlike a reference without a type, it is not a string."""


def parse_type(value: Any) -> Type:
    """The type of a `type:` key: a name, or `{Name: {property: value}}` (KFP), or nothing."""
    if isinstance(value, str) and value:
        return Type("" if value in _ANYTHING else _CANONICAL.get(value, value), value)
    if isinstance(value, dict) and len(value) == 1:
        name, properties = next(iter(value.items()))
        pairs = sorted(_flatten(properties))
        name = str(name)
        return Type("" if name in _ANYTHING else _CANONICAL.get(name, name), name, tuple(pairs))
    return ANY if value in (None, "") else Type("", json.dumps(value, ensure_ascii=False, default=str))


def _flatten(properties: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(properties, dict):
        for key, value in properties.items():
            yield from _flatten(value, f"{path}.{key}" if path else str(key))
    elif properties is not None and properties is not UNUSABLE:
        yield path, json.dumps(properties, ensure_ascii=False, sort_keys=True)


def fits(given: Type, expected: Type) -> bool:
    """True if a value of type `given` is accepted as `expected`: an Integer as a Float, no type as every type.

    Properties are compared as KFP 1.8 does: each that the given type has must be equal in the expected one;
    a type without properties fits one with properties.
    """
    if not given.name or not expected.name:
        return True
    if given.name != expected.name:
        return given.name == "Integer" and expected.name == "Float"
    declared = dict(expected.properties)
    return not declared or all(declared.get(key, value) == value for key, value in given.properties)


def inferred_type(value: Any) -> Type:
    """The type of a literal, such as that of `inputs: {rows: 1000}`."""
    if value is None:
        return ANY
    names = {bool: "Boolean", int: "Integer", float: "Float", str: "String", list: "JsonArray", dict: "JsonObject"}
    name = next((names[kind] for kind in type(value).__mro__ if kind in names), "")
    return Type(name, name)


class WrongLiteral(Exception):  # noqa: N818 - carries a diagnostic
    """A literal that is invalid for its type.

    `fixed_hint` is the hint where no reference can stand, `type_hint` the one that says what the type takes.
    """

    def __init__(self, code: str, message: str, hint: str, fixed_hint: str = "", type_hint: str = "") -> None:
        super().__init__(message)
        self.fixed_hint = fixed_hint or hint
        self.type_hint = type_hint or hint
        self.code = code
        self.message = message
        self.hint = hint


_INTEGER = regex(r"\s*[-+]?[0-9]+\s*")


def literal_text(value: Any, written: str, expected: Type) -> str:
    """The string that a program receives for a literal.

    `written` is the literal as written in the file: a number keeps it unless a number is expected, so that
    `1.10` stays `1.10`. Raises WrongLiteral.
    """
    kind = "String" if expected.is_text else expected.name
    if isinstance(value, str) and value == written and has_leading_zero(value) and kind != "String":
        message = f"`{written}` is decimal in YAML 1.2 and octal in YAML 1.1"
        hint = "quote it to pass a string, or write the number without the zero"
        raise WrongLiteral("ambiguous-number", message, hint)
    if kind in _CHECKS and not _CHECKS[kind](value):
        message = f"{describe(value, written)} is not of type {expected.written}"
        fixed = NO_REFERENCE if meant(value) else ""
        raise WrongLiteral("type-mismatch", message, reference_hint(value, _HINTS[kind]), fixed, _HINTS[kind])
    if isinstance(value, bool):
        return written if expected.name and kind != "Boolean" else str(value)
    if isinstance(value, (int, float)):
        return _number_text(value, written)
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def computable_text(value: Any, written: str, expected: Type) -> str:
    """The same for an input of a pipeline, which expressions use: the string must be valid for Argo's engine too.

    A program may accept `" 5"`, `nan` or `1_000`, and gets it unchanged; the engine does not. Raises WrongLiteral.
    """
    text = literal_text(value, written, expected)
    if expected.name in _READ and not _READ[expected.name](text):
        message = f"{describe(value, written)} is not a valid {expected.written} for Argo"
        hint = f"{_HINTS[expected.name]}; or declare a String, which expressions use unchanged"
        raise WrongLiteral("type-mismatch", message, hint)
    return text


def _number_text(value: float, written: str) -> str:
    """As written, unless other programs would read another number (`0o17`, `0x1F`)."""
    return written if re.fullmatch(r"[-+.0-9eE]+", written) else str(value)


def describe(value: Any, written: str = "") -> str:
    """A literal in words, for a message."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    text = str(value) if isinstance(value, str) else written or str(value)
    if not text:
        return "the empty string"
    text = text if len(text) <= 40 else text[:37] + "..."
    return f"the string `{text}`" if isinstance(value, str) else f"`{text}`"


def _is_json(value: Any, kind: type[list[Any] | dict[str, Any]]) -> bool:
    if isinstance(value, str):
        try:
            return isinstance(json.loads(value), kind)
        except (ValueError, RecursionError):
            return False
    return isinstance(value, kind)


def _is_float(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return False
    try:
        float(value)
    except (ValueError, OverflowError):
        return False
    return True


def _is_boolean(value: Any) -> bool:
    return isinstance(value, bool) or str(value).lower() in {"true", "false"}


def _is_integer(value: Any) -> bool:
    if isinstance(value, str):
        return _INTEGER.fullmatch(value) is not None
    return isinstance(value, int) and not isinstance(value, bool)


_CHECKS: Final[dict[str, Callable[[Any], bool]]] = {
    "String": lambda value: not isinstance(value, (dict, list)),
    "Integer": _is_integer,
    "Float": _is_float,
    "Boolean": _is_boolean,
    "JsonArray": lambda value: _is_json(value, list),
    "JsonObject": lambda value: _is_json(value, dict),
}
_READ: Final[dict[str, Callable[[str], bool]]] = {
    "Integer": is_integer,
    "Float": is_number,
    "JsonArray": lambda text: _holds(text, list),
    "JsonObject": lambda text: _holds(text, dict),
}
"""Type → whether Argo's engine reads a text as a value of it; all others are texts to it, or `true` or not."""


def _holds(text: str, kind: type[list[Any] | dict[str, Any]]) -> bool:
    try:
        return isinstance(json_of(text), kind)
    except ValueError:
        return False


_HINTS = {
    "String": "write a string; quote it",
    "Integer": "write a whole number, such as 3",
    "Float": "write a number, such as 0.5",
    "Boolean": "write `true` or `false`",
    "JsonArray": "write a list, such as [1, 2]",
    "JsonObject": "write a mapping, such as {key: value}",
}
