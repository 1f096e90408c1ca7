"""The page of a rule as SARIF's texts: a title, a description of limited length, and help with examples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from transpiler.rules import Rule, rule

_MAX_DESCRIPTION: Final = 1024
"""Characters, GitHub's limit of `fullDescription`."""


def descriptor(code: str) -> dict[str, Any]:
    """SARIF's `reportingDescriptor` of a code."""
    page = rule(code)
    return {
        "id": code,
        "name": "".join(word.capitalize() for word in code.split("-")),
        "shortDescription": {"text": f"{page.title[:1].upper()}{page.title[1:]}."},
        "fullDescription": {"text": _shortened(page.why)},
        "help": {"text": _help(page, is_markdown=False), "markdown": _help(page, is_markdown=True)},
        "defaultConfiguration": {"level": page.severity.partition(" ")[0]},
    }


def _shortened(text: str) -> str:
    """Whole sentences, as many as there is room for."""
    if len(text) <= _MAX_DESCRIPTION:
        return text
    return text[: text.rindex(". ", 0, _MAX_DESCRIPTION) + 1]


def _help(page: Rule, *, is_markdown: bool) -> str:
    lines = [page.why]
    for example in page.examples:
        where = " component.yaml" if example.file == "component" else ""
        language = "python" if example.file == "function" else "yaml"
        lines += ["", f"{example.kind.capitalize()}{where}:", "", *_block(example.text, language, is_markdown)]
    return "\n".join([*lines, "", f"See also: `transpile explain {page.code}`.", ""])


def _block(text: str, language: str, is_markdown: bool) -> Iterator[str]:
    if is_markdown:
        yield from (f"```{language}", text.rstrip("\n"), "```")
    else:
        yield from (f"    {line}".rstrip() for line in text.rstrip("\n").split("\n"))
