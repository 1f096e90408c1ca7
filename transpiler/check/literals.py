"""Text that would not arrive as written: rules for the literals of manifests and graph components."""

from __future__ import annotations

import re
from typing import Final

from transpiler.argo.text import argo_tags, bad_character, unclosed_tag
from transpiler.check.secrets import check_secret
from transpiler.diagnostics import Related, Report, Span
from transpiler.model.component import Input
from transpiler.model.pipeline import Argument
from transpiler.model.types import WrongLiteral, literal_text
from transpiler.model.values import Literal, Value
from transpiler.read.expressions import Text
from transpiler.resolve.scope import Call, Scope, calls_of

UNCLOSED: Final = "close it with `}}`; Argo has no escape for braces, so pass other texts in a file or base64"
ESCAPED: Final = (
    "`$${{` means the text `${{`, but Argo has no escape, and reads a tag in it: build the text in the program, "
    "or pass it in a file or base64"
)
MAX_SHOWN: Final = 60
MAX_REFERENCE: Final = 200


def check_literals(scope: Scope, report: Report) -> None:
    """Every literal that a scope's tasks pass: its type, and whether Argo and Kubernetes leave it alone."""
    for call in calls_of(scope):
        for argument in call.arguments.values():
            _argument(argument, call, scope, report)
        _loop(call, report)


def _argument(argument: Argument, call: Call, scope: Scope, report: Report) -> None:
    target = call.component.input(argument.name) if call.component else None
    if call.loop is not None and _braces_in_a_loop(argument.value, argument.span, report):
        return
    if isinstance(argument.value, Literal):
        if _is_reference(str(argument.value.value), scope, argument.span, report):
            check_text(str(argument.value.value), argument.span, report)
        else:
            _literal(argument, argument.value, target, call, report)
    elif isinstance(argument.value, Text):
        check_text(argument.value.outline, argument.span, report)
        pieces = [piece for piece in argument.value.parts if isinstance(piece, str)]
        any(_holds_reference(piece, scope, argument.span, report) for piece in pieces)


def _loop(call: Call, report: Report) -> None:
    """The items of a literal list."""
    loop = call.loop
    for item in loop.items or () if loop else ():
        assert loop is not None
        for value in [each for _, each in item] if isinstance(item, tuple) else [item]:
            if isinstance(item, tuple) and _is_misread(value):
                message = "Argo would read `\\u003c`, `\\u003e` and `\\u0026` in a value of an item as `<`, `>` and `&`"
                report.error("wrong-value", message, loop.span, "make a text of the item, or change this one")
                return
            if _braces_in_a_loop(value, loop.span, report):
                return
            text = value.outline if isinstance(value, Text) else value.value if isinstance(value, Literal) else ""
            if isinstance(text, str):
                check_text(text, loop.span, report)


def _is_misread(value: Value) -> bool:
    """True for what Argo takes for an escape that Go's JSON made (util/json.Fix)."""
    return isinstance(value, Literal) and re.search(r"\\u00(3c|3e|26)", str(value.value)) is not None


def _braces_in_a_loop(value: Value | None, span: Span, report: Report) -> bool:
    """Argo replaces every tag of a loop's task, and refuses the run where there is nothing to put in."""
    parts = value.parts if isinstance(value, Text) else (value.value,) if isinstance(value, Literal) else ()
    for part in parts:
        if isinstance(part, (str, list, dict)) and "{{" in str(part):
            message = "`{{` in a task with `forEach`: Argo would look for a value of that name"
            report.error("argo-tag", message, span, "pass the text to a group around the loop, in a file or in base64")
            return True
    return False


def check_default(given: Input, report: Report) -> None:
    """A pipeline's default takes the same way as an argument, to places that are not known here."""
    if given.default is not None and given.default_span is not None:
        check_secret(given.name, given.default, given.default_span, report)
        check_text(given.default, given.default_span, report)


