"""What differs between our answers and Argo's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.engine.tags.typed import simplified, typed
from tests.judges import evaluate
from tests.judges.evaluate import Asked, Said
from transpiler.engine.tags.conditions import holds
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.evaluation import evaluate_in_scope
from transpiler.engine.tags.substitution import LENIENT, STRICT, Policy, demanding, replaced, resolved

TABLES = Path(__file__).with_name("tables")


def table(name: str) -> list[str]:
    """The lines of a table; `#` starts a comment only with a space behind it."""
    lines = (TABLES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("# ")]


def differences(requests: Sequence[Asked]) -> list[str]:
    """A text for each request that we answer in another way: another value, or an error on one side alone.

    Skips the test where Argo's code is not at hand.
    """
    if evaluate.build() is None:
        pytest.skip("Argo's engine is not at hand: install Go, or run .ci/run")
    answers = zip(requests, evaluate.ask(requests), strict=True)
    return [text for request, said in answers if (text := _difference(request, said))]


def _difference(request: Asked, said: Said) -> str:
    try:
        ours, error = _answer(request), ""
    except ExpressionError as wrong:
        ours, error = None, wrong.message
    theirs = simplified(said.value)
    if ours == theirs and bool(error) == bool(said.error):
        return ""
    asked = json.dumps(request._asdict(), ensure_ascii=False)
    return f"{asked}\n    we say {ours} {error}\n    Argo says {theirs} {said.error}"


def _answer(request: Asked) -> Any:
    if request.kind == "when":
        return ["bool", holds(request.text)]
    if request.kind == "replace":
        return ["string", replaced(request.text, request.values, _policy(request))]
    if request.kind == "resolve":
        return typed(resolved(request.text, request.values))
    return typed(evaluate_in_scope(request.text, request.values))


def _policy(request: Asked) -> Policy:
    if request.strict is not None:
        return demanding(request.strict)
    return LENIENT if request.allow else STRICT
