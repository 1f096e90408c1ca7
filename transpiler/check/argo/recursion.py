"""Calls among Argo's own templates, and endless recursion, which Argo stops at a depth of 100."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from transpiler.check.argo.graph import waits_of
from transpiler.check.argo.nodes import name_of, text_of
from transpiler.diagnostics import Related, Report
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import List, Map

_CALLS: Final = ("template", "onExit", "entrypoint")
MAX_SHOWN: Final = 12
_CERTAIN: Final = ("", "Succeeded", "AnySucceeded")
"""Results of a task that are to be expected: waiting for another one is a condition."""


def tasks_of(template: Map) -> Iterator[Map]:
    """The tasks and steps of a template."""
    dag = fields.mapping(template, "dag")
    if dag is not None:
        yield from fields.mappings(dag, "tasks")
    for group in fields.items(template, "steps"):
        if isinstance(group, List):
            yield from (step for step in group if isinstance(step, Map))


def callers(root: Map) -> Iterator[tuple[Map, str]]:
    """Each mapping that names a template, and the key under which it does, in a spec, template or task."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield from ((node, key) for key in _CALLS if isinstance(node.get(key), str))
        hooks, inline = fields.mapping(node, "hooks"), fields.mapping(node, "inline")
        waiting.extend(hook for hook in (hooks or {}).values() if isinstance(hook, Map))
        waiting.extend((*fields.mappings(node, "templates"), *tasks_of(node), *([inline] if inline else ())))


def check_recursion(templates: Mapping[str, Map], report: Report) -> None:
    """A template that always calls itself, directly or through others."""
    calls = {name: dict(_certain_calls(template, templates)) for name, template in templates.items()}
    endless = _endless(calls)
    done: set[str] = set()
    for name in templates:
        way: list[str] = []
        current = name
        while current in endless and current not in done:
            done.add(current)
            way.append(current)
            current = next(callee for callee in calls[current] if callee in endless)
        if current in way:
            _report([*way[way.index(current) :], current], calls, report)


def _endless(calls: Mapping[str, Mapping[str, Map]]) -> set[str]:
    """Templates with endless calls: those that remain after repeatedly removing templates without calls."""
    callers_of: dict[str, list[str]] = {}
    for name, callees in calls.items():
        for callee in callees:
            callers_of.setdefault(callee, []).append(name)
    open_calls = {name: len(callees) for name, callees in calls.items()}
    ending = [name for name, count in open_calls.items() if not count]
    for name in ending:
        for caller in callers_of.get(name, ()):
            open_calls[caller] -= 1
            if not open_calls[caller]:
                ending.append(caller)
    return calls.keys() - set(ending)


def _report(way: list[str], calls: Mapping[str, Mapping[str, Map]], report: Report) -> None:
    first, *others = pairwise(way)
    related = tuple(
        Related(f"`{caller}` calls `{callee}` here", calls[caller][callee].value_span("template"))
        for caller, callee in others[:MAX_SHOWN]
    )
    message = f"template `{way[0]}` always calls itself, so the run never ends"
    span = calls[first[0]][first[1]].value_span("template")
    report.error("argo-reference", message, span, "add a condition to one of the calls: `when`", related)


def _certain_calls(template: Map, templates: Mapping[str, Map]) -> Iterator[tuple[str, Map]]:
    """The templates that a template calls in every run, with the task that does."""
    uncertain = {name_of(task) for task in tasks_of(template) if not _is_certain(task)}
    for task in tasks_of(template):
        waits = {wait.task for wait in waits_of(task)}
        if name_of(task) not in uncertain and waits.isdisjoint(uncertain) and text_of(task, "template") in templates:
            yield text_of(task, "template"), task


def _is_certain(task: Map) -> bool:
    has_condition = "when" in task or "withParam" in task or not fields.is_complete(task)
    return not has_condition and all(wait.result in _CERTAIN for wait in waits_of(task))
