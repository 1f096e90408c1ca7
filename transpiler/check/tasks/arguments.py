"""The rules about calls of components: arguments, and the types at both ends of an edge."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from transpiler import resources
from transpiler.argo.naming import PORT_NAME
from transpiler.check.expressions.optional_inputs import around_task, check_left_out
from transpiler.check.expressions.type_names import misspelt
from transpiler.check.files.casts import not_cast, or_cast
from transpiler.diagnostics import Related, Report
from transpiler.model.component import Component
from transpiler.model.expressions.search import try_references_of
from transpiler.model.expressions.tree import REFERENCES, Expression, OutputReference, Text
from transpiler.model.expressions.types import FILE, FOLDER, Type, fits
from transpiler.model.ports import Input
from transpiler.model.task import Argument
from transpiler.resolve.scope import Call, Scope, calls_of, references_in
from transpiler.resolve.types import infer, type_of
from transpiler.suggest import did_you_mean, suggestion


def check_task_arguments(scope: Scope, report: Report) -> None:
    """Run every rule about the tasks of a scope."""
    for call in calls_of(scope):
        if call.component is not None:
            if not scope.is_library:  # else its callers pass them
                _arguments(call, call.component, report)
            for argument in call.arguments.values():
                _type(argument, call, scope, report)
            _inputs_in_the_cluster(call, call.component, report)
    _outputs_in_the_cluster(scope, report)


def _instead(name: str, free: Collection[str], known: Collection[str]) -> str:
    """The hint for an argument of an unknown name."""
    if name in _task_keys():
        return f"`{name}` is a key of the task: indent it less, beside `arguments`"
    return suggestion(name, free, "inputs") if free or not known else "delete it: every input has its argument"


def _task_keys() -> Collection[str]:
    keys: Collection[str] = resources.schema("pipeline")["$defs"]["task"]["properties"]
    return keys


def _arguments(call: Call, component: Component, report: Report) -> None:
    """Unknown and missing arguments; a misspelt one is one mistake, not two."""
    known = {given.name: given for given in component.inputs}
    passed = {given.name for given in call.task.arguments}
    free = [name for name in known if name not in passed]
    explained: set[str] = set()
    for argument in call.task.arguments:
        if argument.name in known or component.has_incomplete_inputs:
            continue
        close = did_you_mean(argument.name, free) if argument.name not in _task_keys() else ""
        explained.add(close)
        report.error(
            "unknown-argument",
            f"component `{component.name}` has no input `{argument.name}`",
            argument.name_span,
            _OF_ARGO if _is_of_argo(argument, known) else _instead(argument.name, free, known),
            (Related("the component", component.span),),
        )
    if any(_is_of_argo(each, known) for each in call.task.arguments):
        return  # its entries may be what is missing
    nulls = {given.name: given.span for given in call.task.arguments if given.value is None}
    missing = [
        given
        for given in component.inputs
        if given.required and given.name not in call.arguments and given.name not in explained
    ]
    for given in missing:
        if given.name in nulls:
            report.error(
                "missing-argument",
                f"null stands for the default, and input `{given.name}` has no default",
                nulls[given.name],
                "pass a value",
                (Related(f"`{given.name}` is required here", given.span),),
            )
    missing = [given for given in missing if given.name not in nulls]
    if missing and not call.task.is_incomplete:
        names = ", ".join(f"`{given.name}`" for given in missing)
        report.error(
            "missing-argument",
            f"task `{call.task.name}` does not pass {names}",
            call.task.span,
            f"add {names} to its `arguments`",
            tuple(Related(f"`{given.name}` is required here", given.span) for given in missing),
        )


_OF_ARGO: Final = "write each argument by its name: `arguments: {NAME: value}`"


def _is_of_argo(argument: Argument, known: Collection[str]) -> bool:
    """True for Argo's lists of arguments, which are no names of inputs here."""
    return argument.name in {"parameters", "artifacts"} and argument.name not in known


_CLUSTER_NAME: Final = "write the name in the template: letters, digits, `-` and `_`"


def _inputs_in_the_cluster(call: Call, component: Component, report: Report) -> None:
    """What a template of the cluster takes has the names that stand there."""
    if not component.implementation.is_in_cluster:
        return
    for argument in call.task.arguments:
        if not PORT_NAME.fullmatch(argument.name):
            message = f"`{argument.name}` cannot be the name of an input of an Argo template"
            report.error("invalid-name", message, argument.name_span, _CLUSTER_NAME)


