"""JSON Schema's findings → diagnostics at the line of each.

Reports the leaf of every failure once: an unknown key that looks like a missing one is one mistake, not two.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from transpiler import resources
from transpiler.diagnostics import Report, Span
from transpiler.read.nodes import BAD, List, Map
from transpiler.read.vocabulary import PLANNED, meaning
from transpiler.suggest import did_you_mean, suggestion

MAX_UNKNOWN: Final = 100
"""Unknown keys of one mapping that are reported: looking for what each might have meant takes time."""


def check_schema(document: Map, name: str, report: Report) -> None:
    """Judge a document by the shipped schema `pipeline` or `component`."""
    by_place: dict[tuple[str | int, ...], list[_Failure]] = {}
    for error in _validator(name).iter_errors(document):
        by_place.setdefault(tuple(error.absolute_path), []).append(_Failure(error))
    for path, errors in by_place.items():
        place = _Place(document, path)
        place.mark_faulty()
        for error in _leaves(errors, place.node):
            _translate(error, place, name, report)


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(resources.schema(name))


class _Failure:
    """What jsonschema says about one keyword, with the types that it has here."""

    def __init__(self, error: ValidationError) -> None:
        self.validator = str(error.validator)
        self.validator_value: Any = error.validator_value
        self.instance: Any = error.instance
        self.schema: dict[str, Any] = error.schema if isinstance(error.schema, dict) else {}
        self.is_about_a_key = "propertyNames" in error.schema_path
        self.message = error.message


class _Place:
    """A node of a document, by its path from the root."""

    def __init__(self, document: Map, path: tuple[str | int, ...]) -> None:
        self.path = path
        self.parent: Any = None
        self.node: Any = document
        for step in path:
            self.parent, self.node = self.node, _child(self.node, step)

    @property
    def span(self) -> Span:
        """Where the value stands."""
        if isinstance(self.parent, Map):
            return self.parent.value_span(str(self.path[-1]))
        if isinstance(self.parent, List):
            return self.parent.item_span(int(self.path[-1]))
        span: Span = self.node.span
        return span

    def mark_faulty(self) -> None:
        """Keep later stages from saying more about this value."""
        if isinstance(self.parent, Map):
            self.parent.faulty.add(str(self.path[-1]))

    @property
    def owner_span(self) -> Span:
        """Where the name of the value stands, for what is missing in it."""
        return self.parent.key_span(str(self.path[-1])) if isinstance(self.parent, Map) else self.span

    @property
    def name(self) -> str:
        """The value's name in words."""
        named = [step for step in self.path if isinstance(step, str)]
        if not named:
            return "the file"
        return f"an item of `{named[-1]}`" if isinstance(self.path[-1], int) else f"`{named[-1]}`"


def _child(node: Any, step: str | int) -> Any:
    return node[step]


def _leaves(errors: list[_Failure], node: Any) -> Iterator[_Failure]:
    """Drop what another finding at the same place explains."""
    if node is BAD:
        return
    kinds = {error.validator for error in errors}
    if isinstance(node, Map) and node.is_partial:
        errors = [error for error in errors if error.is_about_a_key or error.validator == "additionalProperties"]
    for error in errors:
        if "type" in kinds and error.validator != "type":
            continue
        if "additionalProperties" in kinds and error.validator in {"maxProperties", "minProperties"}:
            continue
        yield error


def _translate(error: _Failure, place: _Place, name: str, report: Report) -> None:
    if error.is_about_a_key:
        _invalid_key(error, place, report)
    elif error.validator == "additionalProperties":
        _unknown_keys(error, place, name, report)
    elif error.validator == "required":
        _missing_keys(error, place, report)
    elif error.validator == "type":
        _wrong_type(error, place, report)
    elif error.validator == "enum":
        allowed = [str(value) for value in error.validator_value]
        report.error(
            "wrong-value",
            f"`{_short(error.instance)}` is not a value of {place.name}",
            place.span,
            suggestion(str(error.instance), allowed, "values"),
        )
    else:
        _invalid_value(error, place, report)


def _invalid_key(error: _Failure, place: _Place, report: Report) -> None:
    key = str(error.instance)
    report.error("invalid-name", f"`{_short(key)}` is not a valid name", place.node.key_span(key), _hint(error))


