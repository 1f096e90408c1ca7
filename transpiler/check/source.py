"""The first list of rules: about the source, with its names resolved.

A manifest, the components and manifests that it calls, and the tasks in all of them, each in the order in which its
rules are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transpiler.catalog.catalog import Catalog, Loaded, LoadedPipeline
from transpiler.check.argo.limits import check_annotations
from transpiler.check.argo.pass_through import check_pass_through
from transpiler.check.component.component import check_component
from transpiler.check.endings.held_back import check_held_back
from transpiler.check.endings.hidden_ends import check_hidden_ends
from transpiler.check.endings.hooks import check_hooks
from transpiler.check.endings.never_runs import check_never_runs
from transpiler.check.endings.skipped_values import check_absence
from transpiler.check.expressions.expressions import check_expressions
from transpiler.check.expressions.structured_texts import check_structured
from transpiler.check.files.storage_locations import check_stored
from transpiler.check.manifest.inputs import check_declaration
from transpiler.check.manifest.object_kind import check_schedule, check_unheard
from transpiler.check.manifest.workflow_template import check_kind, check_tasks_beside
from transpiler.check.references.constant_outputs import check_constant_outputs
from transpiler.check.references.env_references import check_environment
from transpiler.check.references.global_names import check_global_names
from transpiler.check.references.global_outputs import check_global_outputs
from transpiler.check.references.misplaced_references import (
    check_component_texts,
    check_pipeline_places,
    check_places,
)
from transpiler.check.references.run_variables import check_run_variables
from transpiler.check.references.unknown_variables import check_variables
from transpiler.check.references.unmarked_references import check_meant, warn_meant_defaults
from transpiler.check.references.unused_inputs import check_unused
from transpiler.check.tasks.arguments import check_calls
from transpiler.check.tasks.caches import check_cache_of_all, check_keys
from transpiler.check.tasks.dollars import check_dollars, check_passed_dollars
from transpiler.check.tasks.enum_arguments import check_choices
from transpiler.check.tasks.images import check_images
from transpiler.check.tasks.literals import check_default, check_literals
from transpiler.check.tasks.loop_results import check_loop_results
from transpiler.check.tasks.loops import check_loops, check_written_loop
from transpiler.check.tasks.names import check_task_names
from transpiler.check.tasks.parallelism import check_parallelism, warn_fail_fast
from transpiler.check.tasks.secrets import named_secrets
from transpiler.check.tasks.settings import check_settings
from transpiler.check.tasks.volumes import check_artifact_volume, check_volumes
from transpiler.check.tasks.written_settings import check_written_settings
from transpiler.diagnostics import Related, Report
from transpiler.model.component import Component
from transpiler.model.pipeline import Pipeline
from transpiler.model.task import tasks_of
from transpiler.resolve.program import Program
from transpiler.resolve.scope import Scope, calls_of, scopes_of


def check_source(pipeline: Pipeline, program: Program, kind: str, report: Report) -> None:
    """Every rule about a manifest that becomes an object of a kind, and about the tasks that it calls."""
    check_manifest(pipeline, report)
    check_kind(pipeline, kind, report)
    check_schedule(pipeline, kind, report)
    check_unheard(pipeline, kind, report)
    check_annotations(pipeline, report)
    check_pipeline_places(pipeline, program.tasks, report)
    check_global_names(pipeline, program, report)
    if pipeline.is_sound:
        check_global_outputs(program, report)
    check_run_variables(pipeline, program, kind, report)
    for root in program.roots:
        check_tasks(root, report)
    check_held_back(pipeline, program, report)
    check_hidden_ends(pipeline, program, report)
    check_volumes((program.tasks, program.on_exit), report)
    check_pass_through(pipeline, program, kind, report)
    for scope in program.scopes:
        check_meant(scope, report)
    if not report.failed:
        check_unused(pipeline, program, report)


def check_tasks(root: Scope, report: Report) -> None:
    """The rules about tasks, for a scope and each scope below it once."""
    for scope in scopes_of(root):
        if scope.is_manifest:
            check_task_names(scope, report)
        check_variables(scope, report)
        check_constant_outputs(scope, report)
        check_calls(scope, report)
        check_literals(scope, report)
        check_choices(scope, report)
        check_expressions(scope, report)
        check_absence(scope, report)
        check_hooks(scope, report)
        check_never_runs(scope, report)
        check_loops(scope, report)
        check_parallelism(scope, report)
        check_loop_results(scope, report)
        check_settings(scope, report)
        check_keys(scope, report)
        check_places(scope, report)
        check_stored(scope, report)
        check_structured(scope, report)
        check_dollars(scope, report)
        check_environment(scope, report)


def check_manifest(pipeline: Pipeline, report: Report) -> None:
    """The rules about a manifest by itself, whether it runs or another one calls it."""
    check_cache_of_all(pipeline, report)
    if pipeline.fail_fast:
        warn_fail_fast(pipeline.span, report)
    check_passed_dollars(pipeline, report)
    warn_meant_defaults(pipeline, report)
    tasks = [task for dag in (pipeline.dag, pipeline.on_exit) if dag is not None for task in tasks_of(dag)]
    for task in tasks:
        if task.loop is not None:
            check_written_loop(task.loop, report)
    for settings in (pipeline.defaults, *(task.settings for task in tasks)):
        check_written_settings(settings, report)
    if pipeline.artifacts is not None:
        check_artifact_volume(pipeline.artifacts, report)
    secrets = set(named_secrets([pipeline.defaults, *(task.settings for task in tasks)]))
    check_tasks_beside(pipeline, report)
    for given in pipeline.inputs:
        check_declaration(given, report)
        check_default(given, report, names_a_secret=given.name in secrets)
    for component in _inline_components(pipeline):
        check_component(component, report, is_used=True)
        check_component_texts(component, report)


def check_called(called: LoadedPipeline, report: Report) -> None:
    """What a manifest says that has a meaning only for the pipeline that is run."""
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
        catalog.merge(own, loaded.used_at)
    for called in catalog.pipelines:
        own = Report()
        check_manifest(called.pipeline, own)
        catalog.merge(own, called.used_at)
        check_called(called, catalog.report)


def _inline_components(pipeline: Pipeline) -> Iterator[Component]:
    """Components that the manifest holds itself."""
    dags = (pipeline.dag, *([pipeline.on_exit] if pipeline.on_exit else []))
    tasks = (task for dag in dags for task in tasks_of(dag))
    for found in (*(value for _, value in pipeline.components), *(task.component for task in tasks)):
        if isinstance(found, Component):
            yield found