def _outputs_in_the_cluster(scope: Scope, report: Report) -> None:
    """What a template of the cluster yields has the names that stand there."""
    for reference in references_in(scope):
        if not isinstance(reference, OutputReference) or reference.task not in scope.calls:
            continue
        is_in_cluster = scope.calls[reference.task].implementation.is_in_cluster
        if is_in_cluster and reference.output is not None and not PORT_NAME.fullmatch(reference.output):
            message = f"`{reference.output}` cannot be the name of an output of an Argo template"
            report.error("invalid-name", message, reference.output_span, _CLUSTER_NAME)


def _type(argument: Argument, call: Call, scope: Scope, report: Report) -> None:
    target = call.component.input(argument.name) if call.component else None
    if target is None or not isinstance(argument.value, Text):
        return
    whole = argument.value.whole
    if whole is None:
        if _is_split_choice(argument.value):
            _split_choice(argument.value, report)
            return
        check_no_files(argument.value.expressions, "pass it as the whole value", scope, report)
        return
    given, declared_at = type_of(whole, scope) if isinstance(whole, REFERENCES) else (infer(whole, scope), None)
    if not target.type.allows_empty and not _takes_nothing(target, call):
        check_left_out(argument.value, target.type, around_task(call, scope), scope, report)
    if (
        fits(given, target.type)
        or (target.type.is_text and _is_computed_text(whole, given))
        or try_references_of(whole)
    ):
        return  # a `retries` here is reported
    ends = [Related(f"`{target.name}` is declared {target.type.shown} here", target.span)]
    if declared_at is not None:
        collected = isinstance(whole, OutputReference) and scope.calls[whole.task].loop is not None
        what = "the loop collects values of" if collected else f"the value is declared {given.shown} here"
        ends.insert(0, Related(f"{what} this output" if collected else what, declared_at))
    report.error(
        "type-mismatch",
        f"input `{target.name}` of task `{call.task.name}` takes {target.type.shown}, not {given.shown}",
        whole.span,
        misspelt(given, target.type) or _conversion(given, target.type),
        tuple(ends),
    )


def _is_computed_text(node: Expression, given: Type) -> bool:
    """True for a string that an expression makes: like a text with a reference in it, it fits all types of texts."""
    return given.name == "String" and not isinstance(node, REFERENCES)


def _is_split_choice(text: Text) -> bool:
    """True for `${{ x }} ?? ${{ y }}`, with the operator in the text."""
    between = [part.strip() for part in text.parts if isinstance(part, str)]
    return len(text.expressions) > 1 and set(between) <= {"??", "||"} and bool(between)


def _split_choice(text: Text, report: Report) -> None:
    meant = " ?? ".join(each.span.text for each in text.expressions)
    message = "`??` outside of the braces is text: it chooses nothing"
    report.error("operand-type", message, text.expressions[0].span, f"write `${{{{ {meant} }}}}`")


def _takes_nothing(target: Input, call: Call) -> bool:
    """True for an optional input of a sub-pipeline, which knows the empty string as an absent value."""
    return call.scope is not None and call.scope.is_manifest and target.optional and not target.has_source


def _conversion(given: Type, wanted: Type) -> str:
    """How to make one type of another: in an expression, where that can be done."""
    scalars = {"String", "Integer", "Float", "Boolean"}
    if wanted.is_text and (given.is_text or given.name in scalars):
        return "write string(...) around it to convert it"
    if wanted.is_text and given.is_custom and given not in {FILE, FOLDER}:
        return "write string(...) around it, which reads the file, or correct one of the types"
    functions = {("String", "Integer"): "int", ("String", "Float"): "float", ("Float", "Integer"): "round"}
    function = functions.get((given.name, wanted.name))
    if function is not None:
        return f"write {function}(...) around it to convert it"
    return "convert the value in a task in between, or correct one of the types"


def check_no_files(used: Iterable[Expression], hint: str, scope: Scope, report: Report) -> None:
    """A value of a type like CSV or Model is a file: in a text it becomes a parameter only where that is asked for."""
    for reference in not_cast(used):
        given, declared_at = type_of(reference, scope)
        if isinstance(reference, OutputReference) and given.is_custom and declared_at:
            what = f"a {given.shown} is a file, which" if given.name else "a file"
            related = (Related("declared here", declared_at),)
            report.error(
                "type-mismatch",
                f"{what} cannot be inserted into a string",
                reference.span,
                misspelt(given) or or_cast(hint, reference, scope),
                related,
            )
