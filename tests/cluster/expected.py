"""`expected.yaml` beside a sample: a list of runs.

Each has `arguments`, the `outputs` of the pipeline, and some `tasks`: the phase of one, or the values that it yields.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from ruamel.yaml import YAML

from tests.conftest import REPOSITORY

FILE: Final = "expected.yaml"


@dataclass(frozen=True)
class Expected:
    """A run of a sample, and what it yields, as texts."""

    sample: Path
    arguments: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    tasks: Mapping[str, str | Mapping[str, str]] = field(default_factory=dict)

    @property
    def manifest(self) -> Path:
        return self.sample / "pipeline.yaml"


def runs() -> list[Any]:
    """All of them, as parameters of tests."""
    loader = YAML(typ="safe", pure=True)
    found = []
    for path in sorted((REPOSITORY / "samples").rglob(FILE)):
        for number, each in enumerate(loader.load(path)):
            assert set(each) <= {"arguments", "outputs", "tasks"}, path
            texts = {key: _texts(each.get(key, {})) for key in ("outputs", "tasks")}
            sample = path.parent.relative_to(REPOSITORY / "samples").as_posix()
            expected = Expected(path.parent, each.get("arguments", {}), **texts)
            found.append(pytest.param(expected, id=f"{sample}-{number}"))
    return found


def _texts(value: Any) -> Any:
    return {key: _texts(each) for key, each in value.items()} if isinstance(value, dict) else str(value)
