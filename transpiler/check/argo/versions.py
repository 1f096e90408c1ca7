"""What the version of Argo lacks that a pipeline is compiled for, where no older form means the same.

Found by runs in the controllers of all versions (`tests/argo/test_targets.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from math import inf
from typing import Any

from transpiler.argo.loops import LOOPS
from transpiler.argo.naming import task_name
from transpiler.argo.versions import OF_UI, is_before
from transpiler.diagnostics import Report, Span
from transpiler.model.expressions.tree import FactReference
from transpiler.model.pipeline import Pipeline
from transpiler.read.schema.newer_fields import newer_fields
from transpiler.read.yaml.nodes import Map
from transpiler.resolve.pods import pods_of
from transpiler.resolve.program import Program
from transpiler.resolve.scope import references_in

Templates = Iterable[Mapping[str, Any]]


def check_newer_fields(documents: Iterable[Map], version: str, report: Report) -> None:
    """The fields of manifests that a later version brought."""
    for document in documents:
        for found in newer_fields(document, "pipeline", version):
            assert isinstance(found.holder, Map)
            if found.name == "annotations" and all(key.startswith(OF_UI) for key in found.holder["annotations"]):
                continue  # it is left out
            _report(f"`{found.name}`", found.since, version, found.holder.key_span(found.name), report)


def check_in_version(
    node: Mapping[str, Any], pipeline: Pipeline, lowered: Program, version: str, report: Report
) -> None:
    """The rules about the finished object. `lowered` is the pipeline that it runs."""
    templates = node["spec"].get("workflowSpec", node["spec"]).get("templates", ())
    for found in newer_fields(node, "argo", version, node["kind"]):
        _report(f"`{found.name}` of the Workflow", found.since, version, pipeline.span, report)
    if is_before(version, "3.7"):
        _check_ends_of_loops(templates, lowered, version, report)
        _check_delayed_exits(pipeline, lowered, version, report)


def _check_ends_of_loops(templates: Templates, lowered: Program, version: str, report: Report) -> None:
    """The status of a loop in an argument: the tag stays a tag."""
    asked = {task for template in templates for task in _asked_loops(template)}
    for scope in lowered.scopes if asked else ():
        loops = {name for name, call in scope.calls.items() if call.loop is not None and task_name(name) in asked}
        for each in references_in(scope):
            if isinstance(each, FactReference) and each.task in loops:
                _report(f"the {each.fact} of a loop", "3.7", version, each.span, report)


def _asked_loops(template: Mapping[str, Any]) -> Iterator[str]:
    """The tasks with a loop whose facts other tasks use."""
    tasks = template.get("dag", {}).get("tasks", ())
    texts = json.dumps([each.get("arguments") for each in tasks], ensure_ascii=False)
    for task in tasks:
        name = re.escape(task["name"])
        if any(key in task for key in LOOPS) and re.search(rf"\btasks(\.{name}|\['{name}'\])\.(?!outputs)\w", texts):
            yield task["name"]


def _check_delayed_exits(pipeline: Pipeline, lowered: Program, version: str, report: Report) -> None:
    """An `onExit` of a task that a limit may delay, which ends the run with an error."""
    limit = pipeline.parallelism.most if pipeline.parallelism is not None else inf
    for scope in lowered.scopes:
        exits = [hook.call for call in scope.calls.values() for hook in call.hooks if hook.is_exit]
        own = scope.parallelism if scope.parallelism is not None else inf
        if exits and pods_of(scope) > min(limit, own):
            for call in exits:
                _report("an `onExit` beside a limit on pods", "3.7", version, call.task.span, report)


def _report(what: str, since: str, version: str, span: Span, report: Report) -> None:
    hint = f"leave it out, or compile for a newer Argo: `--argo {since}`"
    report.error("needs-newer-argo", f"{what} needs Argo {since} or newer, and this is for {version}", span, hint)
