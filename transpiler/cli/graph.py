"""`transpile graph`: a picture of what a manifest means, to stdout or a file; diagnostics to stderr."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path, PurePath
from typing import Final

from msgspec import Struct

from transpiler.analysis import Analysis, analyze_bytes
from transpiler.catalog.files import git_root
from transpiler.cli.environments import with_environments
from transpiler.cli.manifest_input import ManifestInput, manifest_input
from transpiler.cli.options import options
from transpiler.cli.output import Made, deliver
from transpiler.cli.streams import show, tell
from transpiler.cli.usage import UsageError
from transpiler.drawing.labels import tasks
from transpiler.graph.collect import MAX_NODES, graph_of
from transpiler.graph.focus import focused, found
from transpiler.graph.model import Graph
from transpiler.patterns import regex
from transpiler.suggest import suggestion

_MADE: Final = regex(r".*[Mm]ade by.{1,4}transpile graph\b.*")
_FORMS: Final = {
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
    ".md": "mermaid",
    ".dot": "dot",
    ".gv": "dot",
    ".json": "json",
    ".svg": "svg",
}
_SUFFIX: Final = {"mermaid": ".mmd", "dot": ".dot", "json": ".json", "svg": ".svg"}


class Picture(Struct, frozen=True):
    """What was drawn, and notes for the user."""

    text: str
    notes: tuple[str, ...] = ()


def run(given: argparse.Namespace) -> int:
    """Draw the graph. 1 if the manifest has an error, which is marked in the picture, too."""
    manifest = manifest_input(given.manifest, given.stdin_filename)
    form = _form(given)
    chosen = with_environments(options(given), manifest.path, given.env)
    analysis = analyze_bytes(manifest.name, manifest.data, manifest.folder, chosen)
    if analysis.pipeline is None:
        show(analysis.diagnostics, given, sys.stderr)
        return 1
    graph = _focused(_in_a_run(graph_of(analysis), analysis, given), given)
    picture = _DRAW[form](graph, given)
    if analysis.diagnostics:
        show(analysis.diagnostics, given, sys.stderr)
    for note in (*picture.notes, *_notes(graph)):
        tell(note)
    home = chosen.root or git_root(manifest.folder)
    done = deliver(_made(picture.text, manifest, home, f"{graph.name}{_SUFFIX[form]}", analysis.files), given)
    if done and not given.quiet:
        tell(f"{done} ({tasks(sum(not node.is_frame for node in graph.nodes))})")
    return 1 if analysis.failed else 0


def _form(given: argparse.Namespace) -> str:
    """The format that is asked for, or that the suffix of the output names. Raises UsageError."""
    suffix = PurePath(given.output).suffix.lower()
    form: str | None = given.picture or _FORMS.get(suffix)
    if form is None and suffix and given.output != "-":
        known = ", ".join(f"`{each}`" for each in _FORMS)
        raise UsageError(f"--output: the suffix `{suffix}` names no format\n  hint: use --format, or one of {known}")
    return form or "mermaid"


def _focused(graph: Graph, given: argparse.Namespace) -> Graph:
    ids: list[str] = []
    for name in given.focus:
        known = found(graph, name)
        if not known:
            hint = suggestion(name, [node.id for node in graph.nodes], "tasks")
            raise UsageError(f"--focus: there is no task `{name}`" + (f"\n  hint: {hint}" if hint else ""))
        ids += known
    return focused(graph, ids, given.steps) if ids else graph


def _in_a_run(graph: Graph, analysis: Analysis, given: argparse.Namespace) -> Graph:
    """The graph with the states of the run that `--run` names, which is told in words too."""
    if not given.run:
        return graph
    if given.run == "-" == given.manifest:
        raise UsageError("the manifest and --run cannot both be standard input")
    from transpiler.cli.run_status import read_run, told  # noqa: PLC0415 - most pictures are of no run
    from transpiler.graph.run import with_run  # noqa: PLC0415

    run = read_run(given.run, analysis)
    for line in () if given.quiet else told(run):
        tell(line)
    return with_run(graph, run)


def _notes(graph: Graph) -> list[str]:
    left = [node for node in graph.nodes if node.unopened and not node.fact("recursion")]
    if not left:
        return []
    return [
        f"note: {len(left)} sub-pipelines and groups are not opened: the graph has {MAX_NODES:,} tasks without them"
    ]


def _made(text: str, manifest: ManifestInput, home: Path, name: str, files: Sequence[Path]) -> Made:
    return Made(
        text.encode(),
        name,
        home=home,
        inputs=[*([manifest.path] if manifest.path else []), *files],
        piped=None if manifest.path else manifest.data,
        what="an input of this pipeline",
        first_line=_MADE,
    )


# ---------------------------------------------------------------------- formats


def _mermaid(graph: Graph, given: argparse.Namespace) -> Picture:
    from transpiler.drawing.mermaid import FENCE, mermaid  # noqa: PLC0415 - one format is drawn

    text, folding = mermaid(graph, given.direction)
    if PurePath(given.output).suffix.lower() == ".md":
        text = FENCE.format(text)
    if folding.is_whole:
        return Picture(text)
    what = f"{tasks(folding.hidden)} are folded: Mermaid draws 500 edges and 50,000 characters at most"
    return Picture(text, (f"note: {what}; --focus draws a part",))


def _dot(graph: Graph, given: argparse.Namespace) -> Picture:
    from transpiler.drawing.dot import dot  # noqa: PLC0415

    return Picture(dot(graph, given.direction))


def _svg(graph: Graph, given: argparse.Namespace) -> Picture:
    from transpiler.drawing.svg.picture import svg  # noqa: PLC0415

    text, folding = svg(graph, given.direction)
    return Picture(text, (f"note: {tasks(folding.hidden)} are folded",) if folding.hidden else ())


def _json(graph: Graph, given: argparse.Namespace) -> Picture:  # noqa: ARG001 - it has no direction
    from transpiler.drawing.data import as_json  # noqa: PLC0415

    return Picture(as_json(graph))


_DRAW: Final[dict[str, Callable[[Graph, argparse.Namespace], Picture]]] = {
    "mermaid": _mermaid,
    "dot": _dot,
    "svg": _svg,
    "json": _json,
}
