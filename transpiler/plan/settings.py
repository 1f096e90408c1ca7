"""The settings of a task → fields of its template.

A template is text that Argo fills from its own inputs. So a setting with a reference becomes an input of the
template, and the task passes it; tasks that differ in its value only still share the template.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from transpiler.argo.naming import Names, port_name
from transpiler.argo.quantities import go_duration
from transpiler.model.settings import Cache, Named, Resource, Retry, Settings, Volume
from transpiler.model.tree import Tree
from transpiler.model.values import Literal, Value
from transpiler.plan.engine import Code
from transpiler.plan.expressions import Compiler
from transpiler.plan.fill import filled
from transpiler.plan.images import with_pins
from transpiler.plan.merge import merged
from transpiler.plan.objects import Node, identity, parameter, without_empty
from transpiler.plan.storage import with_storage
from transpiler.read.expressions import Expression, ItemReference, Reference, Text, WorkflowReference
from transpiler.resolve.names import identity as identity_of
from transpiler.resolve.names import identity_of_text
from transpiler.resolve.scope import Scope

_KEY: Final = r"[a-zA-Z0-9][-a-zA-Z0-9]*"
"""What Argo takes as the key of a result (workflow/controller/cache)."""
PROGRAMS: Final = ("container", "script")
"""Kinds of template that run one container of the user's."""


@dataclass(slots=True)
class Extras:
    """The inputs that settings add to a template: name → what the task passes."""

    names: Names
    passed: dict[str, Text] = field(default_factory=dict)
    tags: dict[tuple[object, ...], str] = field(default_factory=dict)
    """What tells a text with references from others → the tag of its input."""

    def value(self, hint: str, value: Value | None) -> str | None:
        """The text of a setting that may be left out."""
        return self.put(hint, value) if value is not None else None

    def put(self, hint: str, value: Value) -> str:
        """The text of a setting: a literal, or the tag of a new input."""
        if isinstance(value, Literal):
            return value.written.strip("\"'") if isinstance(value.value, (int, float)) else str(value.value)
        assert isinstance(value, Text)
        key = identity_of_text(value)
        if key not in self.tags:
            self.tags[key] = _tag(self.input(hint, value))
        return self.tags[key]

    def write(self, text: Text) -> str:
        """A text in Argo's own fields: what it names becomes inputs, one for the same reference."""
        return "".join(part if isinstance(part, str) else self._reference(part) for part in text.parts)

    def fields(self, tree: Tree | None) -> Any:
        """Data of Argo's own with its texts; None for none."""
        return filled(tree.data, tree.slots, self.write) if tree is not None else None

    def _reference(self, node: Expression) -> str:
        if isinstance(node, WorkflowReference):  # every template knows them
            return f"{{{{workflow.{node.name}}}}}"
        return self.put(identity_of(node)[1], Text((node,)))

    def input(self, hint: str, value: Text) -> str:
        """The name of a new input."""
        name = self.names.unique(port_name(hint))
        self.passed[name] = value
        return name


def _tag(name: str) -> str:
    return f"{{{{inputs.parameters.{name}}}}}"


def with_settings(
    template: Node, settings: Settings, outputs: Mapping[str, str], taken: Iterable[str] = ()
) -> tuple[Node, dict[str, Text]]:
    """A template with the settings of a task but `cache`, and what the task must pass to the inputs that they add.

    `outputs` are the names in Argo of what it yields, `taken` those of inputs that it has beside those in it.
    """
    also = settings.argo_template.data if settings.argo_template else {}
    extras = Extras(Names([*taken, *_input_names(template), *_input_names(also)]))
    template = filled(template, settings.own, extras.write)
    fields: Node = without_empty(
        {
            "metadata": without_empty(
                {"labels": _pairs(settings.labels, extras), "annotations": _pairs(settings.annotations, extras)}
            ),
            "nodeSelector": _pairs(settings.node_selector, extras),
            "tolerations": extras.fields(settings.tolerations),
            "serviceAccountName": extras.value("service-account", settings.service_account),
            "retryStrategy": _retry(settings.retry, extras) if settings.retry else None,
            "timeout": go_duration(extras.value("timeout", settings.timeout) or ""),
            "volumes": list(_sources(settings.volumes, extras).values()),
        }
    )
    program = next((kind for kind in PROGRAMS if kind in template), "")
    if program:
        fields[program] = _container(settings, extras)
        fields["podSpecPatch"] = _patch(settings.resources, extras)
    result = merged(template, without_empty(fields))
    where = {outputs.get(each.output, each.output): extras.fields(each.fields) for each in settings.storage}
    result = with_storage(result, where)
    if settings.argo_container and program:
        result = merged(result, {program: extras.fields(settings.argo_container)})
    if settings.argo_template:
        result = merged(result, extras.fields(settings.argo_template))
    return _with_inputs(result, extras), extras.passed


def with_cache(
    template: Node, cache: Cache, cache_name: str, images: Mapping[str, str]
) -> tuple[Node, dict[str, Text]]:
    """A template whose results are kept, and what the task must pass for its key.

    They are kept under the program and the key, so that no two programs ever share one.
    """
    extras = Extras(Names(_input_names(template)))
    digest = sha256(identity(with_pins(template, images)).encode()).hexdigest()[:16]
    fields = {
        "key": _key(digest, cache, template, extras),
        "maxAge": go_duration(cache.max_age),
        "cache": {"configMap": {"name": cache.config_map or cache_name}},
    }
    return {**_with_inputs(template, extras), "memoize": fields}, extras.passed


