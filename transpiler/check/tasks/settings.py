"""The rules about settings of a task: they must apply to its kind, and names must be valid."""

from __future__ import annotations

from typing import Final

from transpiler.argo.labels import LABEL, LABEL_HINT, annotation_bytes
from transpiler.argo.template_kinds import NO_END
from transpiler.check.argo.limits import report_annotations
from transpiler.check.expressions.optional_inputs import around_task, check_left_out
from transpiler.check.files.loop_files import check_overwritten
from transpiler.check.tasks.arguments import check_no_files
from transpiler.check.tasks.literals import check_text
from transpiler.check.tasks.resources import check_resources
from transpiler.check.tasks.secrets import check_secret
from transpiler.diagnostics import Related, Report
from transpiler.model.expressions.search import expressions_in, try_references_of
from transpiler.model.expressions.tree import Text
from transpiler.model.expressions.types import Type, fits
from transpiler.model.settings import KEYS, Named
from transpiler.model.values import Literal
from transpiler.read.unmarked_references import reference_hint
from transpiler.resolve.scope import Call, Scope, calls_of
from transpiler.resolve.types import INTEGER, STRING, type_of_value
from transpiler.suggest import suggestion

_POD: Final = {"image", "imagePullPolicy", "resources", "env", "secrets", "envFrom", "volumes", "argo.container"}
_NOT_OF_A_WAIT: Final = {"timeout": NO_END, "use": "delete it"}
_OF_A_DAG: Final = {"retry", "outputs", "argo.template"}
_SCALARS: Final = frozenset(key.name for key in KEYS if key.argo or key.container)
"""Keys with one value. A mapping of names may well be empty."""


_BY_PATH: Final = "pass it as an argument to an input that the component takes by path"

_INSIDE: Final = {
    "arguments": "pass them to the tasks inside, which can use the names around the group",
    "use": "move it to the tasks inside",
}
"""Key → what to do instead of saying it of a group, for keys that are not those of `defaults`."""


def check_settings(scope: Scope, report: Report) -> None:
    """Run every rule about the settings of a scope's tasks."""
    for call in calls_of(scope):
        _meaningless(call, report)
        _removed(call, report)
        check_resources(call, scope, report)
        _storage(call, report)
        check_overwritten(call, scope, report)
        _texts(call, report)
        _left_out(call, scope, report)
        _unit(call, scope, report)
        check_no_files(expressions_in(call.task.settings), _BY_PATH, scope, report)


def _meaningless(call: Call, report: Report) -> None:
    """Keys that do not apply to the kind of the task."""
    implementation = call.implementation
    if call.component is None or implementation.container is not None:
        return
    passed = call.task.argo
    own = {"argo.template": passed.template, "argo.container": passed.container}
    spans = (*call.task.settings.spans, *((key, node.span) for key, node in own.items() if node is not None))
    for key, span in spans:
        if implementation.is_in_cluster:
            if key == "outputs":
                continue  # what it yields
            hint = "set it in the template of the cluster" if key != "use" else "delete it"
            report.error("wrong-setting", f"`{key}` does not apply to a template of the cluster", span, hint)
        elif implementation.argo_node is not None and not implementation.is_of_several:
            if key in _POD and not implementation.program:
                message = f"`{key}` needs a template with a container"
                report.error("wrong-setting", message, span, "delete it, or move it to a task that runs a container")
            elif key in _NOT_OF_A_WAIT and "suspend" in implementation.argo_fields:
                message = f"`{key}` does not apply to a template that waits"
                report.error("wrong-setting", message, span, _NOT_OF_A_WAIT[key])
        elif key not in _OF_A_DAG:
            hint = _INSIDE.get(key, "move it to the tasks inside, or to `defaults` of the pipeline")
            report.error("wrong-setting", f"`{key}` does not apply to a group of tasks", span, hint)


