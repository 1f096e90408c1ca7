"""What went otherwise in our engine than in Argo's controller, for the same objects and the same pods."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.engine.simulated import STARTS_EVERY, Simulation
from tests.engine.turns import Turns
from tests.judges.runs import Run
from transpiler.engine.times import rfc3339

Json = Any
_EVALUATION = re.compile(r"unable to evaluate expression '.*?': (?=cannot )", re.DOTALL)
"""What the controller writes before some errors of expressions."""
_OF_PODS = ("words", "env", "source", "files")


def simulated(asked: Run, seed: int | None = None) -> Simulation:
    """A run in our engine that has ended; where it ran before, with the results that were kept then."""
    kind = Simulation if asked.order is None else Turns
    found = kind(asked, seed=seed)
    found.go()
    if asked.again:
        before, found = found, kind(asked, found.engine.memo(), seed)
        found.origins, found.deeds = before.origins, before.deeds
        found.now = (before.now + asked.between) // STARTS_EVERY * STARTS_EVERY + STARTS_EVERY
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
    found += _of_caches(mine, report)
    if isinstance(mine, Turns) and mine.late:
        found.append(("something was due", mine.late))
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


def _of_caches(mine: Simulation, report: Json) -> Iterator[Json]:
    ours = {
        (name, key): (one.node, _left(one.outputs), rfc3339(one.created))
        for name, kept in mine.engine.memo().items()
        for key, one in kept.items()
    }
    theirs = {
        (name, key): (one["nodeID"], _left(one["outputs"]), one["creationTimestamp"])
        for name, kept in report.get("caches", {}).items()
        for key, one in kept.items()
    }
    for key in sorted({*ours, *theirs}):
        is_certain = mine.asked.order is not None  # else pods of one key end at once, and Argo keeps either
        if (key in ours) != (key in theirs) or (is_certain and ours[key] != theirs[key]):
            yield ("kept", key, ours.get(key), theirs.get(key))


def _left(outputs: Json) -> Json:
    found = outputs or {}
    return _values(found), found.get("result"), found.get("exitCode")


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
