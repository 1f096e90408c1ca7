"""The limits of Argo and Kubernetes as a judge; it needs no Go."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

Json: TypeAlias = Any
"""A JSON value, as `json.loads` gives it."""

NAME_LIMITS: Final = {"Workflow": 63, "WorkflowTemplate": 63, "ClusterWorkflowTemplate": 63, "CronWorkflow": 52}
_SUFFIX: Final = 5
"""How many characters Kubernetes appends to a generateName."""

_DNS: Final = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_FIELD: Final = re.compile(r"[a-zA-Z0-9][-a-zA-Z0-9]{0,127}")
_ARGUMENT: Final = re.compile(r"[-a-zA-Z0-9_]+")
_LABEL: Final = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")

_BYTES: Final = 1024 * 1024
_ANNOTATION_BYTES: Final = 256 * 1024
_PREFIX: Final = 253
_TEMPLATES: Final = 200
_TASKS: Final = 200
_INPUTS: Final = 500

_LOCATIONS: Final = {"s3", "git", "http", "artifactory", "hdfs", "raw", "oss", "gcs", "azure", "plugin"}
_CONTAINERS: Final = {"container", "script", "containers", "initContainers", "sidecars"}
_FREE: Final = {"withItems", "plugin"}
"""Fields whose content is data of the user, where no key means anything to Argo."""


def complaints(document: Json) -> list[str]:
    """The limits that an object, any plain dict, exceeds."""
    complaints = [*_identity(document), *_size(document), *_images(document)]
    for path, key, value in _walk(document.get("spec"), "spec"):
        complaints += [f"{path}: {text}" for text in _RULES.get(key, _no_rule)(value)]
    return complaints


def _walk(node: Json, path: str) -> Iterator[tuple[str, str, Json]]:
    """Path, key and value of every field below a node that Argo gives a meaning to."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield f"{path}.{key}", key, value
            if key not in _FREE:
                yield from _walk(value, f"{path}.{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _walk(value, f"{path}[{index}]")


def _map(value: Json) -> dict[str, Json]:
    """The value if it is a mapping, else an empty one: shapes are for the schemas to judge."""
    return value if isinstance(value, dict) else {}


def _list(value: Json) -> list[Json]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def maps(value: Json) -> list[dict[str, Json]]:
    """The mappings in a list."""
    return [entry for entry in _list(value) if isinstance(entry, dict)]


def _identity(document: Json) -> Iterator[str]:
    """An object is of a kind that Argo knows, and its name and labels are ones that Kubernetes takes."""
    kind, metadata = str(document.get("kind")), _map(document.get("metadata"))
    if document.get("apiVersion") != "argoproj.io/v1alpha1" or kind not in NAME_LIMITS:
        yield f"there is no kind {kind} in {document.get('apiVersion')}"
    yield from (f"metadata: {text}" for text in _object_name(metadata, NAME_LIMITS.get(kind, 63)))
    yield from (f"metadata: {text}" for text in _labels(metadata))
    if "{{" in json.dumps(metadata.get("labels")):
        yield "metadata: a label has a {{tag}}, which nobody replaces here"


def _object_name(metadata: dict[str, Json], limit: int) -> Iterator[str]:
    """A name, or what Kubernetes makes of a generateName without cutting it, is a DNS-1123 subdomain."""
    name = metadata.get("name")
    if not name:
        name, limit = metadata.get("generateName"), limit - _SUFFIX
    if not isinstance(name, str) or not name:
        yield "neither name nor generateName is given"
    elif not _DNS.fullmatch(name if metadata.get("name") else re.sub("-$", "x", name)):
        yield f"the name {name!r} is no DNS-1123 subdomain"
    elif len(name) > limit:
        yield f"the name {name!r} has {len(name)} characters, the limit is {limit}"


def _size(document: Json) -> Iterator[str]:
    """An object fits into the store of the cluster."""
    compact = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    size = len(compact.encode("utf-8", "replace"))
    if size > _BYTES:
        yield f"the object has {size:,} bytes of JSON, the limit is {_BYTES:,}"


def _images(document: Json) -> Iterator[str]:
    """A container has an image, its own or that of the template defaults."""
    spec = _map(document.get("spec"))
    defaults = _map(_map(spec.get("workflowSpec", spec)).get("templateDefaults"))
    for path, key, value in _walk(spec, "spec"):
        if key in _CONTAINERS and ".templateDefaults" not in path:
            containers = [value] if isinstance(value, dict) else maps(value)
            inherited = _map(defaults.get(key)).get("image")
            if not all(container.get("image", inherited) for container in containers):
                yield f"{path}: a container has no image"


def _no_rule(_: Json) -> Iterator[str]:
    """Most fields have no limit."""
    return iter(())


def _templates(templates: Json) -> Iterator[str]:
    """A spec has few templates; their names become parts of pod names, hence the lower case."""
    if len(_list(templates)) > _TEMPLATES:
        yield f"there are {len(templates)} templates, the limit is {_TEMPLATES}"
    yield from _names(templates, _FIELD)
    for template in maps(templates):
        name = str(template.get("name", ""))
        if name != name.lower():
            yield f"the name {name!r} is not in lower case"


def _dag(dag: Json) -> Iterator[str]:
    """A DAG has some tasks, but few."""
    tasks = _map(dag).get("tasks")
    if not 1 <= len(_list(tasks)) <= _TASKS:
        yield f"there are {len(_list(tasks))} tasks, the limits are 1 and {_TASKS}"
    yield from _names(tasks, _FIELD)


def _steps(steps: Json) -> Iterator[str]:
    """Steps come in groups."""
    for group in _list(steps):
        yield from _names(group, _FIELD)


def _inputs(inputs: Json) -> Iterator[str]:
    """A template has few input parameters."""
    count = len(_list(_map(inputs).get("parameters")))
    if count > _INPUTS:
        yield f"there are {count} parameters, the limit is {_INPUTS}"


def _parameters(parameters: Json) -> Iterator[str]:
    """Whatever a parameter holds is a string."""
    yield from _names(parameters, _ARGUMENT)
    for parameter in maps(parameters):
        held = [parameter[key] for key in ("value", "default") if key in parameter]
        held += _list(parameter.get("enum"))
        held += [_map(parameter.get("valueFrom")).get("default", "")]
        for value in held:
            if not isinstance(value, str):
                yield f"parameter {parameter.get('name')!r} holds {json.dumps(value):.60}, which is no string"


def _artifacts(artifacts: Json) -> Iterator[str]:
    """An artifact is in one place only."""
    yield from _names(artifacts, _ARGUMENT)
    for artifact in maps(artifacts):
        if len(_LOCATIONS & artifact.keys()) > 1:
            yield f"artifact {artifact.get('name')!r} has more than one location"


def _names(entries: Json, pattern: re.Pattern[str]) -> Iterator[str]:
    """Every entry of a list has a name that Argo takes."""
    for entry in maps(entries):
        if not pattern.fullmatch(str(entry.get("name", ""))):
            yield f"{entry.get('name')!r} is no name that Argo takes"


def _labels(metadata: Json) -> Iterator[str]:
    """Labels and annotations are ones that Kubernetes takes; those with {{tags}} may yet become so."""
    labels, annotations = (_map(_map(metadata).get(key)) for key in ("labels", "annotations"))
    for key, value in [*labels.items(), *annotations.items()]:
        if not _is_key(key) and "{{" not in key:
            yield f"{key!r} is no key for a label or an annotation"
        if not isinstance(value, str):
            yield f"{key!r} holds {json.dumps(value):.60}, which is no string"
    if len("".join(map(str, [*annotations, *annotations.values()])).encode("utf-8", "replace")) > _ANNOTATION_BYTES:
        yield f"all annotations have more than {_ANNOTATION_BYTES:,} bytes"
    for key, value in labels.items():
        if not _LABEL.fullmatch(str(value)) and "{{" not in str(value):
            yield f"label {key!r}: {value!r} is no value for a label"


def _is_key(key: str) -> bool:
    """Whether a key is a name like a label's value, perhaps after a DNS subdomain and a slash."""
    prefix, slash, name = key.rpartition("/")
    prefixed = len(prefix) <= _PREFIX and _DNS.fullmatch(prefix) is not None
    return bool(name) and _LABEL.fullmatch(name) is not None and (prefixed or not slash)


_RULES: Final[dict[str, Callable[[Json], Iterator[str]]]] = {
    "templates": _templates,
    "dag": _dag,
    "steps": _steps,
    "inputs": _inputs,
    "parameters": _parameters,
    "artifacts": _artifacts,
    "metadata": _labels,
    "podMetadata": _labels,
    "workflowMetadata": _labels,
}
"""Which fields of a spec, wherever they stand, have which limits."""
