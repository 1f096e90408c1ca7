"""Resolved pipeline → Workflow: every decision that Argo needs, made. Expects a pipeline without errors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from transpiler.argo.naming import Names, kebab, task_name
from transpiler.model.component import Component, Input
from transpiler.model.pipeline import Literal, Pipeline
from transpiler.plan.container import container_template, input_ports
from transpiler.plan.ports import PortMap, ports_of
from transpiler.plan.values import Tags, artifact, parameter
from transpiler.plan.workflow import Artifact, DAGTask, Parameter, Ports, Template, Workflow
from transpiler.read.expressions import Text
from transpiler.resolve.dataflow import Instance, Way, passes_absence
from transpiler.resolve.scope import Call, Scope

KINDS: Final = ("Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate")
MAX_GENERATED: Final = 57
"""Kubernetes adds five characters to `generateName`, which ends in `-`, and a Workflow's name has 63 at most."""


def plan(pipeline: Pipeline, entry: Instance, kind: str) -> Workflow:
    """The object of that kind that runs the pipeline."""
    planner = _Planner(entry, kebab(pipeline.name, "pipeline"), _of_the_run(pipeline, kind))
    name = planner.entry_name
    return Workflow(
        kind=kind,
        name="" if kind == "Workflow" else name,
        generate_name=f"{name[:MAX_GENERATED].rstrip('-')}-" if kind == "Workflow" else "",
        namespace="" if kind == "ClusterWorkflowTemplate" else pipeline.namespace,
        labels=pipeline.labels,
        annotations=_annotations(pipeline, name),
        entrypoint=name,
        arguments=Ports(tuple(_argument(given) for given in _sorted(pipeline.inputs))),
        templates=tuple(planner.templates(pipeline)),
    )


def _annotations(pipeline: Pipeline, name: str) -> tuple[tuple[str, str], ...]:
    """Argo's UI shows these two; the user's own annotations win."""
    shown = {}
    if pipeline.name != name:
        shown["workflows.argoproj.io/title"] = pipeline.name
    if pipeline.description:
        shown["workflows.argoproj.io/description"] = pipeline.description
    return tuple(sorted({**shown, **dict(pipeline.annotations)}.items()))


def _argument(given: Input) -> Parameter:
    value = "" if given.optional and given.default is None else given.default
    enum = (*given.enum, "") if given.enum and value == "" and "" not in given.enum else given.enum
    return Parameter(given.name, value=value, enum=enum, description=given.description)


def _of_the_run(pipeline: Pipeline, kind: str) -> frozenset[str]:
    """The required inputs of a Workflow.

    The entry DAG takes inputs of its own, so that a template works through `templateRef`. But `argo lint` refuses a
    Workflow whose entry takes an input that has no value before it is submitted.
    """
    return frozenset(given.name for given in pipeline.inputs if kind == "Workflow" and given.required)


def _sorted(inputs: tuple[Input, ...]) -> list[Input]:
    """A mapping has no order in YAML, so the output does not depend on it."""
    return sorted(inputs, key=lambda given: given.name)


