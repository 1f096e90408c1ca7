"""The way through the house: a manifest goes in, a Workflow or the reasons why not come out. Also the public API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field

from transpiler.build.pipeline import build_pipeline
from transpiler.catalog.catalog import Catalog
from transpiler.catalog.files import git_root, shown
from transpiler.catalog.locate import Folder
from transpiler.catalog.lockfile import LOCK_FILE, Lock, read_lock
from transpiler.catalog.overlay import Overlay
from transpiler.catalog.vendored import Remotes
from transpiler.check.dataflow import check_dataflow
from transpiler.check.object import Finished, check_object
from transpiler.check.source import check_components, check_graph, check_source
from transpiler.dataflow.dataflow import trace_or_report, unused_files
from transpiler.diagnostics import Diagnostic, Report, Span
from transpiler.lock.compare import check_locked
from transpiler.lock.needs import manifest_key, needs_of
from transpiler.lower.lower import lower
from transpiler.model.pipeline import Pipeline
from transpiler.plan.object import KINDS, build_object, templates_of
from transpiler.plan.passes.budget import Budget, budget
from transpiler.plan.passes.distribute import distributed
from transpiler.plan.passes.field_order import in_field_order
from transpiler.plan.passes.images import with_pinned_images
from transpiler.read.load import load
from transpiler.render.render import render
from transpiler.resolve.program import Program
from transpiler.resolve.resolve import resolve, resolve_component
from transpiler.resolve.scope import Scope


class Options(Struct, frozen=True):
    """What a user can choose. `kind` is one of KINDS; empty means CronWorkflow with a schedule, else Workflow.

    `root` is the folder that paths may not leave (default: the Git checkout). `overlay` holds files that stand in for
    others, to learn what an upgrade would break. `locked`: refuse what is not as transpile.lock in the root says.
    """

    kind: str = ""
    catalogs: Sequence[Path] = ()
    root: Path | None = None
    overlay: Overlay = field(default_factory=Overlay)
    locked: bool = False


class Compilation(Struct, frozen=True):
    """What came out. `text` is the YAML of the Workflow; None when a diagnostic is an error.

    A Workflow that is too large for one object stands behind the WorkflowTemplates that it calls.
    """

    text: str | None
    diagnostics: tuple[Diagnostic, ...]
    tasks: int = 0
    files: tuple[Path, ...] = ()
    """The component files that were read, and the lock."""
    budget: Budget | None = None
    """What a cluster stores."""
    name: str = ""
    """The name of the pipeline, as the manifest has it."""
    unstored: tuple[str, ...] = ()
    """`TASK.OUTPUT` of each file that a program writes, and that nothing takes or stores."""


def compile_pipeline(manifest: Path | str, options: Options | None = None) -> Compilation:
    """Compile the manifest at a path. Raises OSError when the file itself cannot be read."""
    path = Path(manifest)
    return compile_bytes(shown(path), path.read_bytes(), path.resolve().parent, options)


def compile_bytes(name: str, data: bytes, folder: Path, options: Options | None = None) -> Compilation:
    """Compile a manifest from its bytes. `name` is for messages; relative paths start at `folder`.

    Raises ValueError for a kind that Argo does not have.
    """
    options = options or Options()
    if options.kind not in {"", *KINDS}:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {options.kind}")
    report = Report()
    home = Folder(folder, options.root or git_root(folder))
    lock, remotes = _locked(home.root, "MANIFEST" if name.startswith("<") else name, report)
    catalog = Catalog(options.catalogs, report, remotes, overlay=options.overlay)
    document = load(name, data, "pipeline", report, recovers=True)
    if document is None:
        return Compilation(None, report.diagnostics)
    pipeline = build_pipeline(document, report)
    home = catalog.home_of(pipeline, home)
    program = resolve(pipeline, home, catalog, report)
    check_components(catalog.loaded, catalog)
    if options.locked and not remotes.is_blind:
        needs = needs_of(manifest_key(folder / Path(name).name, home.root), pipeline, home, catalog)
        check_locked(needs, lock, remotes.manifest, report)
    kind = options.kind or ("CronWorkflow" if pipeline.schedule else "Workflow")
    check_source(pipeline, program, kind, report)
    tasks = len(program.tasks.calls)
    emitted = None if report.failed else _emit(pipeline, program, kind, lock.images if lock else {}, report)
    files = catalog.files if lock is None else (*catalog.files, home.root / LOCK_FILE)
    if emitted is None:
        return Compilation(None, report.diagnostics, tasks, files)
    return Compilation(emitted[0], report.diagnostics, tasks, files, emitted[1], pipeline.name, emitted[2])


def _locked(root: Path, manifest: str, report: Report) -> tuple[Lock | None, Remotes]:
    """The lock of a root, and the components from elsewhere that it vouches for."""
    own = Report()
    lock = read_lock(root, own)
    report.take(own)
    return lock, Remotes(root, lock, manifest, is_blind=own.failed)


def _emit(
    pipeline: Pipeline, program: Program, kind: str, images: Mapping[str, str], report: Report
) -> tuple[str, Budget, tuple[str, ...]] | None:
    """The second half of the way, for a pipeline without errors: the YAML, what it weighs, and which files are lost."""
    traced = trace_or_report(program, pipeline.span, report)
    if traced is not None:
        check_dataflow(traced, pipeline, report)
    if report.failed or traced is None:
        return None
    unstored = tuple(unused_files(traced))
    program, traced = lower(program, traced, pipeline.parallelism)
    node = build_object(pipeline, traced, kind, images)
    objects = tuple(map(in_field_order, distributed(with_pinned_images(node, images))))
    text = "---\n".join(map(render, objects))
    weight = budget(objects)
    finished = Finished(templates_of(node), weight.objects, weight.expensive, len(text.encode()))
    check_object(finished, pipeline, program, traced, report)
    return None if report.failed else (text, weight, unstored)


def check_component_bytes(path: Path, data: bytes, options: Options | None = None) -> tuple[Diagnostic, ...]:
    """What is wrong with a component file that no manifest uses yet."""
    options = options or Options()
    report = Report()
    folder = path.resolve().parent
    home = Folder(folder, options.root or git_root(folder))
    _, remotes = _locked(home.root, "MANIFEST", report)
    catalog = Catalog(options.catalogs, report, remotes, lenient=True)
    loaded = catalog.read(path, data, home, None)
    if loaded is not None:
        scope = resolve_component(loaded, catalog, report) if loaded.component.is_sound else None
        check_components([loaded, *catalog.loaded], catalog)
        if scope is not None:
            check_graph(scope, report)
            if not report.failed and _is_complete(scope):
                _check_traced(Program(scope), loaded.component.span, report)
    return report.diagnostics


def _check_traced(program: Program, where: Span, report: Report) -> None:
    traced = trace_or_report(program, where, report)
    if traced is not None:
        check_dataflow(traced, None, report)


def _is_complete(scope: Scope) -> bool:
    """True when every component below is at hand: a published graph may name some that are not."""
    return all(call.component and (call.scope is None or _is_complete(call.scope)) for call in scope.calls.values())
