"""The phases of Argo's tasks and runs: `NodePhase` and `WorkflowPhase` of its API."""

from __future__ import annotations

from typing import Final

ENDED: Final = ("Succeeded", "Failed", "Error", "Skipped", "Omitted")
"""States in which a task stays."""
OF_A_TASK: Final = (*ENDED, "Running", "Pending")
OF_A_RUN: Final = ("Succeeded", "Failed", "Error", "Running", "Pending")
