"""The tasks of one pipeline or graph component with their names resolved: who calls what, in which order.

Reports unknown names and cycles; judges no values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from transpiler.diagnostics import Related, Report, Span
from transpiler.model.component import Component, Input, Output
from transpiler.model.pipeline import Argument, Dag, DagOutput, Literal, Task
from transpiler.read.expressions import InputReference, OutputReference, Reference, Text, WorkflowReference
from transpiler.resolve.cycles import Edges, report_cycles
from transpiler.suggest import suggestion


@dataclass(eq=False)
class Call:
    """A task and the component it calls (None when that is unusable, and reported)."""

    task: Task
    component: Component | None
    scope: Scope | None = None
    """The tasks of a graph component."""
    dependencies: frozenset[str] = frozenset()
    """The tasks it waits for, by name."""

    @cached_property
    def arguments(self) -> dict[str, Argument]:
        """Input name → argument, without those that say `null`."""
        return {given.name: given for given in self.task.arguments if given.value is not None}


@dataclass(eq=False)
class Scope:
    """Tasks that see each other, in an order that the order of the file does not change."""

    name: str
    inputs: tuple[Input, ...]
    outputs: tuple[DagOutput, ...]
    calls: dict[str, Call] = field(default_factory=dict)
    open_names: frozenset[str] = frozenset()
    """`inputs` and `tasks`, where a mistake that is reported hides some of their names."""
    is_manifest: bool = False
    """True for the tasks of a manifest, False for those of a graph component."""

    def input(self, name: str) -> Input | None:
        """The input of that name."""
        return self._inputs.get(name)

    @cached_property
    def _inputs(self) -> dict[str, Input]:
        return {given.name: given for given in self.inputs}

    def output_of(self, reference: OutputReference) -> Output | None:
        """The output that a reference means; None when it is unknown, or `.output` is ambiguous."""
        call = self.calls.get(reference.task)
        if call is None or call.component is None:
            return None
        outputs = call.component.outputs
        if reference.output is None:
            return outputs[0] if len(outputs) == 1 else None
        return call.component.output(reference.output)


def build_scope(scope: Scope, dag: Dag, calls: Iterable[Call], report: Report) -> Scope:
    """Fill a scope with its calls, and resolve the references between them.

    Calls come out in lexicographic topological order.
    """
    scope.calls = {call.task.name: call for call in calls}
    edges: Edges = {}
    for call in scope.calls.values():
        for argument in call.task.arguments:
            if isinstance(argument.value, Text):
                for reference in argument.value.references:
                    _resolve(reference, call, scope, edges, report)
        for other, span in call.task.after:
            _resolve_after(other, span, call, scope, edges, report)
    for output in dag.outputs:
        _resolve_output(output, scope, report)
    for producer, consumer in edges:
        scope.calls[consumer].dependencies |= {producer}
    scope.calls = {task: scope.calls[task] for task in report_cycles(list(scope.calls), edges, report)}
    return scope


def _resolve(reference: Reference, call: Call | None, scope: Scope, edges: Edges, report: Report) -> None:
    if isinstance(reference, InputReference):
        if scope.input(reference.name) is None and "inputs" not in scope.open_names:
            report.error(
                "unknown-input",
                f"there is no input `{reference.name}`",
                reference.span,
                suggestion(reference.name, [given.name for given in scope.inputs], "inputs"),
            )
    elif isinstance(reference, WorkflowReference):
        _resolve_workflow(reference, report)
    elif reference.task not in scope.calls:
        if "tasks" in scope.open_names:
            return
        report.error(
            "unknown-task",
            f"there is no task `{reference.task}`",
            reference.task_span,
            suggestion(reference.task, scope.calls, "tasks"),
        )
    else:
        if call is not None:
            edges.setdefault((reference.task, call.task.name), reference.span)
        _check_output(reference, scope, report)


def _check_output(reference: OutputReference, scope: Scope, report: Report) -> None:
    component = scope.calls[reference.task].component
    if component is None or scope.output_of(reference) is not None:
        return
    names = [output.name for output in component.outputs]
    declared = (Related("the component", component.span),)
    if reference.output is not None:
        report.error(
            "unknown-output",
            f"task `{reference.task}` has no output `{reference.output}`",
            reference.output_span,
            suggestion(reference.output, names, "outputs"),
            declared,
        )
    elif names:
        report.error(
            "unknown-output",
            f"task `{reference.task}` has {len(names)} outputs, `.output` names none of them",
            reference.output_span,
            f"write `tasks.{reference.task}.outputs.NAME`: " + suggestion("", names, "outputs"),
            declared,
        )
    else:
        report.error(
            "unknown-output",
            f"task `{reference.task}` has no outputs",
            reference.output_span,
            "use `after` to wait for it",
            declared,
        )


WORKFLOW_VARIABLES = (
    "name",
    "namespace",
    "uid",
    "mainEntrypoint",
    "serviceAccountName",
    "priority",
    "duration",
    "status",
    "creationTimestamp",
)
"""Argo's variables of the whole run that a task can use (Argo's docs/variables.md)."""


def _resolve_workflow(reference: WorkflowReference, report: Report) -> None:
    name = reference.name.split(".")[0]
    if name in WORKFLOW_VARIABLES and name in {reference.name, "creationTimestamp"}:
        return
    hint = suggestion(name, WORKFLOW_VARIABLES, "variables")
    if name == "parameters":
        hint = "write `inputs.NAME`"
    report.error(
        "unknown-variable",
        f"a run has no variable `workflow.{reference.name}`",
        reference.span,
        hint or "the variables are " + ", ".join(WORKFLOW_VARIABLES),
    )


def _resolve_after(other: str, span: Span, call: Call, scope: Scope, edges: Edges, report: Report) -> None:
    if other in scope.calls:
        edges.setdefault((other, call.task.name), span)
    elif "tasks" not in scope.open_names:
        report.error("unknown-task", f"there is no task `{other}`", span, suggestion(other, scope.calls, "tasks"))


def _resolve_output(output: DagOutput, scope: Scope, report: Report) -> None:
    if output.reference is not None:
        _resolve(output.reference, None, scope, {}, report)
    elif isinstance(output.value, (Literal, Text)):
        report.error(
            "wrong-output",
            f"the output `{output.name}` does not come from a task",
            output.value_span,
            "write one reference, such as ${{ tasks.NAME.output }}"
            if scope.is_manifest
            else "write {taskOutput: {taskId: ..., outputName: ...}}",
        )
