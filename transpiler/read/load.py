"""Bytes → a mapping that its JSON Schema has judged: all of reading in one call."""

from __future__ import annotations

from typing import Final

from transpiler.diagnostics import Report
from transpiler.read.schema.judge import check_schema
from transpiler.read.schema.vocabulary import foreign_document, is_compiled
from transpiler.read.yaml.document import read_document
from transpiler.read.yaml.key_order import sort_keys
from transpiler.read.yaml.nodes import BAD, List, Map
from transpiler.read.yaml.recover import read_what_can_be
from transpiler.read.yaml.source import decode

_EMPTY_HINTS: Final = {
    "pipeline": "a manifest needs at least `name:` and `tasks:`",
    "component": "a component needs at least `implementation:`",
}
EITHER: Final = "pipeline or component"
_NAMES: Final = {"pipeline": "manifest", "component": "component"}
_FOREIGN_HINTS: Final = {
    "pipeline": "a manifest has `name:` and `tasks:`; to check a component, use `transpile check`",
    "component": "a component is a KFP v1 component.yaml, with `implementation:`, or a component compiled by kfp 2",
}


def load(name: str, data: bytes, schema: str, report: Report, *, recovers: bool = False) -> Map | None:
    """Read a document and judge it by `schema`, or by what it is for `pipeline or component`.

    None when there is no mapping to go on with.

    A mapping is returned even when parts of it are wrong, so that the mistakes in the rest are found too. `recovers`:
    also what can be understood of a file that is not YAML.
    """
    before = report.errors
    source = decode(name, data, report)
    if source is None:
        return None
    document, is_whole = read_what_can_be(source, report) if recovers else (read_document(source, report), True)
    if (report.errors > before and document is None) or document is BAD:
        return None
    if isinstance(document, List) and document.is_faulty:
        return None
    if schema == EITHER:
        is_component = isinstance(document, Map) and "implementation" in document and "tasks" not in document
        schema = "component" if is_component else "pipeline"
    if document is None:
        code = "empty-manifest" if schema == "pipeline" else "empty-component"
        report.error(code, "the file is empty", source.span(0), _EMPTY_HINTS[schema])
        return None
    if not isinstance(document, Map):
        what = "a list" if isinstance(document, list) else "a single value"
        report.error("wrong-type", f"the file must be a mapping, not {what}", source.span(0), _EMPTY_HINTS[schema])
        return None
    foreign = foreign_document(document, schema)
    if foreign and not is_whole:
        return None
    if foreign:
        key, what = foreign
        hint = _FOREIGN_HINTS[schema]
        if schema == "component" and key == "tasks":
            hint = "write `pipeline:` instead of `component:` where it is used"
        report.error("wrong-type", f"{what}, not a {_NAMES[schema]}", document.key_span(key), hint)
        return None
    check_schema(document, "component-v2" if schema == "component" and is_compiled(document) else schema, report)
    sort_keys(document)
    return document
