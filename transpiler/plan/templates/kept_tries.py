"""A template with cached results and retries → a cached DAG around a retried template.

A cached result gets the node type of its template (`GetNodeType` of v4.0.7). The node of a retried template
stands for its last try, but a cached result has no tries: Argo loses the tasks that wait for it, and the run never
ends. The node of a DAG stands for itself. So the DAG is cached, and the template in it is retried.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from transpiler.argo.naming import Names
from transpiler.plan.argo_objects import Node, parameter, ports, without_empty
from transpiler.plan.sources import Port

_OF_THE_CACHE: Final = ("memoize", "synchronization")
"""The fields of the DAG: after getting a lock, Argo looks into the cache again."""
_OF_A_POD: Final = ("path", "mode", "recurseMode")
"""The fields of an input file that need a file system."""
_KINDS: Final = ("parameters", "artifacts")
"""The inputs and outputs of a template."""
TRIES: Final = "tries"
"""The one task of that DAG."""


def is_kept_and_tried(template: Node) -> bool:
    """True if Argo would lose the tasks that wait for a cached result of the template."""
    return all(template.get(key) is not None for key in ("memoize", "retryStrategy"))


def parted(templates: Iterable[Node], names: Names, inner: dict[str, str]) -> Iterator[Node]:
    """The templates, with two for each that needs this form; `inner` receives the names of the retried ones."""
    for template in templates:
        if not is_kept_and_tried(template):
            yield template
            continue
        name = inner[template["name"]] = names.unique(f"{template['name']}-tries")
        yield _around(template, name)
        yield _within(template, name)


def _around(template: Node, name: str) -> Node:
    values, files = (_said(template, "inputs", kind) for kind in _KINDS)
    files = [_without(_OF_A_POD, each) for each in files]
    passed = ports(map(_handed_on, values), (_from(Port(each["name"]), each) for each in files))
    found, stored = (_said(template, "outputs", kind) for kind in _KINDS)
    yielded = ports(map(_value, found), map(_file, stored))
    fields = without_empty({"inputs": ports(values, files), "outputs": yielded})
    task = without_empty({"name": TRIES, "template": name, "arguments": passed})
    own: Node = {key: template[key] for key in _OF_THE_CACHE if key in template}
    return {"name": template["name"], **fields, **own, "dag": {"tasks": [task]}}


def _within(template: Node, name: str) -> Node:
    """The retried template. The DAG has the global names of outputs."""
    outputs = {kind: [_without(["globalName"], each) for each in _said(template, "outputs", kind)] for kind in _KINDS}
    fields = without_empty({"outputs": without_empty({**template.get("outputs", {}), **outputs})})
    return {**_without(["outputs", *_OF_THE_CACHE], template), **fields, "name": name}


def _said(template: Node, side: str, kind: str) -> list[Node]:
    found: list[Node] = template.get(side, {}).get(kind, [])
    return found


def _handed_on(each: Node) -> Node:
    return parameter(each["name"], f"{{{{inputs.parameters.{each['name']}}}}}")


def _value(each: Node) -> Node:
    source = {"parameter": f"{{{{tasks.{TRIES}.outputs.parameters.{each['name']}}}}}"}
    return parameter(each["name"], valueFrom=source, globalName=each.get("globalName"))


def _file(each: Node) -> Node:
    return {**_from(Port(each["name"], TRIES), each), **without_empty({"globalName": each.get("globalName")})}


def _from(source: Port, each: Node) -> Node:
    optional = without_empty({"optional": each.get("optional")})
    return {"name": each["name"], **optional, "from": source}


def _without(keys: Iterable[str], node: Node) -> Node:
    return {key: value for key, value in node.items() if key not in keys}
