"""A program → the program that Argo can run, and how each value travels in it. Judges nothing."""

from __future__ import annotations

from transpiler.argo.limits import MAX_TASKS
from transpiler.dataflow.instances import Dataflow
from transpiler.dataflow.trace import trace
from transpiler.lower.reshape.exit_steps import rows_at_ends
from transpiler.lower.reshape.failing_tasks import has_tasks_that_may_fail, let_tasks_fail
from transpiler.lower.reshape.file_choices import choose_files, chosen_files
from transpiler.lower.reshape.loop_results import collect_results, has_results, stored_files
from transpiler.lower.reshape.retried_tasks import hides_an_end, wrap_tries
from transpiler.model.task import Limit
from transpiler.resolve.program import Program
from transpiler.resolve.scope import Scope, scopes_of


def lower(
    program: Program, dataflow: Dataflow, limit: Limit | None, *, has_steps: bool = True
) -> tuple[Program, Dataflow]:
    """The program and its dataflow in a form that Argo runs correctly; unchanged if they have it already.

    `limit` is the pipeline's limit of pods that run at the same time; `has_steps` is False where an `onExit` must not
    become steps. The arguments are not changed.
    """
    choices = chosen_files(dataflow)
    is_long = any(len(scope.calls) > MAX_TASKS for scope in program.scopes)
    at_the_end = tuple(scopes_of(program.on_exit))
    has_lanes = any(limit is not None or scope.parallelism is not None for scope in at_the_end)
    may_fail = has_tasks_that_may_fail(program)
    with_results = has_results(program)
    if not (choices or is_long or has_lanes or may_fail or with_results or hides_an_end(program)):
        return program, dataflow
    from transpiler.lower.copies import Copies  # noqa: PLC0415 - most pipelines stay as they are
    from transpiler.lower.lanes import in_lanes  # noqa: PLC0415
    from transpiler.lower.partition.split import split  # noqa: PLC0415

    copies = Copies()
    lowered = copies.program(program)
    choose_files({copies.of[scope]: arguments for scope, arguments in choices.items()})
    if with_results:
        collect_results(lowered, {copies.of[scope]: files for scope, files in stored_files(dataflow).items()})
    if may_fail:
        let_tasks_fail(lowered, _in_steps(lowered) if has_steps and limit is None else ())
    split(lowered)
    if lowered.on_exit is not None:
        in_lanes(lowered.on_exit, limit)
    wrap_tries(lowered)
    return lowered, trace(lowered, dataflow)


def _in_steps(program: Program) -> list[Scope]:
    """The scopes that become steps."""
    return [scope for scope in rows_at_ends(program.scopes) if len(scope.calls) <= MAX_TASKS]
