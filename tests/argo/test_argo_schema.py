"""The schema of Argo's own fields: up to date, the fields of the CRDs and no others, and every misspelt key caught."""

from __future__ import annotations

import copy
import json
import random
import string
from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError

from tests.conftest import REPOSITORY, Transpile
from tests.judges import argo
from transpiler import resources
from transpiler.plan.passes import field_order
from transpiler.read.schema import keywords

SCHEMA_FILE = REPOSITORY / "schemas" / "argo.schema.json"
SCHEMA: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
NEWER = REPOSITORY.parent / "shared" / "argo"
"""The custom resource definitions of the Argo that the schema describes, where they are at hand."""
KINDS = ("Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow", "WorkflowEventBinding")
Json = Any


@cache
def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator({**SCHEMA, "$ref": f"#/$defs/{name}"})


@pytest.fixture(scope="module")
def go() -> None:
    if argo.build() is None:
        pytest.skip("Argo's module is not at hand: install Go, or run .ci/run")


# ------------------------------------------------------------------ the file


def test_it_is_a_schema_without_loose_ends() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    named = {node["$ref"].removeprefix("#/$defs/") for node in nodes(SCHEMA) if "$ref" in node}
    assert named <= SCHEMA["$defs"].keys()
    for node in nodes(SCHEMA["$defs"]):
        if "properties" in node and node.get("type") == "object":
            assert node["additionalProperties"] is False
    assert SCHEMA_FILE.stat().st_size < 95_000


def nodes(node: Json) -> Iterator[dict[str, Json]]:
    if isinstance(node, dict):
        yield node
        yield from chain.from_iterable(map(nodes, node.values()))
    elif isinstance(node, list):
        yield from chain.from_iterable(map(nodes, node))


@pytest.mark.usefixtures("go")
def test_it_is_what_the_generator_makes() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == argo.schema(), "run: make argo-schema"


@pytest.mark.usefixtures("go")
def test_the_versions_of_fields_are_those_of_the_types() -> None:
    written = SCHEMA_FILE.with_name("argo.since.json").read_text(encoding="utf-8")
    assert written == argo.since(), "run: make argo-schema"


