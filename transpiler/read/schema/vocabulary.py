"""Words that people bring along from other tools, and what they mean here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

MEANT: Final[Mapping[str, tuple[str, ...]]] = {
    "arguments": ("with", "inputs", "params", "parameters", "args", "in", "vars", "variables", "values"),
    "component": ("uses", "ref", "componentRef", "run"),
    "after": ("needs", "dependencies", "dependsOn", "depends_on", "runAfter", "upstream"),
    "when": ("if", "condition"),
    "forEach": ("foreach", "for_each", "withItems", "withParam", "withSequence", "scatter", "matrix", "loop"),
    "retry": ("retryStrategy", "retries"),
    "resources": ("gpu", "cpu", "memory", "limits", "requests", "gpus", "mem", "cpus", "ram"),
    "use": ("presets", "preset", "profile", "profiles", "extends"),
    "env": ("environment", "envVars", "environmentVariables"),
    "inputs": ("parameters", "params", "vars", "variables", "arguments", "args"),
    "schedule": ("cron", "schedules", "cronSchedule"),
    "labels": ("tags",),
    "mayFail": ("continueOn", "continueOnError", "continue-on-error", "ignoreErrors", "allowFailure"),
    "max": ("maxDuration",),
    "secret": ("name", "secretName", "secretRef"),
    "source": ("hostPath", "nfs", "csi"),
    "timeout": ("activeDeadlineSeconds", "timeout-minutes"),
    "cache": ("memoize",),
    "ttl": ("ttlStrategy", "ttlSecondsAfterFinished"),
    "tasks": ("steps", "jobs", "dag"),
    "onExit": ("finally", "exitHandler", "onFinish", "onCompletion"),
    "presets": ("profiles",),
    "parallelism": ("maxParallel", "max-parallel", "concurrency"),
    "volumes": ("volumeMounts", "mounts"),
    "cond": ("isPresent",),
    "default": ("value",),
    "inputPath": ("inputFile",),
    "outputPath": ("outputFile", "outputValue"),
}
"""Key → words for it in Argo, GitHub Actions, Tekton, Compose and CWL."""


def meaning(word: str, keys: Iterable[str]) -> str:
    """The key among `keys` that `word` stands for elsewhere; empty when there is none."""
    return next((key for key in keys if word in MEANT.get(key, ())), "")


RESOURCES: Final[Mapping[str, str]] = {
    **dict.fromkeys(["gpus", "nvidia.com", "nvidia"], "gpu"),
    **dict.fromkeys(["mem", "ram"], "memory"),
    **dict.fromkeys(["cpus", "cores", "vcpu", "vcpus"], "cpu"),
    **dict.fromkeys(["request", "req"], "requests"),
    "limit": "limits",
    **dict.fromkeys(["disk", "ephemeralStorage"], "storage"),
}
"""Word → the resource, or half of `resources`, that it stands for."""


SHAPED: Final = {
    "isPresent": "write `cond: {isPresent: NAME}`",
    "timeout-minutes": "write `timeout: 20m`, with the unit: a number alone is seconds",
    "activeDeadlineSeconds": "write `timeout: 20s`, or a longer unit such as 20m",
    "matrix": "write `forEach: {matrix: {…}}`",
    **{key: f"write `resources: {{{key}: …}}`" for key in ("cpu", "memory", "gpu", "limits", "requests")},
    **{key: f"write `resources: {{{RESOURCES[key]}: …}}`" for key in ("gpus", "mem", "cpus", "ram")},
}
"""Word whose key has another shape → what to write."""


_IN_METADATA: Final = "write it in `metadata: {labels: …}` or `metadata: {annotations: …}`"
_ON_FAILURE: Final = "write `onExit: {when: %s, …}`"
_OF_A_CONTAINER: Final = "`%s` belongs under `implementation: {container: …}`"
SAID: Final[Mapping[str, Mapping[str, str]]] = {
    "manifest": {
        "metadata": "write `name`, `labels` and `annotations` at the top; others belong under `argo: {metadata: …}`",
        **dict.fromkeys(["onFailure", "on_failure", "onError"], _ON_FAILURE % "workflow.status == 'Failed'"),
        "onSuccess": _ON_FAILURE % "workflow.status == 'Succeeded'",
        "on": "write `schedule: …` for times; Argo Events starts a run for other events",
        "script": "write `template: {script: …}` in a task",
        "spec": "write its keys at the top; `argo: {spec: …}` has Argo's own fields",
        "templates": "write tasks under `tasks`, and what several of them run under `components`",
        "version": "a pipeline has no version: write a label, `labels: {version: …}`",
    },
    "task": {
        "name": "the key of the task is its name; Argo's UI shows the annotation `workflows.argoproj.io/display-name`",
        **dict.fromkeys(["onFailure", "on_failure", "onError"], _ON_FAILURE % "tasks.NAME.status == 'Failed'"),
        "onSuccess": "write a task with `after: [NAME]`, which runs when this one has succeeded",
        "strategy": "write `forEach: {matrix: {…}}`; `parallelism` limits how many items run at the same time",
        "trigger_rule": "write `depends: a.Succeeded || a.Failed`",
        "user": "write `securityContext: {runAsUser: …}`",
        "version": "a task has no version: the reference of its `component` has one",
        "volumeClaimTemplates": "write `volumes: {NAME: {path: …, size: …}}`",
    },
    "component": {
        **dict.fromkeys(("labels", "annotations", "tags", "author"), _IN_METADATA),
        **{key: _OF_A_CONTAINER % key for key in ("env", "container")},
    },
}
"""Level → key that means something else there → what to write."""