@dataclass(slots=True)
class _Planner:
    """Names templates in the order of first use, and writes one for all instances that need the same."""

    entry: Instance
    entry_name: str
    of_the_run: frozenset[str]
    """Inputs of the pipeline that its tasks read from the run's arguments."""
    names: dict[Instance, str] = field(default_factory=dict)
    ports: dict[Component, PortMap] = field(default_factory=dict)

    def templates(self, pipeline: Pipeline) -> list[Template]:
        """The entry DAG, then the others behind the first that uses them."""
        own = [given for given in _sorted(pipeline.inputs) if given.name not in self.of_the_run]
        inputs = Ports(tuple(Parameter(given.name) for given in own))
        taken = Names([self.entry_name])
        named: dict[Template, str] = {}
        order: list[Template | Instance] = []
        for instance in _in_order_of_use(self.entry):
            assert instance.component is not None
            name = kebab(instance.component.name, "component")
            if instance.scope is not None:
                self.names[instance] = taken.unique(name)
                order.append(instance)
                continue
            template = container_template("", instance, self.ports_of(instance))
            if template not in named:
                named[template] = taken.unique(name)
                order.append(replace(template, name=named[template]))
            self.names[instance] = named[template]
        entry = self.dag(self.entry_name, self.entry, inputs)
        return [entry, *(self.nested_dag(each) if isinstance(each, Instance) else each for each in order)]

    def nested_dag(self, instance: Instance) -> Template:
        """The template of a graph component."""
        return self.dag(self.names[instance], instance, input_ports(instance, self.ports_of(instance)))

    def dag(self, name: str, instance: Instance, inputs: Ports) -> Template:
        """A DAG template: its tasks in topological order, each with what it passes on."""
        scope = instance.scope
        assert scope is not None
        tags = self.tags(instance, scope)
        tasks = tuple(self.task(task, call, instance, tags) for task, call in scope.calls.items())
        return Template(name, inputs, self.outputs(instance, scope, tags), tasks=tasks)

    def tags(self, instance: Instance, scope: Scope) -> Tags:
        """How the tasks of a DAG name its inputs, and each other's outputs."""
        taken = Names()
        tasks = {task: taken.unique(task_name(task)) for task in scope.calls}
        outputs = {task: self.ports_of(instance.callees[task]).outputs for task in tasks}
        if instance.component is None:
            return Tags(scope, tasks, {given.name: given.name for given in scope.inputs}, outputs, self.of_the_run)
        return Tags(scope, tasks, self.ports_of(instance).inputs, outputs)

    def task(self, task: str, call: Call, caller: Instance, tags: Tags) -> DAGTask:
        """A task of a DAG, with an argument for each input that the caller passes and the template takes."""
        callee = caller.callees[task]
        component, arguments = callee.component, call.arguments
        assert component is not None
        ports = self.ports_of(callee)
        parameters: list[Parameter] = []
        artifacts: list[Artifact] = []
        for given in component.inputs:
            way = callee.takes.get(given.name, Way.NONE)
            passed = arguments.get(given.name)
            if passed is None or not isinstance(passed.value, (Literal, Text)) or passes_absence(passed.value, caller):
                continue
            name = ports.inputs[given.name]
            if Way.VALUE in way:
                parameters.append(parameter(name, passed.value, given, callee.scope is None, tags))
            if Way.PATH in way:
                artifacts.append(artifact(name, passed.value, given, caller.component is not None, tags))
        depends = " && ".join(sorted(tags.tasks[other] for other in call.dependencies))
        return DAGTask(tags.tasks[task], self.names[callee], depends, Ports(tuple(parameters), tuple(artifacts)))

    def outputs(self, instance: Instance, scope: Scope, tags: Tags) -> Ports:
        """What a DAG yields, of what its callers want."""
        names = self.ports_of(instance).outputs if instance.component else {}
        parameters: list[Parameter] = []
        artifacts: list[Artifact] = []
        for output in sorted(scope.outputs, key=lambda each: each.name):
            reference = output.reference
            way = instance.yields.get(output.name, Way.NONE)
            if reference is None:
                continue
            name = names.get(output.name, output.name)
            if Way.VALUE in way:
                parameters.append(Parameter(name, value_from_parameter=tags.value(reference)))
            if Way.PATH in way:
                artifacts.append(Artifact(name, origin=tags.artifact(reference)))
        return Ports(tuple(parameters), tuple(artifacts))

    def ports_of(self, instance: Instance) -> PortMap:
        """The ports of an instance's component."""
        component = instance.component
        assert component is not None
        if component not in self.ports:
            self.ports[component] = ports_of(component)
        return self.ports[component]


def _in_order_of_use(entry: Instance) -> Iterator[Instance]:
    """The instances below the entry, each once, behind the first that uses it."""
    seen: set[Instance] = set()
    waiting = list(entry.callees.values())[::-1]
    while waiting:
        instance = waiting.pop()
        if instance not in seen:
            seen.add(instance)
            yield instance
            waiting.extend(list(instance.callees.values())[::-1])
