"""The variables of a run: `workflow.*`."""

from __future__ import annotations

from typing import Any, Final

from transpiler.engine import gojson, texts
from transpiler.engine.arguments import configured
from transpiler.engine.errors import CallError
from transpiler.engine.run import Run
from transpiler.engine.texts import TagError
from transpiler.engine.times import created_variables, rfc3339
from transpiler.plan.argo_objects import Node

_OF_RUN: Final = ("templates",)
_SCHEDULED: Final = "workflows.argoproj.io/scheduled-time"
"""The annotation by which a CronWorkflow tells its Workflow when it was due."""


def set_variables(run: Run) -> None:
    """The variables that are known before anything runs, and the spec with them for its tags. Raises CallError."""
    spec, metadata = run.spec, run.library.metadata
    found = run.globals
    found |= {
        "workflow.name": run.info.name,
        "workflow.namespace": run.info.namespace,
        "workflow.uid": run.info.uid,
        "workflow.mainEntrypoint": str(spec.get("entrypoint") or ""),
        "workflow.serviceAccountName": str(spec.get("serviceAccountName") or ""),
    }
    if spec.get("priority") is not None:
        found["workflow.priority"] = str(spec["priority"])
    scheduled = (metadata.get("annotations") or {}).get(_SCHEDULED)
    if scheduled is not None:
        found["workflow.scheduledTime"] = str(scheduled)
    elif run.info.scheduled is not None:
        found["workflow.scheduledTime"] = rfc3339(run.info.scheduled)
    found |= created_variables(run.info.created)
    found |= _of_parameters(run, (spec.get("arguments") or {}).get("parameters") or [])
    found |= _of_metadata("labels", metadata, spec)
    found |= _of_metadata("annotations", metadata, spec)
    _replace(run)
    found |= _labels_from(run)
    found["workflow.status"] = ""
    found["workflow.duration"] = "0.000000"


def _of_parameters(run: Run, parameters: list[Node]) -> dict[str, str]:
    text = gojson.written(parameters, is_sorted=False) if parameters else "null"
    found = {"workflow.parameters": text, "workflow.parameters.json": text}
    for each in parameters:
        found[f"workflow.parameters.{each['name']}"] = _value(run, each)
    return found


def _value(run: Run, parameter: Node) -> str:
    if parameter.get("value") is not None:
        return str(parameter["value"])
    if (parameter.get("valueFrom") or {}).get("configMapKeyRef"):
        return configured(run.library, parameter, run.globals)
    raise CallError(f"either value or valueFrom must be specified in order to set global parameter {parameter['name']}")


def _of_metadata(kind: str, metadata: Node, spec: Node) -> dict[str, str]:
    own: dict[str, Any] = metadata.get(kind) or {}
    more: Node = spec.get("workflowMetadata") or {}
    text = gojson.written({key: str(value) for key, value in own.items()}) if own else "null"
    found = {f"workflow.{kind}": text, f"workflow.{kind}.json": text}
    later = more.get("labelsFrom") or {} if kind == "labels" else {}
    all_of_them = {**own, **(more.get(kind) or {})}
    return {**found, **{f"workflow.{kind}.{key}": str(value) for key, value in all_of_them.items() if key not in later}}


def _labels_from(run: Run) -> dict[str, str]:
    found: dict[str, str] = {}
    wanted = (run.spec.get("workflowMetadata") or {}).get("labelsFrom") or {}
    for name in sorted(wanted):
        try:
            value = texts.evaluated(wanted[name]["expression"], run.globals)
        except TagError as error:
            raise CallError(f'failed to evaluate label "{name}" expression: {error}') from error
        if not isinstance(value, str):
            raise CallError(f'failed to evaluate label "{name}": it must be a string')
        found[f"workflow.labels.{name}"] = value
    return found


def _replace(run: Run) -> None:
    """Everything of the spec but its templates, which see more variables, has its values."""
    rest = {key: value for key, value in run.spec.items() if key not in _OF_RUN}
    try:
        run.spec = {**run.spec, **texts.replaced(rest, run.globals)}
    except TagError as error:
        raise CallError(str(error)) from error
