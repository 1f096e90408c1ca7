"""The arguments of a run: each for an input that is there, of its type, in its `enum`; none missing."""

from __future__ import annotations

import json
from collections.abc import Sequence

from msgspec.structs import replace

from transpiler.argo.limits import MAX_OBJECT_BYTES
from transpiler.check.tasks.literals import check_default
from transpiler.check.tasks.secrets import named_secrets
from transpiler.diagnostics import Diagnostic, Related, Report
from transpiler.model.expressions.types import WrongLiteral, computable_text
from transpiler.model.pipeline import Pipeline
from transpiler.model.ports import Input
from transpiler.model.run_arguments import RunArgument
from transpiler.model.values import Literal
from transpiler.suggest import did_you_mean, suggestion


def check_run_arguments(pipeline: Pipeline, given: Sequence[RunArgument], report: Report) -> dict[str, str]:
    """Input → the text that the run gets for it, made as the text of a default is. Mistakes are reported.

    `report` has the mistakes that were made in writing the arguments: then some may be lost.
    """
    inputs = {each.name: each for each in pipeline.inputs}
    texts: dict[str, str] = {}
    is_complete = not report.failed
    meant = {each.name for each in given}
    for argument in given:
        target = inputs.get(argument.name)
        if target is None:
            meant.add(_unknown(argument, pipeline, report))
        elif target.artifact is not None:
            _file(argument, target, report)
        elif (text := _text(argument, target, report)) is not None:
            texts[argument.name] = text
            _judge(text, argument, target, pipeline, report)
    if is_complete:
        _missing(pipeline, meant, report)
    return texts


def check_run_size(given: Sequence[RunArgument], object_bytes: int, report: Report) -> None:
    """What a cluster stores of a run has a limit, and its arguments are a part of it."""
    if given and object_bytes > MAX_OBJECT_BYTES:
        longest = max(given, key=lambda each: len(str(each.value.value)))
        message = f"the run takes {object_bytes:,} bytes with its arguments; a cluster stores {MAX_OBJECT_BYTES:,}"
        hint = f"store the value of `{longest.name}` as a file, and pass its place"
        report.error("too-large", message, longest.value_span, hint)


def _unknown(argument: RunArgument, pipeline: Pipeline, report: Report) -> str:
    """Report it; the name of the input that may be meant, which is not missing then."""
    names = [each.name for each in pipeline.inputs]
    if "inputs" not in pipeline.incomplete_names:
        message = f"the pipeline `{pipeline.name}` has no input `{argument.name}`"
        report.error("unknown-input", message, argument.name_span, suggestion(argument.name, names, "inputs"))
    return did_you_mean(argument.name, names)


def _file(argument: RunArgument, target: Input, report: Report) -> None:
    message = f"`{target.name}` is a file, and a run is passed values alone"
    hint = "store the file where the manifest says, or change `artifact` in a values file"
    report.error("type-mismatch", message, argument.value_span, hint, _declared(target))


def _text(argument: RunArgument, target: Input, report: Report) -> str | None:
    """The text of a value; None if it is not of the type, which is reported."""
    value = argument.value
    if argument.word is not None and (target.type.allows_empty or (target.optional and not argument.word)):
        return argument.word
    if argument.word is not None and isinstance(value.value, str):
        value = Literal(argument.word, json.dumps(argument.word))  # as if quoted: nobody can quote for YAML here
    try:
        return computable_text(value.value, value.written, target.type)
    except WrongLiteral as wrong:
        message = f"input `{target.name}`: {wrong.message}"
        report.error(wrong.code, message, argument.value_span, wrong.fixed_hint, _declared(target))
        return None


def _judge(text: str, argument: RunArgument, target: Input, pipeline: Pipeline, report: Report) -> None:
    """A text of the right type: one of the `enum`, and one that arrives as it is."""
    if target.enum and text not in target.allowed:
        message = f"`{text}` is not in the `enum` of input `{target.name}`"
        hint = suggestion(text, target.enum, "values")
        report.error("wrong-value", message, argument.value_span, hint, _declared(target))
        return
    own = Report()
    passed = replace(target, default=text, default_span=argument.value_span)
    check_default(passed, own, names_a_secret=target.name in set(named_secrets(pipeline.settings)))
    for found in own.diagnostics:
        report.add(replace(found, related=(*found.related, *_declared(target))))


def _missing(pipeline: Pipeline, given: set[str], report: Report) -> None:
    for each in pipeline.inputs:
        is_reported = each.has_wrong_default or (each.written is not None and each.written.has_mistakes)
        if each.required and each.artifact is None and each.name not in given and not is_reported:
            message = f"the input `{each.name}` has no value"
            hint = f"pass one: `-p {each.name}=VALUE`, for {each.type.shown}"
            report.add(Diagnostic("missing-argument", "error", message, each.span, hint))


def _declared(target: Input) -> tuple[Related, ...]:
    return (Related(f"`{target.name}` is declared here", target.span),)
