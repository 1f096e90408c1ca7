"""What to say about a value that has a key's wrong type, or that the key may not have."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from transpiler.diagnostics import Hint, Related, Report, excerpt
from transpiler.read.schema import argo_fields
from transpiler.read.schema.finding import Failure, Place
from transpiler.read.schema.run_together import as_list, as_mapping
from transpiler.read.unmarked_references import meant, reference_hint
from transpiler.read.yaml.nodes import List, Map
from transpiler.read.yaml.scalars import has_leading_zero

_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "a string",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
}


def report_type(error: Failure, place: Place, name: str, report: Report) -> None:
    """Report a value of a wrong type. `name` is the schema's."""
    wanted = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
    shown = [_TYPES[each] for each in wanted if each != "null" or len(wanted) == 1]
    owners = argo_fields.owners(name, error.schema_path)
    page = argo_fields.page(owners[-1]) if owners else ""
    if place.node is None:
        message = f"{place.name} is empty, it must be {' or '.join(shown)}"
        is_whole = owners and place.path[-1] in {"suspend", "emptyDir"}
        hint = f"write `{place.path[-1]}: {{}}`" if is_whole else hint_of(error) or page
        report.error("wrong-type", message, place.owner_span, hint)
        return
    message = f"{place.name} must be {' or '.join(shown)}, not {_kind(place.node)}"
    report.error("wrong-type", message, place.span, _outputs_meant(place) or _intent(error, place, wanted) or page)


def _intent(error: Failure, place: Place, wanted: list[str]) -> str:
    value = error.instance
    if "boolean" in wanted and str(value).lower() in {"yes", "on", "no", "off", "y", "n"}:
        said = "true" if str(value).lower() in {"yes", "on", "y"} else "false"
        return Hint(f"write `{said}`", said, is_safe=True)
    together = isinstance(value, str) and " ".join(place.written.split()) == value
    if together and "object" in wanted and as_mapping(value):
        return as_mapping(value)
    if together and "array" in wanted and as_list(value):
        return as_list(value)
    if "array" in wanted and _holds_mappings(error.schema) and not isinstance(value, Map):
        return hint_of(error) or "write a list of mappings"
    if "array" in wanted and isinstance(value, str) and 0 < len(value) <= 60:
        said = f"[{', '.join(value.split())}]"
        return Hint(f"write {said}", said, is_safe=value.isidentifier())
    if "array" in wanted and isinstance(value, Map) and "name" in properties_of(error.schema.get("items", {})):
        return hint_of(error) or "write a list of mappings, each with its `name`"
    if "integer" in wanted and isinstance(value, str):
        return _number_meant(value)
    if wanted == ["string"] and isinstance(value, (int, float)):
        hint, written = hint_of(error), str(place.written)
        if str(place.path[-1]).lower().endswith(("timeout", "duration")) and written.isdecimal():
            return Hint(f"write `{written}s`", f"{written}s", written)
        is_quoting = not hint or "quote" in hint
        quote = hint or f"quote it: '{excerpt(written)}'"
        return Hint(quote, f'"{written}"', written, is_safe=True) if is_quoting else hint
    return hint_of(error) or _form(place, wanted)


def _form(place: Place, wanted: list[str]) -> str:
    """How a mapping is written where another value stands; empty if another type is wanted."""
    key = place.path[-1] if place.path else ""
    if "object" not in wanted:
        return ""
    if isinstance(key, int):
        is_word = isinstance(place.node, str) and place.node.replace("_", "").replace("-", "").isalnum()
        return f"write `{{name: {place.node}}}`" if is_word and place.path[-2] in {"inputs", "outputs"} else ""
    return f"write `{key}: {_FORMS.get(key, '{NAME: value}')}`" if key in _FORMS or key in _OF_NAMES else ""


_FORMS: Final = {
    "resources": "{cpu: 2, memory: 4Gi}",
    "secrets": "{NAME: secret/key}",
    "inputs": "{NAME: default}",
    "exclude": "[{AXIS: value}]",
}
_OF_NAMES: Final = frozenset({"env", "nodeSelector", "labels", "annotations", "arguments", "outputs"})
"""Keys with a mapping of names to values."""


def _outputs_meant(place: Place) -> str:
    """The mapping for a list of outputs, by what has them; empty for other places."""
    if not (isinstance(place.node, List) and place.path[-1:] == ("outputs",) and isinstance(place.parent, Map)):
        return ""
    name = next((excerpt(each) for each in place.node if isinstance(each, str)), "NAME")
    if "templateRef" in place.parent:
        return f"write a mapping with the type of each: {{{name}: {{type: file}}}}, or {{type: String}}"
    if "component" in place.parent:
        return f"write a mapping, such as {{{name}: {{}}}} to store that file"
    return f'write a mapping, such as {{{name}: "${{{{ tasks.TASK.output }}}}"}}'


def _holds_mappings(schema: dict[str, Any]) -> bool:
    """True for the schema of a list whose items are mappings."""
    items = schema.get("items", {})
    return items.get("type") == "object" or "properties" in items


def _number_meant(value: str) -> str:
    if "{{" in value or meant(value):
        return "write the number; Argo cannot insert a value here"
    if not value.isascii() or not value.isdecimal() or has_leading_zero(value):
        return "write a whole number"
    return Hint(f"write {value}, without quotes", value, is_safe=True)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, (int, float)):
        return f"the number `{value}`" if abs(value) < 10**30 else "a number"
    if value == "":
        return "an empty string"
    if isinstance(value, (Map, List)):
        return "a mapping" if isinstance(value, Map) else "a list"
    return f"the string `{excerpt(str(value))}`"


