"""The entries of a library: nothing of the run comes along when another Workflow calls one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from transpiler.argo.naming import kebab
from transpiler.check.argo.nodes import mounts_below, name_of, place
from transpiler.diagnostics import Related, Report
from transpiler.model.entries import Entries
from transpiler.model.expressions.search import references_of
from transpiler.model.expressions.tree import FactReference, InputReference, OutputReference
from transpiler.model.pipeline import Pipeline
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import Map
from transpiler.resolve.program import Program
from transpiler.resolve.scope import Call, calls_of, scopes_of


def check_entries(pipeline: Pipeline, program: Program, kind: str, report: Report) -> None:
    """Every rule about them."""
    if pipeline.entries is None:
        return
    _keys(pipeline.entries, report)
    _names(pipeline, pipeline.entries, report)
    if (
        pipeline.is_library
        and pipeline.workflow_template is None
        and kind not in {"WorkflowTemplate", "ClusterWorkflowTemplate"}
    ):
        message = f"a manifest without `tasks` is a library, and nothing can call the templates of a {kind}"
        is_scheduled = kind == "CronWorkflow" and pipeline.schedule is not None
        hint = "delete `schedule`, or add `tasks`" if is_scheduled else "compile it with --kind WorkflowTemplate"
        report.error("wrong-setting", message, pipeline.entries.span, hint)
    if pipeline.artifacts is not None:
        message = "`entries` cannot be combined with `artifacts`: the volume belongs to the run that calls an entry"
        report.error("conflicting-keys", message, pipeline.artifacts.span, "delete it, or write two manifests")
    for call in calls_of(program.entries) if program.entries is not None else ():
        _references(call, report)
    _volumes(pipeline, program, report)


_OF_CALLERS: Final = {
    "arguments": "delete it: the task that calls the entry passes the arguments",
    "tasks": "write the tasks as a manifest of their own, and run it with `pipeline: ./NAME.yaml`",
    "templateRef": "delete the entry: its callers can call that template themselves",
}
_OF_TASKS: Final = {
    "inputs": "delete it: the inputs of an entry are those of what it runs",
    "outputs": "delete it: the outputs of an entry are those of what it runs",
    "entrypoint": "delete it; `argo submit --from workflowtemplate/NAME --entrypoint ENTRY` starts an entry",
}


def _keys(entries: Entries, report: Report) -> None:
    for key, span in entries.of_callers:
        hint = _OF_CALLERS.get(key, "delete it: it is a key of the task that calls the entry")
        report.error("wrong-setting", f"`{key}` does not apply to an entry", span, hint)
    for key, span in entries.of_tasks:
        message = f"`{key}` concerns the `tasks` of a manifest, and this one has none"
        report.error("wrong-setting", message, span, _OF_TASKS.get(key, "delete it, or add `tasks`"))


def _names(pipeline: Pipeline, entries: Entries, report: Report) -> None:
    own = pipeline.entrypoint or kebab(pipeline.name, "pipeline")
    for entry in entries.dag.tasks if pipeline.dag.tasks else ():
        if entry.name == own:
            message = f"the entry `{own}` has the name of the template of the tasks"
            hint = "rename it, or give that template another name: `entrypoint: main`"
            report.error("duplicate-name", message, entry.span, hint, (Related("that name", pipeline.span),))


def _references(call: Call, report: Report) -> None:
    for reference in references_of(call.task):
        if isinstance(reference, (InputReference, OutputReference, FactReference)):
            message = "an entry cannot use inputs and tasks of this manifest: another Workflow calls it"
            hint = "give what it runs an input, to which callers pass the value"
            report.error("misplaced-reference", message, reference.span, hint)


def _volumes(pipeline: Pipeline, program: Program, report: Report) -> None:
    """Volumes of the run, for tasks that an entry runs."""
    spec = dict(pipeline.argo).get("spec")
    given = {name_of(each) for each in fields.mappings(spec, "volumes")} if spec is not None else set()
    for call in (call for scope in scopes_of(program.entries) for call in calls_of(scope)):
        for volume in call.task.settings.volumes:
            if volume.source is None:
                message = "a claim for each run is made by the run itself, which here is that of another Workflow"
                report.error("wrong-setting", message, volume.span, "name an existing `claim`, or use `emptyDir: {}`")
        for mount in _mounts(call):
            if name_of(mount) in given:
                message = f"the volume `{name_of(mount)}` of `spec` does not come along when a Workflow calls an entry"
                hint = "define it among the `volumes` of the template"
                report.error("argo-reference", message, place(mount), hint)


def _mounts(call: Call) -> Iterator[Map]:
    """The volumes that Argo's own fields of a task mount, and do not define."""
    passed = call.task.argo
    nodes = [each for each in (call.task.template, passed.template, passed.container) if each is not None]
    own = {name_of(each) for node in nodes for each in fields.mappings(node, "volumes")}
    for node in nodes:
        yield from (each for each in mounts_below(node) if name_of(each) not in own)
