"""The settings of a task → fields of its template.

A template is text that Argo fills from its own inputs. So a setting with a reference becomes an input of the
template, and the task passes it; tasks that differ in its value only still share the template.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from transpiler.argo.kubelet import in_order_of_use, variables
from transpiler.argo.merge import merged
from transpiler.argo.naming import Names
from transpiler.argo.quantities import go_duration
from transpiler.argo.template_kinds import PROGRAMS
from transpiler.model.argo_data import Tree, filled
from transpiler.model.expressions.tree import ItemReference, Reference, Text
from transpiler.model.settings import Named, Resource, Retry, SecretKey, Settings, Volume
from transpiler.model.values import Literal
from transpiler.plan.argo_objects import Node, without_empty
from transpiler.plan.expressions.engine import EngineExpression
from transpiler.plan.expressions.expression_compiler import ExpressionCompiler
from transpiler.plan.templates.setting_inputs import SettingInputs, input_names, with_inputs
from transpiler.plan.templates.storage import with_storage
from transpiler.resolve.environment import variables_in
from transpiler.resolve.scope import Scope


def with_settings(
    template: Node, settings: Settings, outputs: Mapping[str, str], scope: Scope, taken: Iterable[str] = ()
) -> tuple[Node, dict[str, Text]]:
    """A template with the settings of a task except `cache`, and the arguments for the inputs that they add.

    `outputs` are the names in Argo of what it yields, `taken` those of inputs that it has beside those in it. The task
    stands in `scope`.
    """
    also = settings.argo_template.data if settings.argo_template else {}
    extras = SettingInputs(Names([*taken, *input_names(template), *input_names(also)]), scope)
    template = filled(template, settings.own, extras.write, extras.program)
    fields: Node = without_empty(
        {
            "metadata": without_empty(
                {"labels": _pairs(settings.labels, extras), "annotations": _pairs(settings.annotations, extras)}
            ),
            "nodeSelector": _pairs(settings.node_selector, extras),
            "tolerations": extras.fields(settings.tolerations),
            "serviceAccountName": extras.value("service-account", settings.service_account),
            "securityContext": extras.fields(settings.security_context),
            "retryStrategy": _retry(settings.retry, extras) if settings.retry else None,
            "timeout": go_duration(extras.value("timeout", settings.timeout) or ""),
            "volumes": list(_sources(settings.volumes, extras).values()),
        }
    )
    program = next((kind for kind in PROGRAMS if kind in template), "")
    if program:
        fields[program] = _container(settings, extras)
        template = _with_own_last(template, program, fields[program])
        fields["podSpecPatch"] = _patch(settings.resources, extras)
    result = merged(template, without_empty(fields))
    where = {outputs.get(each.output, each.output): extras.fields(each.fields) for each in settings.storage}
    result = with_storage(result, where)
    if settings.argo_container and program:
        result = merged(result, {program: extras.fields(settings.argo_container)})
    if settings.argo_template:
        result = merged(result, extras.fields(settings.argo_template))
    if program and any(isinstance(each, Named) and variables_in(each.value) for each in settings.env):
        result[program] = {**result[program], "env": _in_order_of_use(result[program]["env"])}
    return with_inputs(result, extras), extras.passed


def _in_order_of_use(env: list[Node]) -> list[Node]:
    """Variables in their order, each after those that it refers to: Kubernetes expands only earlier ones."""
    return in_order_of_use({each["name"]: each for each in env}, lambda each: variables(each.get("value", "")))


def _with_own_last(template: Node, program: str, added: Node) -> Node:
    """A template whose own `envFrom` moves behind the added: of equal variables, Kubernetes takes the last."""
    own = template[program].get("envFrom", [])
    if not own or "envFrom" not in added:
        return template
    added["envFrom"] = [*(each for each in added["envFrom"] if each not in own), *own]
    return {**template, program: {key: value for key, value in template[program].items() if key != "envFrom"}}


def _pairs(named: tuple[Named, ...], extras: SettingInputs) -> Node:
    return {each.name: extras.put(each.name, each.value) for each in named}


def _retry(retry: Retry, extras: SettingInputs) -> Node:
    expression = ""
    if retry.expression is not None:
        expression = ExpressionCompiler(Scope("", (), ()), _last_retry).logic(retry.expression.expression)
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


def _last_retry(reference: Reference, _may_be_absent: bool) -> EngineExpression:
    """`lastRetry.exitCode` and its like, and `retries`: all texts in Argo."""
    assert isinstance(reference, ItemReference)
    return EngineExpression(".".join(filter(None, (reference.name, reference.key))))


def _container(settings: Settings, extras: SettingInputs) -> Node:
    resources: Node = {}
    for each in settings.resources:
        for kind, value in (("requests", each.request), ("limits", each.limit)):
            if isinstance(value, Literal):
                resources.setdefault(kind, {})[each.name] = extras.put("", value)
    return without_empty(
        {
            "image": extras.value("image", settings.image),
            "imagePullPolicy": extras.value("image-pull-policy", settings.image_pull_policy),
            "envFrom": [extras.fields(each.source) for each in settings.env_from],
            "env": [
                *(_secret(each, extras) for each in settings.secrets),  # first, so that others can refer to them
                *(_variable(each, extras) for each in settings.env),
            ],
            "resources": {kind: resources[kind] for kind in ("requests", "limits") if kind in resources},
            "volumeMounts": [_mount(each, extras) for each in settings.volumes],
        }
    )


def _sources(volumes: Iterable[Volume], extras: SettingInputs) -> dict[str, Node]:
    """The volumes except claims; one that is mounted twice is listed once."""
    named = {each.name: each.source for each in volumes if each.source is not None}
    return {name: {"name": name, **extras.fields(source)} for name, source in named.items()}


def _variable(each: Named | tuple[str, Tree], extras: SettingInputs) -> Node:
    if isinstance(each, Named):
        return {"name": each.name, "value": extras.variable(each.name, each.value)}
    name, tree = each
    return {"name": name, **extras.fields(tree)}


def _secret(each: SecretKey, extras: SettingInputs) -> Node:
    name = extras.value(f"secret-{each.name}", each.secret)
    source = {"name": name, "key": each.key, **({"optional": True} if each.is_optional else {})}
    return {"name": each.name, "valueFrom": {"secretKeyRef": source}}


def _mount(volume: Volume, extras: SettingInputs) -> Node:
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


def _patch(resources: tuple[Resource, ...], extras: SettingInputs) -> str:
    """Quantities known only in the run: Argo accepts them only in a patch of the pod."""
    patch: Node = {}
    tags: dict[str, str] = {}
    for each in resources:
        tag = ""
        for kind, value in (("requests", each.request), ("limits", each.limit)):
            if isinstance(value, Text):
                same = tag and each.request is each.limit
                tag = tag if same else extras.put(each.name.rpartition("/")[2], value)
                tags[json.dumps(tag)[1:-1]] = tag
                patch.setdefault(kind, {})[each.name] = tag
    written = json.dumps({"containers": [{"name": "main", "resources": patch}]}) if patch else ""
    for escaped, tag in tags.items():  # Argo reads an expression as it stands in the text of the patch
        written = written.replace(escaped, tag)
    return written