def _unknown_keys(error: _Failure, place: _Place, name: str, report: Report) -> None:
    known = error.schema.get("properties", {})
    missing = [key for key in known if key not in place.node]
    unknown = [key for key in place.node if key not in known]
    for key in unknown[:MAX_UNKNOWN]:
        meant = meaning(key, missing) or did_you_mean(key, missing)
        hint = _split_text(key, place.node) or (f"did you mean `{meant}`?" if meant else "")
        hint = hint or _belongs(key, known, name) or suggestion(key, known, "keys here")
        place.node.faulty |= {key, meant}
        report.error("unknown-key", f"unknown key `{_short(key)}`", place.node.key_span(key), hint)


def _split_text(key: str, node: Map) -> str:
    """A key without value inside `{ }` is mostly the rest of a text with a comma."""
    in_braces = node.source.text.startswith("{", node.mark.start)
    return "a comma ends a text inside { }: quote the whole text" if in_braces and node[key] is None else ""


def _belongs(key: str, known: Any, name: str) -> str:
    if name != "pipeline":
        return ""
    if key in PLANNED:
        return f"`{key}` is not supported yet"
    document = resources.schema(name)
    homes = {
        "the top level": document,
        "a task": document["$defs"]["task"],
        "an input": document["$defs"]["inputDeclaration"],
    }
    for home, schema in homes.items():
        if schema["properties"] is not known and key in schema["properties"]:
            return f"`{key}` belongs under {home}" if home != "the top level" else f"`{key}` belongs at the top level"
    return ""


def _missing_keys(error: _Failure, place: _Place, report: Report) -> None:
    known = error.schema.get("properties", {})
    unknown = [key for key in place.node if key not in known]
    missing = next(key for key in error.validator_value if f"'{key}'" in error.message.split(" is ")[0])
    if any(meaning(key, [missing]) or did_you_mean(key, [missing]) for key in unknown[:MAX_UNKNOWN]):
        return
    example = known.get(missing, {}).get("examples", [""])[0]
    hint = f"for example `{missing}: {example}`" if isinstance(example, str) and example else f"add `{missing}:`"
    report.error("missing-key", f"{place.name} has no `{missing}`", place.owner_span, hint)


_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
}


def _wrong_type(error: _Failure, place: _Place, report: Report) -> None:
    wanted = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
    shown = [_TYPES[name] for name in wanted if name != "null" or len(wanted) == 1]
    if place.node is None:
        report.error(
            "wrong-type", f"{place.name} is empty, it must be {' or '.join(shown)}", place.owner_span, _hint(error)
        )
        return
    report.error(
        "wrong-type",
        f"{place.name} must be {' or '.join(shown)}, not {_kind(place.node)}",
        place.span,
        _intent(error, wanted),
    )


def _intent(error: _Failure, wanted: list[str]) -> str:
    value = error.instance
    if "boolean" in wanted and str(value).lower() in {"yes", "on", "no", "off", "y", "n"}:
        return f"write `{'true' if str(value).lower() in {'yes', 'on', 'y'} else 'false'}`"
    if "array" in wanted and isinstance(value, str) and 0 < len(value) <= 60:
        return f"write [{', '.join(value.split())}]"
    return _hint(error)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, (int, float)):
        return f"the number `{value}`" if abs(value) < 10**30 else "a number"
    if value == "":
        return "an empty text"
    return {Map: "a mapping", List: "a list"}.get(type(value), f"the text `{_short(value)}`")


def _invalid_value(error: _Failure, place: _Place, report: Report) -> None:
    if error.validator == "minProperties" or error.validator in {"minItems", "minLength"}:
        message = f"{place.name} is empty"
    elif error.validator == "maxProperties":
        message = f"{place.name} has more than one key"
    else:
        message = f"`{_short(error.instance)}` is not a valid {error.schema.get('x-what', 'value')}"
    code = "invalid-name" if error.validator in {"pattern", "maxLength"} else "wrong-value"
    report.error(code, message, place.span, _hint(error))


def _hint(error: _Failure) -> str:
    """The schema's own hint, else an example of what is right."""
    if "x-hint" in error.schema:
        return str(error.schema["x-hint"])
    examples = error.schema.get("examples") or [None]
    return f"for example {json.dumps(examples[0], ensure_ascii=False)}" if examples[0] is not None else ""


def _short(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else text[:57] + "..."
