"""The keys of a values file: what differs from one environment to another. The graph does not."""

from __future__ import annotations

from typing import Final

CALLEES: Final = frozenset({"component", "pipeline", "tasks", "template", "templateRef"})
"""What a task runs."""
OF_A_RUN: Final = (
    *("name", "description", "namespace", "labels", "annotations", "schedule", "parallelism", "timeout", "cache"),
    *("serviceAccountName", "nodeSelector", "tolerations", "securityContext", "imagePullSecrets"),
    *("priority", "ttl", "podGC", "archiveLogs", "artifacts", "argo", "defaults", "presets"),
)
"""Keys of a manifest that a values file may have, too."""
OF_TASKS: Final = ("tasks", "entries", "onExit", "hooks")
"""Keys with tasks, for settings of these."""
KEYS: Final = (*OF_A_RUN, "inputs", "images", *OF_TASKS)
"""All keys of a values file."""
SETTINGS: Final = (
    *("description", "use", "parallelism", "image", "imagePullPolicy", "retry", "timeout", "cache", "resources"),
    *("env", "secrets", "envFrom", "volumes", "nodeSelector", "tolerations", "serviceAccountName"),
    *("securityContext", "labels", "annotations", "keepFiles", "outputs", "argo"),
)
"""What a values file may say of a task."""
