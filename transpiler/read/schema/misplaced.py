"""References in texts of a manifest that nothing reads for references: they would pass as the text that they are.

The places are those of the schema; what stands below `argo`, `template` and `schedule` has rules of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from transpiler.diagnostics import Report
from transpiler.patterns import regex
from transpiler.read.yaml.nodes import List, Map

REFERENCE: Final = regex(r"(?<!\$)\$\{\{\s*[A-Za-z_!('\"\[0-9-][^{}]*\}\}")
"""What somebody meant as a reference or an expression; `$${{` is a text."""
Path = tuple[str | int, ...]


class Misplaced(NamedTuple):
    """A text with a reference at a place where it stays a text."""

    path: Path
    hint: str


_ITSELF: Final = "write the text itself"
_COMPILED: Final = "write a task for each, with a `when`; the value must be known when the pipeline is compiled"
_CLAIM: Final = (
    "create the claim in a task, with `template: {resource: ...}`, and mount it by the name that the task yields"
)
_SAID_WHERE_USED: Final = "write the reference where the input is used; a run gets the default as a string"
_LABEL: Final = (
    "Argo computes a label as `argo: {spec: {workflowMetadata: {labelsFrom: {KEY: {expression: "
    "workflow.parameters.NAME}}}}}`"
)
_SWITCH: Final = "write true or false"
_NUMBER: Final = "write the number itself"
_SETTINGS: Final[Mapping[str, Any]] = {
    "retry": {
        "policy": _ITSELF,
        "backoff": {"*": "write it itself, or under `argo: {template: {retryStrategy: ...}}`"},
    },
    "cache": {"": "write the duration itself", "maxAge": "write the duration itself"},
    "imagePullPolicy": _ITSELF,
    "env": {"*": {"key": _ITSELF, "optional": _SWITCH}},
    "secrets": {"*": {"key": _ITSELF, "optional": _SWITCH}},
    "envFrom": {"*": {"optional": _SWITCH}},
    "volumes": {
        "*": {
            "size": _CLAIM,
            "accessModes": {"*": _CLAIM},
            "name": _ITSELF,
            "items": {"*": _ITSELF},
            "mode": _ITSELF,
            "optional": _SWITCH,
            "readOnly": _SWITCH,
        }
    },
}
_TASK: Final[Mapping[str, Any]] = {
    **_SETTINGS,
    "component": {"": _COMPILED, "name": _COMPILED, "tag": _COMPILED, "digest": _COMPILED, "url": _COMPILED},
    "description": _ITSELF,
    "use": {"": "write the name of a preset", "*": "write the name of a preset"},
    "pipeline": {"": _COMPILED, "*": _COMPILED},
    "templateRef": {"clusterScope": _SWITCH},
    "after": {"*": "write the name of a task"},
    "depends": "write names of tasks, and their results",
    "parallelism": _NUMBER,
    "failFast": _SWITCH,
    "forEach": {"as": "write a name", "format": "write the format itself"},
}
_MANIFEST: Final[Mapping[str, Any]] = {
    "apiVersion": _ITSELF,
    "kind": _ITSELF,
    "name": "write the name itself; Argo's UI shows a computed one for tasks: `workflows.argoproj.io/display-name`",
    "description": "write the text itself; Argo's UI shows the arguments of a run beside it",
    "namespace": "write the name itself, or delete it and choose the namespace when submitting the run",
    "labels": {"*": _LABEL},
    "annotations": {"*": f"write the text itself; labels and annotations of a task take references. {_LABEL}"},
    "inputs": {
        "*": {
            "": _SAID_WHERE_USED,
            "default": {"": _SAID_WHERE_USED, "**": _SAID_WHERE_USED},
            "type": "write the type itself",
            "description": _ITSELF,
            "enum": {"*": "write the values themselves"},
            "optional": _SWITCH,
            "hidden": _SWITCH,
            "[]": _SAID_WHERE_USED,
        }
    },
    "components": {"*": _TASK["component"]},
    "catalogs": {"*": "write the folder itself"},
    "entrypoint": "write the name itself",
    "workflowTemplateRef": {"clusterScope": _SWITCH},
    "parallelism": _NUMBER,
    "failFast": _SWITCH,
    "timeout": "write the duration itself; the `timeout` of a task takes references",
    "cache": _SETTINGS["cache"],
    "priority": _NUMBER,
    "ttl": {"": "write the duration itself", "*": "write the durations themselves"},
    "podGC": {"": _ITSELF, "strategy": _ITSELF},
    "archiveLogs": "write true or false",
    "artifacts": {"size": _CLAIM, "accessModes": {"*": _CLAIM}, "*": _ITSELF},
    "defaults": _SETTINGS,
    "presets": {"*": _SETTINGS},
}
"""Key → what to do about a reference there; "" is a text itself, `*` any other key or item.

