"""The only table of Argo's variables, of a whole run and of a pod (Argo's docs/variables.md)."""

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
"""Those that a task can use."""
KEPT_BY_NAME: Final = ("labels", "annotations")
"""Variables with one entry for each argument or label of the run; `json` is all of them."""
ALL_ARGUMENTS: Final = ("parameters", "parameters.json")
"""All arguments of a run as a JSON list; Argo prefers the second name."""
PARTS_OF_A_TIME: Final = (*"ABHILMSYZabdmpyz", "s", "RFC3339")
"""The parts of `creationTimestamp`: characters of strftime, and two of Argo's own."""
GLOBAL_OUTPUT: Final = "outputs.parameters."
"""How the name of an output of the whole run begins."""
OF_A_RUN: Final = frozenset([*WORKFLOW_VARIABLES, *KEPT_BY_NAME, "parameters", "outputs", "failures"])
"""The names after `workflow.`."""

CHECKED: Final = ("item.", "steps.", "inputs.", "outputs.", "pod.", "workflow.", "tasks.")
"""Prefixes of the tags that Argo checks: it replaces existing names and refuses others."""
REPLACED: Final = frozenset(["item", "node.name", "tasks.name", "steps.name", "retries"])
"""Other tags that Argo replaces."""
REPLACED_IN_A_RUN: Final = ("lastRetry.", "cronworkflow.")
"""How tags begin that Argo replaces, and does not check."""
_IN_A_CONTAINER: Final = frozenset(["pod.name", "node.name", "tasks.name", "retries", "item"])


def is_known_in_a_container(tag: str) -> bool:
    """True for a tag that is valid in the container of a component, or an expression, which is not parsed."""
    root, _, name = tag.partition(".")
    if root == "workflow":
        return name.partition(".")[0] in OF_A_RUN - {"outputs", "failures"}
    return tag in _IN_A_CONTAINER or tag.startswith(("=", "lastRetry.")) or root == "outputs"


def is_of_people(name: str) -> bool:
    """True for a variable that contains text of users or programs; others are Argo's names and numbers."""
    return name.partition(".")[0] in OF_A_RUN.difference(WORKFLOW_VARIABLES)


def is_sometimes(name: str) -> bool:
    """True for a variable that not every run has."""
    root, _, rest = name.partition(".")
    is_kept = root in KEPT_BY_NAME and bool(rest) and rest != "json"
    return name in {"priority", "scheduledTime"} or is_kept or name.startswith(GLOBAL_OUTPUT)
