"""`{{inputs.parameters.NAME}}` in Argo's own fields of a task: the inputs of its template, or of the DAG around it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from transpiler.argo.expressions import expression_fault, names_in
from transpiler.argo.naming import port_name
from transpiler.argo.text import argo_tags, without_tags
from transpiler.check.argo.nodes import name_of, ports, texts_below
from transpiler.diagnostics import Report
from transpiler.patterns import regex
from transpiler.read.yaml.nodes import Map
from transpiler.resolve.program import Program
from transpiler.resolve.scope import Call, calls_of
from transpiler.suggest import suggestion

_INPUT: Final = regex(r"inputs\.(?:parameters|artifacts)\.([-\w]+)(?:\.path)?")


def check_argo_inputs(program: Program, report: Report) -> None:
    """Names that Argo would not find. Names that the compiler adds must not be used."""
    for scope in program.scopes:
        around = _names(given.name for given in scope.inputs)
        for call in calls_of(scope):
            if call.task.argo.task is not None and "inputs" not in scope.incomplete_names:
                _check(call.task.argo.task, around, "the DAG of this task", report)
            if call.component is not None and not call.implementation.is_in_cluster:
                own = _names(given.name for given in call.component.inputs) | _declared(call)
                for part in (call.task.argo.template, call.task.argo.container):
                    _check(part, own, "the template of this task", report)


def _names(inputs: Iterable[str]) -> set[str]:
    return {name for given in inputs for name in (given, port_name(given))}


def _declared(call: Call) -> set[str]:
    """Inputs that Argo's own fields add."""
    template = call.task.argo.template
    kinds = ("parameters", "artifacts") if template is not None else ()
    return {name_of(port) for kind in kinds for port in ports(template, "inputs", kind)}


def _named(text: str) -> Iterator[str]:
    """The inputs that a text names, in tags and in expressions."""
    for tag, _, _ in argo_tags(text):
        found = _INPUT.fullmatch(tag)
        if found:
            yield found[1]
        read = without_tags(tag[1:], "x") if tag.startswith("=") else ""
        for each in names_in(read) if read and not expression_fault(read) else ():
            if each.path[:1] == ("inputs",) and len(each.path) > 2:
                yield each.longer if "-" in each.longer else each.path[2]


def _check(part: Map | None, known: Collection[str], what: str, report: Report) -> None:
    for text, span in texts_below(part):
        for name in _named(text):
            if not any(name == each or name.startswith(f"{each}-") for each in known):
                hint = suggestion(name, sorted(known), "inputs") or "write a reference, which becomes an input"
                place = span.below(f"parameters.{name}") if f"parameters.{name}" in text else span
                report.error("argo-reference", f"{what} has no input `{name}`", place, hint)
