"""Pipeline + catalog → scopes: every task with its callee; groups, sub-pipelines and graph components expanded."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from transpiler.build.template import template_component, template_ref_component
from transpiler.catalog.catalog import Catalog, Loaded
from transpiler.catalog.locate import Folder
from transpiler.diagnostics import Report
from transpiler.model.component import Component
from transpiler.model.depends import holds_without, results
from transpiler.model.expressions.search import references_of, replaced
from transpiler.model.expressions.tree import Expression, OutputReference, Text
from transpiler.model.expressions.types import ANY
from transpiler.model.implementation import NO_IMPLEMENTATION
from transpiler.model.pipeline import Pipeline
from transpiler.model.ports import Input
from transpiler.model.settings import NO_SETTINGS
from transpiler.model.task import (
    EXIT,
    NO_PASS_THROUGH,
    Argument,
    ComponentReference,
    Dag,
    DagOutput,
    Hook,
    Loop,
    PassThrough,
    Task,
)
from transpiler.resolve.amend import adopt, amend
from transpiler.resolve.callees import Callee, Callees, as_component
from transpiler.resolve.choices import may_lack_outputs
from transpiler.resolve.cluster_outputs import infer_outputs
from transpiler.resolve.defaults import over
from transpiler.resolve.edges import connect
from transpiler.resolve.failure_conditions import let_failures_be_asked
from transpiler.resolve.group_defaults import hand_on_defaults
from transpiler.resolve.names import Level
from transpiler.resolve.nesting import Nesting
from transpiler.resolve.node_kinds import retries_everything
from transpiler.resolve.outputs import drop_unused_prints, type_outputs, with_printed
from transpiler.resolve.pass_through import beneath_template, whole_template, with_defaults
from transpiler.resolve.presets import shared_by
from transpiler.resolve.program import Program, RunHook, WrittenDag
from transpiler.resolve.run_outputs import RunOutputs, names_below
from transpiler.resolve.run_scopes import dag_of, exit_level, exit_scope, hook_level, hook_scope, in_a_group
from transpiler.resolve.scope import Call, HookCall, Scope
from transpiler.resolve.task_file import TaskFile


def resolve(pipeline: Pipeline, folder: Folder, catalog: Catalog, report: Report) -> Program:
    """The program of a pipeline. Unknown names and cycles are reported and omitted."""
    file = TaskFile.of(pipeline, folder)
    resolver = _Resolver(catalog, report)
    for given in file.names.values():
        if isinstance(given, ComponentReference):
            catalog.load(given, folder)  # a wrong path is a mistake even when no task uses it
    scope = Scope(
        pipeline.name,
        pipeline.inputs,
        pipeline.dag.outputs,
        incomplete_names=pipeline.incomplete_names,
        is_manifest=True,
        may_lack_files=pipeline.artifacts is None,
        fail_fast=pipeline.fail_fast,
    )
    tasks = resolver.fill(scope, pipeline.dag, file)
    known = resolver.written[0].level
    on_exit, entries = resolver.on_exit(pipeline, tasks, file), resolver.entries(pipeline, file)
    hooks = tuple(resolver.run_hook(hook, pipeline, file, known) for hook in pipeline.hooks)
    return _finished(Program(tasks, on_exit, entries, tuple(resolver.written), hooks), pipeline, report)


def _finished(program: Program, pipeline: Pipeline, report: Report) -> Program:
    """A pipeline with what groups and sub-pipelines can say of their ports only when all around them is known."""
    roots = program.roots
    if retries_everything(pipeline) is not None:
        for scope in program.scopes:
            amend(scope, retries_all=True)
    let_failures_be_asked(program.scopes)
    infer_outputs(report, *roots)
    hand_on_defaults(*roots)
    drop_unused_prints(*roots)
    type_outputs(*roots)
    return program


def resolve_component(loaded: Loaded, catalog: Catalog, report: Report) -> Scope | None:
    """The tasks of a graph component on its own, as `check` looks at it; None for a container component."""
    component = loaded.component
    return _Resolver(catalog, report).callees.open_graph(component, loaded.folder, component.span)


class _Resolver:
    def __init__(self, catalog: Catalog, report: Report) -> None:
        self.report = report
        self.nesting = Nesting(report)
        self.callees = Callees(catalog, report, self.nesting, self.fill)
        self.written: list[WrittenDag] = []

    # ------------------------------------------------------------------ what stands beside the tasks

    def on_exit(self, pipeline: Pipeline, tasks: Scope, file: TaskFile) -> Scope | None:
        """The tasks that run at the end."""
        dag = pipeline.on_exit
        if dag is None:
            return None
        outputs = RunOutputs(tasks, frozenset(names_below(dict(pipeline.argo))))
        return self.fill(
            exit_scope(pipeline), dag, file, exit_level(pipeline, dag, self.written[0].level, outputs.take)
        )

    def entries(self, pipeline: Pipeline, file: TaskFile) -> Scope | None:
        """The entries of a library, which know no names: a reference in one has a rule of its own."""
        if pipeline.entries is None:
            return None
        nothing = frozenset(("inputs", "tasks"))
        scope = Scope(pipeline.name, (), (), incomplete_names=nothing, is_manifest=True, is_library=True)
        return self.fill(scope, pipeline.entries.dag, file, Level(frozenset(), {}, nothing))

    # ------------------------------------------------------------------ a DAG

    def fill(self, scope: Scope, dag: Dag, file: TaskFile, level: Level | None = None) -> Scope:
        """Resolve the tasks of a DAG into its scope, and connect them."""
        level = level or Level(
            frozenset(task.name for task in dag.tasks),
            {given.name: given for given in scope.inputs},
            scope.incomplete_names,
        )
        self.written.append(WrittenDag(dag, level, scope))
        level.is_incomplete = dag.is_incomplete
        level.may_lack_outputs = may_lack_outputs(dag.tasks)
        level.hidden = {inner.name: task.name for task in dag.tasks if task.group for inner in task.group.tasks}
        calls = [self.call(task, file, level, scope) for task in dag.tasks]
        amend(scope, outputs=tuple(replaced(output, self.meaning(level, None)) for output in dag.outputs))
        return connect(scope, calls, level, self.report)

    def meaning(self, level: Level, loop: Loop | None) -> Callable[[Expression], Expression]:
        """The rewriting of references of a task with that loop for a level."""
        return lambda reference: level.meaning(reference, loop, self.report)

    def call(self, task: Task, file: TaskFile, level: Level, scope: Scope) -> Call:
        """A task with its callee, in terms of the level."""
        if task.is_limited_loop:
            return self.loop_as_one(task, file, level, scope)
        with self.nesting.calling(is_conditional=task.when is not None or task.hides_keys):
            callee, inner = self.callee(task, file, level, scope)
        if task.group is not None and inner is not None:
            task = replace(task, arguments=tuple(_argument(name, each) for name, each in inner.captures.items()))
        shared = shared_by(task, callee, file, self.report)
        hooks, own = task.hooks, callee.settings if callee is not None else NO_SETTINGS
        settings = over(task.settings, over(own, shared.settings))
        task = replace(_with_passed(task, callee, shared.argo), settings=settings, group=None, hooks=())
        said = replaced(replace(task, loop=None), self.meaning(level, task.naming_loop))
        said = replace(said, loop=self.loop(task.loop, level))
        calls = tuple(self.hook(hook, file, level, scope) for hook in hooks)
        call = Call(said, callee, inner, hooks=calls)
        adopt(scope, call)
        return call

    def loop(self, loop: Loop | None, level: Level) -> Loop | None:
        """What a task runs over: there is no item of its own yet, so `item` is that of a loop around it."""
        return None if loop is None else replaced(loop, self.meaning(level, loop if loop.is_incomplete else None))

    def hook(self, hook: Hook, file: TaskFile, level: Level, scope: Scope) -> HookCall:
        """The hooks of a task."""
        task, when = hook.task, hook.when
        if hook.name == EXIT and any(isinstance(each, OutputReference) for each in references_of(when)):
            task, when = replace(task, when=when), None  # Argo evaluates `when` before the outputs are known
        is_more = task.loop is not None or task.when is not None or task.hooks or task.argo.task is not None
        if is_more:
            task = in_a_group(task)  # a hook of Argo's has none of these
        when = None if when is None else replaced(when, self.meaning(level, None))
        return HookCall(hook.name, self.call(task, file, level, scope), when)

    def callee(self, task: Task, file: TaskFile, level: Level, scope: Scope) -> Callee:
        """What a task calls, as a component; and the scope inside, when it is a DAG."""
        if task.group is not None:
            return self.open_group(task, task.group, file, level, scope)
        if task.template is not None:
            component = template_component(task.name, task.template, task.span)
            return component if component.is_complete else None, None
        if task.template_ref is not None:
            return template_ref_component(task), None
        if task.pipeline is not None:
            return self.callees.sub_pipeline(task.pipeline, file, task.below)
        return self.callees.component(task, file)

    def run_hook(self, hook: Hook, pipeline: Pipeline, file: TaskFile, tasks: Level) -> RunHook:
        """A hook of the run. `tasks` are those of the pipeline, which it cannot use."""
        level = hook_level(pipeline, hook, tasks)
        return RunHook(hook.name, self.fill(hook_scope(pipeline, hook), dag_of(hook), file, level))

    # ------------------------------------------------------------------ groups

    def open_group(self, task: Task, group: Dag, file: TaskFile, level: Level, scope: Scope) -> tuple[Component, Scope]:
        """A group as a component: its captures are its inputs."""
        inner = Level(
            frozenset(each.name for each in group.tasks),
            {},
            level.incomplete_names,
            parent=level,
            loop=task.naming_loop,
        )
        inner.not_passed = frozenset(each.name for each in task.arguments)
        if task.depends is not None:
            asked = (each.task for each in results(task.depends))
            inner.may_have_failed = frozenset(each for each in asked if holds_without(task.depends, each))
        opened = Scope(
            f"{scope.name}-{task.name}" if scope.parent else task.name,
            (),
            group.outputs,
            is_manifest=scope.is_manifest,
            parent=scope,
            group=task,
            parallelism=task.parallelism.most if task.parallelism else None,
            fail_fast=task.fail_fast,
        )
        self.fill(opened, group, file, inner)
        inputs = tuple(Input(name, ANY, task.span, optional=True) for name in inner.captures)
        amend(opened, has_incomplete_outputs=group.has_incomplete_outputs, captures=inner.captures, inputs=inputs)
        return as_component(opened, task.span), opened

    def loop_as_one(self, task: Task, file: TaskFile, level: Level, scope: Scope) -> Call:
        """A loop with limits or hooks, as the one task of a group: Argo limits DAGs, and runs hooks for each item.

        Its `when` is asked for each item, as that of any loop.
        """
        single = replace(task, after=(), depends=None, parallelism=None, fail_fast=None, may_fail=None, hooks=())
        yields: list[DagOutput] = []
        inner = replace(task, when=None, loop=None, arguments=(), argo=type(task.argo)(), settings=NO_SETTINGS)
        hooks = tuple(map(_asked_inside, task.hooks)) if task.may_fail else task.hooks
        inner = replace(inner, description=None, uses=(), component=None, group=Dag((single,), ()), hooks=hooks)
        call = self.call(inner, file, level, scope)
        assert call.scope is not None
        wrapped = call.scope.calls.get(task.name)
        if wrapped is None or wrapped.component is None:
            return Call(call.task, None)
        outputs = with_printed(wrapped.component)
        for output in outputs:
            reference = OutputReference(task.name, output.name, task.span, task.span, task.span)
            yields.append(DagOutput(output.name, output.span, Text((reference,)), task.span))
        amend(call.scope, outputs=tuple(yields), has_incomplete_outputs=wrapped.component.has_incomplete_ports)
        amend(call, component=replace(as_component(call.scope, task.span), outputs=outputs), limited=wrapped.loop)
        return call


def _asked_inside(hook: Hook) -> Hook:
    """An exit handler that is asked for its `when` after its arguments are known: the status is one of them."""
    if hook.name != EXIT or hook.when is None:
        return hook
    return replace(hook, task=in_a_group(replace(hook.task, when=hook.when)), when=None)


def _with_passed(task: Task, callee: Component | None, shared: PassThrough) -> Task:
    """The task with Argo's own fields as they are merged, for the rules about them."""
    own = callee.implementation if callee is not None else NO_IMPLEMENTATION
    if own.argo_node is None:
        return replace(task, argo=with_defaults(task.argo, shared))
    passed = with_defaults(task.argo, NO_PASS_THROUGH)
    whole = whole_template(beneath_template(own.argo_node, own.program, shared), own.program, passed)
    return replace(task, template=whole, argo=passed)


def _argument(name: str, reference: Expression) -> Argument:
    return Argument(name, reference.span, Text((reference,)), reference.span)