`**` is all that stands below, `[]` all that stands below a list.
"""

_WHOLE: Final = regex(r"\s*\$\{\{\s*((?:[^{}]|\{(?!\{)|\}(?!\}))+?)\s*\}\}\s*")
"""A text that is one reference or expression."""


def check_misplaced(document: Map, report: Report) -> dict[Path, str]:
    """Report each reference where it stays a text. Its place is known to be wrong then: place → way out."""
    found = {each.path: each.hint for each in misplaced(document)}
    for path, hint in found.items():
        parent: Any = document
        for step in path[:-1]:
            parent = parent[step]
        key: Any = path[-1]
        span = parent.value_span(key) if isinstance(parent, Map) else parent.item_span(key)
        message = "a reference cannot be used here: it would remain as this text"
        report.error("misplaced-reference", message, span, _computed(path, parent[key]) or hint)
        parent.mark_unusable(key)
    return found


def _computed(path: Path, value: Any) -> str:
    """The way to a computed label, or default of an input: it is optional, and each use has the alternative."""
    is_default = path[0] == "inputs" and (len(path) == 2 or path[2:] == ("default",))
    whole = _WHOLE.fullmatch(value) if isinstance(value, str) and (is_default or path[0] == "labels") else None
    if whole is not None and path[0] == "labels":
        return _computed_label(str(path[-1]), whole[1])
    if whole is None or not whole[1].startswith(("workflow.", "inputs.", "formatTime(")):
        return ""
    use = f"${{{{ inputs.{path[1]} ?? {whole[1]} }}}}"
    return f"declare the input with `optional: true` instead of a default, and write `{use}` where it is used"


def _computed_label(key: str, expression: str) -> str:
    """The way to a label with the value of an input; empty for another expression."""
    found = re.fullmatch(r"inputs\.([\w-]+)", expression)
    if found is None:
        return ""
    name = f".{found[1]}" if found[1].isidentifier() else f"['{found[1]}']"
    key = key if re.fullmatch(r"[\w-]+", key) else f'"{key}"'
    return (
        "Argo computes it when the run starts: write "
        f"`argo: {{spec: {{workflowMetadata: {{labelsFrom: {{{key}: {{expression: workflow.parameters{name}}}}}}}}}}}`"
    )


def misplaced(document: Map) -> Iterator[Misplaced]:
    """The references in a manifest where they stay texts."""
    yield from _below(document, _MANIFEST, ())
    for key in ("tasks", "entries", "onExit", "hooks"):
        node = document.get(key)
        if isinstance(node, Map):
            is_task = key == "onExit" and not {"component", "pipeline", "template", "templateRef"}.isdisjoint(node)
            yield from _task(node, (key,)) if is_task else _tasks(node, (key,))


def _tasks(node: Map, path: Path) -> Iterator[Misplaced]:
    for name, task in node.items():
        if isinstance(task, Map):
            yield from (
                _tasks(task, (*path, name)) if path == ("onExit",) and name == "tasks" else _task(task, (*path, name))
            )


def _task(task: Map, path: Path) -> Iterator[Misplaced]:
    yield from _below(task, _TASK, path)
    for key in ("tasks", "hooks"):
        if isinstance(task.get(key), Map):
            yield from _tasks(task[key], (*path, key))
    if isinstance(task.get("onExit"), Map):
        yield from _task(task["onExit"], (*path, "onExit"))
    if "templateRef" in task and isinstance(task.get("outputs"), Map):
        yield from _below(task["outputs"], {"*": {"*": "write the type itself"}}, (*path, "outputs"))


def _below(node: Any, places: Mapping[str, Any], path: Path) -> Iterator[Misplaced]:
    """The texts of a node that are among some places."""
    entries = node.items() if isinstance(node, Map) else enumerate(node)
    for key, value in entries:
        found = places.get(str(key), places.get("*")) if isinstance(node, Map) else places.get("*")
        if found is None and "**" in places:
            found = {"": places["**"], "**": places["**"]}
        if found is not None:
            yield from _at(value, {"": found} if isinstance(found, str) else found, (*path, key))


def _at(value: Any, places: Mapping[str, Any], path: Path) -> Iterator[Misplaced]:
    if isinstance(value, str):
        if "" in places and REFERENCE.search(value):
            yield Misplaced(path, places[""])
    elif isinstance(value, (Map, List)) and not (isinstance(value, Map) and "implementation" in value):
        of_a_list = "[]" in places and isinstance(value, List)
        yield from _below(value, {"**": places["[]"]} if of_a_list else places, path)
