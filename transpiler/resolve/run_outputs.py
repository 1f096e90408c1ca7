"""Outputs of tasks that the `onExit` of the pipeline uses: each becomes an output of the whole run, by a global name.

Argo knows such an output as soon as the pod that writes it has ended (`podReconciliation` of v4.0.7), also in a run
that then fails or is stopped. Those of all other nodes it learns only when the DAG around them has succeeded, so they
are refused: in a failed run their values would be lost without a word.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from transpiler.argo.naming import Names, port_name
from transpiler.argo.variables import GLOBAL_OUTPUT
from transpiler.diagnostics import Related, Report
from transpiler.model.argo_data import Tree
from transpiler.model.expressions.tree import OutputReference, WorkflowReference
from transpiler.model.ports import Output
from transpiler.model.settings import Storage
from transpiler.resolve.amend import amend
from transpiler.resolve.edges import check_output
from transpiler.resolve.node_kinds import may_be_kept
from transpiler.resolve.scope import Call, Scope, calls_of, scopes_of

_PODS: Final = frozenset(["container", "script", "containerSet", "resource", "data"])
"""Kinds of templates that run as a pod."""
_GLOBAL: Final = "globalName"
_IN_BETWEEN: Final = "let a task after it write what `onExit` needs, and use the output of that one"


class _Producer(NamedTuple):
    """The call whose pod writes an output."""

    call: Call
    output: Output


class _Refusal(NamedTuple):
    """Why Argo cannot know an output when the run has ended, and a way out."""

    why: str
    hint: str


class RunOutputs(Struct, frozen=True, dict=True):
    """The outputs of a pipeline's tasks that are outputs of the run, given out as they are used."""

    tasks: Scope
    reserved: frozenset[str]
    """Global names in Argo's own fields of the pipeline."""

    def take(self, reference: OutputReference, report: Report) -> WorkflowReference | None:
        """The variable of the run that is an output of a task; None if there is none, which is reported."""
        before = report.errors
        check_output(reference, self.tasks, report)
        output = self.tasks.output_of(reference)
        call = self.tasks.calls[reference.task]
        found = _producer(reference, self.tasks, self.times_called)
        if output is None or call.component is None or report.errors > before:
            return None
        if isinstance(found, _Refusal):
            message = f"Argo does not know this output of `{reference.task}` when the run has ended: {found.why}"
            report.error("exit-output", message, reference.span, found.hint, (Related("the task", call.task.span),))
            return None
        name = _given(found) or self._give(found, f"{reference.task}-{output.name}")
        written = "output" if reference.output is None else f"outputs.{reference.output}"
        return WorkflowReference(
            f"{GLOBAL_OUTPUT}{name}", reference.span, f"tasks.{reference.task}.{written}", output.type
        )

    def _give(self, producer: _Producer, name: str) -> str:
        """Give the output a name that no other has."""
        name = self.names.unique(port_name(name))
        task, output = producer.call.task, producer.output
        storage = Storage(output.name, output.span, Tree({_GLOBAL: name}))
        settings = replace(task.settings, storage=(*task.settings.storage, storage))
        amend(producer.call, task=replace(task, settings=settings))
        return name

    @cached_property
    def names(self) -> Names:
        """The global names that are taken."""
        calls = (call for scope in scopes_of(self.tasks) for call in calls_of(scope))
        return Names({*self.reserved, *(name for call in calls for name in names_given(call))})

    @cached_property
    def times_called(self) -> dict[Scope, int]:
        """How many tasks run the tasks of a scope."""
        found: dict[Scope, int] = {}
        for scope in scopes_of(self.tasks):
            for call in calls_of(scope):
                if call.scope is not None:
                    found[call.scope] = found.get(call.scope, 0) + 1
        return found


def _producer(reference: OutputReference, scope: Scope, times: dict[Scope, int]) -> _Producer | _Refusal:
    """The pod that writes an output, inside of groups and sub-pipelines too."""
    call, output = scope.calls[reference.task], scope.output_of(reference)
    if output is None:
        return _Refusal("", "")
    if call.loop is not None or call.limited is not None:
        return _Refusal("a loop has one for each item, and a global name holds one value", _IN_BETWEEN)
    if call.scope is None:
        return _of_a_pod(call, output)
    if times[call.scope] > 1:
        return _Refusal("several tasks run this pipeline, and a global name holds one value", _IN_BETWEEN)
    inner = call.scope.yielded(output.name)
    if inner is None:
        return _Refusal("its value is computed when the whole group has succeeded", _IN_BETWEEN)
    return _producer(inner, call.scope, times)


def _of_a_pod(call: Call, output: Output) -> _Producer | _Refusal:
    implementation = call.implementation
    stored = any(each.output == output.name and each.fields.data.keys() != {_GLOBAL} for each in _storage(call))
    if output.type.is_custom or stored:
        hint = "write what `onExit` needs as a value, of type String; the `onExit` of the task itself can use the file"
        return _Refusal("it is a file", hint)
    if may_be_kept(call):
        return _Refusal("its result may come from a cache", "add `cache: false` to the task, or " + _IN_BETWEEN)
    if call.prints(output):
        return _Refusal("it is what the task prints", "write it to a file, and declare an output with its path")
    if implementation.container is None and _PODS.isdisjoint(implementation.argo_fields):
        return _Refusal("it is not written by a pod of this Workflow", _IN_BETWEEN)
    return _Producer(call, output)


def _given(producer: _Producer) -> str:
    """The global name that an output has; "" if it has none, or one that only the run knows."""
    storages = (each.fields.data for each in _storage(producer.call) if each.output == producer.output.name)
    outputs = producer.call.implementation.argo_fields.get("outputs") or {}
    raw = (each for each in outputs.get("parameters") or () if each.get("name") == producer.output.name)
    names = [each.get(_GLOBAL) for each in (*storages, *raw)]
    return next((name for name in names if isinstance(name, str) and "{" not in name), "")


def _storage(call: Call) -> tuple[Storage, ...]:
    return call.task.settings.storage


# ---------------------------------------------------------------------- global names


def names_given(call: Call) -> Iterator[str]:
    """The names for the whole run of the outputs of a call."""
    for storage in _storage(call):
        yield from names_below(storage.fields.data)
    yield from names_below(call.implementation.argo_fields)
    if call.task.settings.argo_template is not None:
        yield from names_below(call.task.settings.argo_template.data)


def names_below(node: Any) -> Iterator[str]:
    """Every `globalName` in data of Argo's own."""
    if isinstance(node, dict):
        if isinstance(node.get(_GLOBAL), str):
            yield node[_GLOBAL]
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from names_below(item)
