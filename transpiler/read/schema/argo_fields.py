"""Argo's own fields: which definition of Argo's schema judged a mapping, and what a key that it has not was meant for.

Definitions are Argo's and Kubernetes' types: `Template`, `DAGTask`, `Container`. Sources of what changed between
versions: Argo `docs/upgrading.md` and the comments in `workflow_types.go`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final

from transpiler import resources
from transpiler.suggest import correction, did_you_mean

_FIELDS_PAGE: Final = "https://argo-workflows.readthedocs.io/en/latest/fields/#"

_CHANGED: Final[Mapping[tuple[str, str], str]] = {
    ("CronWorkflowSpec", "schedule"): "Argo v4 has a list: write `schedules: [...]`",
    ("Synchronization", "mutex"): "Argo v4 has a list: write `mutexes: [{name: ...}]`",
    ("Synchronization", "semaphore"): "Argo v4 has a list: write `semaphores: [{configMapKeyRef: {...}}]`",
    ("WorkflowSpec", "podPriority"): "Argo v4 has `podPriorityClassName`",
    ("Template", "podPriority"): "Argo v4 has `priorityClassName`",
    ("Template", "priority"): "Argo v4 has `priorityClassName`",
    ("WorkflowSpec", "ttlSecondsAfterFinished"): "write `ttlStrategy: {secondsAfterCompletion: ...}`",
    ("Template", "onExit"): "write `hooks: {exit: {template: ...}}` at the task that runs this template",
    ("Template", "template"): "call other templates from `steps` or `dag` of a template",
    ("Template", "templateRef"): "call other templates from `steps` or `dag` of a template",
    ("Template", "arguments"): "a template has `inputs`; its callers pass `arguments`",
    ("Template", "resubmitPendingPods"): "write a `retryStrategy`",
    ("ScriptTemplate", "file"): "write `source: {file: …}`",
    ("ResourceTemplate", "file"): "write `manifest: {file: …}`",
    ("ResourceRequirements", "cpu"): "`cpu` belongs under `requests` or `limits`",
    ("ResourceRequirements", "memory"): "`memory` belongs under `requests` or `limits`",
    **{
        (
            "PodSecurityContext",
            key,
        ): f"it is of a container: write `argo: {{container: {{securityContext: {{{key}: ...}}}}}}`, "
        "in a task or in `defaults`"
        for key in ("privileged", "capabilities", "allowPrivilegeEscalation", "readOnlyRootFilesystem", "procMount")
    },
    (
        "WorkflowStep",
        "depends",
    ): "delete it: steps run in the order of their groups; only tasks of a `dag` have `depends`",
    (
        "WorkflowStep",
        "dependencies",
    ): "delete it: steps run in the order of their groups; only tasks of a `dag` have `depends`",
}
"""(type, field) → what to write instead of a field that Argo had, or that its other types have."""

_HOMES: Final = {
    "Template": "the template",
    "WorkflowSpec": "the `spec` of the Workflow",
    "DAGTask": "a task of a `dag`",
    "Container": "a container",
    "ObjectMeta": "`metadata`",
}
"""Where to look for a field that stands in a wrong place: type → the place in words."""

_EVERYWHERE: Final = frozenset({"name", "namespace", "labels", "annotations", "key", "value"})
"""Fields of so many types that their name says nothing about where they belong."""


@cache
def _definitions() -> dict[str, Any]:
    definitions: dict[str, Any] = resources.schema("argo")["$defs"]
    return definitions


def owners(schema: str, path: Iterable[str | int]) -> list[str]:
    """The definitions of Argo's schema that a finding went through, the outermost first; none outside of them.

    jsonschema leaves `$ref` out of the path, so it is followed wherever the next step is not there.
    """
    home, node = schema, resources.schema(schema)
    found = []
    for step in path:
        while isinstance(node, dict) and step not in node and "$ref" in node:
            home, pointer = resources.referred(str(node["$ref"]), home)
            node = resources.part_of_schema(home, pointer)
            if home == "argo" and "properties" in node:
                found.append(pointer.rpartition("/")[2])
        node = node[step]  # type: ignore[index] # a path leads through lists too
    return found


def shown(owner: str) -> str:
    """The name that Argo's documentation has for a definition."""
    return {"EmbeddedObjectMeta": "ObjectMeta", "ProbeHeader": "HTTPHeader"}.get(owner, owner.removeprefix("Partial"))


def page(owner: str) -> str:
    """Where Argo's documentation lists the fields of a definition."""
    return f"see {_FIELDS_PAGE}{shown(owner).lower()}"


def properties(name: str) -> Mapping[str, Any]:
    """The fields of a definition, or of the one that it refers to; none of a name that is no definition."""
    definition = _definitions().get(name, {})
    while "$ref" in definition:
        definition = _definitions()[definition["$ref"].rpartition("/")[2]]
    found: Mapping[str, Any] = definition.get("properties", {})
    return found


def way_out(key: str, owners: Sequence[str], present: Iterable[str]) -> str:
    """A hint for a key that the innermost definition has not. `present` are the keys beside it."""
    owner = shown(owners[-1])
    known = properties(owners[-1])
    present = set(present)
    above = properties(owners[-2]) if len(owners) > 1 else {}
    close = did_you_mean(key, [field for field in known if field not in present])
    return (
        _CHANGED.get((owner, key), "")
        or _below(key, known, present)
        or (f"`{key}` belongs one level up, in the {shown(owners[-2])}" if key in above else "")
        or (correction(key, close) if close else "")
        or _elsewhere(key, owner)
        or _listed(known, owners[-1])
    )


def _below(key: str, known: Mapping[str, Any], present: set[str]) -> str:
    """The field whose mapping has the key: one that is there already, or the only one."""
    if key in _EVERYWHERE:
        return ""
    homes = [
        field
        for field, schema in known.items()
        if field != "inline" and "$ref" in schema and key in properties(_target(schema))
    ]
    there = [field for field in homes if field in present]
    likely = there or (homes if len(homes) == 1 else [field for field in homes if field in {"container", "inputs"}])
    return f"`{key}` belongs under `{likely[0]}`" if likely else ""


def _target(schema: Mapping[str, Any]) -> str:
    return str(schema["$ref"]).rpartition("/")[2]


def _elsewhere(key: str, owner: str) -> str:
    homes = (words for home, words in _HOMES.items() if home != owner and key in properties(home))
    return next((f"`{key}` belongs in {words}" for words in homes), "")


def _listed(known: Mapping[str, Any], owner: str) -> str:
    names = ", ".join(f"`{field}`" for field in list(known)[:12])
    return f"its fields are {names}" if 0 < len(known) <= 12 else page(owner)
