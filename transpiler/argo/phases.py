"""The phases of Argo's tasks and runs: `NodePhase` and `WorkflowPhase` of its API."""

from __future__ import annotations

from typing import Final

ENDED: Final = ("Succeeded", "Failed", "Error", "Skipped", "Omitted")
"""States in which a task stays."""
OF_A_TASK: Final = (*ENDED, "Running", "Pending")
OF_A_RUN_WITH_HOOKS: Final = ("Succeeded", "Failed", "Error", "Running")
"""States of a run in which Argo looks at its hooks."""
OF_A_RUN: Final = (*OF_A_RUN_WITH_HOOKS, "Pending")
