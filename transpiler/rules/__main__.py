"""`python -m transpiler.rules > docs/rules.md` writes all rules as one page."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from transpiler.rules import MANIFEST, Rule, codes, components, rule

_INTRODUCTION = """\
# Rules

Every problem that `transpile` reports has a code. `transpile explain CODE` prints what stands here.

An *error* is a mistake that no Workflow can come from. A *warning* is something that compiles, but is probably not
what was meant.

<!-- Made from transpiler/rules/*.md by `python -m transpiler.rules > docs/rules.md`. -->
"""


def markdown() -> str:
    """The rules as one Markdown page: a table of all, each of them, and the components of the examples."""
    rules = [rule(code) for code in codes()]
    sections = ["\n".join(_section(each)) for each in rules]
    return "\n".join([_INTRODUCTION, *_table(rules), "", *sections, *_components()])


def _table(rules: list[Rule]) -> Iterator[str]:
    yield from ("| code | severity | what is wrong |", "|---|---|---|")
    for each in rules:
        yield f"| [`{each.code}`](#{each.code}) | {each.severity} | {each.title} |"


def _section(each: Rule) -> Iterator[str]:
    yield from (f"## {each.code}", "", f"{each.severity.capitalize()}: {each.title}.", "", each.why, "")
    for example in each.examples:
        yield from (
            f"{example.kind.capitalize()}{example.name}:",
            "",
            *_block(example.text, "python" if example.file == "function" else "yaml"),
        )


def _components() -> Iterator[str]:
    yield from ("## The manifest that values files change", "", "`pipeline.yaml`:", "", *_block(MANIFEST))
    yield from ("## The components of the examples", "")
    for path, text in components().items():
        yield from (f"`{path}`:", "", *_block(text))


def _block(text: str, language: str = "yaml") -> Iterator[str]:
    yield from (f"```{language}", text.rstrip("\n"), "```", "")


if __name__ == "__main__":
    sys.stdout.buffer.write(markdown().encode())
