"""A manifest to copy: one task that runs a component, with every required input."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from transpiler.argo.naming import MAX_NAME, Names, kebab
from transpiler.model.component import Component
from transpiler.patterns import regex
from transpiler.render.scalars import scalar
from transpiler.views.entries import Entry

_IDENTIFIER: Final = regex(r"[A-Za-z_][A-Za-z0-9_-]*")
"""A name that a reference writes after a dot (transpiler.model.expressions.tree)."""


def example(entry: Entry) -> str:
    """The manifest, with a final newline. It compiles where the component's folder is a catalog."""
    return "".join(f"{line}\n" for line in _lines(entry.component, entry.reference))


def _lines(component: Component, reference: str) -> Iterator[str]:
    required = [given for given in component.inputs if given.required]
    inputs = dict(zip(required, _own_names(given.name for given in required), strict=True))
    outputs = [output.name for output in component.outputs if _can_be_named(output.name)]
    task = kebab(component.name, "task")
    yield f"name: {task}"
    if inputs:
        yield "inputs:"
    for given, name in inputs.items():
        yield f"  {name}: {{type: {scalar(given.type.written)}}}" if given.type.name else f"  {name}:"
    yield from ("tasks:", f"  {task}:", f"    component: {scalar(reference)}")
    if inputs:
        yield "    arguments:"
    for given, name in inputs.items():
        yield f"      {scalar(given.name)}: ${{{{ inputs.{name} }}}}"
    if outputs:
        yield "outputs:"
    for output, name in zip(outputs, _own_names(outputs), strict=True):
        yield f"  {name}: {_output_of(task, output)}"


def _own_names(names: Iterable[str]) -> list[str]:
    """A name that a manifest allows for each: `GCS path` → `gcs_path`."""
    known = Names(delimiter="_")
    return [known.unique(name if _is_short(name) else _identifier(name)) for name in names]


def _identifier(name: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "value"
    return (f"_{words}" if words[0].isdigit() else words)[:MAX_NAME]


def _is_short(name: str) -> bool:
    return len(name) <= MAX_NAME and _IDENTIFIER.fullmatch(name) is not None


def _can_be_named(output: str) -> bool:
    """False for a name with both kinds of quotes, which a reference cannot contain."""
    return not {"'", '"'} <= set(output)


def _output_of(task: str, output: str) -> str:
    if _IDENTIFIER.fullmatch(output):
        return f"${{{{ tasks.{task}.outputs.{output} }}}}"
    quote = "'" if '"' in output else '"'
    return scalar(f"${{{{ tasks.{task}.outputs[{quote}{output}{quote}] }}}}")