def _with_inputs(template: Node, extras: Extras) -> Node:
    added = [parameter(name) for name in extras.passed]
    return merged(template, {"inputs": {"parameters": added}}) if added else template


def _input_names(node: Any) -> list[str]:
    """The inputs of a template, and of those that stand inside of it: Argo fills both from one text."""
    if isinstance(node, list):
        return [name for item in node for name in _input_names(item)]
    if not isinstance(node, dict):
        return []
    inputs = node.get("inputs")
    own = [*inputs.get("parameters", []), *inputs.get("artifacts", [])] if isinstance(inputs, dict) else []
    return [*(each["name"] for each in own if "name" in each), *_input_names(list(node.values()))]


def _pairs(named: tuple[Named, ...], extras: Extras) -> Node:
    return {each.name: extras.put(each.name, each.value) for each in named}


def _retry(retry: Retry, extras: Extras) -> Node:
    expression = ""
    if retry.expression is not None:
        expression = Compiler(Scope("", (), ()), _last_retry).logic(retry.expression.expression)
    return without_empty(
        {
            "limit": extras.value("retry-limit", retry.limit),
            "retryPolicy": retry.policy,
            "expression": expression,
            "backoff": without_empty(
                {
                    "duration": go_duration(retry.duration),
                    "factor": retry.factor,
                    "maxDuration": go_duration(retry.max_duration),
                    "cap": retry.cap,
                }
            ),
        }
    )


def _last_retry(reference: Reference, _may_be_absent: bool) -> Code:
    """`lastRetry.exitCode` and its like: all texts in Argo."""
    assert isinstance(reference, ItemReference)
    return Code(f"{reference.name}.{reference.key}")


def _container(settings: Settings, extras: Extras) -> Node:
    resources: Node = {}
    for each in settings.resources:
        for kind, value in (("requests", each.request), ("limits", each.limit)):
            if isinstance(value, Literal):
                resources.setdefault(kind, {})[each.name] = extras.put("", value)
    return without_empty(
        {
            "env": [
                *(_secret(*each, extras) for each in settings.secrets),  # first, so that others can refer to them
                *(_variable(each, extras) for each in settings.env),
            ],
            "resources": {kind: resources[kind] for kind in ("requests", "limits") if kind in resources},
            "volumeMounts": [_mount(each, extras) for each in settings.volumes],
        }
    )


def _sources(volumes: Iterable[Volume], extras: Extras) -> dict[str, Node]:
    """The volumes but for claims; one that is mounted twice stands once."""
    named = {each.name: each.source for each in volumes if each.source is not None}
    return {name: {"name": name, **extras.fields(source)} for name, source in named.items()}


def _variable(each: Named | tuple[str, Tree], extras: Extras) -> Node:
    if isinstance(each, Named):
        return {"name": each.name, "value": extras.put(f"env-{each.name}", each.value)}
    name, tree = each
    return {"name": name, **extras.fields(tree)}


def _secret(name: str, secret: Value, key: str, extras: Extras) -> Node:
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": extras.value(f"secret-{name}", secret), "key": key}}}


def _mount(volume: Volume, extras: Extras) -> Node:
    only = {"readOnly": True} if volume.read_only else {}
    folder = extras.value("sub-path", volume.sub_path)
    return {**without_empty({"name": volume.name, "mountPath": volume.path, "subPath": folder}), **only}


def claim(volume: Volume) -> Node:
    """The claim that a run makes for a volume of a size."""
    spec = {
        "accessModes": list(volume.access_modes),
        "storageClassName": volume.storage_class,
        "resources": {"requests": {"storage": volume.size}},
    }
    return {"metadata": {"name": volume.name}, "spec": without_empty(spec)}


def _patch(resources: tuple[Resource, ...], extras: Extras) -> str:
    """Quantities that only a run knows: Argo takes them in a patch of the pod alone."""
    patch: Node = {}
    for each in resources:
        tag = ""
        for kind, value in (("requests", each.request), ("limits", each.limit)):
            if isinstance(value, Text):
                same = tag and each.request is each.limit
                tag = tag if same else extras.put(each.name.rpartition("/")[2], value)
                patch.setdefault(kind, {})[each.name] = tag
    return json.dumps({"containers": [{"name": "main", "resources": patch}]}) if patch else ""


def _key(digest: str, cache: Cache, template: Node, extras: Extras) -> str:
    if isinstance(cache.key, Literal):
        text = str(cache.key.value)
        return f"{digest}-{text if re.fullmatch(_KEY, text) else sha256(text.encode()).hexdigest()}"
    if isinstance(cache.key, Text):
        return f"{digest}-{_hashed(_value(extras.input('cache-key', cache.key)))}"
    values = [_value(each["name"]) for each in template.get("inputs", {}).get("parameters", [])]
    return f"{digest}-{_hashed('toJson([' + ', '.join(values) + '])')}" if values else digest


def _value(name: str) -> str:
    return f"inputs.parameters['{name}']"


def _hashed(value: str) -> str:
    return f"{{{{=sprig.sha256sum({value})}}}}"
