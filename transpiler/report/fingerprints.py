"""Fingerprints of problems: the same as long as a problem stays, wherever its line moves; different for each problem.

By them GitHub and GitLab know a problem of an earlier run again.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Final

from transpiler.diagnostics import Diagnostic
from transpiler.report.findings import Findings

_BLOCK: Final = 100
"""Characters that GitHub's hash of a line covers."""
_FACTOR: Final = 37
_END_OF_FILE: Final = 0xFFFF
_UTF_16: Final = f"utf-16-{sys.byteorder[0]}e"
_UNKNOWN: Final = "secret-in-manifest"
"""The code whose lines enter no fingerprint: reports are published, and a short secret can be guessed from a hash."""


def fingerprints(findings: Findings) -> list[str]:
    """A digest for each diagnostic: of its code, its file, the text of its line, and its number among equal ones."""
    seen: Counter[tuple[str, str, str]] = Counter()
    return [_digest(_key(each, findings.path(each.span.source.name)), seen) for each in findings.diagnostics]


def _key(diagnostic: Diagnostic, path: str) -> tuple[str, str, str]:
    line = "" if diagnostic.code == _UNKNOWN else diagnostic.span.source.line(diagnostic.span.line)
    return diagnostic.code, path, line.strip() or diagnostic.message


def _digest(key: tuple[str, str, str], seen: Counter[tuple[str, str, str]]) -> str:
    seen[key] += 1
    return sha256("\0".join((*key, str(seen[key]))).encode("utf-8", "surrogatepass")).hexdigest()


def line_hashes(text: str, lines: Iterable[int]) -> dict[int, str]:
    """Line → `hash:number`, GitHub's `primaryLocationLineHash`: the uploader of SARIF files computes the same.

    It covers 100 UTF-16 units from the start of the line, without blanks and tabs; the number tells equal blocks apart.
    """
    blocks = list(_blocks(text))
    wanted = sorted(line for line in set(lines) if line <= len(blocks))
    seen: Counter[bytes] = Counter()
    hashes, done = {}, 0
    for line in wanted:
        seen.update(blocks[done:line])
        done = line
        hashes[line] = f"{_hash(blocks[line - 1]):x}:{seen[blocks[line - 1]]}"
    return hashes


def _blocks(text: str) -> Iterator[bytes]:
    """The block of each line, as UTF-16."""
    dense = text.translate({ord(" "): None, ord("\t"): None})
    units = array("H", dense.encode(_UTF_16, "surrogatepass"))
    starts = [0, *(place + 1 for place, unit in enumerate(units) if unit == ord("\n"))]
    units.append(_END_OF_FILE)
    units.extend([0] * _BLOCK)
    data = units.tobytes()
    yield from (data[2 * start : 2 * (start + _BLOCK)] for start in starts)


def _hash(block: bytes) -> int:
    total = 0
    for unit in array("H", block):
        total = (total * _FACTOR + unit) % 2**64
    return total


def line_hashes_of(diagnostics: Sequence[Diagnostic]) -> dict[tuple[str, int], str]:
    """File and line → GitHub's hash, for the lines of diagnostics; without files whose text is not known."""
    texts = {each.span.source.name: each.span.source.text for each in diagnostics if each.span.source.text}
    lines: dict[str, list[int]] = {name: [] for name in texts}
    for each in diagnostics:
        lines.get(each.span.source.name, []).append(each.span.line)
    return {
        (name, line): found for name, text in texts.items() for line, found in line_hashes(text, lines[name]).items()
    }
