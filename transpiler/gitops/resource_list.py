"""A ResourceList of a KRM function, version `config.kubernetes.io/v1`: read, and written.

The items of others pass through as they were written, comments included: they may be of any version of YAML, so reading
and writing them again could change their values. Rules: the KRM Functions Specification of Kustomize.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from transpiler.diagnostics import Report, Source
from transpiler.plan.argo_objects import Node
from transpiler.read.yaml import fields
from transpiler.read.yaml.document import read_document
from transpiler.read.yaml.nodes import List, Map
from transpiler.read.yaml.source import decode_utf8
from transpiler.render.layout import below

API: Final = "config.kubernetes.io/v1"
PATH: Final = "internal.config.kubernetes.io/path"
INDEX: Final = "internal.config.kubernetes.io/index"
MAX_LIST: Final = 32 * 1024 * 1024
"""Bytes of a list: kpt and Kustomize pass all objects of a package."""
_DASHES: Final = ("- ", "-\n")
_NOT_ONE: Final = f"the input is not a ResourceList ({API}), as kpt and Kustomize pass it"
_HINT: Final = "run it as a KRM function: `kpt fn eval DIR --exec 'transpile krm DIR' -- manifests=pipeline.yaml`"


class Item(Struct, frozen=True):
    """An object of the list. `text` is how it was written, from the dash to the next item."""

    node: Map
    text: str

    @property
    def annotations(self) -> dict[str, str]:
        """Its annotations."""
        metadata = fields.mapping(self.node, "metadata")
        return dict(fields.pairs(metadata, "annotations")) if metadata is not None else {}

    @property
    def file(self) -> str:
        """The file in the package that it stands in; empty for one without."""
        return self.annotations.get(PATH, "")


class ResourceList(Struct, frozen=True):
    """The objects that a function gets, and its configuration."""

    source: Source
    items: tuple[Item, ...]
    config: Map | None
    margin: int = 0
    """The column of the dashes."""


def read_list(name: str, data: bytes, report: Report) -> ResourceList | None:
    """The list that was passed; None, with a diagnostic, where it is none. `name` is for messages."""
    source = decode_utf8(name, data, report, MAX_LIST)
    document = read_document(source, report) if source is not None else None
    if source is None or report.failed:
        return None
    if not isinstance(document, Map) or (document.get("apiVersion"), document.get("kind")) != (API, "ResourceList"):
        report.error("wrong-type", _NOT_ONE, source.span(0), _HINT)
        return None
    items = fields.items(document, "items")
    texts = _texts(items) if isinstance(items, List) and items else []
    if texts is None or any(not isinstance(each, Map) for each in items):
        report.error("wrong-type", "an item of the list is not an object", document.value_span("items"), _HINT)
        return None
    made = tuple(Item(node, text) for node, text in zip(items, texts, strict=True))
    margin = len(texts[0]) - len(texts[0].lstrip(" ")) if texts else 0
    return ResourceList(source, made, fields.mapping(document, "functionConfig"), margin)


def _texts(items: List) -> list[str] | None:
    """Each item as it was written, from its dash; None where dashes do not start their lines."""
    text = items.source.text
    if text[items.mark.start] == "[":
        return [f"- {_indented(text[start:end])}\n" for start, end in items.items_at]
    dashes = [_dash_before(text, start) for start, _ in items.items_at]
    ends = [*dashes[1:], items.mark.end]
    if -1 in dashes:
        return None
    pieces = [text[start:end] for start, end in zip(dashes, ends, strict=True)]
    return [piece if piece.endswith("\n") else f"{piece}\n" for piece in pieces]


def _indented(flow: str) -> str:
    """A flow mapping, whose line breaks mean spaces, below a dash."""
    return flow.replace("\n", "\n  ")


def _dash_before(text: str, start: int) -> int:
    """Where the line of an item's dash starts: comments may stand between the dash and the item. -1 without one."""
    line = text.rfind("\n", 0, start) + 1
    while line and not text[line:start].lstrip(" ").startswith(_DASHES):
        line = text.rfind("\n", 0, line - 1) + 1
    return line or -1


def write_list(listing: ResourceList, items: Iterable[Item | Node], results: Sequence[Node] = ()) -> str:
    """The list that the function gives back: items as they came, and objects of our own."""
    texts = [each.text if isinstance(each, Item) else _written(each, listing.margin) for each in items]
    head = f"apiVersion: {API}\nkind: ResourceList\nitems:{'' if texts else ' []'}\n"
    return f"{head}{''.join(texts)}" + (f"results{below(list(results))}\n" if results else "")


def _written(node: Node, margin: int) -> str:
    """An object of our own at the column of the others: its lines, of which those of texts are relative to it."""
    lines = below([node]).split("\n")[1:]
    return "".join(f"{' ' * margin}{line}\n" if line else "\n" for line in lines)
