"""The formats of pictures: which one is asked for, and how each is drawn. One is loaded when it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path, PurePath
from typing import Any, Final, Literal

from msgspec import Struct

from transpiler.analysis import Analysis
from transpiler.cli.output import Made
from transpiler.cli.usage import UsageError
from transpiler.drawing.labels import tasks
from transpiler.graph.model import Graph
from transpiler.patterns import regex

_MADE: Final = regex(r".*[Mm]ade by.{1,4}transpile graph\b.*")
_FORMS: Final = {
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
    ".md": "mermaid",
    ".dot": "dot",
    ".gv": "dot",
    ".json": "json",
    ".svg": "svg",
    ".html": "html",
    ".htm": "html",
}
_SUFFIX: Final = {"mermaid": ".mmd", "dot": ".dot", "json": ".json", "svg": ".svg", "html": ".html"}


class Picture(Struct, frozen=True):
    """What was drawn, and notes for the user."""

    text: str
    notes: tuple[str, ...] = ()


class Target(Struct, frozen=True):
    """Where a picture goes, `-` for standard output, and its format."""

    output: str
    form: str
    direction: Literal["down", "right", "auto"] = "auto"

    @property
    def is_markdown(self) -> bool:
        """True for Mermaid in a file of Markdown."""
        return self.form == "mermaid" and PurePath(self.output).suffix.lower() == ".md"


def form_of(output: str, chosen: str | None = None, option: str = "--output") -> str:
    """The format that is asked for, or that the suffix of the output names, or else Mermaid. Raises UsageError."""
    suffix = PurePath(output).suffix.lower()
    form = chosen or _FORMS.get(suffix)
    if form is None and suffix and output != "-":
        known = ", ".join(f"`{each}`" for each in _FORMS)
        raise UsageError(f"{option}: the suffix `{suffix}` names no format\n  hint: it can be {known}")
    return form or "mermaid"


def draw(graph: Graph, target: Target, analysis: Analysis | None = None) -> Picture:
    """The picture of a graph. The page says more where it has the analysis that the graph is of."""
    return _DRAW[target.form](graph, target) if target.form != "html" else _html(graph, target, analysis)


def made(text: str, name: str, form: str, home: Path, inputs: Sequence[Path], **more: Any) -> Made:
    """A picture as a file: of a pipeline with that name, below a root, made of files that must stay."""
    what = "an input of this pipeline"
    file = f"{name or 'pipeline'}{_SUFFIX[form]}"
    return Made(text.encode(), file, home=home, inputs=inputs, what=what, first_line=_MADE, **more)


# ---------------------------------------------------------------------- formats


def _mermaid(graph: Graph, target: Target) -> Picture:
    from transpiler.drawing.mermaid import FENCE, mermaid  # noqa: PLC0415 - one format is drawn

    text, folding = mermaid(graph, target.direction)
    if target.is_markdown:
        text = FENCE.format(text)
    if folding.is_whole:
        return Picture(text)
    what = f"{tasks(folding.hidden)} are folded: Mermaid draws 500 edges and 50,000 characters at most"
    return Picture(text, (f"note: {what}; --focus draws a part",))


def _dot(graph: Graph, target: Target) -> Picture:
    from transpiler.drawing.dot import dot  # noqa: PLC0415

    return Picture(dot(graph, target.direction))


def _svg(graph: Graph, target: Target) -> Picture:
    from transpiler.drawing.svg.picture import svg  # noqa: PLC0415

    text, folding = svg(graph, target.direction)
    return Picture(text, (f"note: {tasks(folding.hidden)} are folded",) if folding.hidden else ())


def _html(graph: Graph, target: Target, analysis: Analysis | None) -> Picture:
    from transpiler.drawing.page.page import page  # noqa: PLC0415

    text, folding = page(graph, analysis, target.direction)
    return Picture(text, (f"note: {tasks(folding.hidden)} are folded when the page opens",) if folding.hidden else ())


def _json(graph: Graph, target: Target) -> Picture:  # noqa: ARG001 - it has no direction
    from transpiler.drawing.data import as_json  # noqa: PLC0415

    return Picture(as_json(graph))


_DRAW: Final[dict[str, Callable[[Graph, Target], Picture]]] = {
    "mermaid": _mermaid,
    "dot": _dot,
    "svg": _svg,
    "json": _json,
}
