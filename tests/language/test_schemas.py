"""The quick answer to whether a document fits its schema is the one that jsonschema gives."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.conftest import REPOSITORY
from transpiler import resources
from transpiler.build.entries import OF_CALLERS
from transpiler.read.schema import keywords, quick

NAMES: Final = ("pipeline", "component", "component-v2", "lock", "project", "generator", "test")
FOLDERS: Final = (
    "samples",
    "tests/language/cases",
    "tests/language/errors",
    "tests/components/kfp",
    "tests/components/v2",
    "tests/catalog/upgrades",
)
FOR_PEOPLE: Final = {
    "$schema",
    "$comment",
    "$defs",
    "title",
    "description",
    "examples",
    "x-hint",
    "x-since",
    "x-texts",
    "x-what",
}
VALUES: Final = (None, True, False, 0, 1, 2, -1, 1.0, 0.5, 65536, "", "a", "A b", "0755", "1", "1h", "10Gi", "true")
MORE: Final[tuple[Any, ...]] = (
    [],
    {},
    ["a"],
    [None],
    {"a": None},
    {"name": "a"},
    [{"name": "a"}, {"name": "a"}],
    "${{ inputs.a }}",
)
Json = Any


def test_every_keyword_is_known() -> None:
    for name in (*NAMES, "argo"):
        unknown = {key for each in schemas(resources.schema(name)) for key in each} - quick.KNOWN - FOR_PEOPLE
        assert not unknown, name


def schemas(schema: Json) -> Iterator[Mapping[str, Json]]:
    """A schema, and all that stand in it."""
    if not isinstance(schema, dict):
        return
    yield schema
    for key in ("$defs", "properties"):
        yield from chain.from_iterable(map(schemas, schema.get(key, {}).values()))
    for key in ("allOf", "anyOf"):
        yield from chain.from_iterable(map(schemas, schema.get(key, ())))
    for key in ("additionalProperties", "else", "if", "items", "propertyNames", "then", "x-removable"):
        yield from schemas(schema.get(key))


def test_a_key_of_a_task_is_one_of_an_entry_or_of_its_callers() -> None:
    """A new key of a task that is no setting is decided for entries, too."""
    definitions = resources.schema("pipeline")["$defs"]
    own = definitions["task"]["properties"].keys() - definitions["settings"]["properties"].keys()
    assert own - set(OF_CALLERS) == {"component", "pipeline", "template", "description", "use", "outputs"}


@pytest.mark.parametrize("name", ["samples/features/script-files", "samples/features/library", "samples/ml"])
def test_who_reads_the_whole_schema_accepts_what_compiles(name: str) -> None:
    """An editor reads one file, in which texts may be in files."""
    document = yaml.safe_load((REPOSITORY / name / "pipeline.yaml").read_text(encoding="utf-8"))
    judge = Draft202012Validator(resources.self_contained("pipeline"))
    assert [error.message for error in judge.iter_errors(document)] == []


def agree(document: Json, name: str) -> bool:
    """Whether a document fits, which both must say."""
    findings = [error.message for error in keywords.validator(name).iter_errors(document)]
    assert quick.fits(document, name) == (not findings), f"{name}: {document}: {findings}"
    return not findings


@cache
def documents() -> list[Json]:
    files = chain.from_iterable((REPOSITORY / folder).rglob("*.yaml") for folder in FOLDERS)
    return [found for file in sorted(files) for found in read(file) if isinstance(found, dict)]


def read(file: Path) -> list[Json]:
    try:
        return list(yaml.load_all(file.read_bytes(), yaml.CSafeLoader))
    except (yaml.YAMLError, ValueError, RecursionError):  # which is what the case is about
        return []


@pytest.mark.parametrize("name", NAMES)
def test_of_all_documents_of_this_repository(name: str) -> None:
    answers = {agree(document, name) for document in documents()}
    assert answers == {True, False} or name in {"lock", "project", "generator", "test"}


@pytest.mark.parametrize("name", NAMES)
def test_of_documents_that_somebody_has_broken(name: str) -> None:
    chance = random.Random(name)
    fine = [document for document in documents() if len(str(document)) < 3_000 and quick.fits(document, name)]
    fine = fine or [{"cases": {"a": {"expect": {"tasks": {"b": "Failed"}}}}} if name == "test" else {"version": 1}]
    answers = set()
    for _ in range(250):
        document = copy.deepcopy(chance.choice(fine))
        for _ in range(chance.choice((1, 1, 3))):
            breaking(document, chance)
        answers.add(agree(document, name))
    assert False in answers


def breaking(node: Json, chance: random.Random) -> None:
    """Change one thing somewhere in a document."""
    keys = list(node) if isinstance(node, dict) else list(range(len(node)))
    key = chance.choice(keys) if keys else None
    if key is not None and isinstance(node[key], (dict, list)) and chance.random() < 0.8:
        breaking(node[key], chance)
    elif key is None or chance.random() < 0.2:
        if isinstance(node, dict):
            node[chance.choice(("new", "a b", "optional", "path", "default"))] = value(chance)
        else:
            node.append(value(chance))
    elif chance.random() < 0.3:
        del node[key]
    else:
        node[key] = value(chance)


def value(chance: random.Random) -> Json:
    return copy.deepcopy(chance.choice(VALUES + MORE))


@pytest.mark.parametrize("name", NAMES)
def test_of_documents_made_from_the_schema(name: str) -> None:
    chance = random.Random(name)
    for _ in range(250):
        agree(made(resources.schema(name), name, chance, 0), name)


def made(schema: Json, name: str, chance: random.Random, depth: int) -> Json:
    """A value that may fit a schema: it has fields that are known, and often the values that are asked for."""
    if not isinstance(schema, dict) or chance.random() < 0.05:
        return value(chance)
    for key in ("anyOf", "allOf"):
        if key in schema:
            schema = chance.choice([schema, *schema[key]])
    schema = schema.get("x-removable", schema)
    if "$ref" in schema:
        file, _, pointer = schema["$ref"].partition("#")
        name = file.removesuffix(".schema.json") or name
        target: Json = resources.schema(name)
        for step in filter(None, pointer.split("/")):
            target = target[step]
        return made(target, name, chance, depth)
    if "enum" in schema or "const" in schema:
        return chance.choice([*schema.get("enum", ()), schema.get("const"), *VALUES[:2]])
    kinds = schema.get("type", "object" if "properties" in schema else "string")
    kind = kinds if isinstance(kinds, str) else chance.choice(kinds)
    if depth > 6 or kind not in {"object", "array"}:
        return chance.choice(schema.get("examples") or VALUES)
    if kind == "array":
        return [made(schema.get("items"), name, chance, depth + 1) for _ in range(chance.randrange(3))]
    known = schema.get("properties", {})
    names = {*chance.sample(list(known), min(len(known), chance.randrange(4))), *schema.get("required", ())}
    if "additionalProperties" in schema and chance.random() < 0.3:
        names.add("other")
    return {
        each: made(known.get(each, schema.get("additionalProperties")), name, chance, depth + 1)
        for each in sorted(names)
        if chance.random() < 0.95
    }


LIMITS: Final = (
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "minimum",
    "maximum",
)
TYPES: Final = ("array", "boolean", "integer", "null", "number", "object", "string")


def test_of_schemas_that_nobody_wrote(monkeypatch: pytest.MonkeyPatch) -> None:
    chance, shipped = random.Random(9), resources.schema
    made_up = {f"made-up-{number}": made_up_schema(chance, 0) for number in range(300)}
    monkeypatch.setattr(resources, "schema", lambda name: made_up[name] if name in made_up else shipped(name))
    for name in made_up:
        for _ in range(10):
            agree({"a": made_up_value(chance, 0), "b": made_up_value(chance, 0)}, name)


def made_up_schema(chance: random.Random, depth: int) -> Json:
    """A schema with a few of the keywords that are known."""
    if depth > 3 or chance.random() < 0.1:
        return chance.choice(({}, True, True, False, {"type": chance.choice(TYPES)}))

    def below() -> Json:
        return made_up_schema(chance, depth + 1)

    every = {
        "type": chance.choice([*TYPES, ["string", "null"], ["integer", "array", "object"]]),
        "enum": chance.sample(VALUES, 6),
        "const": chance.choice(VALUES),
        "pattern": chance.choice(("^a", "[0-9]$", "b")),
        "x-octal-or-text": True,
        "x-kubernetes-list-map-keys": chance.choice((["a"], ["a", "protocol"])),
        "allOf": [below(), below()],
        "anyOf": [below(), below()],
        "items": chance.choice([below(), {"$ref": "#"}]),
        "propertyNames": below(),
        "additionalProperties": below(),
        "x-removable": below(),
        **{limit: chance.randrange(3) for limit in LIMITS},
    }
    schema = {keyword: every[keyword] for keyword in chance.sample(sorted(every), chance.randrange(1, 4))}
    if depth == 0 or chance.random() < 0.5:
        schema |= {"properties": {"a": below(), "b": below()}, "required": chance.sample("ab", chance.randrange(3))}
    if chance.random() < 0.2:
        schema |= {"if": below(), "then": below(), "else": below()}
    return schema


def made_up_value(chance: random.Random, depth: int) -> Json:
    kind = chance.random()
    if depth > 2 or kind < 0.5:
        return chance.choice((*VALUES, "017", [{"a": 1}, {"a": 1}], [{"a": 1, "protocol": "TCP"}, {"a": 1}]))
    if kind < 0.7:
        return [made_up_value(chance, depth + 1) for _ in range(chance.randrange(4))]
    names = chance.sample(("a", "b", "c", "protocol"), chance.randrange(4))
    return {name: made_up_value(chance, depth + 1) for name in names}
