"""Defaults of parameters → the text that a component declares (kfp 1.8.22 `serialize_value`)."""

from __future__ import annotations

import ast
import json
from typing import Any, Final

from transpiler.argo.text import argo_tags, bad_character, unclosed_tag
from transpiler.authoring.interface import Annotation, Kind


class WrongDefault(Exception):  # noqa: N818 - carries a diagnostic
    """A default that no component can declare; `code` and `hint` go with it."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


def default_text(node: ast.expr, annotation: Annotation) -> str | None:
    """The text of a default; None for the value None. Raises WrongDefault."""
    value = _constant(node)
    if value is None:
        return None
    expected = (
        _JSON.get(str(annotation.type), (list, dict)) if annotation.kind is Kind.JSON else _EXPECTED[annotation.kind]
    )
    is_bool = isinstance(value, bool)
    if not isinstance(value, expected) or (is_bool and annotation.kind not in {Kind.BOOLEAN, Kind.JSON}):
        hint = "write a list" if expected == (list,) else _HINTS[annotation.kind]
        raise WrongDefault("wrong-default", f"the default is not of type {_shown(annotation)}", hint)
    try:
        text = json.dumps(value, sort_keys=True) if annotation.kind is Kind.JSON else str(value)
    except (TypeError, ValueError, RecursionError) as error:  # keys of two types, a number of 4,300 digits
        raise WrongDefault(
            "wrong-default", "the default cannot be written as a string", "write a smaller value"
        ) from error
    _check_text(text)
    return text


def _constant(node: ast.expr) -> Any:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        hint = "write a constant; or make the default None, and compute the value in the function"
        raise WrongDefault("wrong-default", "the default is computed where the function is defined", hint) from None
    if not _is_json(value):
        hint = "write numbers, strings, True, False, None, and lists and dicts of them; the keys of a dict are strings"
        raise WrongDefault("wrong-default", "the default cannot be represented in JSON", hint)
    return value


def _is_json(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_json(each) for key, each in value.items())
    if isinstance(value, list):
        return all(_is_json(each) for each in value)
    return value is None or isinstance(value, (str, int, float))


_EXPECTED: Final[dict[Kind, tuple[type, ...]]] = {
    Kind.INTEGER: (int,),
    Kind.FLOAT: (float, int),
    Kind.BOOLEAN: (bool,),
    Kind.TEXT: (str,),
    Kind.PICKLE: (),
}
_JSON: Final[dict[str, tuple[type, ...]]] = {"JsonArray": (list,), "JsonObject": (dict,)}
_HINTS: Final = {
    Kind.INTEGER: "write a whole number, such as 3",
    Kind.FLOAT: "write a number, such as 0.5",
    Kind.BOOLEAN: "write True or False",
    Kind.TEXT: "write a string in quotes, or None",
    Kind.JSON: "write a dict",
    Kind.PICKLE: "write None; this type has no constants",
}


def _shown(annotation: Annotation) -> str:
    return annotation.type if isinstance(annotation.type, str) else "this type"


def _check_text(text: str) -> None:
    """Refuse a default that Argo would change or cannot pass."""
    for tag, _, _ in argo_tags(text):
        hint = "Argo has no escape for it: make the default None, and write the string in the function"
        raise WrongDefault("argo-tag", f"Argo would replace or refuse `{{{{{tag}}}}}` in this default", hint)
    if unclosed_tag(text):
        hint = "close it, or make the default None, and write the string in the function"
        raise WrongDefault(
            "argo-tag", "`{{` is not closed, so Argo would search for its end in the following text", hint
        )
    bad = bad_character(text)
    if bad:
        hint = "make the default None, and write the string in the function"
        raise WrongDefault("control-character", f"the character U+{ord(bad):04X} cannot be passed to a task", hint)
