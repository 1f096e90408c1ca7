"""The scopes that run beside the tasks of a pipeline: its `onExit`, and each of its hooks."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from transpiler.model.pipeline import Pipeline
from transpiler.model.ports import Input
from transpiler.model.task import Dag, Hook, Task
from transpiler.resolve.names import Level, Take
from transpiler.resolve.scope import Scope

_AT_EXIT: Final = "`onExit` can use `inputs`, outputs of tasks, `workflow.status` and `workflow.failures`"
_IN_A_HOOK: Final = (
    "a hook of the run can use `inputs` and `workflow.status`; for the state of a task, write a hook of that task"
)


def exit_scope(pipeline: Pipeline) -> Scope:
    """The scope of `onExit`, without its tasks."""
    return replace(_scope(pipeline, "exit"), on_exit=True)


def hook_scope(pipeline: Pipeline, hook: Hook) -> Scope:
    """The scope of a hook of the run, without its task."""
    return replace(_scope(pipeline, hook.name), is_hook=True)


def _scope(pipeline: Pipeline, name: str) -> Scope:
    names = pipeline.incomplete_names
    return Scope(f"{pipeline.name}-{name}", pipeline.inputs, (), incomplete_names=names, is_manifest=True)


def exit_level(pipeline: Pipeline, dag: Dag, tasks: Level, take: Take) -> Level:
    """The names that an `onExit` can use: inputs, its own tasks, and outputs of the `tasks` of the pipeline."""
    own = frozenset(task.name for task in dag.tasks)
    return Level(own, _inputs(pipeline), pipeline.incomplete_names, ended=tasks, take=take, instead=_AT_EXIT)


def hook_level(pipeline: Pipeline, hook: Hook, tasks: Level) -> Level:
    """The names that a hook of the run can use: inputs, and itself in its own hooks."""
    own = frozenset([hook.name])
    return Level(own, _inputs(pipeline), pipeline.incomplete_names, ended=tasks, instead=_IN_A_HOOK)


def _inputs(pipeline: Pipeline) -> dict[str, Input]:
    return {given.name: given for given in pipeline.inputs}


def dag_of(hook: Hook) -> Dag:
    """The task of a hook of the run, with the `when`, which holds for all items of its loop."""
    task = hook.task if hook.task.loop is None else in_a_group(hook.task)
    return Dag((replace(task, when=hook.when),), ())


def in_a_group(task: Task) -> Task:
    """A group of that task alone, with its name."""
    return Task(task.name, task.span, None, group=Dag((task,), ()))
