"""Argo's own code as a judge of emitted manifests: its validator, and the programs of the Go module in `argo/`.

`verdicts` adds the schemas of Argo's resource definitions (`crds.py`) and the limits that need no Go (`limits.py`).
A complaint says where and why; no complaints means accepted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, TypeAlias

from tests.judges import crds, go, limits
from transpiler import resources
from transpiler.argo import versions

Json: TypeAlias = Any
"""A JSON value, as `json.loads` gives it."""

Fields: TypeAlias = Mapping[str, Sequence[str]]
"""Type → the names of its fields."""

_PROGRAM: Final = ("main.go", "argo.go", "call.go", "run.go")


@cache
def build(version: str = go.NEWEST) -> Path | None:
    """The compiled judge, None where it cannot be had; see `go.made`."""
    return go.compiled("judge", _PROGRAM, "build", ".", version=version)


def verdicts(files: Sequence[Path], version: str = go.NEWEST) -> dict[Path, list[str]]:
    """All complaints that each file gets from the three judges of a version; an empty list means accepted.

    Raises NoJudgeError where `build` gives None.
    """
    names = "\0".join(str(file.absolute()) for file in files)
    judgements = _judge(names, "-", version=version) if files else []
    return {file: _complaints(judged, version) for file, judged in zip(files, judgements, strict=True)}


def render(requests: Sequence[tuple[Json, Mapping[str, Json]]]) -> list[Json]:
    """Each document as a container receives it: Argo puts the values in place of its {{tags}}.

    Tags without a value stay. Raises ValueError with Argo's words where it refuses to replace.
    """
    lines = (
        json.dumps({"text": json.dumps(document, ensure_ascii=False), "values": values})
        for document, values in requests
    )
    answers = _judge("\n".join(lines), "render")
    refusals = [answer["error"] for answer in answers if answer["error"]]
    if refusals:
        raise ValueError("\n".join(refusals))
    return [json.loads(answer["text"]) for answer in answers]


def schema() -> str:
    """The JSON Schema of Argo's objects, made anew from Argo's types and definitions by `argo/schema`."""
    return go.go("run", "./schema")


def since() -> str:
    """Each version → the fields of Argo's types that it brought, as JSON; the last is that of the schema.

    Types that a version brought whole are left out: only fields that it brought lead to them.
    """
    newest = {name: list(kind.get("properties", ())) for name, kind in resources.schema("argo")["$defs"].items()}
    known = {version: json.loads(go.go("run", "./schema", "fields", version=version)) for version in go.VERSIONS}
    all_versions = [*known.items(), (versions.NEWEST, newest)]
    found = {version: _brought(before, after, newest) for (_, before), (version, after) in pairwise(all_versions)}
    return json.dumps(found, indent=1) + "\n"


def _brought(before: Fields, after: Fields, shown: Fields) -> Fields:
    """Type → its fields of a version that the one before it lacks, for types of the schema."""
    lists = {name: sorted({*after[name]} - {*before[name]}) for name in shown if name in before and name in after}
    return {name: fields for name, fields in sorted(lists.items()) if fields}


def syntax(asked: Sequence[tuple[str, str]]) -> list[str]:
    """Why Argo cannot read each (kind, text), empty where it can; the kinds are those of `argo/syntax`."""
    lines = "\n".join(json.dumps({"kind": kind, "text": text}) for kind, text in asked)
    program = go.compiled("syntax", ("syntax/main.go",), "build", "./syntax")
    if program is None:
        raise go.NoJudgeError("set TRANSPILE_REQUIRE_JUDGES to learn why")
    return [json.loads(line) for line in go.run(str(program), text=lines).splitlines()]


def examples() -> Path:
    """The folder of Argo's own examples."""
    return go.argo_sources() / "examples"


def _judge(text: str, *arguments: str, version: str = go.NEWEST) -> list[Json]:
    """The answers of the compiled judge, one per line."""
    judge = build(version)
    if judge is None:
        raise go.NoJudgeError("set TRANSPILE_REQUIRE_JUDGES to learn why")
    lines = go.run(str(judge), *arguments, text=text).split("\n")
    return [json.loads(line) for line in lines if line]


def _complaints(judged: Json, version: str) -> list[str]:
    """All complaints about one file, given what the compiled judge says of it.

    Only v4 installs the full definitions; those of v3 are optional, and refuse what its controller runs.
    """
    complaints = [judged["error"]] if judged["error"] else []
    for found in judged["objects"]:
        schemas = crds.complaints(found["json"]) if version == go.NEWEST else []
        said = [found["lint"], found["submit"], *schemas, *limits.complaints(found["json"])]
        complaints += [f"{found['kind']} {found['name']}: {text}" for text in dict.fromkeys(said) if text]
    return complaints
