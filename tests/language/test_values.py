"""Values files mean what the merged manifest means: random settings, laid over a manifest or written into it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from transpiler import Compilation, Options, compile_bytes
from transpiler.build.values.keys import FIXED, FIXED_IN_TASKS, KEYS, OF_A_TASK
from transpiler.resources import schema

Json = Any

# ------------------------------------------------------------------ the tables and the schema


def test_every_key_of_a_manifest_may_change_or_not() -> None:
    keys = schema("pipeline")["properties"].keys() - {"apiVersion", "kind"}
    assert set(KEYS) - {"images"} | FIXED == keys
    assert not set(KEYS) & FIXED


def test_every_key_of_a_task_may_change_or_not() -> None:
    assert set(OF_A_TASK) | FIXED_IN_TASKS == schema("pipeline")["$defs"]["task"]["properties"].keys()
    assert not set(OF_A_TASK) & FIXED_IN_TASKS


# ------------------------------------------------------------------ laid over or written in

PROGRAM: Final = {"container": {"image": "alpine:3.20", "command": ["echo", "${{ inputs.rows }} ${{ inputs.mode }}"]}}
SETTINGS: Final[dict[str, list[Json]]] = {
    "retry": [{"limit": 2}, {"limit": 3, "policy": "Always"}, {"backoff": {"duration": "5s", "factor": 2}, "limit": 1}],
    "timeout": ["5m", 60],
    "cache": [{"maxAge": "1h"}, {"maxAge": "2h", "configMap": "results"}],
    "resources": [{"cpu": 2}, {"memory": "4Gi", "gpu": 1}, {"requests": {"cpu": 1}, "limits": {"memory": "8Gi"}}],
    "env": [{"A": "1"}, {"B": "2", "A": "${{ inputs.rows }}"}],
    "secrets": [{"TOKEN": "token/value"}],
    "volumes": [{"/data": {"size": "1Gi"}}, {"/config": {"configMap": "c"}}],
    "nodeSelector": [{"pool": "big"}, {"zone": "a"}],
    "tolerations": [[{"key": "gpu", "operator": "Exists"}], [{"key": "spot", "operator": "Exists"}]],
    "labels": [{"team": "a"}, {"tier": "${{ inputs.mode }}"}],
    "annotations": [{"owner": "x"}],
    "securityContext": [{"runAsUser": 1000}, {"runAsNonRoot": True, "fsGroup": 2}],
    "serviceAccountName": ["runner"],
    "imagePullPolicy": ["Always"],
    "keepFiles": [True, False],
    "argo": [{"template": {"priorityClassName": "high"}}, {"container": {"tty": True}}],
}
OF_THE_RUN: Final[dict[str, list[Json]]] = {
    "namespace": ["prod"],
    "labels": [{"env": "prod"}, {"team": "b"}],
    "annotations": [{"a": "b"}],
    "schedule": [{"cron": "0 3 * * *"}, {"cron": ["0 4 * * *"], "timezone": "Europe/Berlin"}],
    "timeout": ["6h", 3600],
    "parallelism": [5],
    "ttl": [{"success": "1d"}, {"failure": "7d"}],
    "nodeSelector": [{"pool": "batch"}],
    "tolerations": [[{"key": "batch", "operator": "Exists"}]],
    "priority": [3],
    "archiveLogs": [True],
    "argo": [{"spec": {"podMetadata": {"labels": {"a": "b"}}}}, {"spec": {"suspend": False}}],
}
OF_AN_INPUT: Final[dict[str, list[Json]]] = {
    "rows": [{"default": 7}, {"description": "how many"}, {"hidden": True}],
    "mode": [{"default": "prod"}, {"enum": ["dev", "prod", "test"]}],
}
NOT_OF_GROUPS: Final = ("retry", "timeout", "cache", "env", "secrets", "volumes", "resources", "securityContext")


def some(pool: dict[str, list[Json]]) -> st.SearchStrategy[Json]:
    """Some keys of a pool, each with one of its values."""
    return st.fixed_dictionaries({}, optional={key: st.sampled_from(values) for key, values in pool.items()})


CHANGES: Final = st.fixed_dictionaries(
    {},
    optional={
        "run": some(OF_THE_RUN),
        "inputs": some(OF_AN_INPUT),
        "defaults": some(SETTINGS),
        "big": some(SETTINGS),
        "load": some(SETTINGS),
        "loop": some(SETTINGS),
        "inner": some(SETTINGS),
    },
)


def manifest_of(change: Json) -> Json:
    """A manifest with some settings written into it."""
    inputs = {"rows": {"type": "Integer", "default": 1}, "mode": {"type": "String", "default": "dev"}}
    return {
        "name": "shop",
        **change.get("run", {}),
        "inputs": merged(inputs, change.get("inputs", {})),
        "defaults": change.get("defaults", {}),
        "presets": {"big": change.get("big", {})},
        "tasks": {
            "load": {"template": PROGRAM, "use": "big", **change.get("load", {})},
            "loop": {
                "template": PROGRAM,
                "forEach": [1, 2],
                "parallelism": 1,
                "mayFail": True,
                **change.get("loop", {}),
            },
            "group": {"tasks": {"inner": {"template": PROGRAM, "after": [], **change.get("inner", {})}}},
        },
    }


def values_of(change: Json) -> Json:
    """The same settings as a values file."""
    tasks = {"load": "load", "loop": "loop", "inner": "group/inner"}
    return {
        **change.get("run", {}),
        **{key: change[key] for key in ("inputs", "defaults") if key in change},
        **({"presets": {"big": change["big"]}} if "big" in change else {}),
        "tasks": {path: change[name] for name, path in tasks.items() if name in change},
    }


def merged(base: Json, change: Json) -> Json:
    """One mapping over another."""
    if not (isinstance(base, dict) and isinstance(change, dict)):
        return change
    return {**base, **{key: merged(base[key], each) if key in base else each for key, each in change.items()}}


def compiled(folder: Path, manifest: Json, *values: Json) -> Compilation:
    files = []
    for number, each in enumerate(values):
        files.append(folder / f"{number}.yaml")
        files[-1].write_text(json.dumps(each), encoding="utf-8")
    return compile_bytes("p.json", json.dumps(manifest).encode(), folder, Options(values=files))


def said(compilation: Compilation) -> list[tuple[str, str, str]]:
    return sorted((each.code, each.severity, each.message) for each in compilation.diagnostics)


@settings(max_examples=examples(150), deadline=None)
@given(CHANGES, CHANGES, CHANGES)
def test_values_laid_over_are_values_written_in(
    tmp_path_factory: pytest.TempPathFactory, base: Json, first: Json, second: Json
) -> None:
    folder = tmp_path_factory.getbasetemp()
    whole = compiled(folder, manifest_of(merged(merged(base, first), second)))
    laid = compiled(folder, manifest_of(base), values_of(first), values_of(second))
    assert (laid.text, said(laid)) == (whole.text, said(whole))
    empty = compiled(folder, manifest_of(base), {}, {"tasks": {"load": {}}, "inputs": {"rows": {}}, "defaults": {}})
    assert empty.text == compiled(folder, manifest_of(base)).text


@settings(max_examples=examples(60), deadline=None)
@given(CHANGES, st.data())
def test_null_is_as_if_nothing_had_been_said(
    tmp_path_factory: pytest.TempPathFactory, base: Json, data: st.DataObject
) -> None:
    folder = tmp_path_factory.getbasetemp()
    places = [(where, key) for where, each in base.items() for key in each if where != "inputs"]
    if not places:
        return
    where, key = data.draw(st.sampled_from(places))
    left = {**base, where: {name: each for name, each in base[where].items() if name != key}}
    expected = manifest_of(left)
    if where not in {"run", "defaults"}:  # which takes off what `defaults` and presets say, too
        body = {"big": expected["presets"], "inner": expected["tasks"]["group"]["tasks"]}.get(where, expected["tasks"])
        body[where][key] = None
    laid = compiled(folder, manifest_of(base), values_of({where: {key: None}}))
    assert laid.text == compiled(folder, expected).text


WRONG: Final[list[tuple[str, Json]]] = [
    ("retry", -1),
    ("retry", {"limt": 3}),
    ("retry", {"limit": 3, "expression": "nothing == 1"}),
    ("timeout", "soon"),
    ("timeout", "${{ inputs.rosw }}"),
    ("cache", {"maxAge": "never"}),
    ("resources", {"gpu": 0.5}),
    ("resources", {"cpu": "lots"}),
    ("resources", {"requests": {"memory": "4Gib"}}),
    ("env", {"A B": "1"}),
    ("env", {"A": "${{ inputs.rosw }}"}),
    ("env", {"A": "${{ inputs.rows"}),
    ("env", {"A": {"value": "1"}}),
    ("secrets", {"TOKEN": "x"}),
    ("volumes", {"data": {"size": "1Gi"}}),
    ("volumes", {"/data": {"size": "big"}}),
    ("volumes", {"/data": {"secret": {}}}),
    ("nodeSelector", {"a b": "c"}),
    ("nodeSelector", ["pool"]),
    ("tolerations", [{"key": "a", "operator": "Is"}]),
    ("labels", {"team": "a b"}),
    ("securityContext", {"runAsUser": "root"}),
    ("serviceAccountName", "The Runner"),
    ("imagePullPolicy", "Sometimes"),
    ("image", "Alpine"),
    ("keepFiles", "yes"),
    ("argo", {"template": {"priorityClassNam": "x"}}),
    ("argo", {"container": {"image": 3}}),
    ("use", "bgi"),
    ("outputs", {"nothing": {}}),
    ("description", 3),
    ("parallelism", 0),
    ("envFrom", [{"secretRef": {}}]),
]


@pytest.mark.parametrize(("key", "value"), WRONG, ids=[json.dumps(each) for each in WRONG])
def test_a_mistake_is_the_same_and_shown_in_its_own_file(key: str, value: Json, tmp_path: Path) -> None:
    whole = compiled(tmp_path, manifest_of({"load": {key: value}}))
    laid = compiled(tmp_path, manifest_of({}), values_of({"load": {key: value}}))
    assert whole.diagnostics
    assert said(laid) == said(whole)
    for one, other in zip(laid.diagnostics, whole.diagnostics, strict=True):
        assert one.span.source.name.endswith("0.yaml")
        assert one.span.text == other.span.text
