"""The first list of rules: about the source, with its names resolved.

A manifest, the components and manifests that it calls, and the tasks in all of them, each in the order in which its
rules are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from transpiler.argo.versions import NEWEST
from transpiler.catalog.catalog import Catalog, Loaded, LoadedPipeline
from transpiler.check.argo.limits import check_annotations
from transpiler.check.argo.pass_through import check_pass_through
from transpiler.check.component.component import check_component
from transpiler.check.endings.held_back import check_held_back
from transpiler.check.endings.hidden_ends import check_hidden_ends
from transpiler.check.endings.hooks import check_hooks
from transpiler.check.endings.never_runs import check_never_runs
from transpiler.check.endings.run_hooks import check_run_hooks
from transpiler.check.endings.run_status import check_run_status
from transpiler.check.endings.skipped_values import check_skipped_values
from transpiler.check.expressions.expressions import check_expressions
from transpiler.check.expressions.structured_texts import check_structured_texts
from transpiler.check.files.storage_locations import check_storage_locations
from transpiler.check.files.stored_files import check_stored_arguments
from transpiler.check.manifest.entries import check_entries
from transpiler.check.manifest.inputs import check_inputs
from transpiler.check.manifest.object_kind import check_ignored_keys, check_passed_files, check_schedule
from transpiler.check.manifest.workflow_template import check_tasks_beside, check_template_kind
from transpiler.check.references.constant_outputs import check_constant_outputs
from transpiler.check.references.env_references import check_env_references
from transpiler.check.references.global_names import check_global_names
from transpiler.check.references.global_outputs import check_global_outputs
from transpiler.check.references.misplaced_references import (
    check_component_texts,
    check_hidden_in_run_hooks,
    check_misplaced_in_the_run,
    check_misplaced_references,
)
from transpiler.check.references.run_variables import check_run_variables
from transpiler.check.references.time_zones import check_time_zones
from transpiler.check.references.try_references import check_try_references
from transpiler.check.references.unknown_variables import check_variables
from transpiler.check.references.unmarked_references import check_unmarked_defaults, check_unmarked_references
from transpiler.check.references.unused_inputs import check_unused_inputs
from transpiler.check.tasks.arguments import check_task_arguments
from transpiler.check.tasks.caches import check_cache_keys, check_cache_of_all
from transpiler.check.tasks.dollars import check_dollar_expansion, check_passed_dollars
from transpiler.check.tasks.enum_arguments import check_enum_arguments
from transpiler.check.tasks.images import check_images
from transpiler.check.tasks.literals import check_literals
from transpiler.check.tasks.loop_results import check_loop_results
from transpiler.check.tasks.loops import check_loops, check_written_loop
from transpiler.check.tasks.names import check_task_names
from transpiler.check.tasks.parallelism import check_fail_fast_of_all, check_parallelism
from transpiler.check.tasks.secrets import named_secrets
from transpiler.check.tasks.settings import check_settings
from transpiler.check.tasks.volumes import check_artifact_volume, check_volumes
from transpiler.check.tasks.written_settings import check_written_settings
from transpiler.diagnostics import Related, Report
from transpiler.model.component import Component
from transpiler.model.pipeline import Pipeline
from transpiler.read.yaml.nodes import Map
from transpiler.resolve.program import Program
from transpiler.resolve.scope import Scope, calls_of, scopes_of


def check_source(pipeline: Pipeline, program: Program, kind: str, report: Report) -> None:
    """Every rule about a manifest that becomes an object of a kind, and about the tasks that it calls."""
    check_manifest(pipeline, report)
    check_template_kind(pipeline, kind, report)
    check_entries(pipeline, program, kind, report)
    check_schedule(pipeline, kind, report)
    check_passed_files(pipeline, kind, report)
    check_ignored_keys(pipeline, kind, report)
    check_annotations(pipeline, report)
    check_misplaced_in_the_run(pipeline, program.tasks, report)
    check_global_names(pipeline, program, report)
    if pipeline.is_complete:
        check_global_outputs(program, report)
    check_run_variables(pipeline, program, kind, report)
    check_time_zones(pipeline, program, kind, report)
    for root in program.roots:
        check_tasks(root, report)
    check_run_status(program, report)
    check_held_back(pipeline, program, report)
    check_run_hooks(program, report)
    check_hidden_in_run_hooks(program, report)
    check_hidden_ends(pipeline, program, report)
    check_volumes(program.roots, report)
    check_pass_through(pipeline, program, kind, report)
    for scope in program.scopes:
        check_unmarked_references(scope, report)
    if not report.failed:
        check_unused_inputs(pipeline, program, report)


def check_version(documents: Iterable[Map], version: str, report: Report) -> None:
    """Every rule about manifests for the version of Argo that they are compiled for; the newest has no such rule."""
    if version != NEWEST:
        from transpiler.check.argo.versions import check_newer_fields  # noqa: PLC0415 - only older versions need it

        check_newer_fields(documents, version, report)


def check_tasks(root: Scope, report: Report) -> None:
    """The rules about tasks, for a scope and each scope below it once."""
    for scope in scopes_of(root):
        if scope.is_manifest:
            check_task_names(scope, report)
        check_variables(scope, report)
        check_constant_outputs(scope, report)
        check_task_arguments(scope, report)
        check_literals(scope, report)
        check_enum_arguments(scope, report)
        check_expressions(scope, report)
        check_skipped_values(scope, report)
        check_hooks(scope, report)
        check_never_runs(scope, report)
        check_loops(scope, report)
        check_parallelism(scope, report)
        check_loop_results(scope, report)
        check_settings(scope, report)
        check_cache_keys(scope, report)
        check_misplaced_references(scope, report)
        check_storage_locations(scope, report)
        check_stored_arguments(scope, report)
        check_structured_texts(scope, report)
        check_dollar_expansion(scope, report)
        check_env_references(scope, report)
        check_try_references(scope, report)


def check_manifest(pipeline: Pipeline, report: Report) -> None:
    """The rules about a manifest by itself, whether it is run or called by another one."""
    tasks, settings = pipeline.tasks, pipeline.settings
    check_cache_of_all(pipeline, report)
    check_fail_fast_of_all(pipeline, report)
    check_tasks_beside(pipeline, report)
    check_artifact_volume(pipeline.artifacts, report)
    check_inputs(pipeline.inputs, set(named_secrets(settings)), report)
    check_passed_dollars(pipeline, report)
    check_unmarked_defaults(pipeline, report)
    for task in tasks:
        check_written_loop(task.loop, report)
    for each in settings:
        check_written_settings(each, report)
    for component in (*(each for _, each in pipeline.components), *(task.component for task in tasks)):
        if isinstance(component, Component):  # and no reference to one
            check_component(component, report, is_used=True)
            check_component_texts(component, report)


def check_run_only(called: LoadedPipeline, report: Report) -> None:
    """The keys of a manifest that apply only to the pipeline that is run."""
    for key, span in called.pipeline.run_only if called.pipeline.workflow_template is None else ():
        related = (Related("called here", called.used_at),) if called.used_at is not None else ()
        message = f"`{key}` has no effect when another pipeline calls this one"
        report.warning("ignored-field", message, span, "move it to the manifest that you compile", related)


def check_graph(scope: Scope, report: Report) -> None:
    """The rules about the tasks of a graph component that no manifest calls yet."""
    check_tasks(scope, report)
    check_images([call for each in scopes_of(scope) for call in calls_of(each)], None, report)


def check_components(components: Sequence[Loaded], catalog: Catalog) -> None:
    """The rules about each component, and each manifest that another one calls, reported in its own file."""
    for loaded in components:
        own = Report()
        check_component(loaded.component, own, is_used=loaded.used_at is not None)
        check_written_settings(loaded.component.settings, own)
        catalog.merge(own, loaded.used_at)
    for called in catalog.pipelines:
        own = Report()
        check_manifest(called.pipeline, own)
        catalog.merge(own, called.used_at)
        check_run_only(called, catalog.report)
