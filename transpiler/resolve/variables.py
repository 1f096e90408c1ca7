"""What a run knows of itself."""

from __future__ import annotations

from typing import Final

WORKFLOW_VARIABLES: Final = (
    "name",
    "namespace",
    "uid",
    "mainEntrypoint",
    "serviceAccountName",
    "priority",
    "duration",
    "status",
    "creationTimestamp",
    "scheduledTime",
)
"""Argo's variables of the whole run that a task can use (Argo's docs/variables.md)."""