def _removed(call: Call, report: Report) -> None:
    """`null` takes a default off. Where there is none, the value was probably forgotten."""
    for each in call.task.settings.removed:
        if each.is_null and len(each.path) + (each.path[0] in _SCALARS) > 1 and each.path[0] != "argo":
            message = f"`{each.path[-1]}` is empty, so no default applies here"
            hint = "write a value, or delete it; `null` removes the value of `defaults`"
            report.warning("ignored-field", message, each.span, hint)


def _storage(call: Call, report: Report) -> None:
    """Where outputs are stored can be said of outputs that the component has."""
    component = call.component
    for storage in call.task.settings.storage if component else ():
        assert component is not None
        if component.implementation.is_graph:
            message = "the location of an output does not apply to a group of tasks"
            report.error("wrong-setting", message, storage.span, "move it to the task inside that writes the output")
        elif component.output(storage.output) is None:
            names = [output.name for output in component.outputs]
            message = f"task `{call.task.name}` has no output `{storage.output}`"
            related = (Related("the component", component.span),)
            report.error("unknown-output", message, storage.span, suggestion(storage.output, names, "outputs"), related)


def _texts(call: Call, report: Report) -> None:
    """Texts of settings go through Argo like any other."""
    settings, described = call.task.settings, call.task.description
    if described is not None and isinstance(described.value, Literal):
        check_text(described.value.written, described.span, report, "write it without the braces")
    named = [each for each in settings.env if isinstance(each, Named)]
    for each in settings.named:
        text = each.value.outline if isinstance(each.value, Text) else ""
        text = each.value.value if isinstance(each.value, Literal) else text
        if isinstance(text, str):
            check_text(text, each.span, report)
    key = settings.cache.key if settings.cache is not None else None
    if isinstance(key, Text):
        check_text(key.outline, key.expressions[0].span, report)
    own = [(each.name, each.value.value) for each in settings.annotations if isinstance(each.value, Literal)]
    if own:
        report_annotations(annotation_bytes(own), settings.annotations[0].span, report)
    for each in named:
        if isinstance(each.value, Literal):
            check_secret(each.name, str(each.value.value), each.span, report)
    for each in (*settings.node_selector, *settings.labels):
        if isinstance(each.value, Literal) and not LABEL.fullmatch(str(each.value.value)):
            hint = reference_hint(each.value.value, LABEL_HINT)
            report.error("invalid-name", f"`{each.value.value}` is not a valid label value", each.span, hint)


def _left_out(call: Call, scope: Scope, report: Report) -> None:
    """Settings that Argo or Kubernetes cannot read when they are empty."""
    settings = call.task.settings
    limit = settings.retry.limit if settings.retry else None
    if isinstance(limit, Text) and limit.whole is not None and not fits(type_of_value(limit, scope), INTEGER):
        message = f"`retry` takes an Integer, not {type_of_value(limit, scope).shown}"
        report.error("type-mismatch", message, limit.whole.span, "use a whole number, or write int(...) around it")
    said = [(settings.timeout, "duration"), (limit, "number"), (settings.image, "image")]
    said += [(value, "quantity") for each in settings.resources for value in (each.request, each.limit)]
    for value, what in dict.fromkeys(said):
        check_left_out(value, Type("", what), around_task(call, scope), scope, report)


def _unit(call: Call, scope: Scope, report: Report) -> None:
    """A `timeout` in Argo needs a unit. A literal number gets one, a reference cannot."""
    timeout = call.task.settings.timeout
    given = type_of_value(timeout, scope) if isinstance(timeout, Text) else STRING
    if try_references_of(timeout):
        return  # which is reported
    if isinstance(timeout, Text) and given.name and not given.is_text and not given.is_custom:
        message = f"`timeout` takes a string with a unit, not {given.shown}"
        span = timeout.expressions[0].span
        report.error("type-mismatch", message, span, "write the unit after it: `${{ ... }}s`")
