"""Pods: the order to run one, and what a node becomes when its pod has begun or ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from transpiler.argo.artifacts import LOCATIONS, STORES
from transpiler.engine import memo, texts
from transpiler.engine.errors import CallError
from transpiler.engine.library import kind_of
from transpiler.engine.names import pod_name
from transpiler.engine.nodes import NodeState
from transpiler.engine.outputs import add_globals
from transpiler.engine.protocol import Ended, InputFile, Inputs, OutputFile, Outputs, OutputValue, Pod, Start
from transpiler.engine.results import wants_result
from transpiler.engine.run import NEVER, Call, Run
from transpiler.engine.sources import is_whole, key_of, source_of
from transpiler.engine.texts import TagError
from transpiler.engine.times import go_duration
from transpiler.plan.argo_objects import Node

_SHORTEST: Final = 2.0
_OF_ARGO: Final = 64
"""The exit code of a container that Argo itself has ended."""
_TELLS: Final = ("data", "http")
"""Kinds of templates whose result Argo keeps, whether somebody reads it or not."""
_FROM: Final = {"resource": ("jsonPath", "jqFilter")}
"""Kind → where its values come from, if that is not a file."""


def start(run: Run, call: Call, node: NodeState, template: Node, deadline: float) -> None:
    """Orders the pod of a node, unless it is there already, or the run is over. Raises CallError."""
    if node.is_running_pod or node.is_over:
        return
    if not run.shutdown.allows(is_exit=call.is_exit):
        run.mark(node, "Failed", f"workflow shutdown with strategy: {run.shutdown.how}")
        return
    limit = _limit(run, template, NEVER if call.is_exit else run.deadline)
    if limit is not None and limit <= 0:
        run.later(node)
        return
    if template.get("timeout"):  # whatever else there is: Argo takes it for the shortest
        limit = _timeout(run, node, template["timeout"])
    until = min(deadline, NEVER if call.is_exit else run.deadline)
    if until < NEVER:  # what Argo's program in the pod looks at
        limit = min(until - run.now, NEVER if limit is None else limit)
    run.pods[node.id] = node
    run.nodes.starts(node, runs=True)
    run.orders.append(Start(pod_of(run, call, node, template, limit)))


def _timeout(run: Run, node: NodeState, timeout: str) -> float:
    """The seconds that a node has left. It counts from when it came; Argo starts no pod for less than two."""
    left = node.started + go_duration(timeout) - run.now
    if left < _SHORTEST:
        raise CallError(f"{node.name} exceeded its deadline")
    return left


def _limit(run: Run, template: Node, deadline: float) -> float | None:
    own = template.get("activeDeadlineSeconds")
    try:
        limits = [] if own is None else [float(int(str(own)))]
    except ValueError as error:
        raise CallError(f'strconv.ParseInt: parsing "{own}": invalid syntax') from error
    if deadline < NEVER:
        limits.append(float(int(deadline - run.now)))
    return min(limits) if limits else None


def pod_of(run: Run, call: Call, node: NodeState, template: Node, limit: float | None) -> Pod:
    """What is to run. `limit`: the seconds that it has. Raises CallError."""
    inputs, outputs = template.get("inputs") or {}, template.get("outputs") or {}
    values = {each["name"]: each.get("value") or "" for each in inputs.get("parameters") or []}
    place = pod_name(run.info.name, node.name, template.get("name", ""))
    own = {**{f"inputs.parameters.{name}": value for name, value in values.items()}, "pod.name": place}
    try:
        spec = texts.replaced(_spec(run, template), run.variables(own))
    except TagError as error:
        raise CallError(str(error)) from error
    return Pod(
        node.id,
        node.name,
        template.get("name", ""),
        kind_of(template),  # type: ignore[arg-type]
        spec,
        Inputs(values, tuple(_input(each) for each in inputs.get("artifacts") or [])),
        Outputs(
            tuple(_values(template)),
            tuple(_output(each, f"{run.info.name}/{place}") for each in outputs.get("artifacts") or []),
        ),
        kind_of(template) in _TELLS or wants_result(run, call, node.name),
        limit,
    )


def _spec(run: Run, template: Node) -> Node:
    volumes = [*(template.get("volumes") or []), *(run.spec.get("volumes") or []), *_claims(run)]
    more = {"volumes": volumes} if volumes else {}
    if run.spec.get("podSpecPatch"):
        more["workflow.podSpecPatch"] = run.spec["podSpecPatch"]
    return {**template, **more}


def _claims(run: Run) -> list[Node]:
    names = [(each.get("metadata") or {}).get("name", "") for each in run.spec.get("volumeClaimTemplates") or []]
    return [{"name": name, "persistentVolumeClaim": {"claimName": f"{run.info.name}-{name}"}} for name in names]


def _input(artifact: Node) -> InputFile:
    return InputFile(
        artifact["name"],
        artifact.get("path", ""),
        source_of(artifact),
        bool(artifact.get("optional")),
        artifact.get("mode"),
        bool(artifact.get("recurseMode")),
        artifact.get("archive"),
    )


def _values(template: Node) -> Iterator[OutputValue]:
    """The values that it has to leave: in files, or in what else a resource or a plugin answers."""
    kind = kind_of(template)
    for each in (template.get("outputs") or {}).get("parameters") or []:
        source = each.get("valueFrom") or {}
        if any(source.get(key) for key in _FROM.get(kind, ("path",))) or kind == "plugin":
            path, default = source.get("path") or "", source.get("default")
            yield OutputValue(each["name"], path, default, each.get("globalName") or "")


def _output(artifact: Node, folder: str) -> OutputFile:
    source = source_of(artifact) or {}
    return OutputFile(
        artifact["name"],
        artifact.get("path", ""),
        key_of(source) or f"{folder}/{artifact['name']}",
        bool(artifact.get("optional")),
        artifact.get("archive"),
        source if source and "key" not in source else None,
        artifact.get("globalName") or "",
    )


def ended(run: Run, node: NodeState, event: Ended) -> None:
    """A node whose pod has ended."""
    template = node.work.template
    run.nodes.starts(node, runs=False)
    run.pods.pop(node.id, None)
    is_of_agent = node.id in run.agents
    run.agents.discard(node.id)
    run.given_up.discard(node.id)
    if run.finished is not None:  # nobody looks any more
        return
    node.outputs = _outputs(template, event, has_code=not is_of_agent)
    if not node.is_over:
        node.finished = event.at
        run.mark(node, event.phase, event.message if event.phase != "Succeeded" else "")
    else:  # its time was up, or the run was stopped: Argo believes the pod
        run.mark(node, event.phase, event.message if event.phase != "Succeeded" else None)
        run.nodes.notice(node)
    _end_containers(run, node, event)
    add_globals(run, node.outputs)
    if event.phase == "Succeeded":
        memo.keep(run, node)


def _end_containers(run: Run, node: NodeState, event: Ended) -> None:
    if "containerSet" in node.work.template:
        for each in list(run.nodes.by_name.values()):
            if each.boundary is node and not each.is_over:
                each.finished = event.at
                run.mark(each, *_end_of_container(each.name.rpartition(".")[2], event))


def _end_of_container(name: str, event: Ended) -> tuple[Any, str]:
    """The phase of a container, and why; that of its pod where nobody has seen it."""
    code = event.containers.get(name)
    if code is None:
        return event.phase, event.message if event.phase != "Succeeded" else ""
    if code == 0:
        return "Succeeded", ""
    return ("Error" if code == _OF_ARGO else "Failed"), f"{name}: Error (exit code {code}): "


def _outputs(template: Node, event: Ended, *, has_code: bool) -> Node | None:
    declared = template.get("outputs") or {}
    found: dict[str, Any] = {}
    if event.exit_code is not None and has_code:
        found["exitCode"] = str(event.exit_code)
    parameters = [
        {**each, "value": event.values.get(each["name"], each.get("value"))}
        for each in declared.get("parameters") or []
        if each["name"] in event.values or ("value" in each and event.phase == "Succeeded")
    ]
    if parameters:
        found["parameters"] = parameters
    artifacts = [
        _stored(each, event.files[each["name"]])
        for each in declared.get("artifacts") or []
        if each["name"] in event.files
    ]
    if artifacts:
        found["artifacts"] = artifacts
    if event.result is not None:
        found["result"] = event.result
    return found or None


def _stored(artifact: Node, key: str) -> Node:
    for name in LOCATIONS:
        if artifact.get(name):
            place = STORES[name].key
            is_there = not place or is_whole(name, artifact[name])
            return artifact if is_there else {**artifact, name: {**artifact[name], place: key}}
    return {**artifact, "s3": {"key": key}}


def add_containers(run: Run, call: Call, node: NodeState) -> None:
    """The containers of a set are nodes of their own, each after those that it depends on."""
    containers: list[Node] = node.work.template["containerSet"].get("containers") or []
    for each in containers:
        name = f"{node.name}.{each['name']}"
        if run.nodes.get(name) is None:
            within = Call(
                name, call.holder, call.kind, call.context, {}, node, is_hook=call.is_hook, up=call.up, key=call.key
            )
            run.create(within, "Container", "Pending", is_try=node.is_try)
    for each in containers:
        above = [f"{node.name}.{name}" for name in each.get("dependencies") or []] or [node.name]
        for parent in (run.nodes.get(name) for name in above):
            if parent is not None:
                run.nodes.connect(parent, f"{node.name}.{each['name']}", node)
