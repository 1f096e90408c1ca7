"""The second document of a file that kfp 2 compiled: what kfp-kubernetes says of the pods, under `platforms`."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from transpiler.diagnostics import Report, Source
from transpiler.patterns import regex
from transpiler.read.yaml.document import read_document
from transpiler.read.yaml.nodes import Map

KEY: Final = "platforms"
_START: Final = regex(rf"^---[ \t]*\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*{KEY}[ \t]*:", re.MULTILINE)


class Parted(NamedTuple):
    """The text of a component, and that of the document behind it. Both have the places of the whole text."""

    component: Source
    platforms: Source | None


def parted(source: Source) -> Parted:
    """The two documents of a compiled file; the whole text, if there is no second one about platforms."""
    found = _START.search(source.text)
    if found is None:
        return Parted(source, None)
    before, behind = source.text[: found.start()], source.text[found.start() + 3 :]
    blank = re.sub(r"[^\r\n]", " ", before)
    return Parted(Source(source.name, before), Source(source.name, f"{blank}   {behind}"))


def with_platforms(document: Map, platforms: Source | None, report: Report) -> None:
    """Put the mapping of the second document into the first one."""
    second = read_document(platforms, report) if platforms is not None else None
    found = second.get(KEY) if isinstance(second, Map) else None
    if isinstance(found, Map):
        document.put(KEY, found, found.mark, found.mark)
