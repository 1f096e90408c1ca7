"""The compiler as one function: a manifest → a Workflow, or the diagnostics that prevent it."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from transpiler.analysis import Analysis, analyze, analyze_bytes
from transpiler.argo.versions import NEWEST, VERSIONS
from transpiler.check.ignores import check_ignores, without_ignored
from transpiler.check.object import Finished, check_object, check_object_in
from transpiler.dataflow.instances import Dataflow, unused_files
from transpiler.diagnostics import Diagnostic, Report, Span
from transpiler.lower.lower import lower
from transpiler.model.pipeline import Pipeline
from transpiler.plan.argo_objects import Node
from transpiler.plan.object import KINDS, build_object, templates_of
from transpiler.plan.passes.budget import Budget, budget
from transpiler.plan.passes.distribute import distributed
from transpiler.plan.passes.field_order import in_field_order
from transpiler.plan.passes.images import Images, images_of, with_images
from transpiler.render.render import render
from transpiler.resolve.program import Program
from transpiler.workspace.options import Options


class Compilation(Struct, frozen=True):
    """The result. `text` is the YAML of the Workflow; None if a diagnostic is an error.

    A Workflow that is too large for one object follows the WorkflowTemplates that it calls.
    """

    text: str | None
    diagnostics: tuple[Diagnostic, ...]
    tasks: int = 0
    files: tuple[Path, ...] = ()
    """The component files that were read, and the lock."""
    budget: Budget | None = None
    """The object that a cluster stores."""
    name: str = ""
    """The name of the pipeline, as the manifest has it."""
    named_at: Span | None = None
    """Where the manifest has it."""
    unstored: tuple[str, ...] = ()
    """`TASK.OUTPUT` of each file that a program writes, and that nothing takes or stores."""
    objects: tuple[Node, ...] = ()
    """The objects of `text` as plain data: dicts, lists, texts, numbers and booleans, in its order."""
    entries: int = 0
    """How many templates of it other Workflows call."""
    lowered: Program | None = None
    """The program as Argo is told of it, for who reads its runs."""


def compile_pipeline(manifest: Path | str, options: Options | None = None) -> Compilation:
    """Compile the manifest at a path.

    Raises OSError when the file itself cannot be read, ValueError for a kind or version that Argo does not have.
    """
    _check_options(options)
    return compile_analysis(analyze(manifest, options))


def compile_bytes(name: str, data: bytes, folder: Path, options: Options | None = None) -> Compilation:
    """Compile a manifest from its bytes. `name` is for messages; relative paths start at `folder`.

    Raises ValueError for a kind or version that Argo does not have.
    """
    _check_options(options)
    return compile_analysis(analyze_bytes(name, data, folder, options))


def _check_options(options: Options | None) -> None:
    if options is not None and options.kind not in {"", *KINDS}:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {options.kind}")
    if options is not None and options.argo not in {"", *VERSIONS}:
        raise ValueError(f"argo must be one of {', '.join(VERSIONS)}, not {options.argo}")


def compile_analysis(analysis: Analysis) -> Compilation:
    """Compile an analysis, which is not changed."""
    pipeline, program, dataflow = analysis.pipeline, analysis.program, analysis.dataflow
    tasks = len(program.tasks.calls) if program is not None else 0
    if analysis.failed or pipeline is None or program is None or dataflow is None:
        return Compilation(None, analysis.diagnostics, tasks, analysis.files)
    report = Report()
    images = Images(pipeline.images, analysis.lock.images if analysis.lock is not None else {})
    lowered, lowered_dataflow = lowered_program(pipeline, program, dataflow)
    made = build_object(pipeline, lowered_dataflow, analysis.kind, images)
    node = with_images(made, images)
    if analysis.argo != NEWEST:
        from transpiler.plan.passes.older_forms import in_older_forms  # noqa: PLC0415 - the newest needs none

        node = in_older_forms(node, analysis.argo)
    entries = [each.name for each in pipeline.entries.dag.tasks] if pipeline.entries is not None else []
    objects = tuple(map(in_field_order, distributed(node, entries)))
    text, weight = "---\n".join(map(render, objects)), budget(objects)
    finished = Finished(
        templates_of(node),
        weight.objects,
        weight.expensive,
        len(text.encode()),
        images_of(made) if pipeline.images else (),
    )
    check_object(finished, pipeline, lowered, lowered_dataflow, report)
    check_object_in(analysis.argo, node, pipeline, lowered, report)
    diagnostics = _all_of(analysis, report)
    if report.failed:
        return Compilation(None, diagnostics, tasks, analysis.files)
    unstored = tuple(unused_files(dataflow))
    return Compilation(
        text,
        diagnostics,
        tasks,
        analysis.files,
        budget=weight,
        name=pipeline.name,
        named_at=pipeline.span,
        unstored=unstored,
        objects=objects,
        entries=len(entries),
        lowered=lowered,
    )


def lowered_program(pipeline: Pipeline, program: Program, dataflow: Dataflow) -> tuple[Program, Dataflow]:
    """The program of a pipeline as Argo runs it, and how values travel in that."""
    return lower(program, dataflow, pipeline.parallelism, has_steps=pipeline.artifacts is None)


def _all_of(analysis: Analysis, found: Report) -> tuple[Diagnostic, ...]:
    """The diagnostics of the analysis and of the object, without those that comments ignore."""
    told, ignored = without_ignored(found.diagnostics)
    report = Report.of((*analysis.diagnostics, *told))
    if analysis.document is not None and not found.failed:
        for source in (analysis.document.source, *analysis.layers):
            check_ignores(source, (*analysis.ignored, *ignored), report)
    return report.diagnostics
