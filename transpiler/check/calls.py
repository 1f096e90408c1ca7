"""What can be wrong with how tasks call components: arguments, and the types at both ends of an edge."""

from __future__ import annotations

from transpiler.diagnostics import Related, Report, Span
from transpiler.model.component import Component, Container
from transpiler.model.pipeline import Argument
from transpiler.model.types import ANY, Type, fits
from transpiler.read.expressions import InputReference, OutputReference, Reference, Text
from transpiler.suggest import did_you_mean, suggestion
from transpiler.resolve.scope import Call, Scope


def check_calls(scope: Scope, report: Report) -> None:
    """Run every rule about the tasks of a scope."""
    for call in scope.calls.values():
        if call.component is not None:
            _arguments(call, call.component, report)
            for argument in call.arguments.values():
                _type(argument, call, scope, report)
            _image(call, call.component, report)


def _arguments(call: Call, component: Component, report: Report) -> None:
    """Unknown and missing arguments; a misspelt one is one mistake, not two."""
    known = [given.name for given in component.inputs]
    free = [name for name in known if name not in {given.name for given in call.task.arguments}]
    explained: set[str] = set()
    for argument in call.task.arguments:
        if argument.name in known:
            continue
        close = did_you_mean(argument.name, free)
        explained.add(close)
        report.error("unknown-argument", f"component `{component.name}` has no input `{argument.name}`",
                     argument.name_span, suggestion(argument.name, free or known, "inputs"),
                     (Related("the component", component.span),))  # fmt: skip
    missing = [given for given in component.inputs
               if given.required and given.name not in call.arguments and given.name not in explained]  # fmt: skip
    if missing:
        names = ", ".join(f"`{given.name}`" for given in missing)
        report.error("missing-argument", f"task `{call.task.name}` does not pass {names}", call.task.span,
                     f"add {names} to its `arguments`",
                     tuple(Related(f"`{given.name}` is required here", given.span) for given in missing))  # fmt: skip


def _type(argument: Argument, call: Call, scope: Scope, report: Report) -> None:
    target = call.component.input(argument.name) if call.component else None
    reference = argument.value.plain_reference if isinstance(argument.value, Text) else None
    if target is None or reference is None:
        return
    given, declared_at = _type_of(reference, scope)
    if not fits(given, target.type):
        ends = [Related(f"`{target.name}` is declared {target.type.written} here", target.span)]
        if declared_at is not None:
            ends.insert(0, Related(f"the value is declared {given.written} here", declared_at))
        report.error("type-mismatch", f"input `{target.name}` of task `{call.task.name}` takes {target.type.written}, "
                     f"not {given.written}", reference.span,
                     "convert the value in a task between them, or correct one of the types", tuple(ends))  # fmt: skip


def _type_of(reference: Reference, scope: Scope) -> tuple[Type, Span | None]:
    if isinstance(reference, InputReference):
        found = scope.input(reference.name)
        return (found.type, found.span) if found else (ANY, None)
    if isinstance(reference, OutputReference):
        output = scope.output_of(reference)
        return (output.type, output.span) if output else (ANY, None)
    return ANY, None


def _image(call: Call, component: Component, report: Report) -> None:
    container = component.implementation
    if isinstance(container, Container) and not container.image:
        report.error("empty-image", f"task `{call.task.name}` runs a component without image", call.task.span,
                     "name an image in the component", (Related("the component", container.image_span),))  # fmt: skip
    if container is None:
        report.error("missing-key", f"task `{call.task.name}` runs a component without implementation", call.task.span)
