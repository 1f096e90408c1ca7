"""The keys of a values file: what differs from one environment to another. The graph does not."""

from __future__ import annotations

from typing import Final

from transpiler.model.settings import KEYS as SETTINGS_KEYS
from transpiler.read.schema.work import CALLEES

OF_A_RUN: Final = (
    *("name", "description", "namespace", "labels", "annotations", "schedule", "parallelism", "timeout", "cache"),
    *("serviceAccountName", "nodeSelector", "tolerations", "securityContext", "imagePullSecrets"),
    *("priority", "ttl", "podGC", "archiveLogs", "artifacts", "argo"),
)
"""Keys of a manifest whose values a values file may change as they are."""
OF_TASKS: Final = ("tasks", "entries", "onExit", "hooks")
"""Keys with tasks, for settings of these."""
KEYS: Final = (*OF_A_RUN, "defaults", "presets", "inputs", "images", *OF_TASKS)
"""All keys of a values file."""
REMOVABLE: Final = frozenset({*(key.name for key in SETTINGS_KEYS), "argo"})
"""Settings whose `null` in a task removes what `defaults` and presets say."""
BY_NAME: Final = frozenset(key.name for key in SETTINGS_KEYS if key.is_by_name)
OF_A_TASK: Final = ("description", "use", "parallelism", *(key.name for key in SETTINGS_KEYS), "argo")
"""What a values file may say of a task."""
FIXED: Final = frozenset({"components", "catalogs", "outputs", "entrypoint", "workflowTemplateRef", "failFast"})
"""Keys of a manifest that are the same everywhere."""
FIXED_IN_TASKS: Final = frozenset(
    {*CALLEES, "arguments", "after", "depends", "when", "forEach", "failFast", "mayFail", "hooks", "onExit"}
)
