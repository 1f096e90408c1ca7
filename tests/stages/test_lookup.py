"""A cursor → the entry of the document that it is in, in whole manifests and in half-typed ones."""

from __future__ import annotations

from typing import Final

import pytest

from transpiler.diagnostics import Report, Source
from transpiler.read.yaml.document import read_what_can_be
from transpiler.read.yaml.lookup import Found, Lookup, Part
from transpiler.read.yaml.nodes import Map

CURSOR: Final = "¦"


def found_at_cursor(text: str) -> Found:
    """What is found at the cursor, which is taken out of the text."""
    before, _, after = text.partition(CURSOR)
    document, _ = read_what_can_be(Source("x", before + after), Report())
    assert isinstance(document, Map)
    return Lookup(document).at(before.count("\n") + 1, len(before) - before.rfind("\n"))


MANIFEST: Final = """\
name: x
tasks:
  sum:
    component: add
    arguments: {a: 1, b: [x, y]}
    after:
    - one
    - two

  train: {component: fit}
  last:
    hooks:
      - name: h
        when: true
"""
CASES: Final = {
    ("name: x", "na¦me: x"): ("key", "name"),
    ("name: x", "name: ¦x"): ("value", "name"),
    ("name: x", "name: x¦"): ("value", "name"),
    ("name: x", "name:¦ x"): ("value", "name"),
    ("name: x", "name: x   ¦"): ("value", "name"),
    ("tasks:", "ta¦sks:"): ("key", "tasks"),
    ("tasks:", "tasks: ¦"): ("value", "tasks"),
    ("  sum:", "¦  sum:"): ("between", "tasks"),
    ("  sum:", "  s¦um:"): ("key", "tasks sum"),
    ("component: add", "component: ad¦d"): ("value", "tasks sum component"),
    ("a: 1", "¦a: 1"): ("key", "tasks sum arguments a"),
    ("a: 1", "a: 1¦"): ("value", "tasks sum arguments a"),
    ("a: 1, b", "a: 1,¦ b"): ("between", "tasks sum arguments"),
    ("{a: 1", "{¦a: 1"): ("key", "tasks sum arguments a"),
    ("[x, y]", "[x, y¦]"): ("value", "tasks sum arguments b 1"),
    ("[x, y]", "[¦x, y]"): ("value", "tasks sum arguments b 0"),
    ("y]}", "y]¦}"): ("value", "tasks sum arguments b"),
    ("y]}", "y]}¦"): ("value", "tasks sum arguments"),
    ("- one", "- on¦e"): ("value", "tasks sum after 0"),
    ("- two", "- tw¦o"): ("value", "tasks sum after 1"),
    ("- two\n", "- two\n¦"): ("between", ""),
    ("- two\n", "- two\n  ¦"): ("between", "tasks"),
    ("- two\n", "- two\n    ¦"): ("between", "tasks sum"),
    ("- two\n", "- two\n      ¦"): ("value", "tasks sum after 1"),
    ("- two\n", "- two\n    c¦\n"): ("between", "tasks sum"),
    ("- two\n", "- two\n  c¦\n"): ("between", "tasks"),
    ("fit}", "fit¦}"): ("value", "tasks train component"),
    ("fit}", "fit, ¦}"): ("between", "tasks train"),
    ("fit}", "fit, ar¦}"): ("key", "tasks train ar"),
    ("fit}", "fit, arguments: {a: ¦"): ("value", "tasks train arguments a"),
    ("fit}", 'fit, arguments: {a: "${{ inputs.¦'): ("value", "tasks train arguments a"),
    ("- name: h", "- na¦me: h"): ("key", "tasks last hooks 0 name"),
    ("- name: h", "- name: h¦"): ("value", "tasks last hooks 0 name"),
    ("when: true\n", "when: true\n        ¦\n"): ("between", "tasks last hooks 0"),
    ("when: true\n", "when: true\n      ¦\n"): ("between", "tasks last hooks"),
    ("when: true\n", "when: true\n    ¦\n"): ("between", "tasks last"),
    ("when: true\n", "when: true\n        com¦\n"): ("between", "tasks last hooks 0"),
    ("when: true\n", "when: true\n  new:\n    ¦"): ("value", "tasks new"),
    ("when: true\n", "when: true\n  new:\n    com¦"): ("value", "tasks new"),
    ("when: true\n", "when: true\noutputs:\n  a: ${{ tasks.¦"): ("value", "outputs a"),
    ("component: add", 'component: "ad¦d'): ("value", "tasks sum component"),
    ("component: add", "component: a: b¦"): ("value", "tasks sum component"),
    ("component: add", "comp¦"): ("between", "tasks sum"),
}


@pytest.mark.parametrize(("change", "expected"), CASES.items(), ids=[new for _, new in CASES])
def test_the_entry_at_a_cursor(change: tuple[str, str], expected: tuple[str, str]) -> None:
    assert MANIFEST.count(change[0]) == 1, "the text to change stands there once"
    found = found_at_cursor(MANIFEST.replace(*change))
    assert (found.part.value, " ".join(map(str, found.path))) == expected


def test_spans_are_those_of_the_document() -> None:
    found = found_at_cursor(MANIFEST.replace("component: add", "component: ad¦d"))
    assert found.span[1:] == (4, 16, 4, 19)
    assert found.key == "component"
    between = found_at_cursor(MANIFEST.replace("a: 1, b", "a: 1,¦ b"))
    assert (between.key, between.span[1:3]) == (None, (5, 16))


def test_aliases_are_found_where_they_are_written() -> None:
    text = "a: &x {k: 1}\nb: *x\nc:\n  <<: *x\n  d: 2\n"
    assert found_at_cursor(text.replace("*x\nc", "*¦x\nc")).path == ("b",)
    assert found_at_cursor(text.replace("k: 1", "k: ¦1")).path == ("a", "k")
    assert found_at_cursor(text.replace("d: 2", "d: ¦2")).path == ("c", "d")


def test_every_position_has_an_entry() -> None:
    document, _ = read_what_can_be(Source("x", MANIFEST), Report())
    lookup = Lookup(document)
    for number, line in enumerate(MANIFEST.split("\n"), 1):
        for column in range(1, len(line) + 3):
            found = lookup.at(number, column)
            assert found.part in Part
            assert lookup.value(found.path) is not None
    assert lookup.at(0, 0).path == ("name",)
    assert lookup.at(99, 1).path == ()
