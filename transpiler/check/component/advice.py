"""What the users of a component would find out: said where the component is checked by itself, or shows it at once."""

from __future__ import annotations

from transpiler.check.component.ports import ports_of
from transpiler.check.expressions.type_names import misspelt
from transpiler.diagnostics import Report
from transpiler.model.component import Component
from transpiler.model.placeholders import BackendPlaceholder
from transpiler.patterns import regex

_PLACEHOLDER = regex(r"\{\s{0,9}(inputValue|inputPath|outputPath)\s{0,9}:\s{0,9}(?P<name>[^{}\n]{1,100}?)\s{0,9}\}")


def check_literal_placeholders(component: Component, report: Report) -> None:
    """A placeholder inside a string is a part of the string."""
    ports = {given.name for given in component.inputs} | {output.name for output in component.outputs}
    for text, span in component.texts:
        for found in _PLACEHOLDER.finditer(text):
            if found["name"].strip("'\"") in ports:
                message = f"`{found[0]}` is a part of a string, so the program receives it as these words"
                hint = f"write it as an item of its own, {found[0]}, or join it with {{concat: ['...', {found[0]}]}}"
                report.warning("literal-placeholder", message, span, hint)
                break


def check_use(component: Component, report: Report) -> None:
    """Inputs that the program does not receive, outputs that it cannot write, and types with a slip in their name."""
    container = component.implementation.container
    if container is None or not component.is_complete:
        return
    named = [ports_of(part) for part in component.placeholders]
    taken = {name for name, _ in named if name}
    written = {name for _, name in named if name} | container.fixed_paths.keys()
    texts = "\n".join(text for text, _ in component.texts)
    if "{{$}}" in texts or any(isinstance(part, BackendPlaceholder) for part in component.placeholders):
        return  # it gets the names of all its ports from KFP's backend
    if not (all(map(component.input, taken)) and all(map(component.output, written))):
        return  # a name that does not exist is reported, and may be the one that is missing
    for given in component.inputs:
        if given.name not in taken and not _is_tagged("inputs", given.name, texts):
            hint = f"add {{inputValue: {given.name}}} or {{inputPath: {given.name}}} to it, or delete the input"
            report.warning("unused-input", f"the command does not use the input `{given.name}`", given.span, hint)
    for output in component.outputs:
        if output.name not in written and not _is_tagged("outputs", output.name, texts):
            hint = f"add {{outputPath: {output.name}}} to it, or an entry to `fileOutputs`"
            message = f"the command never writes the output `{output.name}`"
            report.warning("output-never-written", message, output.span, hint)


def check_types(component: Component, report: Report) -> None:
    """Types of one's own that differ from a built-in one by a letter."""
    ports = [(given.type, given.span) for given in component.inputs]
    ports += [(output.type, output.span) for output in component.outputs]
    for kind, span in ports:
        close = misspelt(kind, cutoff=0.8)
        if close:
            report.warning("misspelt-type", f"`{kind.written}` is taken for a type of your own", span, close)


def _is_tagged(side: str, name: str, text: str) -> bool:
    """True if a tag of Argo, or of KFP v2, in a text names a port."""
    kinds = (f"{side}.{kind}" for kind in ("parameters", "artifacts"))
    return any(f"{kind}.{name}" in text or f"{kind}['{name}']" in text for kind in kinds)
