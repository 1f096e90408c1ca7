"""Text that would not arrive as written: rules for the literals of manifests and graph components."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from transpiler.argo.text import argo_tags, bad_character, unclosed_tag
from transpiler.check.references.foreign_references import kfp_reference
from transpiler.check.references.unmarked_references import is_known, is_meant, warn_meant
from transpiler.check.tasks.secrets import check_secret
from transpiler.diagnostics import Hint, Related, Report, Span, excerpt
from transpiler.model.argo_data import filled
from transpiler.model.expressions.tree import Text
from transpiler.model.expressions.types import WrongLiteral, computable_text, literal_text
from transpiler.model.ports import Input
from transpiler.model.task import Argument
from transpiler.model.values import Literal, Passed, StoredFile, Value
from transpiler.read.unmarked_references import meant, reference_hint, write_reference
from transpiler.resolve.scope import Call, Scope, calls_of
from transpiler.resolve.types import NUMBERS

UNCLOSED: Final = "close it with `}}`; Argo has no escape for braces, so pass other strings in a file or base64-encoded"
ESCAPED: Final = (
    "`$${{` is a literal `${{`, but Argo has no escape for it and reads a tag: build the string in the program, "
    "or pass it in a file or base64"
)
_NO_ESCAPE: Final = (
    "Argo has no escape for it: write `{{- name -}}` if the program allows it, or pass it in a file or base64-encoded"
)


def check_literals(scope: Scope, report: Report) -> None:
    """Every literal argument of a scope: its type, and whether Argo and Kubernetes pass it unchanged."""
    for call in calls_of(scope):
        for argument in call.arguments.values():
            _argument(argument, call, scope, report)
        _loop(call, report)


def _argument(argument: Argument, call: Call, scope: Scope, report: Report) -> None:
    target = call.component.input(argument.name) if call.component else None
    if call.loop is not None and _braces_in_a_loop(argument.value, argument.span, report):
        return
    if isinstance(argument.value, Literal):
        _literal(argument, argument.value, target, call, scope, report)
    elif isinstance(argument.value, Text):
        check_text(argument.value.outline, argument.span, report)
        for piece in argument.value.parts:
            warn_meant(piece, call, scope, argument.span, report)


def _loop(call: Call, report: Report) -> None:
    """The items of a literal list."""
    loop = call.loop
    for item in loop.items or () if loop else ():
        assert loop is not None
        for value in [each for _, each in item] if isinstance(item, tuple) else [item]:
            if isinstance(item, tuple) and _is_misread(value):
                message = (
                    "Argo would decode `\\u003c`, `\\u003e` and `\\u0026` in a value of an item as `<`, `>` and `&`"
                )
                report.error("wrong-value", message, loop.span, "write the whole item as a string, or change the value")
                return
            if _braces_in_a_loop(value, loop.span, report):
                return
            text = value.outline if isinstance(value, Text) else value.value if isinstance(value, Literal) else ""
            if isinstance(text, str):
                check_text(text, loop.span, report)


def _is_misread(value: Value) -> bool:
    """True for what Argo takes for an escape that Go's JSON made (util/json.Fix)."""
    return isinstance(value, Literal) and re.search(r"\\u00(3c|3e|26)", str(value.value)) is not None


def _braces_in_a_loop(value: Passed | None, span: Span, report: Report) -> bool:
    """Argo replaces every tag of a loop's task, and refuses the run where there is nothing to put in."""
    parts = value.parts if isinstance(value, Text) else (value.value,) if isinstance(value, Literal) else ()
    if isinstance(value, StoredFile):
        parts = (filled(value.location.data, value.location.slots, lambda text: text.outline),)
    for part in parts:
        if isinstance(part, (str, list, dict)) and "{{" in str(part):
            message = "`{{` in a task with `forEach`: Argo would search for a value of that name"
            way_out = "pass the string in a file or base64-encoded, or to a group around the loop"
            is_place = isinstance(value, StoredFile)
            hint = "write a reference instead, such as ${{ item }}" if is_place else reference_hint(part, way_out)
            report.error("argo-tag", message, span, hint)
            return True
    return False


def check_default(given: Input, report: Report, *, names_a_secret: bool) -> None:
    """A pipeline's default takes the same way as an argument, to places that are not known here."""
    if given.default is not None and given.default_span is not None:
        if not names_a_secret:
            check_secret(given.name, given.default, given.default_span, report)
        check_text(given.default, given.default_span, report, can_refer_to=lambda _: False)


