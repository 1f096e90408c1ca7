"""Map → Entries, of a manifest that is a library."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from transpiler.build.task import build_task
from transpiler.diagnostics import Report
from transpiler.model.entries import Entries
from transpiler.model.task import Dag, Task
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import Map

OF_CALLERS: Final = (
    "arguments",
    "after",
    "depends",
    "when",
    "forEach",
    "parallelism",
    "failFast",
    "mayFail",
    "hooks",
    "onExit",
    "tasks",
    "templateRef",
)
"""The keys of a task that an entry does not have."""
_OF_TASKS: Final = ("inputs", "outputs", "entrypoint", "onExit", "hooks")
"""The keys of a manifest that concern its tasks."""


def build_entries(document: Map, report: Report) -> Entries | None:
    """The entries of a manifest; None if it has none."""
    entries = fields.mapping(document, "entries")
    if entries is None:
        return None
    bodies = [entries[name] for name in entries if isinstance(entries[name], Map)]
    refused = [(key, body.key_span(key)) for body in bodies for key in OF_CALLERS if key in body]
    passed = [argo for argo in (fields.mapping(body, "argo") for body in bodies) if argo is not None and "task" in argo]
    refused += [("argo: {task: ...}", argo.key_span("task")) for argo in passed]
    for body in bodies:
        body.incomplete_keys |= body.keys() & set(OF_CALLERS)
    of_tasks = () if "tasks" in document or document.hides("tasks") else _OF_TASKS
    return Entries(
        Dag(tuple(_entry(entries, name, report) for name in entries), (), is_incomplete=True),
        document.key_span("entries"),
        tuple(refused),
        tuple((key, document.key_span(key)) for key in of_tasks if document.get(key) is not None),
    )


def _entry(entries: Map, name: str, report: Report) -> Task:
    """An entry, without the keys that are reported."""
    task = build_task(entries, name, report)
    return replace(
        task,
        arguments=(),
        after=(),
        depends=None,
        when=None,
        loop=None,
        parallelism=None,
        fail_fast=None,
        may_fail=None,
        hooks=(),
        group=None,
        template_ref=None,
        settings=replace(task.settings, argo_task=None),
        argo=replace(task.argo, task=None),
    )
