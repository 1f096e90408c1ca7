"""`docs/manifest.md`: every key of a manifest, from the schema that judges it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from tests.conftest import REPOSITORY

_HEAD: Final = """\
# Keys of a manifest

Every key of a manifest, where it may stand, its values and an example. [The manifest language](language.md) explains
them. `transpile schema pipeline` prints the schema that this page is made of, for editors.

<!-- Made from schemas/pipeline.schema.json by `python -m tests.feature_pages`. -->
"""
_WORDS: Final = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}
_PLAIN: Final = re.compile(r"[A-Za-z./][\w./ -]*")
Schema = dict[str, Any]


@dataclass(frozen=True)
class Section:
    """A mapping of the manifest: where it stands, and its schema."""

    path: str
    schema: Schema

    @property
    def anchor(self) -> str:
        """The end of the link to it."""
        return re.sub(r"[^\w\- ]", "", self.path.lower())


def manifest_page() -> str:
    """The tables of all keys."""
    found = list(_sections())
    where = {_keys(section.schema): section.anchor for section in found}
    parts = [_HEAD]
    for section in found:
        parts += [f"## {f'`{section.path}`' if section.path else 'The manifest'}", ""]
        if section.path and (text := section.schema.get("description")):
            parts += [_cell(text), ""]
        parts += [*_table(section, where), ""]
    return "\n".join(parts)


def _sections() -> Iterator[Section]:
    """The mappings with keys of their own, each before those inside of it; a definition once."""
    todo = [Section("", _root())]
    seen: set[str] = set()
    while todo:
        section = todo.pop(0)
        if _keys(section.schema) not in seen:
            seen.add(_keys(section.schema))
            yield section
            todo[:0] = _inner(section)


def _keys(schema: Schema) -> str:
    """What tells mappings apart: two with the same keys are described once."""
    return json.dumps(schema.get("properties", schema), sort_keys=True)


def _inner(section: Section) -> Iterator[Section]:
    for key, schema in section.schema["properties"].items():
        path = f"{section.path}.{key}" if section.path else key
        whole = _whole(schema)
        if "properties" in whole:
            yield Section(path, whole)
        entries = whole.get("additionalProperties")
        if isinstance(entries, dict) and "properties" in (entry := _whole(entries)):
            yield Section(f"{path}.NAME", entry)


def _root() -> Schema:
    found: Schema = json.loads((REPOSITORY / "schemas" / "pipeline.schema.json").read_text(encoding="utf-8"))
    return found


def _whole(schema: Schema) -> Schema:
    """A schema with what it refers to, and with the form that a mapping has; Argo's types are left out."""
    reference = schema.get("$ref", "")
    if reference.startswith("#/"):
        found: Any = _root()
        for part in reference[2:].split("/"):
            found = found[part]
        schema = {**_whole(found), **{key: value for key, value in schema.items() if key != "$ref"}}
    if schema.get("if", {}).get("type") == "object" and "then" in schema:
        then = _whole(schema["then"])
        schema = {**{key: value for key, value in then.items() if key in ("properties", "required")}, **schema}
    return schema


def _table(section: Section, where: dict[str, str]) -> Iterator[str]:
    yield from ("| key | value | meaning and example |", "|---|---|---|")
    required = section.schema.get("required", ())
    for key, schema in section.schema["properties"].items():
        whole = _whole(schema)
        entries = whole.get("additionalProperties")
        anchor = where.get(_keys(whole)) or (where.get(_keys(_whole(entries))) if isinstance(entries, dict) else None)
        name = f"[`{key}`](#{anchor})" if anchor else f"`{key}`"
        kind = _kind(whole) + (", required" if key in required else "")
        examples = (f"`{_cell(_flow(each))}`" for each in whole.get("examples", ())[:2])
        yield f"| {name} | {kind} | {'<br>'.join([_cell(whole.get('description', '')), *examples])} |"


def _kind(schema: Schema) -> str:
    """What a value may be, in words."""
    if "enum" in schema:
        return ", ".join(f"`{_flow(each)}`" for each in schema["enum"] if each is not None)
    if schema.get("$ref", "").startswith("argo."):
        return f"Argo's `{schema['$ref'].rpartition('/')[2].removeprefix('Partial')}`"
    given = schema.get("type", ())
    kinds = [given] if isinstance(given, str) else given
    return " or ".join(_WORDS[each] for each in kinds if each != "null") or "any value"


def _flow(value: Any) -> str:
    """A value of an example, as YAML in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow(key)}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value not in ("true", "false", "null", "yes", "no", "on"):
        return value
    return json.dumps(value, ensure_ascii=False)


def _cell(text: str) -> str:
    """A text in a table."""
    return text.replace("|", "\\|").replace("\n", " ")
