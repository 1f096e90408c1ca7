"""Conditions inside { }: their commas, brackets and `!` are YAML's there, unless the whole condition is in quotes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from transpiler.diagnostics import excerpt
from transpiler.patterns import regex
from transpiler.read.yaml.slips.block import Block, Edit, Slip, quoted

_CONDITION: Final = regex(r"(?:[{,]|^)\s*(?:when|if|condition):[ \t]+(?=[^\s\"'{\[$|>&*,}])")
_TOKEN: Final = regex(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|[()\[\]{},]|[^()\[\]{},\"']+|.", flags=0)
_OPENING: Final = "([{"
_CLOSING: Final = ")]}"
_ENDING: Final = ")]},"
_OF_YAML: Final = regex(r"[,\[\]{}]|: |^!|&&|[\"'].*,")


def condition_in_brackets(block: Block) -> Iterator[Slip]:
    """`{when: inputs.mode in ['dev', 'prod']}`, `{when: contains(inputs.mode, 'x')}`."""
    for start, line in block.suspects():
        for found in _CONDITION.finditer(line):
            text = line[found.end() : found.end() + _length(line[found.end() :])].rstrip()
            at, end = start + found.end(), start + found.end() + len(text)
            if not _OF_YAML.search(text) or not _is_in_braces(block.text[:at]):
                continue
            message = "inside { }, a condition with commas, brackets or `!` needs quotes"
            yield Slip(at, end, message, f"write {excerpt(quoted(text))}", (Edit(at, end, quoted(text)),))


def _is_in_braces(before: str) -> bool:
    return before.count("{") > before.count("}")


def _length(text: str) -> int:
    """The length of the expression at the start of a text: it ends at a comma or bracket that is not its own."""
    depth = 0
    for found in _TOKEN.finditer(text):
        if found[0] in _OPENING:
            depth += 1
        elif depth == 0 and found[0] in _ENDING:
            return found.start()
        elif found[0] in _CLOSING:
            depth -= 1
    return len(text)
