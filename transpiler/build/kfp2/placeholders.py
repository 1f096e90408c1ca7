"""`{{$…}}` in a text → placeholders of the model (kfp 2's `kfp.dsl.placeholders`).

A file has one place here, its path in the container: what KFP calls the `uri` of an artifact is the same as its `path`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from transpiler.argo.kubelet import escaped
from transpiler.build.kfp2.executor import EXECUTOR_OUTPUT, executor_input
from transpiler.build.kfp2.interface import Interface
from transpiler.build.kfp2.run import NOT_HERE, TAGS
from transpiler.diagnostics import Report, Span, excerpt
from transpiler.model.placeholders import CommandPart, InputPath, InputValue, JsonValue, OutputPath
from transpiler.patterns import regex
from transpiler.suggest import correction, did_you_mean, suggestion

MAX_EXECUTOR_INPUTS: Final = 4
_OWN: Final = (".inputs", ".outputs", ".pipeline_", ".workspace_")
"""What KFP's placeholders start with. Others, such as `{{$.Values.x}}`, are somebody else's text."""
_PORT: Final = regex(r"\.(inputs|outputs)\.(parameters|artifacts)\[(['\"])([^'\"]+)\3\](.*)", re.DOTALL)


class Texts:
    """Reads the texts of one component's command line."""

    def __init__(self, interface: Interface, report: Report) -> None:
        self.interface, self.report = interface, report
        self.executor_inputs = 0
        self.literals: list[tuple[str, Span]] = []
        """Every piece that is no placeholder, for checks of what Argo would replace in it."""

    def parts(self, text: str, span: Span) -> tuple[CommandPart, ...]:
        """The pieces of a text, in order; what is wrong in it is reported, and left out."""
        found: list[CommandPart] = []
        for piece, is_placeholder in _split(text):
            if is_placeholder:
                found.extend(self._placeholder(piece, span, found))
            else:
                self.literals.append((piece, span))
                found.append(escaped(piece))
        return tuple(found)

    def _placeholder(self, body: str, span: Span, before: list[CommandPart]) -> tuple[CommandPart, ...]:
        if not body:
            return self._executor_input(span)
        if body == ".outputs.output_file":
            return (EXECUTOR_OUTPUT,)
        port = _PORT.fullmatch(body)
        if port:
            return self._port(f"{port[1]}.{port[2]}", port[4], port[5], span)
        if body[1:] in TAGS:
            return self._of_the_run(body[1:], span, before)
        reason = NOT_HERE.get(body[1:])
        if reason:
            self.report.error("kfp-backend", f"`{{{{${body}}}}}` works only in KFP's v2 backend", span, reason)
        else:
            self._refuse(body, span)
        return ()

    def _executor_input(self, span: Span) -> tuple[CommandPart, ...]:
        self.executor_inputs += 1
        if self.executor_inputs > MAX_EXECUTOR_INPUTS:
            message = f"`{{{{$}}}}` occurs more than {MAX_EXECUTOR_INPUTS} times in the command line"
            self.report.error("too-large", message, span, "write it once")
            return ()
        return executor_input(self.interface, span)

    def _of_the_run(self, name: str, span: Span, before: list[CommandPart]) -> tuple[CommandPart, ...]:
        if before and isinstance(before[-1], str) and before[-1].endswith("{"):
            message = f"`{{` before `{name}`: Argo would read the three braces as another tag"
            self.report.error("argo-tag", message, span, "put a space between them, or build the string in the program")
        return (TAGS[name],)

    def _port(self, side: str, name: str, attribute: str, span: Span) -> tuple[CommandPart, ...]:
        if ".metadata" in attribute and side.endswith("artifacts"):
            message = f"the metadata of `{name}` exists only in KFP's v2 backend"
            self.report.error("kfp-backend", message, span, "pass it as a parameter; plain Argo has no metadata store")
            return ()
        if attribute not in _ATTRIBUTES[side]:
            self._refuse(f".{side}['{name}']{attribute}", span)
            return ()
        return self._named(side, name, span)

    def _named(self, side: str, name: str, span: Span) -> tuple[CommandPart, ...]:
        given = self.interface.ports(side).get(name)
        if given is None:
            if not self.interface.is_incomplete:
                self._unknown(side, name, span)
            return ()
        if side.startswith("outputs"):
            return (OutputPath(name, span),)
        if side == "inputs.artifacts":
            return (InputPath(name, span),)
        is_boolean = given.type.name == "Boolean"  # KFP's command lines say `true`, as JSON does
        return (JsonValue(name, span, given.type.name) if is_boolean else InputValue(name, span),)

    def _unknown(self, side: str, name: str, span: Span) -> None:
        is_input, is_value = side.startswith("inputs"), side.endswith("parameters")
        other = f"{'inputs' if is_input else 'outputs'}.{'artifacts' if is_value else 'parameters'}"
        what = f"{'input' if is_input else 'output'} {'parameter' if is_value else 'artifact'}"
        hint = suggestion(name, self.interface.ports(side), f"{what}s")
        if name in self.interface.ports(other):
            hint = f"write {{{{$.{other}['{name}']{min(_ATTRIBUTES[other])}}}}}"
        code = "unknown-input" if is_input else "unknown-output"
        self.report.error(code, f"there is no {what} `{name}`", span, hint)

    def _refuse(self, body: str, span: Span) -> None:
        shown = excerpt(f"{{{{${body}}}}}")
        known = [f"{{{{$.{name}}}}}" for name in TAGS]
        form = "for example {{$.inputs.parameters['NAME']}} or {{$.outputs.artifacts['NAME'].path}}"
        close = did_you_mean(shown, known, 0.8)
        hint = correction(shown, close) if close else form
        self.report.error("wrong-value", f"`{shown}` is not a valid placeholder", span, hint)


_ATTRIBUTES: Final = {
    "inputs.parameters": {""},
    "inputs.artifacts": {".path", ".uri"},
    "outputs.parameters": {".output_file"},
    "outputs.artifacts": {".path", ".uri"},
}
"""What can be asked of each kind of port."""


def _split(text: str) -> Iterator[tuple[str, bool]]:
    """The pieces of a text: (a literal, False) or (what stands between `{{$` and `}}`, True)."""
    at, end = 0, -1
    for found in re.finditer(r"\{\{\$", text):
        start = found.start()
        end = text.find("}}", start) if end < start else end
        if end < 0:
            break
        if start >= at and (end == found.end() or text.startswith(_OWN, found.end())):
            if start > at:
                yield text[at:start], False
            yield text[found.end() : end], True
            at = end + 2
    if at < len(text) or not text:
        yield text[at:], False
