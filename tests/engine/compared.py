"""What went otherwise in our engine than in Argo's controller, for the same objects and the same pods."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.engine.simulated import Simulation
from tests.judges.runs import Run

Json = Any
_EVALUATION = re.compile(r"unable to evaluate expression '.*?': (?=cannot )", re.DOTALL)
"""What the controller writes before some errors of expressions."""
_OF_PODS = ("words", "env", "source", "files")


def simulated(asked: Run, seed: int | None = None) -> Simulation:
    """A run in our engine that has ended; where it ran before, with the results that were kept then."""
    found = Simulation(asked, seed=seed)
    found.go()
    if asked.again:
        before, found = found, Simulation(asked, found.engine.memo(), seed)
        found.origins = before.origins
        found.go()
    return found


def differences(mine: Simulation, report: Json) -> list[Json]:
    """The phase, nodes and pods that differ; ours first."""
    workflow = mine.engine.workflow()
    states = report.get("states") or [{}]
    found: list[Json] = [
        *_of_runs(workflow, report),
        *_of_nodes(nodes(workflow), nodes(states[-1]), has_ended=_has_ended(report)),
    ]
    return [*found, *_of_pods(mine.pods, {pod["node"]: pod for pod in report["pods"]})]


def _of_runs(workflow: Json, report: Json) -> Iterator[Json]:
    status = workflow["status"]
    mine = (status["phase"], _message(status), _values(status.get("outputs")))
    theirs = (report["phase"], _message(report), report["globals"])
    ours = {name: value for name, value in mine[2].items() if name in theirs[2]}
    if (mine[0], mine[1]) != (theirs[0], theirs[1]):
        yield ("run", mine[:2], theirs[:2])
    if any(theirs[2][name] != value for name, value in ours.items()):
        yield ("outputs", ours, theirs[2])


def _message(said: Json) -> str:
    return _EVALUATION.sub("", said.get("message", ""))


def _values(outputs: Json) -> dict[str, str]:
    return {each["name"]: each.get("value", "") for each in (outputs or {}).get("parameters") or []}


def _has_ended(report: Json) -> bool:
    return report["phase"] in ("Succeeded", "Failed", "Error")


def _of_nodes(mine: Json, theirs: Json, *, has_ended: bool) -> Iterator[Json]:
    for name in sorted({*mine, *theirs}):
        one, other = mine.get(name), theirs.get(name)
        if one is None or other is None:
            yield (name, "is there" if one else "is missing")
        elif not has_ended or other["phase"] not in ("Pending", "Running"):  # else it ended after the run
            fields = [key for key in one if one[key] != other[key]]
            if fields:
                yield (name, {key: (one[key], other[key]) for key in fields})


def nodes(workflow: Json) -> dict[str, Json]:
    """Name of a node → what is compared of it."""
    found = (workflow.get("status") or {}).get("nodes") or {}
    names = {key: node["name"] for key, node in found.items()}
    return {node["name"]: _node(node, names) for node in found.values()}


def _node(node: Json, names: dict[str, str]) -> Json:
    outputs = node.get("outputs") or {}
    return {
        "id": node["id"],
        "type": node["type"],
        "phase": node.get("phase"),
        "display": node["displayName"],
        "template": node.get("templateName", ""),
        "scope": node.get("templateScope", ""),
        "flag": node.get("nodeFlag") or {},
        "message": _message(node),
        "boundary": names.get(node.get("boundaryID", "")),
        "children": sorted(names.get(each, each) for each in node.get("children") or []),
        "ends": sorted(names.get(each, each) for each in node.get("outboundNodes") or []),
        "inputs": _values(node.get("inputs")),
        "outputs": _values(outputs),
        "result": outputs.get("result"),
        "exit": outputs.get("exitCode"),
        "memo": node.get("memoizationStatus"),
    }


def _of_pods(mine: Json, theirs: Json) -> Iterator[Json]:
    for name in sorted({*mine, *theirs}):
        one, other = mine.get(name), theirs.get(name)
        if one is None or other is None:
            yield (name, "has a pod" if one else "has no pod")
        else:
            yield from ((name, key, one[key], other[key]) for key in _OF_PODS if one[key] != other[key])
