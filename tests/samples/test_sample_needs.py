"""What a sample needs of a cluster beyond Argo and an artifact repository stands in the README of the samples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from ruamel.yaml import YAML

from tests.conftest import REPOSITORY

FEATURES: Final = REPOSITORY / "samples" / "features"
SAMPLES: Final = sorted(path.parent.name for path in FEATURES.glob("*/workflow.yaml"))
NEEDED: Final = {
    "secretKeyRef", "secretRef", "secretName", "configMapKeyRef", "configMapRef", "claimName", "imagePullSecrets",
    "templateRef", "workflowTemplateRef", "storageClassName", "priorityClassName", "podPriorityClassName",
    "schedulerName", "nodeSelector", "resourceClaims", "plugin", "url", "action", "podDisruptionBudget",
    "serviceAccountName", "ownerReferences", "usernameSecret", "passwordSecret", "semaphores",
}  # fmt: skip
"""Fields of which the value stands in the cluster, or somewhere else."""


def keys(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if value not in ({}, [], "", None):
                yield key
            yield from keys(value)
    for item in node if isinstance(node, list) else ():
        yield from keys(item)


@pytest.mark.parametrize("name", SAMPLES)
def test_what_a_sample_needs_is_said(name: str) -> None:
    documents = YAML(typ="safe").load_all(FEATURES / name / "workflow.yaml")
    needed = {key for document in documents for key in keys(document)} & NEEDED
    rows = re.findall(r"^\| (`[^|]+) \|", (FEATURES.parent / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    listed = {each for row in rows for each in re.findall(r"`([-\w]+)`", row)}
    assert not needed or name in listed, needed


def test_the_rows_name_samples() -> None:
    text = Path(FEATURES.parent / "README.md").read_text(encoding="utf-8").split("## What a cluster must have")[1]
    rows = re.findall(r"^\| (`[^|]+) \|", text, re.MULTILINE)
    assert {each for row in rows for each in re.findall(r"`([-\w]+)`", row)} - {"features"} <= set(SAMPLES)