def report_value(error: Failure, place: Place, report: Report) -> None:
    """Report a value of the right type that the key may not have."""
    what = error.schema.get("x-what", "value")
    hint = hint_of(error)
    if error.validator == "minProperties" or error.validator in {"minItems", "minLength"}:
        message, hint = f"{place.name} is empty", hint or "write at least one entry, or delete the key"
    elif error.validator == "maxProperties":
        message = f"{place.name} has more than one key"
    elif error.validator in _BOUNDS:
        message, hint = _out_of_bounds(error, place)
    else:
        shown = str(error.instance).lower() if isinstance(error.instance, bool) else excerpt(str(error.instance))
        message = f"`{shown}` is not a valid {what}"
        if error.validator == "pattern" and re.search(error.validator_value, "${{ x }}s"):
            hint = reference_hint(error.instance, hint, "s" if what == "duration" else "")
    if what == "schedule" and str(error.instance).lower() in _REGULAR:
        hint = Hint(f"write `@{error.instance.lower()}`", f'"@{error.instance.lower()}"')
    is_name = error.validator in {"pattern", "maxLength"} and what not in _NO_NAMES
    if place.path == ("name",):
        kebab = in_kebab_case(str(error.instance), error)
        hint = (
            Hint(f"{kebab}; `annotations` keep a title: `workflows.argoproj.io/title`", kebab.write) if kebab else hint
        )
    report.error("invalid-name" if is_name else "wrong-value", message, place.span, hint)


def in_kebab_case(name: str, error: Failure) -> Hint | None:
    """The hint for a name with spaces, or other characters between its words; None if that makes no name."""
    words = re.findall(r"[A-Za-z0-9]+", name)
    kebab = "-".join(words).lower()
    is_text = name.isascii() and len(words) > 1 and kebab[:1].isalpha() and len(kebab) <= 63
    if error.schema.get("x-what") != "name" or not is_text or not re.search(r"[ ./:]", name):
        return None
    return Hint(f"write `{kebab}`", kebab)


_NO_NAMES: Final = frozenset(
    ["quantity", "schedule", "duration", "size", "format", "folder", "number", "path", "resource"]
)
"""What has a form of its own, and is no name (`x-what` of the schemas)."""
_REGULAR: Final = frozenset({"hourly", "daily", "weekly", "monthly", "yearly", "annually", "midnight"})
_BOUNDS: Final = {"minimum": "at least", "maximum": "at most", "maxItems": "at most"}


def _out_of_bounds(error: Failure, place: Place) -> tuple[str, str]:
    """What to say about a number, or a number of entries, and what to do."""
    bound = f"{_BOUNDS[error.validator]} {error.validator_value}"
    if error.validator == "maxItems":
        return f"{place.name} has {len(error.instance)} entries, Argo allows {bound}", "split it"
    hint = "a mode is octal: write 0o755, or 493" if place.path[-1] == "mode" else f"write {bound}"
    return f"`{excerpt(str(error.instance))}` is out of range: {place.name} is {bound}", hint


def is_octal(error: Failure, place: Place) -> bool:
    """True for a number with a leading zero where a number is fine, among others or alone."""
    wanted = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
    is_number = error.validator == "type" and not {"integer", "number"}.isdisjoint(wanted)
    is_bare = isinstance(place.node, str) and place.written == place.node
    return error.validator == "x-octal-or-text" or (is_number and is_bare and has_leading_zero(place.node))


def report_octal(place: Place, report: Report) -> None:
    """Report a number that readers of YAML 1.1 and 1.2 take for different ones."""
    digits = place.written.lstrip("+-")
    hint = f"write {int(digits, 8)}, or 0o{digits.lstrip('0') or '0'}" if set(digits) <= set("01234567") else ""
    hint = hint or f"write {digits.lstrip('0') or '0'}, or quote it to pass a string"
    message = f"`{excerpt(str(place.written))}` is octal in YAML 1.1 and decimal in YAML 1.2"
    report.error("ambiguous-number", message, place.span, hint)


def report_twin(error: Failure, place: Place, report: Report) -> None:
    """Report the second of two entries of a list that Kubernetes tells apart by some keys, and cannot."""
    key = str(error.validator_value[0])
    same = [isinstance(entry, Map) and entry.get(key) == place.node[key] for entry in place.parent]
    message = f"two entries of `{place.path[-2]}` have the {key} `{excerpt(str(place.node[key]))}`"
    related = (Related("the first", place.parent[same.index(True)].value_span(key)),)
    report.error("duplicate-name", message, place.node.value_span(key), "remove one of them", related)


def properties_of(schema: dict[str, Any]) -> dict[str, Any]:
    """The keys that a schema has itself, or takes over from another whose part it is."""
    known: dict[str, Any] = schema.get("properties", {})
    return known or (dict(argo_fields.properties(schema["$ref"].rpartition("/")[2])) if "$ref" in schema else known)


def hint_of(error: Failure) -> str:
    """The schema's own hint, else an example of what is right."""
    if "x-hint" in error.schema:
        return str(error.schema["x-hint"])
    examples = error.schema.get("examples") or [None]
    return f"for example {json.dumps(examples[0], ensure_ascii=False)}" if examples[0] is not None else ""
