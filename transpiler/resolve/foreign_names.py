"""Hints for names of other languages: `steps.a`, `matrix.x`, `inputs.parameters.x`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from transpiler.diagnostics import Hint, Span
from transpiler.model.expressions.tree import InputReference, ItemReference, OutputReference
from transpiler.patterns import regex
from transpiler.suggest import suggestion

RENAMED: Final = {
    **dict.fromkeys(["params", "parameters", "vars", "variables", "args", "arguments"], "inputs"),
    **dict.fromkeys(["steps", "jobs", "needs", "task", "step"], "tasks"),
    **dict.fromkeys(["matrix", "each"], "item"),
    **dict.fromkeys(["run", "context"], "workflow"),
}
"""Root of a name in another language → ours."""


def renamed(reference: ItemReference, aliases: Collection[str]) -> str:
    """The hint to begin a name otherwise; `aliases` are the items of loops around it."""
    ours = RENAMED[reference.name]
    if ours == "item" and "item" not in aliases:
        return "write `item`, in a task with `forEach`"
    return Hint(f"write `{ours}` instead of `{reference.name}`", ours, reference.name)


_PART: Final = regex(r"\s*(?:\.\s*([A-Za-z_]\w*(?:-\w+)*)|\[\s*['\"]([^'\"\n]+)['\"]\s*\])")


def sorted_output(reference: OutputReference) -> tuple[Span, Hint] | None:
    """`outputs.parameters.NAME`, as Argo sorts them: its place, and the hint to drop that word; None for others."""
    if reference.output not in {"parameters", "artifacts"}:
        return None
    span = reference.span
    source, start = span.source, span.source.offset(span.line, span.column)
    found = _PART.match(source.text, start + len(span.text))
    if found is None:
        return None
    meant = f"tasks{_member(reference.task)}.outputs{_member(found[1] or found[2])}"
    return source.span(start, found.end()), Hint(f"write `{meant}`", meant)


def _member(name: str) -> str:
    return f".{name}" if _PART.fullmatch(f".{name}") else f"['{name}']"


def input_hint(reference: InputReference, inputs: Collection[str]) -> str:
    """The hint for an unknown input: a subtraction without spaces, a name of Argo's, or one that looks like it."""
    name, written = reference.name, reference.span.text
    if name == "parameters":
        return "write `inputs.NAME`; Argo's `inputs.parameters` are the inputs"
    before, minus, after = name.rpartition("-")
    while minus:
        if before in inputs and written.endswith(f"-{after}"):
            meant = f"{written[: -len(after) - 1]} - {after}"
            return Hint(f"write `{meant}` to subtract: a name may contain `-`", meant)
        before, minus, rest = before.rpartition("-")
        after = f"{rest}-{after}"
    return suggestion(name, inputs, "inputs")
