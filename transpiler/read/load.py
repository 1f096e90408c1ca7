"""Bytes → a mapping that its JSON Schema has judged: all of reading in one call."""

from __future__ import annotations

from collections.abc import Callable

from transpiler.diagnostics import Report
from transpiler.read.documents import COMPILED, COMPONENT, MANIFEST, Kind, foreign, is_compiled, kind_of
from transpiler.read.file_texts import Texts, insert_texts
from transpiler.read.platforms import Parted, parted, with_platforms
from transpiler.read.schema.judge import check_schema
from transpiler.read.yaml.document import read_what_can_be
from transpiler.read.yaml.key_order import sort_keys
from transpiler.read.yaml.nodes import UNUSABLE, List, Map
from transpiler.read.yaml.source import decode

Lay = Callable[[Map, Report], Map]
"""A document → the same with values laid over it."""


def load(
    name: str, data: bytes, wanted: Kind | None, report: Report, texts: Texts | None = None, lay: Lay | None = None
) -> Map | None:
    """Read a document of the wanted kind, or else a manifest or component, and judge it by its schema.

    None when there is no mapping to go on with.

    A mapping is returned even when parts of it are wrong, or not YAML, so that the mistakes in the rest are found too.
    `texts` reads the files whose texts a manifest takes. `lay` changes a manifest before it is judged.
    """
    before = report.errors
    source = decode(name, data, report)
    if source is None:
        return None
    source, platforms = parted(source) if wanted is COMPONENT else Parted(source, None)
    document, is_broken = read_what_can_be(source, report)
    if (report.errors > before and document is None) or document is UNUSABLE:
        return None
    if isinstance(document, List) and document.is_incomplete:
        return None
    if wanted is None:
        wanted = COMPONENT if isinstance(document, Map) and kind_of(document) is COMPONENT else MANIFEST
    if document is None:
        report.error(wanted.empty, "the file is empty", source.span(0), wanted.least)
        return None
    if not isinstance(document, Map):
        what = "a list" if isinstance(document, list) else "a single value"
        report.error("wrong-type", f"the file must be a mapping, not {what}", source.span(0), wanted.least)
        return None
    other = foreign(document, wanted)
    if other:
        if not is_broken:
            report.error("wrong-type", other.message, document.key_span(other.key), other.hint)
        return None
    with_platforms(document, platforms, report)
    if lay is not None and wanted is MANIFEST:
        document = lay(document, report)
    _judge(document, wanted, texts if wanted is MANIFEST else None, report)
    return document


def _judge(document: Map, wanted: Kind, texts: Texts | None, report: Report) -> None:
    """What its schema says of a document with its texts, whose keys are sorted then."""
    if texts is not None:
        insert_texts(document, texts, report)
    is_of_kfp2 = wanted is COMPONENT and is_compiled(document)
    check_schema(document, (COMPILED if is_of_kfp2 else wanted).schema, report)
    sort_keys(document)
