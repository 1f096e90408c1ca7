"""The rules: a page for each code of a diagnostic, `<code>.md`, from which all that explains a code is made.

A page holds a title, a severity, why it is wrong, and examples. Examples are whole files; the components that they
refer to stand in `components`. The tests run every example.
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Final, NamedTuple

from msgspec import Struct

from transpiler.patterns import regex


class Example(NamedTuple):
    """A whole file: `kind` is wrong or right; `file` is pipeline, component, values (of `MANIFEST`) or function."""

    kind: str
    file: str
    text: str

    @property
    def name(self) -> str:
        """What stands before its file, where that is no manifest."""
        return {"component": " component.yaml", "values": " pipeline.prod.yaml"}.get(self.file, "")


MANIFEST: Final = """\
name: train
inputs: {rows: 1000}
tasks:
  load: {component: components/load, arguments: {rows: "${{ inputs.rows }}"}}
  train: {component: components/train, arguments: {table: "${{ tasks.load.output }}"}}
"""
"""The pipeline.yaml beside examples of values files."""


class Rule(Struct, frozen=True):
    """What a code means. `severity` is error, warning, or `error or warning`: it then depends on the place."""

    code: str
    title: str
    severity: str
    why: str
    examples: tuple[Example, ...]

    @property
    def components(self) -> dict[str, str]:
        """The component files that the examples refer to: path → text."""
        used = "".join(example.text for example in self.examples)
        return {path: text for path, text in components().items() if path.rpartition("/")[0] in used}


_HEAD: Final = regex(
    r"# (?P<title>[^\n]+)\n\nSeverity: (?P<severity>[^\n]+)\n\n(?P<why>.+?)\s*(?=^```|\Z)", re.DOTALL | re.MULTILINE
)
_EXAMPLE: Final = regex(r"^```(yaml|python) (wrong|right)( component| values)?\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def codes() -> list[str]:
    """Every code, sorted."""
    return sorted(page.name.removesuffix(".md") for page in files(__name__).iterdir() if page.name.endswith(".md"))


def rule(code: str) -> Rule:
    """The page of a code. Expects one of `codes()`."""
    page = (files(__name__) / f"{code}.md").read_text(encoding="utf-8")
    head = _HEAD.match(page)
    assert head is not None, f"{code}.md has no title, severity or reason"
    examples = (
        Example(kind, "function" if language == "python" else component.strip() or "pipeline", text)
        for language, kind, component, text in _EXAMPLE.findall(page, head.end())
    )
    return Rule(code, head["title"], head["severity"], " ".join(head["why"].split()), tuple(examples))


def components() -> dict[str, str]:
    """The component files that examples may refer to: path → text, sorted by path."""
    folder = files(__name__) / "components"
    names = sorted(entry.name for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith("_"))
    return {
        f"components/{name}/component.yaml": (folder / name / "component.yaml").read_text(encoding="utf-8")
        for name in names
    }
