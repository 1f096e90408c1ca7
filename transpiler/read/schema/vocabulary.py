"""Words that people bring along from other tools, and what they mean here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

MEANT: Final[Mapping[str, tuple[str, ...]]] = {
    "arguments": ("with", "inputs", "params", "parameters", "args", "in"),
    "component": ("uses", "ref", "componentRef", "run"),
    "after": ("needs", "dependencies", "dependsOn", "depends_on"),
    "when": ("if", "condition"),
    "forEach": ("foreach", "for_each", "withItems", "withParam", "withSequence", "scatter", "matrix", "loop"),
    "retry": ("retryStrategy", "retries"),
    "resources": ("gpu", "cpu", "memory", "limits", "requests"),
    "use": ("presets", "preset", "profile", "profiles", "extends"),
    "env": ("environment",),
    "inputs": ("parameters", "params"),
    "max": ("maxDuration",),
    "secret": ("name", "secretName", "secretRef"),
    "source": ("hostPath", "nfs", "csi"),
    "timeout": ("activeDeadlineSeconds", "timeout-minutes"),
    "cache": ("memoize",),
    "ttl": ("ttlStrategy", "ttlSecondsAfterFinished"),
    "tasks": ("steps", "jobs", "dag"),
    "onExit": ("finally", "exitHandler"),
    "default": ("value",),
    "inputPath": ("inputFile",),
    "outputPath": ("outputFile", "outputValue"),
}
"""Key → words for it in Argo, GitHub Actions, Tekton, Compose and CWL."""


def meaning(word: str, missing: list[str]) -> str:
    """The key among `missing` that `word` stands for elsewhere; empty when there is none."""
    return next((key for key in missing if word in MEANT.get(key, ())), "")
