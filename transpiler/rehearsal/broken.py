"""Which cases the mistakes of a file of tests concern: what is wrong in one case keeps no other one from running."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from transpiler.diagnostics import Diagnostic
from transpiler.rehearsal.model import Tests

_ANCHOR: Final = re.compile(r"(?:^|[\s\[{,:])&\w")
_OF_THE_FILE: Final = ("yaml-", "duplicate-", "not-utf8", "too-", "missing-manifest")
"""Codes of mistakes after which nobody knows where a case ends."""


def broken(tests: Tests, found: Iterable[Diagnostic]) -> frozenset[str]:
    """The names of the cases with mistakes, or of all if one is in no case, or in what several may share (`&x`)."""
    names = {(each.span.line, each.span.column): each.name for each in tests.cases}
    places = sorted([*names, *((each.line, each.column) for each in tests.keys)])
    wrong: set[str] = set()
    for each in (one for one in found if one.severity == "error"):
        start = max((at for at in places if at <= (each.span.line, each.span.column)), default=None)
        is_shared = each.code.startswith(_OF_THE_FILE) or _ANCHOR.search(tests.span.source.text) is not None
        if is_shared or start not in names:
            return frozenset(names.values())
        wrong.add(names[start])
    return frozenset(wrong)