def _literal(
    argument: Argument, value: Literal, target: Input | None, call: Call, scope: Scope, report: Report
) -> None:
    if target is None:
        return
    declared = (Related("the input", target.span),)
    if isinstance(value.value, str) and _has_tag(
        value.value, argument.span, report, "", lambda reference: is_known(reference, call, scope)
    ):
        if not meant(value.value):
            warn_meant(value.value, call, scope, argument.span, report)
        return
    reference = kfp_reference(value.value)
    try:
        text = text_for(call, value, target)
        if reference:
            message = f"`{next(iter(value.value))}` has no meaning in a manifest: the mapping is passed as JSON"
            report.warning("literal-reference", message, argument.span, f"write `${{{{ {reference} }}}}`", declared)
            return
    except WrongLiteral as wrong:
        if reference:
            message = f"`{next(iter(value.value))}` has no meaning in a manifest"
            report.error("literal-reference", message, argument.span, f"write `${{{{ {reference} }}}}`", declared)
            return
        message = f"input `{target.name}` of task `{call.task.name}`: {wrong.message}"
        code = "literal-reference" if is_meant(value.value, call, scope) else wrong.code
        is_reference = code == "literal-reference" or not meant(value.value)
        hint = wrong.hint if is_reference else wrong.type_hint
        report.error(code, message, argument.span, _or_declare_text(value.value, target, call, hint), declared)

        return
    check_secret(argument.name, text, argument.span, report)
    check_text(text, argument.span, report)
    for each in _texts(value.value):
        warn_meant(each, call, scope, argument.span, report)


def _or_declare_text(value: Any, target: Input, call: Call, hint: str) -> str:
    """The hint, and for words where a number is wanted, the other place that can be wrong: the component."""
    is_word = isinstance(value, str) and value[:1].isalpha() and target.type.name in NUMBERS and call.scope is None
    if not is_word or isinstance(hint, Hint):
        return hint
    return f"{hint}; if the program takes words, correct `type: {target.type.written}` in the component"


def _texts(value: Any) -> Iterator[str]:
    """The texts in a value of a manifest."""
    if isinstance(value, (list, dict)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)
    elif isinstance(value, str):
        yield value


def text_for(call: Call, value: Literal, target: Input) -> str:
    """The text of a literal that a call passes to an input. Expressions of a pipeline compute with it.

    Raises WrongLiteral.
    """
    is_computed_with = call.scope is not None and call.scope.is_manifest
    return (computable_text if is_computed_with else literal_text)(value.value, value.written, target.type)


def check_text(
    text: str,
    span: Span,
    report: Report,
    hint: str = "",
    can_refer_to: Callable[[str], bool] = lambda _: True,
) -> None:
    """Refuse a text, or the outline of one, that Argo would change or cannot pass on.

    `hint` says what to do with a tag; without it, a tag that `can_refer_to` knows as a reference is written as one.
    """
    bad = bad_character(text)
    if not _has_tag(text, span, report, hint, can_refer_to) and bad:
        message = f"the character U+{ord(bad):04X} cannot be passed to a task"
        hint = "Argo cannot substitute it; pass the string in a file or base64-encoded"
        report.error("control-character", message, span, hint)


def _has_tag(text: str, span: Span, report: Report, hint: str, can_refer_to: Callable[[str], bool]) -> bool:
    found, given = False, hint
    for tag, start, end in argo_tags(text):
        shown = excerpt(text[start:end])
        hint = given or (ESCAPED if text[:start].endswith("$") else _way_out(tag, text[start:end], can_refer_to))
        place = span.below(text[start:end])
        report.error("argo-tag", f"Argo would replace or refuse `{shown}` in this string", place, hint)
        found = True
        if place == span:
            return True
    unclosed = unclosed_tag(text)
    if unclosed:
        message = f"`{excerpt(unclosed)}` is not closed, so Argo would search for its end in the following text"
        report.error("argo-tag", message, span.below(unclosed), UNCLOSED)
    return found or unclosed != ""


def _way_out(tag: str, written: str, can_refer_to: Callable[[str], bool]) -> str:
    """Argo's tags are usually meant as references; other texts only look like a tag."""
    reference = meant(re.sub(r"^steps\.", "tasks.", tag))
    return write_reference(reference, written) if reference and can_refer_to(reference) else _NO_ESCAPE
