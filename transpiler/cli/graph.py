"""`transpile graph`: a picture of what a manifest means, to stdout or a file; diagnostics to stderr."""

from __future__ import annotations

import argparse
import sys

from transpiler.analysis import Analysis, analyze_bytes
from transpiler.catalog.files import git_root
from transpiler.cli.environments import with_environments
from transpiler.cli.manifest_input import manifest_input
from transpiler.cli.options import options
from transpiler.cli.output import deliver
from transpiler.cli.pictures import Target, draw, form_of, made
from transpiler.cli.streams import show, tell
from transpiler.cli.usage import UsageError
from transpiler.drawing.labels import tasks
from transpiler.graph.collect import MAX_NODES, graph_of
from transpiler.graph.focus import focused, found
from transpiler.graph.model import Graph
from transpiler.suggest import suggestion


def run(given: argparse.Namespace) -> int:
    """Draw the graph. 1 if the manifest has an error, which is marked in the picture, too."""
    manifest = manifest_input(given.manifest, given.stdin_filename)
    target = Target(given.output, form_of(given.output, given.picture), given.direction)
    chosen = with_environments(options(given), manifest.path, given.env)
    analysis = analyze_bytes(manifest.name, manifest.data, manifest.folder, chosen)
    if analysis.pipeline is None:
        show(analysis.diagnostics, given, sys.stderr)
        return 1
    graph = _focused(_in_a_run(graph_of(analysis), analysis, given), given)
    picture = draw(graph, target, analysis)
    if analysis.diagnostics:
        show(analysis.diagnostics, given, sys.stderr)
    for note in (*picture.notes, *_notes(graph)):
        tell(note)
    home = chosen.root or git_root(manifest.folder)
    inputs = [*([manifest.path] if manifest.path else []), *analysis.files]
    piped = None if manifest.path else manifest.data
    done = deliver(made(picture.text, graph.name, target.form, home, inputs, piped=piped), given)
    if done and not given.quiet:
        tell(f"{done} ({tasks(_count(graph))})")
    return 1 if analysis.failed else 0


def _focused(graph: Graph, given: argparse.Namespace) -> Graph:
    if given.steps is not None and not given.focus:
        raise UsageError("--steps needs --focus, which names the task to start from")
    ids: list[str] = []
    for name in given.focus:
        known = found(graph, name)
        if not known:
            hint = suggestion(name, [node.id for node in graph.nodes], "tasks")
            raise UsageError(f"--focus: there is no task `{name}`" + (f"\n  hint: {hint}" if hint else ""))
        ids += known
    if not ids:
        return graph
    part = focused(graph, ids, 1 if given.steps is None else given.steps)
    if not given.quiet:
        tell(f"note: {_count(part)} of {tasks(_count(graph))} are drawn: --focus")
    return part


def _count(graph: Graph) -> int:
    return sum(not node.is_frame for node in graph.nodes)


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
