"""The tasks of a scope → Argo's DAG template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from transpiler.argo.merge import merged
from transpiler.dataflow.instances import Instance, passes_absence
from transpiler.model.component import Component
from transpiler.model.expressions.tree import Boxed, FactReference, Text
from transpiler.model.template import TemplateRef
from transpiler.model.transport import Transport
from transpiler.model.values import Literal, StoredFile
from transpiler.plan.argo_objects import Node, parameter, ports, without_empty
from transpiler.plan.expressions.artifacts import Artifacts
from transpiler.plan.expressions.items import whole_key
from transpiler.plan.expressions.tags import Tags
from transpiler.plan.templates.depends import depends_of
from transpiler.plan.templates.loop_files import FolderInputs
from transpiler.plan.templates.loops import loop_fields
from transpiler.resolve.absences import may_be_omitted
from transpiler.resolve.environment import with_variables
from transpiler.resolve.files import may_be_missing
from transpiler.resolve.scope import Call, HookCall, Scope


class Target(Struct, frozen=True):
    """The template of a call: its name, the names of its inputs, and the arguments added by settings."""

    template: str
    inputs: Mapping[str, str]
    extras: Mapping[str, Text]
    folders: FolderInputs = FolderInputs()
    """Its inputs for files that go into the folder of a loop."""


Targets = Mapping[tuple[Instance, Call], Target]
"""A call may run several templates: a scope has an instance for each set of omitted inputs."""


def dag_template(
    instance: Instance,
    tags: Tags,
    targets: Targets,
    inputs: Node,
    outputs: Mapping[str, str],
    rows: Sequence[Sequence[str]] = (),
) -> Node:
    """A DAG template without its name: tasks in topological order, each with its arguments; `rows` make steps."""
    scope = instance.scope
    assert scope is not None
    omitted = may_be_omitted(scope)
    tasks = [_task(call, instance, tags, targets, omitted) for call in scope.calls.values()]
    limits = {} if scope.parallelism is None else {"parallelism": scope.parallelism}
    fail_fast = {} if scope.fail_fast is None else {"failFast": scope.fail_fast}
    target = {"target": " ".join(tags.tasks[task] for task in scope.targets)} if scope.targets else {}
    artifacts = Artifacts(tags)
    files = [each.value for each in scope.outputs if _is_yielded(each.name, instance)]
    taken = ports(inputs.get("parameters", []), [*inputs.get("artifacts", []), *artifacts.folders(files)])
    ports_of_all = without_empty({"inputs": taken, "outputs": _outputs(instance, scope, artifacts, outputs)})
    if rows:
        steps = dict(zip(scope.calls, tasks, strict=True))
        return {**ports_of_all, "steps": [[_step(steps[name], scope.calls[name]) for name in row] for row in rows]}
    return {
        **ports_of_all,
        **limits,
        "dag": {**target, **fail_fast, "tasks": tasks},
    }


def without_conditions(node: Node) -> Node:
    """The DAG of a hook of the run, which starts only when its condition holds."""
    tasks = [{key: value for key, value in task.items() if key != "when"} for task in node["dag"]["tasks"]]
    return {**node, "dag": {**node["dag"], "tasks": tasks}}


def _step(task: Node, call: Call) -> Node:
    """A task as a step: its row determines its dependencies, and a step may fail by itself."""
    may_fail = {"continueOn": {"error": True, "failed": True}} if call.task.may_fail else {}
    return {**{key: value for key, value in task.items() if key != "depends"}, **may_fail}


def _task(call: Call, caller: Instance, tags: Tags, targets: Targets, omitted: frozenset[str]) -> Node:
    task = call.task
    if task.loop is not None:
        tags = replace(tags, loop=task.loop, whole_key=whole_key(task, tags.scope))
    fields = {
        "name": tags.tasks[task.name],
        **_callee(call, caller, targets),
        "depends": depends_of(call, tags, omitted),
        "when": tags.compiler.condition(task.when) if task.when is not None else "",
        **(loop_fields(task.loop, tags) if task.loop is not None else {}),
        "arguments": _arguments(call, caller.callees[task.name], caller, tags, targets[caller, call]),
        "hooks": {hook.name: _hook(hook, caller, task.name, tags, targets) for hook in call.hooks},
    }
    node = without_empty(fields)
    given = task.settings.argo_task
    if given is not None:
        node = merged(node, tags.filled(given))
    return node


def _callee(call: Call, caller: Instance, targets: Targets) -> Node:
    reference = call.implementation
    if isinstance(reference, TemplateRef):
        scope = {"clusterScope": True} if reference.cluster_scope else {}
        return {"templateRef": {"name": reference.name, "template": reference.template, **scope}}
    return {"template": targets[caller, call].template}


def _hook(hook: HookCall, caller: Instance, task: str, tags: Tags, targets: Targets) -> Node:
    callee = caller.hooks[task, hook.name]
    return without_empty(
        {
            "expression": tags.compiler.logic(hook.when) if hook.when is not None else "",
            **_callee(hook.call, caller, targets),
            "arguments": _arguments(hook.call, callee, caller, tags, targets[caller, hook.call]),
        }
    )


def _arguments(call: Call, callee: Instance, caller: Instance, tags: Tags, target: Target) -> Node:
    """An argument for each input that the caller passes and the template takes."""
    component, arguments = callee.component, call.arguments
    component = call.component if isinstance(call.component, Component) else component
    assert component is not None
    as_they_are, files = with_variables(call), Artifacts(tags)
    parameters, artifacts = [], []
    for given in component.inputs:
        way = callee.takes.get(given.name, Transport.NONE)
        passed = arguments.get(given.name)
        if passed is None or not isinstance(passed.value, (Literal, Text, StoredFile)):
            continue
        if passes_absence(passed.value, caller):
            continue
        name = target.inputs[given.name]
        if isinstance(passed.value, Text) and isinstance(passed.value.whole, Boxed) and way:
            boxed = tags.value if Transport.VALUE in way else files.boxed
            parameters.append(parameter(name, boxed(passed.value.whole)))
        elif Transport.VALUE in way and not isinstance(passed.value, StoredFile):
            write = tags.for_kubelet if given.name in as_they_are else tags.text
            parameters.append(parameter(name, write(passed.value, given)))
        if Transport.PATH in way:
            artifacts.append(files.passed(name, passed.value, given))
    for name, text in target.extras.items():
        parameters.append(parameter(name, tags.written(text)))
    for output, name in target.folders.folders.items():
        parameters.append(parameter(name, files.folder(call.task.name, output)))
    if target.folders.index:
        parameters.append(parameter(target.folders.index, tags.folders.file_name))
    return ports(parameters, artifacts)


def _outputs(instance: Instance, scope: Scope, files: Artifacts, names: Mapping[str, str]) -> Node:
    """The outputs of a DAG that its callers use."""
    parameters, artifacts = [], []
    for output in sorted(scope.outputs, key=lambda each: each.name):
        way = instance.yields.get(output.name, Transport.NONE)
        if not isinstance(output.value, Text):
            continue
        name = names.get(output.name, output.name)
        whole = output.value.whole
        if Transport.VALUE in way:
            parameters.append(parameter(name, valueFrom=_value_from(output.value, files.tags)))
        if _is_yielded(output.name, instance) and whole is not None:
            missing = {"optional": True} if may_be_missing(whole, scope) else {}
            artifacts.append({**files.yielded(name, whole), **missing})
    return ports(parameters, artifacts)


def _is_yielded(output: str, instance: Instance) -> bool:
    """True for a file that the DAG yields, and not its tasks into the folder of a loop around."""
    return Transport.PATH in instance.yields.get(output, Transport.NONE) and output not in instance.folders


def _value_from(value: Text, tags: Tags) -> Node:
    """A reference as Argo's `parameter`, any other expression as its `expression`, whose result must be a string.

    Argo's linter accepts only outputs in `parameter`, not the results of tasks.
    """
    if value.plain_reference is not None and not isinstance(value.plain_reference, FactReference):
        tag = tags.value(value.plain_reference)
        if not tag.startswith("{{="):
            return {"parameter": tag}
    return {"expression": tags.output_compiler.joined(value.parts).text}
