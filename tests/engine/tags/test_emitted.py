"""What the compiler emits for the samples is replaced and decided here as Argo does it, whatever the values are."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import REPOSITORY, Transpile
from tests.engine.tags.differences import differences
from tests.judges.evaluate import Asked
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.identifiers import identifiers
from transpiler.engine.tags.substitution import STRICT, substituted

MANIFESTS = sorted((REPOSITORY / "samples").rglob("pipeline.yaml"))
TEXTS: list[str | None] = [
    "1", "0", "-7", "2.5", "true", "false", "", "a", "prod", "é<&>'\"", "a,b",
    '["a", "b"]', "[1, 2, 3]", '{"a": 1, "b": ["c"]}',
    '[{"x": "1"}]', "2024-02-29", "Succeeded", "Failed", "null", " spaced ", "1e3", "x\ny", None,
]  # fmt: skip
_FUNCTIONS = frozenset({"asInt", "asFloat", "jsonpath", "toJson", "sprig"})


def texts_in(node: Any) -> Iterator[str]:
    """All texts with tags in an object, and conditions of its tasks."""
    if isinstance(node, dict):
        for value in node.values():
            yield from texts_in(value)
    elif isinstance(node, list):
        for item in node:
            yield from texts_in(item)
    elif isinstance(node, str) and "{{" in node:
        yield node


def expressions_in(node: Any) -> Iterator[str]:
    """The expressions that stand in fields of their own."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in {"expression", "fromExpression"} and isinstance(value, str):
                yield value
            else:
                yield from expressions_in(value)
    elif isinstance(node, list):
        for item in node:
            yield from expressions_in(item)


def names_in(text: str) -> set[str]:
    """The names that tags, or an expression without braces, may give a value to."""
    tags = re.findall(r"\{\{(=?)(.*?)\}\}", text, re.DOTALL) or [("=", text)]
    names = {tag.strip() for sign, tag in tags if not sign}
    for expression in [tag for sign, tag in tags if sign]:
        names |= _leaves(expression)
    return names


def _leaves(expression: str) -> set[str]:
    """The longest names in an expression; those that `??` and `?.` guard too."""
    found: set[str] = set()
    for each in (expression, expression.replace("??", "==").replace("?.[", "[").replace("?.", ".")):
        try:
            found |= {*identifiers(each)}
        except ExpressionError:
            continue
    names = {name for name in found if name.split(".")[0] not in _FUNCTIONS and ("." in name or name == "item")}
    return {name for name in names if not any(other.startswith(f"{name}.") for other in names)}


def asked_of(text: str, kind: str, chance: random.Random) -> Iterator[Asked]:
    """A text with several sets of values."""
    names = sorted(names_in(text))
    for _ in range(6):
        values = {name: chance.choice(TEXTS) for name in names if chance.random() < 0.95}
        if kind == "expression":
            yield Asked("expression", text, values)
        else:
            yield Asked("replace", json.dumps(text), values, strict=["tasks", "steps"])
            yield Asked("replace", json.dumps(text), values)


def conditions_of(workflow: Any, chance: random.Random) -> Iterator[Asked]:
    """What each `when` becomes."""
    for template in workflow["spec"].get("templates", []):
        for task in template.get("dag", {}).get("tasks", []):
            for _ in range(3):
                values = {name: chance.choice(TEXTS) for name in names_in(task.get("when", ""))}
                try:
                    yield Asked("when", substituted(task.get("when", ""), values, STRICT))
                except ExpressionError:
                    continue


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: "/".join(path.parts[-3:-1]))
def test_what_a_sample_compiles_to(manifest: Path, transpile: Transpile) -> None:
    compiled = transpile("compile", manifest)
    if compiled.code:
        pytest.skip("needs options of its own")
    chance = random.Random(manifest.as_posix().removeprefix(REPOSITORY.as_posix()))
    requests: list[Asked] = []
    for workflow in yaml.safe_load_all(compiled.stdout):
        for text in sorted(set(texts_in(workflow))):
            requests += asked_of(text, "replace", chance)
        for text in sorted(set(expressions_in(workflow))):
            requests += asked_of(text, "expression", chance)
        requests += conditions_of(workflow, chance) if "templates" in workflow.get("spec", {}) else []
    assert differences(requests) == []
