"""The rules about Argo's own fields, against Argo's own examples: no good one is refused, and what Argo refuses is."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.argo.test_argo_schema import examples, keys
from tests.conftest import Transpile
from tests.judges import argo

Json = Any
Write = Callable[[dict[str, str]], Path]
MANIFEST = """\
name: passes-through
tasks:
  own-task: {component: {implementation: {container: {image: alpine, command: [echo]}}}}
argo: {spec: %s}
"""
KNOWN = {
    "cron-backfill.yaml": {"argo-field"},  # workflowTemplateRef, as in all of `argo-field`
    "dag-inline-cronworkflow.yaml": {"argo-field"},
    "workflow-template-ref.yaml": {"argo-field"},
    "workflow-template-ref-with-entrypoint-arg-passing.yaml": {"argo-field"},
    "data-transformations.yaml": {"incomplete-location"},  # a bucket alone, which Argo drops
    "event-consumer-workflowtemplate.yaml": {"argo-reference"},  # an argument that only the event's binding names
    "templates.yaml": {"missing-argument"},  # so is this one
    "synchronization-db-mutex-tmpl-level.yaml": {"unknown-argument"},  # `seconds`, which Argo drops
    "synchronization-db-tmpl-level.yaml": {"unknown-argument"},
    "synchronization-mutex-tmpl-level.yaml": {"unknown-argument"},
    "synchronization-tmpl-level.yaml": {"unknown-argument"},
}
"""Examples of Argo's that are refused, and why."""


@pytest.fixture(scope="module")
def go() -> None:
    if argo.build() is None:
        pytest.skip("Argo's module is not at hand: install Go, or run .ci/run")


def spec_of(document: dict[str, Json]) -> dict[str, Json]:
    spec: dict[str, Json] = document["spec"].get("workflowSpec", document["spec"])
    return spec


def errors(spec: Json, transpile: Transpile, write: Write) -> list[str]:
    folder = write({"pipeline.yaml": MANIFEST % json.dumps(spec, ensure_ascii=False)})
    problems = transpile("check", folder / "pipeline.yaml", "--format", "json").problems
    return [each["code"] for each in problems if each["severity"] == "error"]


@pytest.mark.usefixtures("go")
def test_good_examples_pass(transpile: Transpile, write: Write) -> None:
    refused: dict[str, set[str]] = {}
    for name, document in examples():
        if document["kind"] != "WorkflowEventBinding":
            found = errors(spec_of(document), transpile, write)
            refused |= {name: {*found, *refused.get(name, ())}} if found else {}
    assert refused == KNOWN


@pytest.mark.usefixtures("go")
def test_what_argo_refuses_is_refused(transpile: Transpile, write: Write, tmp_path: Path) -> None:
    """Examples with something left out, said twice or misspelt: all that Argo's linter and its CRD find."""
    broken = list(enumerate(mutants()))
    files = [tmp_path / f"{number}.yaml" for number, _ in broken]
    for path, (_, document) in zip(files, broken, strict=True):
        path.write_text(json.dumps(document), encoding="utf-8")
    verdicts = argo.verdicts(files)
    missed = []
    for path, (_, document) in zip(files, broken, strict=True):
        complaints = [each for each in verdicts[path] if not any(words in each for words in NOT_HERE)]
        if complaints and not errors(document["spec"], transpile, write):
            missed.append((complaints[0], document["metadata"]))
    assert sum(bool(found) for found in verdicts.values()) > 200
    assert missed == []


NOT_HERE = ("spec.entrypoint is required", "is not in lower case")
"""Complaints about what a manifest compiles to anyway, and about a name that no pod takes part of."""
BREAKS = 3
"""How many times each example is broken."""


def mutants() -> Iterator[dict[str, Json]]:
    for name, document in examples():
        if document["kind"] == "Workflow" and "emplateRef" not in json.dumps(document):
            chance = random.Random(f"{name} {document['metadata']}")
            for _ in range(BREAKS):
                yield mutant(document, chance)


def mutant(document: dict[str, Json], chance: random.Random) -> dict[str, Json]:
    bad = copy.deepcopy(document)
    bad["metadata"] = {"generateName": "broken-"}
    *above, key = chance.choice([path for path in keys(bad["spec"], ("spec",)) if isinstance(path[-1], str)])
    parent: Json = bad
    for step in above:
        parent = parent[step]
    value = parent[key]
    if isinstance(value, list) and value:
        value.append(copy.deepcopy(value[0]))
    elif isinstance(value, str) and value:
        at = chance.randrange(len(value))
        parent[key] = value[:at] + "q" + value[at:]
    else:
        del parent[key]
    return bad
