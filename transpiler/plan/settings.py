"""The settings of a task → fields of its template.

A template is text that Argo fills from its own inputs. So a setting with a reference becomes an input of the
template, and the task passes it; tasks that differ in its value only still share the template.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from transpiler.argo.naming import Names, port_name
from transpiler.model.settings import Cache, Named, Resource, Retry, Settings, Volume
from transpiler.model.values import Literal, Value
from transpiler.plan.engine import Code
from transpiler.plan.expressions import Compiler
from transpiler.plan.merge import merged
from transpiler.plan.objects import Node, identity, parameter, without_empty
from transpiler.read.expressions import ItemReference, Reference, Text
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

    def put(self, hint: str, value: Value) -> str:
        """The text of a setting: a literal, or the tag of a new input."""
        if isinstance(value, Literal):
            written = value.written.strip("\"'") if isinstance(value.value, (int, float)) else value.value
            return str(value.value) if isinstance(value.value, (bool, str)) else str(written)
        assert isinstance(value, Text)
        name = self.names.unique(port_name(hint))
        self.passed[name] = value
        return f"{{{{inputs.parameters.{name}}}}}"


def with_settings(template: Node, settings: Settings, cache_name: str) -> tuple[Node, dict[str, Text]]:
    """A template with the settings of a task, and what the task must pass to the inputs that they add."""
    taken = [each["name"] for kind in ("parameters", "artifacts") for each in template.get("inputs", {}).get(kind, [])]
    extras = Extras(Names(taken))
    fields: Node = without_empty(
        {
            "metadata": without_empty(
                {"labels": _pairs(settings.labels, extras), "annotations": _pairs(settings.annotations, extras)}
            ),
            "nodeSelector": _pairs(settings.node_selector, extras),
            "tolerations": settings.tolerations.data if settings.tolerations else None,
            "serviceAccountName": settings.service_account,
            "retryStrategy": _retry(settings.retry, extras) if settings.retry else None,
            "timeout": extras.put("timeout", settings.timeout) if settings.timeout else None,
            "volumes": [_volume(each) for each in settings.volumes if each.source is not None],
        }
    )
    program = next((kind for kind in PROGRAMS if kind in template), "")
    if program:
        fields[program] = _container(settings, extras)
        fields["podSpecPatch"] = _patch(settings.resources, extras)
    result = merged(template, without_empty(fields))
    result = _stored(result, settings)
    if settings.argo_container and program:
        result = merged(result, {program: settings.argo_container.data})
    if settings.argo_template:
        result = merged(result, settings.argo_template.data)
    if settings.cache:
        result["memoize"] = _memoize(settings.cache, result, extras, cache_name)
    if extras.passed:
        result = merged(result, {"inputs": {"parameters": [parameter(name) for name in extras.passed]}})
    return result, extras.passed


def _pairs(named: tuple[Named, ...], extras: Extras) -> Node:
    return {each.name: extras.put(each.name, each.value) for each in named}


def _retry(retry: Retry, extras: Extras) -> Node:
    expression = ""
    if retry.expression is not None:
        expression = Compiler(Scope("", (), ()), _last_retry).logic(retry.expression.expression)
    return without_empty(
        {
            "limit": extras.put("retry-limit", retry.limit) if retry.limit is not None else None,
            "retryPolicy": retry.policy,
            "expression": expression,
            "backoff": without_empty(
                {"duration": retry.duration, "factor": retry.factor, "maxDuration": retry.max_duration}
            ),
        }
    )


def _last_retry(reference: Reference) -> Code:
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
                *(_variable(each, extras) for each in settings.env),
                *(_secret(*each) for each in settings.secrets),
            ],
            "resources": {kind: resources[kind] for kind in ("requests", "limits") if kind in resources},
            "volumeMounts": [_mount(each) for each in settings.volumes],
        }
    )


def _variable(each: Named | tuple[str, object], extras: Extras) -> Node:
    if isinstance(each, Named):
        return {"name": each.name, "value": extras.put(f"env-{each.name}", each.value)}
    name, tree = each
    return {"name": name, **tree.data}  # type: ignore[attr-defined]  # a Tree


def _secret(name: str, secret: str, key: str) -> Node:
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}


def _mount(volume: Volume) -> Node:
    only = {"readOnly": True} if volume.read_only else {}
    return {**without_empty({"name": volume.name, "mountPath": volume.path, "subPath": volume.sub_path}), **only}


def _volume(volume: Volume) -> Node:
    assert volume.source is not None
    return {"name": volume.name, **volume.source.data}


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


def _stored(template: Node, settings: Settings) -> Node:
    """The artifacts of a template with where they are stored."""
    where = {port_name(each.output): each.fields.data for each in settings.storage}
    outputs = template.get("outputs", {})
    artifacts = [merged(each, where.get(each["name"], {})) for each in outputs.get("artifacts", [])]
    return {**template, "outputs": {**outputs, "artifacts": artifacts}} if where and artifacts else template


def _memoize(cache: Cache, template: Node, extras: Extras, cache_name: str) -> Node:
    if isinstance(cache.key, Literal):
        text = str(cache.key.value)
        key = text if re.fullmatch(_KEY, text) else sha256(text.encode()).hexdigest()
    elif isinstance(cache.key, Text):
        extras.put("cache-key", cache.key)
        key = "{{=sprig.sha256sum(inputs.parameters['cache-key'])}}"
    else:
        digest = sha256(identity(template).encode()).hexdigest()[:16]
        names = [each["name"] for each in template.get("inputs", {}).get("parameters", [])]
        values = " + '\\n' + ".join(f"inputs.parameters['{name}']" for name in [*names, *extras.passed])
        key = f"{digest}-{{{{=sprig.sha256sum({values})}}}}" if values else digest
    return {
        "key": key,
        "maxAge": cache.max_age,
        "cache": {"configMap": {"name": cache.config_map or cache_name}},
    }
