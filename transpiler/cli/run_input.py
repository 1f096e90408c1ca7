"""What `transpile run` runs: a manifest and its arguments, or a Workflow in Argo's own YAML."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from transpiler.analysis import Analysis, analyze_bytes
from transpiler.build.run_arguments import from_file, from_words
from transpiler.catalog.files import shown
from transpiler.cli.environments import with_environments
from transpiler.cli.manifest_input import ManifestInput, manifest_input
from transpiler.cli.options import options
from transpiler.cli.streams import failed, read, show
from transpiler.cli.workflow_input import Workflows, check_arguments, is_workflow, read_workflows
from transpiler.cluster.run import KIND, run_of
from transpiler.diagnostics import Diagnostic, Report, Span
from transpiler.engine.protocol import Refusal, RefusedError
from transpiler.local.folder import Plan
from transpiler.local.outline import lines_of
from transpiler.model.run_arguments import RunArgument
from transpiler.plan.argo_objects import Node
from transpiler.report.safe import safe
from transpiler.runs.found import Found
from transpiler.runs.runs import Runs
from transpiler.runs.written_at import Place, WrittenAt


class Nameless(Runs):
    """Runs without a manifest: each node is called what the Workflow calls it."""

    def __init__(self) -> None:
        """There is nothing to analyze."""

    def found(self, _: Node) -> Found:
        """No node is known to be a task of a manifest."""
        return Found()


class Prepared(Struct, frozen=True):
    """The objects of a run, without a mistake."""

    name: str
    """The file, as it was named."""
    folder: Path
    objects: tuple[Node, ...]
    arguments: dict[str, str]
    runs: Runs
    written: Workflows | None = None
    """The objects as they were read, if they are in Argo's own YAML."""
    analysis: Analysis | None = None
    """The manifest, if they come from one."""
    found: tuple[Diagnostic, ...] = ()
    """Its warnings, which nobody has told yet."""

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """That of a run which goes on."""
        return cls(plan.manifest, Path.cwd(), plan.objects, plan.arguments, Nameless())

    def refuse(self, refused: RefusedError, given: argparse.Namespace) -> None:
        """Print what cannot run here, with its place, and what was found before."""
        report = Report.of(self.found)
        for each in refused.refusals:
            place = self._place(each)
            report.error("not-here", f"it cannot run on this machine: {each.message}", place.span, "", place.related)
        show(report.diagnostics, given, sys.stderr)

    def _place(self, refusal: Refusal) -> Place:
        if self.written is not None:
            return Place(self.written.span(refusal))
        assert self.analysis is not None
        return WrittenAt(self.objects, self.analysis, self.runs).place(refusal.object, refusal.path)


def prepared(given: argparse.Namespace) -> Prepared | None:
    """What the command line names; None with a mistake, which is printed."""
    manifest = manifest_input(given.manifest, given.stdin_filename)
    report = Report()
    arguments = _arguments(given, report)
    if is_workflow(manifest.data):
        return _workflow(manifest, arguments, report, given)
    chosen = replace(with_environments(options(given), manifest.path, given.env), kind=KIND)
    analysis = analyze_bytes(manifest.name, manifest.data, manifest.folder, chosen)
    made, found = run_of(analysis, tuple(arguments.values()), report)
    if made is None or failed(found, given):
        show(found, given, sys.stderr)
        return None
    return Prepared(manifest.name, manifest.folder, made.objects, {}, made.runs, analysis=analysis, found=found)


def _workflow(
    manifest: ManifestInput, given: Mapping[str, RunArgument], report: Report, options: argparse.Namespace
) -> Prepared | None:
    written = read_workflows(manifest.name, manifest.data, report)
    if written is not None:
        check_arguments(written, {name: (each.text, each.name_span) for name, each in _texts(given).items()}, report)
    if written is None or failed(report.diagnostics, options):
        show(report.diagnostics, options, sys.stderr)
        return None
    texts = {name: each.text for name, each in _texts(given).items()}
    found = report.diagnostics
    return Prepared(manifest.name, manifest.folder, written.objects, texts, Nameless(), written, found=found)


class _Text(Struct, frozen=True):
    text: str
    name_span: Span


def _texts(given: Mapping[str, RunArgument]) -> dict[str, _Text]:
    found = {}
    for name, each in given.items():
        value = each.value.value
        text = each.word if each.word is not None else value if isinstance(value, str) else each.value.written
        found[name] = _Text(text, each.name_span)
    return found


def _arguments(given: argparse.Namespace, report: Report) -> dict[str, RunArgument]:
    """The values for the inputs: those of `-p` win over files, and later files over earlier ones."""
    found: dict[str, RunArgument] = {}
    for name in given.parameter_file:
        found |= {each.name: each for each in from_file(shown(Path(name)), read(name), report)}
    return found | {each.name: each for each in from_words(given.parameter, report)}


def outline(made: Prepared) -> str:
    """What would run, in its order, with the commands as far as they are known."""
    return "".join(f"{safe(line)}\n" for line in lines_of(made.objects, made.arguments))
