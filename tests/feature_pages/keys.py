"""Pages of keys: every key of a manifest, a component and a project file, from the schema that judges it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from tests.conftest import REPOSITORY

HEADS: Final = {
    "manifest": """\
# Keys of a manifest

Every key of a manifest, where it may stand, its values and an example. [The manifest language](language.md) explains
them. `transpile schema pipeline` prints the schema that this page is made of, for editors.
""",
    "component-keys": """\
# Keys of a component

Every key of a `component.yaml`, its values and an example. [Write components](components.md) says how to get one.
`transpile schema component` prints the schema that this page is made of, for editors.
""",
    "project-keys": """\
# Keys of a project file

Every key of `transpile.yaml`, its values and an example. [`transpile build`](build.md) reads it.
""",
    "test-keys": """\
# Keys of a file of tests

Every key of `pipeline.test.yaml`, its values and an example. [Test a pipeline](testing.md) explains them.
`transpile schema test` prints the schema that this page is made of, for editors.
""",
}
"""Page → its first lines."""
SCHEMAS: Final = {
    "manifest": "pipeline",
    "component-keys": "component",
    "project-keys": "project",
    "test-keys": "test",
}
"""Page → the schema that it is made of."""
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
    """A mapping of the document: where it stands, and its schema."""

    path: str
    schema: Schema

    @property
    def anchor(self) -> str:
        """The end of the link to it."""
        return re.sub(r"[^\w\- ]", "", self.path.lower())


def keys_page(page: str) -> str:
    """The tables of all keys of a kind of document."""
    name = f"{SCHEMAS[page]}.schema.json"
    root: Schema = json.loads((REPOSITORY / "schemas" / name).read_text(encoding="utf-8"))
    schema = Reader(root)
    found = list(schema.sections())
    where = {_keys(section.schema): section.anchor for section in found}
    parts = [HEADS[page], f"<!-- Made from schemas/{name} by `python -m tests.feature_pages`. -->", ""]
    for section in found:
        parts += [f"## {f'`{section.path}`' if section.path else 'The file'}", ""]
        if section.path and (text := section.schema.get("description")):
            parts += [_cell(text), ""]
        parts += [*_table(schema, section, where), ""]
    return "\n".join(parts)


@dataclass(frozen=True)
class Reader:
    """A schema, whose definitions are found by their references."""

    root: Schema

    def sections(self) -> Iterator[Section]:
        """The mappings with keys of their own, each before those inside of it; a definition once."""
        todo = [Section("", self.root)]
        seen: set[str] = set()
        while todo:
            section = todo.pop(0)
            if _keys(section.schema) not in seen:
                seen.add(_keys(section.schema))
                yield section
                todo[:0] = self.inner(section)

    def inner(self, section: Section) -> Iterator[Section]:
        """The mappings in a mapping: values of its keys, entries of these, and items of lists."""
        for key, schema in section.schema["properties"].items():
            path = f"{section.path}.{key}" if section.path else key
            whole = self.whole(schema)
            for place, each in ((path, whole), (f"{path}.NAME", self.entry(whole)), (f"{path}[]", self.item(whole))):
                if "properties" in each:
                    yield Section(place, each)

    def entry(self, schema: Schema) -> Schema:
        """What a mapping of names has for each name."""
        found = schema.get("additionalProperties")
        return self.whole(found) if isinstance(found, dict) else {}

    def item(self, schema: Schema) -> Schema:
        """What a list has."""
        found = schema.get("items")
        return self.whole(found) if isinstance(found, dict) else {}

    def whole(self, schema: Schema) -> Schema:
        """A schema with what it refers to, and with the form that a mapping has; other files' are left out."""
        reference = schema.get("$ref", "")
        if reference.startswith("#/"):
            found: Any = self.root
            for part in reference[2:].split("/"):
                found = found[part]
            schema = {**self.whole(found), **{key: value for key, value in schema.items() if key != "$ref"}}
        if schema.get("if", {}).get("type") == "object" and "then" in schema:
            then = self.whole(schema["then"])
            schema = {**{key: value for key, value in then.items() if key in ("properties", "required")}, **schema}
        return schema


def _keys(schema: Schema) -> str:
    """What tells mappings apart: two with the same keys are described once."""
    return json.dumps(schema.get("properties", schema), sort_keys=True)


def _table(reader: Reader, section: Section, where: dict[str, str]) -> Iterator[str]:
    yield from ("| key | value | meaning and example |", "|---|---|---|")
    required = section.schema.get("required", ())
    for key, schema in section.schema["properties"].items():
        whole = reader.whole(schema)
        inner = (each for each in (whole, reader.entry(whole), reader.item(whole)) if "properties" in each)
        anchor = next((where[_keys(each)] for each in inner), "")
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
