"""An object that is too large for a cluster → several that fit.

DAGs move to WorkflowTemplates, which the object calls by `templateRef`. A part has the templates of containers that its
DAGs call, because `template` names one of the same object: a copy if that is shorter than the reference of each call.
Everything else stays in the object that runs, because a `templateRef` brings only the template.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Container, Iterable, Sequence
from hashlib import sha256
from typing import Final

from msgspec import Struct, field

from transpiler.argo.limits import MAX_OBJECT_BYTES, MAX_OBJECT_NAME, MAX_TEMPLATES
from transpiler.plan.argo_objects import Node, json_bytes, with_workflow_spec, without_empty, workflow_spec
from transpiler.plan.passes.callers import calls_of, redirected, redirected_hooks

PART_BYTES: Final = MAX_OBJECT_BYTES - 64 * 1024
"""The limit of a part; Kubernetes adds managed fields to it."""
_CALL_BYTES: Final = len('"templateRef":{"name":"","template":""}') - len('"template":""') + MAX_OBJECT_NAME
_FOR_LINT: Final = ("workflowMetadata", "templateDefaults")
"""Fields that apply only in the object that runs; `argo lint` checks each object without the others."""


def distributed(node: Node, entries: Collection[str] = ()) -> list[Node]:
    """The objects that a cluster needs, with the one that runs at the end; the object alone if it is small enough.

    `entries` are templates that other Workflows find in that one.
    """
    spec = workflow_spec(node)
    templates = spec.get("templates", [])
    if not templates or (len(templates) <= MAX_TEMPLATES and json_bytes(node) <= MAX_OBJECT_BYTES):
        return [node]
    parts = _Distribution({each["name"]: each for each in templates}, _roots(spec, entries))
    parts.fill()
    names = _names(node, len(parts.parts))
    scope = {"clusterScope": True} if node["kind"] == "ClusterWorkflowTemplate" else {}
    written = [
        _part(node, spec, names[number], [parts.written(name, number, names, scope) for name in part])
        for number, part in enumerate(parts.parts)
    ]
    return [*written, _rest(node, spec, parts, names, scope)]


def _roots(spec: Node, entries: Iterable[str]) -> list[str]:
    """The templates that the object calls itself, and those that nothing calls: they stay."""
    hooks = spec.get("hooks", {}).values()
    named = [*entries, spec.get("entrypoint"), spec.get("onExit"), *(hook.get("template") for hook in hooks)]
    called = {name for each in spec["templates"] for name in calls_of(each)}
    return [each["name"] for each in spec["templates"] if each["name"] in named or each["name"] not in called]


class _Distribution(Struct):
    """Templates, each in the part that was open when the first DAG that calls it got its place."""

    templates: dict[str, Node]
    roots: list[str]
    parts: list[list[str]] = field(default_factory=lambda: [[]])
    filled: int = 0
    """Bytes in the part that is open, the last."""
    home: dict[str, int] = field(default_factory=dict)
    """Template → the part where others find it."""
    staying: list[str] = field(default_factory=list)
    """Templates of the object that runs."""
    sizes: dict[str, int] = field(default_factory=dict)
    calls: dict[str, Counter[str]] = field(default_factory=dict)

    def fill(self) -> None:
        """Give every template its place."""
        self.sizes = {name: json_bytes(each) for name, each in self.templates.items()}
        self.calls = {name: self.calls_inside(each) for name, each in self.templates.items()}
        moved = {name for each in self.templates if each not in self.roots for name in self.calls[each]}
        for name, called in self.calls.items():
            if called and (name not in self.roots or name in moved):
                self.place(name)
        self.stay()
        self.parts = [part for part in self.parts if part]

    def calls_inside(self, template: Node) -> Counter[str]:
        """The calls of templates that the object has; a call of another one is left to the rules."""
        return Counter({name: times for name, times in calls_of(template).items() if name in self.templates})

    def place(self, name: str) -> None:
        """Move a DAG into the open part, with its callees there."""
        if not self.fits([*self.wanted(name), name]):
            self.open()
        for each in [*self.wanted(name), name]:
            if not self.fits([each]):
                self.open()
            self.filled += self.room(each, [*self.parts[-1], each])
            self.parts[-1].append(each)
            self.home.setdefault(each, len(self.parts) - 1)

    def wanted(self, name: str) -> list[str]:
        """The templates without calls that a DAG should find in its own part, and that are not there."""
        here = self.parts[-1]
        return [
            each
            for each, times in self.calls[name].items()
            if not self.calls[each] and each not in here and (each not in self.home or self.is_short(each, times))
        ]

    def is_short(self, name: str, times: int) -> bool:
        """True when a copy of a template takes less than so many calls of it from elsewhere."""
        return self.sizes[name] <= times * _CALL_BYTES

    def room(self, name: str, here: Container[str]) -> int:
        """The most that a template takes beside others, with its calls of those that are not among them."""
        away = sum(times for each, times in self.calls[name].items() if each not in here)
        return self.sizes[name] + 1 + away * _CALL_BYTES

    def fits(self, names: Sequence[str]) -> bool:
        """True when the open part can take all of these, or is empty."""
        here = {*self.parts[-1], *names}
        size = self.filled + sum(self.room(name, here) for name in names)
        return not self.parts[-1] or (len(here) <= MAX_TEMPLATES and size <= PART_BYTES)

    def open(self) -> None:
        """Start another part."""
        self.parts.append([])
        self.filled = 0

    def stay(self) -> None:
        """Keep the direct callees of the object that runs, while there is room; the others are in a part."""
        self.staying = list(self.roots)
        left = PART_BYTES - sum(self.room(root, ()) for root in self.roots)
        for root in self.roots:
            for name, times in self.calls[root].items():
                if self.calls[name] or name in self.staying:
                    continue
                is_better = name not in self.home or self.is_short(name, times)
                if is_better and len(self.staying) < MAX_TEMPLATES and self.sizes[name] <= left:
                    self.staying.append(name)
                    left -= self.sizes[name]
                elif name not in self.home:
                    self.place(name)

    def written(self, name: str, part: int | None, names: list[str], scope: Node) -> Node:
        """A template for a part, or for the object that runs (None)."""
        here = set(self.staying if part is None else self.parts[part])
        return redirected(self.templates[name], lambda caller: self.call(caller, here, names, scope))

    def call(self, caller: Node, here: set[str], names: list[str], scope: Node) -> Node:
        """A task, step or hook that calls a template where it is."""
        name = caller.get("template")
        if name is None or name in here or name not in self.home:
            return caller
        rest = {key: value for key, value in caller.items() if key != "template"}
        return {**rest, "templateRef": {"name": names[self.home[name]], "template": name, **scope}}


def _names(node: Node, count: int) -> list[str]:
    """The names of parts. The digest keeps a run that is under way from meeting the parts of another version."""
    digest = sha256(repr(node["spec"]).encode()).hexdigest()[:8]
    metadata = node["metadata"]
    base = metadata.get("name") or metadata["generateName"].rstrip("-")
    ends = [f"-part-{number}-{digest}" for number in range(1, count + 1)]
    return [f"{base[: MAX_OBJECT_NAME - len(end)].rstrip('-.')}{end}" for end in ends]


def _part(node: Node, spec: Node, name: str, templates: list[Node]) -> Node:
    """A WorkflowTemplate, or a ClusterWorkflowTemplate for one."""
    kind = node["kind"] if node["kind"] == "ClusterWorkflowTemplate" else "WorkflowTemplate"
    kept = {key: node["metadata"].get(key) for key in ("namespace", "labels", "annotations")}
    carried = {key: spec[key] for key in _FOR_LINT if key in spec}
    return {
        "apiVersion": node["apiVersion"],
        "kind": kind,
        "metadata": {"name": name, **without_empty(kept)},
        "spec": {**carried, "templates": templates},
    }


def _rest(node: Node, spec: Node, parts: _Distribution, names: list[str], scope: Node) -> Node:
    """The object that runs, with the templates that stay."""
    here = set(parts.staying)
    rest = {**spec, "templates": [parts.written(name, None, names, scope) for name in parts.staying]}
    if "hooks" in spec:
        rest["hooks"] = redirected_hooks(spec["hooks"], lambda hook: parts.call(hook, here, names, scope))
    return with_workflow_spec(node, rest)
