"""Argo's full custom resource definitions as a judge: the schemas that the cluster holds an object to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import create
from ruamel.yaml import YAML

from tests.judges import go, limits

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

Json: TypeAlias = Any
"""A JSON value, as `json.loads` gives it."""

_NEWER: Final = Path(__file__).parents[3] / "shared" / "argo"
"""Schemas of a newer Argo, `crd-<Kind>.json`, where a checkout has them beside it."""
_MESSAGE: Final = 240


def complaints(document: Json) -> list[str]:
    """What the full custom resource definitions hold against an object; rules in CEL are left out.

    Judges nothing where no definition of the object's kind can be had.
    """
    errors = [error for schema in _schemas(str(document.get("kind"))) for error in schema.iter_errors(document)]
    return list(dict.fromkeys(f"{error.json_path}: {_brief(error.message)}" for error in errors))


def complaints_by(openapi: Json, document: Json) -> list[str]:
    """What the structural schema of another definition holds against an object, likewise."""
    return [
        f"{error.json_path}: {_brief(error.message)}" for error in _Schema(_json_schema(openapi)).iter_errors(document)
    ]


@cache
def _schemas(kind: str) -> list[Validator]:
    """The schemas that an object of this kind must meet."""
    files = [_NEWER / f"crd-{kind}.json"]
    if kind in limits.NAME_LIMITS:
        recipe = Path(__file__).read_text(encoding="utf-8")
        made = go.made(
            f"crd-{kind}", (), lambda target: _convert(kind, target), f"Converting the schema of {kind}", recipe
        )
        files += [made] if made else []
    return [_Schema(json.loads(file.read_bytes())) for file in files if file.exists()]


def _convert(kind: str, target: Path) -> None:
    """Write the JSON Schema of a kind; reading Argo's YAML takes too long to do it each time."""
    crd = go.argo_sources() / "manifests" / "base" / "crds" / "full" / f"argoproj.io_{kind.lower()}s.yaml"
    version = YAML(typ="safe").load(crd)["spec"]["versions"][0]
    target.write_text(json.dumps(_json_schema(version["schema"]["openAPIV3Schema"])))


def _json_schema(openapi: Json) -> Json:
    """The JSON Schema of a structural OpenAPI schema, as strict as `kubectl` with strict validation."""
    schema = {key: value for key, value in openapi.items() if key != "description"}
    if "properties" in schema:
        schema["properties"] = {name: _json_schema(value) for name, value in schema["properties"].items()}
        if "x-kubernetes-preserve-unknown-fields" not in schema:
            schema.setdefault("additionalProperties", False)
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            schema[key] = _json_schema(schema[key])
    if schema.get("x-kubernetes-int-or-string"):
        schema["anyOf"] = [{"type": "integer"}, {"type": "string"}]
    return schema


def _brief(message: str) -> str:
    """A message without its middle: jsonschema first quotes the whole value, and then says why it is wrong."""
    return message if len(message) <= _MESSAGE else f"{message[: _MESSAGE // 2]} … {message[-_MESSAGE // 2 :]}"


def _distinct(_: Validator, keys: list[str], entries: Json, __: Json) -> Iterator[ValidationError]:
    """x-kubernetes-list-map-keys: no two entries of the list agree in all of these keys."""
    seen = set()
    for entry in limits.maps(entries):
        identity = json.dumps([entry.get(key) for key in keys])
        if identity in seen:
            yield ValidationError(f"two entries have the same {' and '.join(keys)} {identity}")
        seen.add(identity)


_Schema: Final = create(
    Draft202012Validator.META_SCHEMA,
    {**Draft202012Validator.VALIDATORS, "x-kubernetes-list-map-keys": _distinct},
)
