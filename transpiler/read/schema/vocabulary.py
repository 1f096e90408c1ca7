"""Words that people bring along from other tools, and what they mean here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

MEANT: Final[Mapping[str, tuple[str, ...]]] = {
    "arguments": ("with", "inputs", "params", "parameters", "args", "in"),
    "component": ("uses", "use", "image", "ref", "componentRef", "run"),
    "after": ("needs", "dependencies", "dependsOn", "depends_on"),
    "when": ("if", "condition"),
    "forEach": ("foreach", "for_each", "withItems", "withParam", "withSequence", "scatter", "matrix", "loop"),
    "retry": ("retryStrategy", "retries"),
    "resources": ("gpu", "cpu", "memory", "limits", "requests"),
    "env": ("environment",),
    "inputs": ("parameters", "params"),
    "max": ("maxDuration",),
    "source": ("hostPath", "nfs", "csi"),
    "timeout": ("activeDeadlineSeconds", "timeout-minutes"),
    "cache": ("memoize",),
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


def is_compiled(document: Mapping[str, Any]) -> bool:
    """True for what kfp 2's compiler writes, for a component or a pipeline."""
    return "deploymentSpec" in document or "pipelineInfo" in document


def foreign_document(document: Mapping[str, Any], schema: str) -> tuple[str, str] | None:
    """What a document is when it is plainly something else: (the key that shows it, what to say)."""
    api = document.get("apiVersion")
    if isinstance(api, str) and "/" in api and not api.startswith("transpiler/"):
        kind = document.get("kind")
        return "apiVersion", f"this is a Kubernetes object ({kind if isinstance(kind, str) else api})"
    key = next((key for key in ("deploymentSpec", "pipelineInfo", "pipelineSpec") if key in document), None)
    if key and not (schema == "component" and is_compiled(document)):
        return key, "this is a compiled KFP v2 pipeline or component"
    if schema == "pipeline" and "implementation" in document and "tasks" not in document:
        return "implementation", "this is a component"
    if schema == "component" and "tasks" in document and "implementation" not in document and not key:
        return "tasks", "this is a manifest"
    return None
