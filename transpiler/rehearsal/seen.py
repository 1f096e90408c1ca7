"""An execution of a task in a run of a case: what it was given, what it ran, and what it has left."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from msgspec import Struct

from transpiler.argo.artifacts import LOCATIONS
from transpiler.model.component import Component
from transpiler.model.ports import RESULT
from transpiler.plan.argo_objects import Node
from transpiler.rehearsal.acting import text_in
from transpiler.rehearsal.values import inputs_of, outputs_of
from transpiler.rehearsal.went import Played, Went
from transpiler.runs.found import Execution
from transpiler.runs.nodes import mapping, text
from transpiler.runs.outcome import Outcome

_NEVER_RAN = ("Skipped", "Omitted")


class Seen(Struct, frozen=True):
    """An execution of a task, and how it went."""

    execution: Execution
    outcome: Outcome

    @property
    def nodes(self) -> list[Node]:
        """Its nodes, from the one that counts to those around it."""
        found = (self.execution.last_try, self.execution.inner, self.execution.node)
        return [each for each in found if each is not None]

    @property
    def is_run(self) -> bool:
        """True if it was not left out."""
        return self.outcome.phase not in _NEVER_RAN

    @property
    def tries(self) -> int:
        """How often it was tried."""
        return len(self.execution.tries) or int(self.is_run)

    @property
    def item(self) -> str:
        """Which item it is, in words for a message."""
        return f" of item {', '.join(map(str, self.execution.at))}" if self.execution.at else ""


class Command(Struct, frozen=True):
    """What the container of a pod runs."""

    words: tuple[str, ...] = ()
    source: str = ""
    """The text of a script."""
    env: dict[str, str] = {}

    def has(self, expected: Any) -> bool:
        """True for all of its words, or a part of them or of its script."""
        if isinstance(expected, list):
            return tuple(map(str, expected)) == self.words
        return str(expected) in " ".join(self.words) or str(expected) in self.source


def _request(http: Node) -> str:
    return "\n".join([f"{http.get('method') or 'GET'} {http.get('url', '')}", text(http.get("body") or "")]).strip()


_ASKED: Final[dict[str, Callable[[Node], str]]] = {
    "http": _request,
    "resource": lambda resource: text(resource.get("manifest") or ""),
    "data": json.dumps,
    "plugin": json.dumps,
}
"""Kind of a template without a program → what it asks for, as a text."""


def command_of(seen: Seen, went: Went) -> Command:
    """What an execution runs; nothing for one without a pod."""
    played = _played(seen, went)
    if played is None or played.pod is None:
        return Command()
    spec = played.pod.spec
    if played.pod.kind in _ASKED:
        return Command(source=_ASKED[played.pod.kind](mapping(spec.get(played.pod.kind))))
    container: Node = mapping(spec.get("container")) or mapping(spec.get("script"))
    words = tuple(text(each) for key in ("command", "args") for each in container.get(key) or ())
    env = {text(each.get("name")): text(each["value"]) for each in container.get("env") or () if "value" in each}
    return Command(words, text(container.get("source")), env)


def argument_of(seen: Seen, went: Went, component: Component | None, name: str) -> str | None:
    """The value, or the text in the file, that an input of a component gets; None if it gets none that is known."""
    argo = inputs_of(component).get(name, name) if component is not None else name
    played = _played(seen, went)
    if played is not None and played.pod is not None:
        inputs = played.pod.inputs
        if argo in inputs.values:
            return inputs.values[argo]
        file = next((each for each in inputs.files if each.name == argo), None)
        return text_in(file, went.files) if file is not None else None
    ports = (_port(mapping(node.get("inputs")), argo, went) for node in seen.nodes)
    return next((each for each in ports if each is not None), None)


def output_of(seen: Seen, went: Went, component: Component | None, name: str) -> str | None:
    """The value, or the text in the file, of an output of a component; None if it yields none."""
    argo = outputs_of(component).get(name, name) if component is not None else name
    return next((each for each in (output_in(node, argo, went) for node in seen.nodes) if each is not None), None)


def is_kept(seen: Seen, went: Went, component: Component | None, name: str) -> bool:
    """False for an output of a pod that its Workflow does not have, since nothing uses it."""
    played = _played(seen, went)
    if name == RESULT or (played is None and not seen.outcome.is_cached):
        return True
    argo = outputs_of(component).get(name, name) if component is not None else name
    if played is None:
        return any(argo in _declared(node, went) for node in seen.nodes)
    if played.pod is None:
        return True
    outputs = played.pod.outputs
    return argo in {*(each.name for each in outputs.values), *(each.name for each in outputs.files)}


def _declared(node: Node, went: Went) -> set[str]:
    """The outputs that the template of a node declares."""
    templates = mapping(went.workflow.get("spec")).get("templates") or ()
    found: Node = next((each for each in templates if each.get("name") == node.get("templateName")), {})
    outputs = mapping(found.get("outputs"))
    return {text(each.get("name")) for kind in ("parameters", "artifacts") for each in outputs.get(kind) or ()}


def output_in(node: Node, name: str, went: Went) -> str | None:
    """An output of a node, by its name in Argo."""
    outputs = mapping(node.get("outputs"))
    found = _port(outputs, name, went)
    return text(outputs["result"]) if found is None and name == RESULT and "result" in outputs else found


def outputs_of_run(workflow: Node, name: str) -> Node:
    """The node with the outputs of the pipeline."""
    nodes = mapping(mapping(workflow.get("status")).get("nodes"))
    return mapping(nodes.get(name))


def _played(seen: Seen, went: Went) -> Played | None:
    ids: Sequence[str] = [text(node.get("id")) for node in seen.nodes]
    return next((went.played[key] for key in ids if key in went.played), None)


def _port(ports: Node, name: str, went: Went) -> str | None:
    """The text of a parameter, or in a file."""
    for each in ports.get("parameters") or ():
        if each.get("name") == name and "value" in each:
            return text(each["value"])
    for each in ports.get("artifacts") or ():
        if each.get("name") == name:
            return _file(each, went)
    return None


def _file(artifact: Node, went: Went) -> str | None:
    places = [mapping(artifact.get(location)) for location in LOCATIONS]
    keys = [text(each) for place in places for each in place.values() if isinstance(each, str)]
    return next((went.files[key] for key in keys if key in went.files), None)
