"""`transpile explain`: the explanation of a code, or the list of all."""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Iterator

from transpiler.cli.streams import put
from transpiler.cli.usage import UsageError
from transpiler.rules import MANIFEST, Rule, codes, rule
from transpiler.suggest import did_you_mean

_WIDTH = 88


def run(given: argparse.Namespace) -> int:
    """Print the page of a code; without one, a table of all. Raises UsageError for a code that there is not."""
    known = codes()
    if given.code is None:
        _print(_table([rule(code) for code in known]))
        return 0
    if given.code not in known:
        close = did_you_mean(given.code, known)
        hint = f"did you mean `{close}`?" if close else "`transpile explain` lists all codes"
        raise UsageError(f"there is no code `{given.code}`\n  hint: {hint}")
    _print(_page(rule(given.code)))
    return 0


def _print(lines: Iterator[str]) -> None:
    put("".join(f"{line}\n" for line in lines), sys.stdout)


def _table(rules: list[Rule]) -> Iterator[str]:
    code = max(len(each.code) for each in rules)
    severity = max(len(each.severity) for each in rules)
    for each in rules:
        yield f"{each.code:<{code}}  {each.severity:<{severity}}  {each.title}"


def _page(each: Rule) -> Iterator[str]:
    """Title, reason, each example, and the components that the examples refer to."""
    yield f"{each.code} ({each.severity}): {each.title}"
    yield ""
    yield textwrap.fill(each.why, _WIDTH, break_long_words=False, break_on_hyphens=False)
    for example in each.examples:
        yield from _block(f"{example.kind.capitalize()}{example.name}:", example.text)
    if any(example.file == "values" for example in each.examples):
        yield from _block("pipeline.yaml, which the examples change:", MANIFEST)
    for path, text in each.components.items():
        yield from _block(f"{path}, which the examples use:", text)


def _block(heading: str, text: str) -> Iterator[str]:
    yield from ("", heading, "", textwrap.indent(text.rstrip("\n"), "    "))
