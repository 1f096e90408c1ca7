"""The rules, in the order they run."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from transpiler.argo.naming import task_name
from transpiler.check.argo.pass_through import check_called, check_pass_through, check_patches
from transpiler.check.component.component import check_component
from transpiler.check.endings.held_back import check_held_back
from transpiler.check.endings.hidden_ends import check_hidden_ends
from transpiler.check.endings.never_runs import check_never_runs
from transpiler.check.endings.skipped_values import check_absence
from transpiler.check.expressions.choices import check_choices
from transpiler.check.expressions.expressions import check_expressions
from transpiler.check.expressions.literals import check_default, check_literals
from transpiler.check.expressions.structured_texts import check_structured
from transpiler.check.limits import check_annotations
from transpiler.check.references.global_names import check_global_names
from transpiler.check.references.global_outputs import check_global_outputs
from transpiler.check.references.misplaced_references import check_pipeline_places, check_places
from transpiler.check.references.run_variables import check_run_variables
from transpiler.check.references.unmarked_references import check_meant, warn_meant_defaults
from transpiler.check.tasks.caches import check_cache_of_all, check_keys
from transpiler.check.tasks.calls import check_calls
from transpiler.check.tasks.dollars import check_dollars, check_passed_dollars
from transpiler.check.tasks.environment import check_environment
from transpiler.check.tasks.flow import check_flow, check_kind, check_schedule, check_unheard, warn_fail_fast
from transpiler.check.tasks.locations import check_stored
from transpiler.check.tasks.secrets import named_secrets
from transpiler.check.tasks.settings import check_settings
from transpiler.check.tasks.volumes import check_volumes
from transpiler.diagnostics import Related, Report
from transpiler.model.component import Component
from transpiler.model.pipeline import Pipeline
from transpiler.model.task import Dag, Task
from transpiler.read.schema.misplaced import REFERENCE
from transpiler.resolve.program import Program
from transpiler.resolve.scope import Scope, scopes_of


def check_pipeline(pipeline: Pipeline, program: Program, kind: str, report: Report) -> None:
    """Every rule about a manifest, and what it calls."""
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
    check_scopes(program.tasks, report)
    if program.on_exit is not None:
        check_scopes(program.on_exit, report)
    check_held_back(pipeline, program, report)
    check_hidden_ends(pipeline, program, report)
    check_volumes((program.tasks, program.on_exit), report)
    check_pass_through(pipeline, program, kind, report)
    for scope in program.scopes:
        check_meant(scope, report)


def check_manifest(pipeline: Pipeline, report: Report) -> None:
    """The rules about a manifest by itself, whether it runs or another one calls it."""
    check_cache_of_all(pipeline, report)
    if pipeline.fail_fast:
        warn_fail_fast(pipeline.span, report)
    check_passed_dollars(pipeline, report)
    warn_meant_defaults(pipeline, report)
    dags = (pipeline.dag, *([pipeline.on_exit] if pipeline.on_exit else []))
    secrets = set(named_secrets([pipeline.defaults, *(task.settings for dag in dags for task in tasks_of(dag))]))
    for given in pipeline.inputs:
        check_default(given, report, names_a_secret=given.name in secrets)
    for component in inline_components(pipeline):
        check_component(component, report, is_used=True)
        _misplaced(component, report)


def _misplaced(component: Component, report: Report) -> None:
    """A component has no references. `$` and a tag of Argo's would be both, the value with a `$` before it."""
    for text, span in component.texts:
        if REFERENCE.search(text) and not report.says_something_at(span):
            message = "a reference cannot stand in a component, which knows its own inputs only"
            hint = "write {inputValue: NAME}, and pass the value in `arguments`; Argo's own tags have no `$`"
            report.error("misplaced-reference", message, span, hint)


def check_templates(pipeline: Pipeline, program: Program, known: Mapping[str, Collection[str]], report: Report) -> None:
    """Argo's own fields against all templates that came out: name → fields."""
    check_patches(pipeline, known, report)
    check_called(pipeline, program, known, report)


def inline_components(pipeline: Pipeline) -> Iterator[Component]:
    """Components that the manifest holds itself."""
    dags = (pipeline.dag, *([pipeline.on_exit] if pipeline.on_exit else []))
    tasks = (task for dag in dags for task in tasks_of(dag))
    for found in (*(value for _, value in pipeline.components), *(task.component for task in tasks)):
        if isinstance(found, Component):
            yield found


def tasks_of(dag: Dag) -> Iterator[Task]:
    """Every task of a DAG, those of groups and hooks too."""
    for task in dag.tasks:
        yield task
        yield from (hook.task for hook in task.hooks)
        if task.group is not None:
            yield from tasks_of(task.group)


def check_scopes(scope: Scope, report: Report) -> None:
    """The rules about tasks, for a scope and each scope below it once."""
    for current in scopes_of(scope):
        if current.is_manifest:
            _task_names(current, report)
        for rules in (
            check_calls,
            check_literals,
            check_choices,
            check_expressions,
            check_absence,
            check_never_runs,
            check_flow,
            check_settings,
            check_keys,
            check_places,
            check_stored,
            check_structured,
            check_dollars,
            check_environment,
        ):
            rules(current, report)


def _task_names(scope: Scope, report: Report) -> None:
    """Argo knows lower case and `-` only, so `a_b` and `A-b` are one name there."""
    first: dict[str, str] = {}
    for name, call in sorted(scope.calls.items(), key=lambda item: item[1].task.span[1:]):
        argo_name = task_name(name)
        if argo_name in first:
            other = scope.calls[first[argo_name]].task.span
            report.error(
                "duplicate-name",
                f"tasks `{first[argo_name]}` and `{name}` are both `{argo_name}` in Argo",
                call.task.span,
                "rename one of them",
                (Related("the other task", other),),
            )
        else:
            first[argo_name] = name