def test_it_is_read_once_to_judge_a_manifest_and_to_order_what_comes_out(
    transpile: Transpile, write: Callable[[dict[str, str]], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def file(name: str) -> Path:
        read.append(name)
        return REPOSITORY / "schemas" / name

    monkeypatch.setattr(resources, "_schema_file", file)
    folder = write({"with.yaml": WITHOUT + "argo: {spec: {parallelism: 1}}\n", "without.yaml": WITHOUT})
    for name in ("without", "with"):
        read.clear()
        for cached in (field_order.type_of, resources.schema, keywords.validator, keywords.shipped):
            cached.cache_clear()
        assert transpile("check", folder / f"{name}.yaml").code == 0
        assert read.count("argo.schema.json") == 1


WITHOUT = """\
name: x
tasks:
  a: {component: {implementation: {container: {image: alpine, command: [echo]}}}}
"""


# ------------------------------------------------------------------ the custom resource definitions


@pytest.mark.skipif(not NEWER.exists(), reason="the newer definitions are not at hand")
@pytest.mark.parametrize("kind", KINDS[:4])
def test_it_has_the_fields_of_the_newer_definitions_and_no_others(kind: str) -> None:
    crd = json.loads((NEWER / f"crd-{kind}.json").read_bytes())
    del crd["properties"]["metadata"]  # any object there
    crd["properties"].pop("status", None)  # written by the controller
    ours = {**SCHEMA["$defs"][kind], "properties": {**SCHEMA["$defs"][kind]["properties"]}}
    del ours["properties"]["metadata"]
    assert list(differences(crd, ours, kind)) == []


LIMITS = ("maxItems", "minItems", "maxLength", "minLength", "maximum", "x-kubernetes-list-map-keys")


def differences(crd: Json, ours: Json, path: str) -> Iterator[str]:
    """Where two schemas disagree. Places that the definition leaves open are ours to say."""
    ours = resolved(ours)
    if "x-kubernetes-preserve-unknown-fields" in crd or not crd:
        return
    if "properties" in crd and "propertyNames" not in ours:
        theirs, own = crd["properties"], ours.get("properties", {})
        yield from (f"{path}.{name} is missing" for name in sorted(theirs.keys() - own.keys()))
        yield from (f"{path}.{name} is not theirs" for name in sorted(own.keys() - theirs.keys()))
        for name in theirs.keys() & own.keys():
            yield from differences(theirs[name], own[name], f"{path}.{name}")
    elif not types_of(crd) <= types_of(ours) | ({"integer"} if "number" in types_of(ours) else set()):
        yield f"{path} is a {types_of(crd)}, not {types_of(ours)}"
    if sorted(crd.get("required", [])) != sorted(ours.get("required", [])):
        yield f"{path} requires {crd.get('required')}, not {ours.get('required')}"
    yield from (
        f"{path}: {limit} is {crd.get(limit)}, not {ours.get(limit)}"
        for limit in LIMITS
        if crd.get(limit) != ours.get(limit)
    )
    if "enum" in crd and set(crd["enum"]) != set(ours.get("enum", [])):
        yield f"{path} is one of {crd['enum']}, not {ours.get('enum')}"
    if "pattern" in crd and "pattern" not in ours:
        yield f"{path} matches {crd['pattern']}"
    for key in ("items", "additionalProperties"):
        if isinstance(crd.get(key), dict):
            yield from differences(crd[key], ours[key], f"{path}[]")


def resolved(ours: Json) -> Json:
    """A schema with what it refers to."""
    while "$ref" in ours:
        referred = SCHEMA["$defs"][ours["$ref"].removeprefix("#/$defs/")]
        ours = {**referred, **{key: value for key, value in ours.items() if key != "$ref"}}
    return ours


def types_of(schema: Json) -> set[str]:
    declared = schema.get("type", "object")
    return {declared} if isinstance(declared, str) else set(declared)


# ------------------------------------------------------------------ Argo's own examples


TRULY_INVALID = {"k8s-patch-json-workflow.yaml": "the key `annotations` twice"}
"""Examples that are no YAML, whatever Argo's reader makes of them."""
RENAMED = 5
"""How many keys of each example are misspelt, one at a time."""


@cache
def examples() -> list[tuple[str, dict[str, Json]]]:
    """Every Argo object of every example, read as Argo reads it: YAML 1.1, with `mode: 0755` as octal."""
    found = []
    for path in sorted(path for path in argo.examples().rglob("*") if path.suffix in {".yaml", ".yml", ".json"}):
        try:
            documents = list(reader().load_all(path.read_text(encoding="utf-8")))
        except DuplicateKeyError:
            assert path.name in TRULY_INVALID
            continue
        found += [(path.name, each) for each in documents if isinstance(each, dict) and each.get("kind") in KINDS]
    return found


def reader() -> YAML:
    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 1)
    return yaml


@pytest.mark.usefixtures("go")
def test_every_example_is_accepted() -> None:
    refused = {
        f"{name}: {error.json_path}: {error.message:.200}"
        for name, document in examples()
        for error in validator(document["kind"]).iter_errors(document)
    }
    assert refused == set()
    assert len(examples()) > 200


@pytest.mark.usefixtures("go")
def test_misspelt_keys_are_caught() -> None:
    """1,072 of 1,078 with Argo v4.0.7; what is missed are names that a user gives: labels, hooks, data of loops."""
    tried, missed = 0, []
    for name, document in examples():
        for path, bad in misspelt(name, document):
            tried += 1
            if validator(document["kind"]).is_valid(bad):
                missed.append(path)
    assert tried > 1000
    assert 1 - len(missed) / tried >= 0.984, f"{len(missed)} of {tried} missed"
    assert [path for path in missed if not FREE & set(path)] == []


FREE = {"annotations", "labels", "labelsFrom", "matchLabels", "nodeSelector", "hooks", "withItems", "plugin"}


def misspelt(name: str, document: dict[str, Json]) -> Iterator[tuple[tuple[Json, ...], dict[str, Json]]]:
    """The document with one key of its spec renamed, some times; the same ones in every run."""
    chance = random.Random(f"{name} {document['metadata']}")
    everywhere = list(keys(document["spec"], ("spec",)))
    for path in chance.sample(everywhere, min(RENAMED, len(everywhere))):
        bad = copy.deepcopy(document)
        node: Json = bad
        for step in path[:-1]:
            node = node[step]
        at = chance.randrange(len(path[-1]) + 1)
        node[path[-1][:at] + chance.choice(string.ascii_lowercase) + path[-1][at:]] = node.pop(path[-1])
        yield path[:-1], bad


def keys(node: Json, path: tuple[Json, ...]) -> Iterator[tuple[Json, ...]]:
    """The path of every key below a node."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield (*path, key)
            yield from keys(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from keys(value, (*path, index))


def test_a_part_needs_nothing() -> None:
    for name in ("Container", "CronWorkflowSpec", "DAGTask", "ObjectMeta", "Template", "Volume", "WorkflowSpec"):
        assert validator(f"Partial{name}").is_valid({})
        assert not validator(f"Partial{name}").is_valid({"nonsense": 1})
    assert not validator("DAGTask").is_valid({})
