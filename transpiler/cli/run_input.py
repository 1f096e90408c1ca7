"""What `transpile run` runs: a manifest and its arguments, or a Workflow in Argo's own YAML."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from transpiler.analysis import Analysis, analyze_bytes
from transpiler.build.run_arguments import from_file, from_words
from transpiler.catalog.files import shown
from transpiler.cli.environments import with_environments
from transpiler.cli.manifest_input import ManifestInput
from transpiler.cli.options import options
from transpiler.cli.streams import failed, read, show
from transpiler.cli.workflow_input import Workflows, check_arguments, is_workflow, read_workflows
from transpiler.cluster.run import KIND, run_of
from transpiler.diagnostics import Diagnostic, Report, Span
from transpiler.engine.protocol import Refusal, RefusedError
from transpiler.local.changed import digests
from transpiler.local.folder import Plan
from transpiler.local.outline import lines_of
from transpiler.local.session import Means, plan_of
from transpiler.model.run_arguments import RunArgument
from transpiler.plan.argo_objects import Node, workflow_spec
from transpiler.report.safe import safe
from transpiler.runs.recorded import names_of
from transpiler.runs.runs import Runs
from transpiler.runs.written_at import Place, WrittenAt


class Prepared(Struct, frozen=True):
    """The objects of a run, without a mistake."""

    name: str
    """The file, as it was named."""
    folder: Path
    objects: tuple[Node, ...]
    arguments: dict[str, str]
    names: dict[str, dict[str, str]]
    """The names of the manifest's tasks; empty for a Workflow in Argo's own YAML."""
    given: dict[str, str]
    """What was given for inputs, as `-p` takes it."""
    path: str = ""
    """The absolute path; empty for standard input."""
    runs: Runs | None = None
    written: Workflows | None = None
    """The objects as they were read, if they are in Argo's own YAML."""
    analysis: Analysis | None = None
    """The manifest, if they come from one."""
    found: tuple[Diagnostic, ...] = ()
    """Its warnings, which nobody has told yet."""
    files: tuple[Path, ...] = ()
    """The files that were read."""

    def plan(self, name: str, only: tuple[tuple[str, ...], ...], means: Means) -> Plan:
        """The plan of a new run of that name. `only`: the ways to tasks that run alone."""
        made = plan_of(name, self.objects, self.arguments, self.name, means)
        files = digests(self.files)
        return replace(made, path=self.path, given=self.given, names=self.names, only=only, files=files)

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
        assert self.runs is not None
        return WrittenAt(self.objects, self.analysis, self.runs).place(refusal.object, refusal.path)


def prepared(
    manifest: ManifestInput, before: Mapping[str, str], given: argparse.Namespace
) -> tuple[Prepared | None, tuple[Path, ...]]:
    """What the command line names, and the files that were read; None with a mistake, which is printed.

    `before`: values that the command line may replace.
    """
    named = [*([manifest.path] if manifest.path is not None else ()), *map(Path, given.parameter_file)]
    report = Report()
    arguments = _arguments(given, report)
    if is_workflow(manifest.data):
        written = _workflow(manifest, before, arguments, report, given)
        return replace(written, files=tuple(named)) if written is not None else None, tuple(named)
    chosen = replace(with_environments(options(given), manifest.path, given.env), kind=KIND)
    analysis = analyze_bytes(manifest.name, manifest.data, manifest.folder, chosen)
    files = (*named, *analysis.files)
    known = {each.name for each in analysis.pipeline.inputs} if analysis.pipeline is not None else set()
    old = [f"{name}={value}" for name, value in before.items() if name in known - arguments.keys()]
    arguments |= {each.name: each for each in from_words(old, report)}
    made, found = run_of(analysis, tuple(arguments.values()), report)
    if made is None or failed(found, given):
        show(found, given, sys.stderr)
        return None, files
    run = made.runs.run({"templateName": workflow_spec(made.objects[-1]).get("entrypoint")})
    names = names_of(made.objects, run) if run is not None else {}
    texts = {name: each.text for name, each in _texts(arguments).items()}
    made_of = Prepared(
        manifest.name, manifest.folder, made.objects, {}, names, texts, _path(manifest), made.runs, analysis=analysis,
        found=found, files=files,
    )  # fmt: skip
    return made_of, files


def _path(manifest: ManifestInput) -> str:
    return str(manifest.path.resolve()) if manifest.path is not None else ""


def _workflow(
    manifest: ManifestInput, before: Mapping[str, str], given: Mapping[str, RunArgument], report: Report,
    options: argparse.Namespace,
) -> Prepared | None:  # fmt: skip
    written = read_workflows(manifest.name, manifest.data, report)
    old: dict[str, str] = {}
    if written is not None:
        old = {name: value for name, value in before.items() if name in written.parameters}
        known = {name: (value, written.read[-1].span) for name, value in old.items()}
        new = {name: (each.text, each.name_span) for name, each in _texts(given).items()}
        check_arguments(written, known | new, report)
    if written is None or failed(report.diagnostics, options):
        show(report.diagnostics, options, sys.stderr)
        return None
    texts = old | {name: each.text for name, each in _texts(given).items()}
    return Prepared(
        manifest.name, manifest.folder, written.objects, texts, {}, texts, _path(manifest), written=written,
        found=report.diagnostics,
    )  # fmt: skip


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


def outline(made: Prepared, *, is_whole: bool) -> str:
    """What would run, in its order, with the commands as far as they are known."""
    return "".join(f"{safe(line)}\n" for line in lines_of(made.objects, made.arguments, made.names, is_whole=is_whole))
