"""Files that exist already: inputs of a manifest and arguments of tasks with a location, `artifact`."""

from __future__ import annotations

from transpiler.argo.artifacts import LOCATIONS, lost
from transpiler.check.files.files_as_values import wants_value
from transpiler.check.references.misplaced_references import check_braces
from transpiler.check.tasks.arguments import check_no_files
from transpiler.dataflow.instances import Instance
from transpiler.diagnostics import Related, Report, Span
from transpiler.model.expressions.search import expressions_in
from transpiler.read.yaml.nodes import Map
from transpiler.resolve.scope import Call, Scope, calls_of, stored_files_of


def check_stored_arguments(scope: Scope, report: Report) -> None:
    """The location of each file that a task of a scope is passed, and what stands in it."""
    for call in calls_of(scope):
        for argument, stored in stored_files_of(call):
            check_location(argument.name, stored.written, argument.name_span, report)
            check_no_files(expressions_in(stored.location), "use a value of the task", scope, report)
            for slot in stored.location.slots:
                check_braces(slot, report)


def check_stored_by_value(call: Call, callee: Instance, report: Report) -> None:
    """Argo has no value of a stored file."""
    for argument, _ in stored_files_of(call):
        target = callee.component.input(argument.name) if callee.component is not None else None
        if target is not None and wants_value(argument.name, callee):
            message = f"`{call.task.name}` takes `{argument.name}` by value, and Argo has no value of a stored file"
            hint = "read the file in a task that yields a value; JSON with this key alone is written as a quoted string"
            related = (Related("the input", target.span),)
            report.error("type-mismatch", message, argument.span, hint, related)


def check_location(name: str, stored: Map, span: Span, report: Report) -> None:
    """A file is stored in one place, of which Argo keeps all."""
    places = [key for key in LOCATIONS if key in stored]
    if not places:
        hint = "write one of " + ", ".join(f"`{key}`" for key in LOCATIONS)
        report.error("missing-key", f"the file `{name}` has no location", span, hint)
    elif len(places) > 1:
        message = f"the file `{name}` has two locations"
        report.error("conflicting-keys", message, stored.key_span(places[1]), "delete one of them")
    elif places == ["s3"] and "key" not in stored["s3"]:
        report.error(
            "missing-key", f"the location of the file `{name}` has no key", stored.key_span("s3"), "add `key:`"
        )
    elif (found := lost(stored)) is not None:
        report.error("incomplete-location", found.message, stored[places[0]].key_span(found.field), found.hint)
    for key in sorted(stored.keys() - {*LOCATIONS, "archive"}):
        message = f"`{key}` does not apply to a file that is passed"
        report.error("wrong-setting", message, stored.key_span(key), "move it to the task that takes the file")
