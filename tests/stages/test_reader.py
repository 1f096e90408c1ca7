"""Reading: bytes → mappings and lists that know where each of their keys and values stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from transpiler.diagnostics import Report, Source
from transpiler.read.yaml.document import read_document
from transpiler.read.yaml.nodes import List, Map
from transpiler.read.yaml.source import decode

DOCUMENTS = {
    "block and flow": (
        "a: 1\nb:\n  c: [x, {d: yes}]\n",
        ["a 1:1 = 1 at 1:4-5", "b 2:1 {} at 3:3", "b.c 3:3 [] at 3:6", "b.c[0] = 'x' at 3:7-8", "b.c[1] {} at 3:10",
         "b.c[1].d 3:11 = 'yes' at 3:14-17"],
    ),
    "scalars of YAML 1.2": (
        "[0755, 1_000, on, true, ~, '1', 1e3, .5, 0o17, null, \"\\u00e4\"]",
        ["[0] = '0755' at 1:2-6", "[1] = '1_000' at 1:8-13", "[2] = 'on' at 1:15-17", "[3] = True at 1:19-23",
         "[4] = None at 1:25-26", "[5] = '1' at 1:28-31", "[6] = 1000.0 at 1:33-36", "[7] = 0.5 at 1:38-40",
         "[8] = 15 at 1:42-46", "[9] = None at 1:48-52", "[10] = 'ä' at 1:54-62"],
    ),
    "texts of several lines": (
        "a: |\n  one\n  two\nb: >-\n  three\n  four\n",
        ["a 1:1 = 'one\\ntwo\\n' at 1:4-5", "b 4:1 = 'three four' at 4:4-6"],
    ),
    "an alias stands where it is used": (
        "a: &x {k: 1}\nb: *x\n",
        ["a 1:1 {} at 1:4", "a.k 1:8 = 1 at 1:11-12", "b 2:1 {} at 1:4", "b.k 1:8 = 1 at 1:11-12"],
    ),
    "merged keys keep their place": (
        "a: &x {k: 1}\nb: {<<: *x, l: 2}\n",
        ["a 1:1 {} at 1:4", "a.k 1:8 = 1 at 1:11-12", "b 2:1 {} at 2:4", "b.l 2:13 = 2 at 2:16-17",
         "b.k 1:8 = 1 at 1:11-12"],
    ),
    "columns count characters, not bytes": (
        "ä: [ü, 😀, x]",
        ["ä 1:1 [] at 1:4", "ä[0] = 'ü' at 1:5-6", "ä[1] = '😀' at 1:8-9", "ä[2] = 'x' at 1:11-12"],
    ),
    "a byte order mark and CR LF": ("\ufeffa: 1\r\nb: x\r\n", ["a 1:1 = 1 at 1:4-5", "b 2:1 = 'x' at 2:4-5"]),
    "a value that is not there": ("a:\nb: 1\n", ["a 1:1 = None at 1:3-3", "b 2:1 = 1 at 2:4-5"]),
}  # fmt: skip
"""A text, and its entries: path, place of the key, value with its place."""


@pytest.mark.parametrize("name", DOCUMENTS)
def test_places(name: str) -> None:
    text, entries = DOCUMENTS[name]
    document, report = read(text)
    assert (list(outlined(document, "")), report.diagnostics) == (entries, ())


BROKEN = {
    "a: 1\na: 2\n": ("duplicate-key", 2, 1),
    "a: !python/object:os.system x\n": ("yaml-tag", 1, 29),
    "a: *b\n": ("unknown-anchor", 1, 4),
    "a: [1\n": ("yaml-syntax", 1, 4),
    "a: 1\n---\nb: 2\n": ("several-documents", 2, 1),
    "[" * 70: ("too-deep", 1, 65),
    "? [a]\n: 1\n": ("wrong-key", 1, 3),
}


@pytest.mark.parametrize("text", BROKEN, ids=lambda text: text[:12].strip())
def test_what_cannot_be_read_is_one_diagnostic_at_its_place(text: str) -> None:
    _, report = read(text)
    assert [(each.code, each.span.line, each.span.column) for each in report.diagnostics] == [BROKEN[text]]


def read(text: str) -> tuple[Any, Report]:
    report = Report()
    source = decode("x.yaml", text.encode(), report)
    assert isinstance(source, Source)
    return read_document(source, report), report


def outlined(node: Any, path: str) -> Iterator[str]:
    if isinstance(node, Map):
        for key, value in node.items():
            at = node.key_span(key)
            below = f"{path}.{key}".lstrip(".")
            yield entry(f"{below} {at.line}:{at.column}", value, node.value_span(key))
            yield from outlined(value, below)
    elif isinstance(node, List):
        for index, value in enumerate(node):
            yield entry(f"{path}[{index}]", value, node.item_span(index))
            yield from outlined(value, f"{path}[{index}]")


def entry(name: str, value: Any, at: Any) -> str:
    if isinstance(value, (Map, List)):
        return f"{name} {'{}' if isinstance(value, Map) else '[]'} at {value.span.line}:{value.span.column}"
    return f"{name} = {value!r} at {at.line}:{at.column}-{at.end_column}"