def _literal(argument: Argument, value: Literal, target: Input | None, call: Call, report: Report) -> None:
    if target is None:
        return
    declared = (Related("the input", target.span),)
    if isinstance(value.value, str) and _has_tag(value.value, argument.span, report):
        return
    try:
        text = literal_text(value.value, value.written, target.type)
    except WrongLiteral as wrong:
        message = f"input `{target.name}` of task `{call.task.name}`: {wrong.message}"
        report.error(wrong.code, message, argument.span, wrong.hint, declared)
        return
    check_secret(argument.name, text, argument.span, report)
    check_text(text, argument.span, report)


def check_text(text: str, span: Span, report: Report) -> None:
    """Refuse a text, or the outline of one, that Argo would change or cannot pass on."""
    bad = bad_character(text)
    if not _has_tag(text, span, report) and bad:
        message = f"the character U+{ord(bad):04X} cannot be passed to a task"
        hint = "Argo cannot substitute it; pass the text in a file or base64"
        report.error("control-character", message, span, hint)


def _has_tag(text: str, span: Span, report: Report) -> bool:
    for tag, start, end in argo_tags(text):
        shown = _shown(text[start:end])
        hint = ESCAPED if text[:start].endswith("$") else _way_out(tag)
        report.error("argo-tag", f"Argo would replace or refuse `{shown}` in this text", span, hint)
        return True
    unclosed = unclosed_tag(text)
    if unclosed:
        message = f"`{_shown(unclosed)}` is not closed, and Argo would look for its end in what follows"
        report.error("argo-tag", message, span, UNCLOSED)
    return unclosed != ""


def _shown(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MAX_SHOWN else line[:MAX_SHOWN] + "..."


def _way_out(tag: str) -> str:
    """Most who write Argo's tags mean a reference; the others have text that only looks like a tag."""
    given = re.fullmatch(r"(?:inputs\.(?:parameters\.|artifacts\.)?|workflow\.parameters\.)([^\s.]+)", tag)
    if given:
        return f"write `${{{{ inputs.{given[1]} }}}}`"
    taken = re.fullmatch(r"(?:tasks|steps)\.([^.\s]+)\.outputs\.(?:parameters\.|artifacts\.)?([^\s.]+)", tag)
    if taken:
        return f"write `${{{{ tasks.{taken[1]}.outputs.{taken[2]} }}}}`"
    if re.fullmatch(r"(item|workflow)(\.[\w.-]+)?", tag):
        return f"write `${{{{ {tag} }}}}`"
    return (
        "Argo has no escape for it: write `{{- name -}}` where the program allows, or pass the text in a file or base64"
    )


_REFERENCE = re.compile(r"\$?\{?\s*(?P<root>inputs|tasks)\.(?P<name>[\w-]+)(?P<rest>[\w.-]*)\s*\}?")
_INSIDE: Final = re.compile(
    r"\$[{(] {0,9}(?P<root>inputs|tasks)\.(?P<name>[\w-]{1,99})(?P<rest>[\w.-]{0,99}) {0,9}[)}]"
)
"""The same in a longer text, where only its braces tell it from words."""


def _is_reference(text: str, scope: Scope, span: Span, report: Report) -> bool:
    """Warn about a literal that is a reference but for its braces."""
    found = _REFERENCE.fullmatch(text) if len(text) <= MAX_REFERENCE else None
    if not found or not _names_something(found, scope):
        return _holds_reference(text, scope, span, report)
    inner = text.strip("${} ")
    report.warning("literal-reference", f"`{text}` is passed as this text", span, f"write `${{{{ {inner} }}}}`")
    return True


def _holds_reference(text: str, scope: Scope, span: Span, report: Report) -> bool:
    """Warn about a text with a reference in it, in the braces of a shell."""
    for found in _INSIDE.finditer(text):
        if _names_something(found, scope):
            inner = f"{found['root']}.{found['name']}{found['rest']}"
            message = f"`{found[0]}` is passed as this text"
            report.warning("literal-reference", message, span, f"write `${{{{ {inner} }}}}`")
            return True
    return False


def _names_something(found: re.Match[str], scope: Scope) -> bool:
    is_input = found["root"] == "inputs"
    exists = scope.input(found["name"]) if is_input else scope.calls.get(found["name"])
    return bool(exists) and (is_input or found["rest"].startswith(".output"))
