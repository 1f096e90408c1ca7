"""The fields of Argo's types that the engine knows, as data: what is not here is refused (`refusals.py`).

A type is a mapping of its fields (`*`: any field), a list with the type of its entries, TEXT and the like, or a text:
why a field is refused. A field may name a type of `TYPES`, since types are in each other.
"""

from __future__ import annotations

from typing import Any, Final

Type = Any
TEXT: Final = object()
"""A text."""
SCALAR: Final = object()
"""A text, number or boolean."""
NUMBER: Final = object()
"""A whole number."""
FLAG: Final = object()
"""A boolean."""
ANY: Final = object()
"""Anything: executors read it, or nobody does on one machine."""

SPECS: Final[dict[str, tuple[str, ...]]] = {
    "Workflow": ("spec",),
    "WorkflowTemplate": ("spec",),
    "ClusterWorkflowTemplate": ("spec",),
    "CronWorkflow": ("spec", "workflowSpec"),
}
"""Kind → where its Workflow stands."""
METADATA: Final = ("labels", "annotations")


def _all(names: str, wanted: Type) -> dict[str, Type]:
    return dict.fromkeys(names.split(), wanted)


class OfPrograms(str):
    """Why a field is refused where programs run; a fake needs nothing of what it says."""

    __slots__ = ()


class WrongType(str):
    """Why something is refused that is not what Argo's type says: nobody can look into it any further."""

    __slots__ = ()


_BACKGROUND: Final = OfPrograms("containers beside the program need a cluster")
_DATABASE: Final = "locks in a database need a cluster"
_OLD: Final = "Argo v4 does not know it any more: write `mutexes` or `semaphores`"

_VALUE_FROM: Final = {
    **_all("path parameter expression", TEXT),
    "default": SCALAR,
    "supplied": ANY,
    "configMapKeyRef": {**_all("name key", TEXT), "optional": FLAG},
    "event": "there is no event on one machine",
    "jsonPath": OfPrograms("it reads a resource, which needs a cluster"),
    "jqFilter": OfPrograms("it reads a resource, which needs a cluster"),
}
_PARAMETER: Final = {
    "name": "named",
    "value": ANY,
    "default": ANY,
    **_all("description globalName", TEXT),
    "enum": [SCALAR],
    "valueFrom": _VALUE_FROM,
}
_ARTIFACT: Final = {
    "name": "named",
    **_all("path from fromExpression subPath globalName", TEXT),
    "mode": NUMBER,
    **_all("optional recurseMode archiveLogs", FLAG),
    **_all("archive artifactGC", ANY),
    **_all("s3 gcs azure oss hdfs http git raw artifactory plugin", ANY),
    "deleted": "an artifact that was deleted cannot be read",
}
_PORTS: Final = {"parameters": [_PARAMETER], "artifacts": [_ARTIFACT]}
_OUTPUTS: Final = {**_PORTS, **_all("result exitCode", TEXT)}
_TEMPLATE_REF: Final = {**_all("name template", TEXT), "clusterScope": FLAG}
_HOOK: Final = {"template": TEXT, "templateRef": _TEMPLATE_REF, "arguments": _PORTS, "expression": TEXT}
SEQUENCE: Final = {**_all("count end start", SCALAR), "format": TEXT}
_TASK: Final = {
    "name": "named",
    **_all("template depends when withParam onExit", TEXT),
    "templateRef": _TEMPLATE_REF,
    "inline": "template",
    "arguments": _PORTS,
    "dependencies": [TEXT],
    "withItems": [ANY],
    "withSequence": SEQUENCE,
    "continueOn": _all("error failed", FLAG),
    "hooks": {"*": _HOOK},
}
DAG: Final = {"tasks": [_TASK], "target": TEXT, "failFast": FLAG}
_CONTAINER: Final = {
    **_all("name image workingDir imagePullPolicy terminationMessagePath terminationMessagePolicy", TEXT),
    **_all("tty stdin", FLAG),
    **_all("command args", [TEXT]),
    "env": [{"name": TEXT, "value": TEXT, "valueFrom": ANY}],
    "envFrom": [ANY],
    **_all("resources ports securityContext readinessProbe livenessProbe startupProbe", ANY),
    "volumeMounts": [ANY],
    "lifecycle": OfPrograms("commands around the program need a cluster"),
    "restartPolicy": _BACKGROUND,
    "volumeDevices": OfPrograms("devices need a cluster"),
}
_IN_A_SET: Final = {**_CONTAINER, "name": "named", "dependencies": [TEXT]}
_RETRY: Final = {
    **_all("retryPolicy expression", TEXT),
    "limit": SCALAR,
    "backoff": {**_all("duration maxDuration cap", TEXT), "factor": SCALAR},
    "affinity": ANY,
}
MEMOIZE: Final = {**_all("key maxAge", TEXT), "cache": {"configMap": _all("name key", TEXT)}}
_CLAIM: Final = "spec status kind apiVersion"
_SYNCHRONIZATION: Final = {
    "mutexes": [{**_all("name namespace", TEXT), "database": _DATABASE}],
    "semaphores": [
        {"configMapKeyRef": {**_all("name key", TEXT), "optional": FLAG}, "namespace": TEXT, "database": _DATABASE},
    ],
    **_all("mutex semaphore", _OLD),
}
_METADATA: Final = {"labels": {"*": TEXT}, "annotations": {"*": TEXT}}
TEMPLATE: Final = {
    "name": TEXT,
    "inputs": _PORTS,
    "outputs": _OUTPUTS,
    "metadata": _METADATA,
    "annotations": {"*": TEXT},
    "container": _CONTAINER,
    "script": {**_CONTAINER, "source": TEXT},
    "containerSet": {
        "containers": [_IN_A_SET],
        "volumeMounts": [ANY],
        "retryStrategy": {"retries": SCALAR, "duration": TEXT},
    },
    "dag": DAG,
    "steps": [[_TASK]],
    "suspend": {"duration": TEXT},
    **_all("resource http data plugin", ANY),
    "daemon": FLAG,
    "retryStrategy": _RETRY,
    "memoize": MEMOIZE,
    "synchronization": _SYNCHRONIZATION,
    "parallelism": NUMBER,
    "failFast": FLAG,
    "activeDeadlineSeconds": SCALAR,
    **_all("timeout podSpecPatch", TEXT),
    "volumes": [ANY],
    "sidecars": _BACKGROUND,
    "initContainers": [{**_CONTAINER, "name": "named", "mirrorVolumeMounts": FLAG}],
    **_all("nodeSelector affinity tolerations priorityClassName schedulerName securityContext", ANY),
    **_all("serviceAccountName automountServiceAccountToken executor hostAliases metrics", ANY),
    **_all("pendingTimeout podResources resourceClaims archiveLocation", ANY),
}
SPEC: Final = {
    **_all("parallelism activeDeadlineSeconds priority", NUMBER),
    **_all("entrypoint onExit shutdown", TEXT),
    "suspend": FLAG,
    **_all("serviceAccountName podSpecPatch", TEXT),
    "arguments": _PORTS,
    "templates": [TEMPLATE],
    "templateDefaults": TEMPLATE,
    "hooks": {"*": _HOOK},
    "retryStrategy": _RETRY,
    "synchronization": _SYNCHRONIZATION,
    "workflowTemplateRef": {"name": TEXT, "clusterScope": FLAG},
    "workflowMetadata": {**_METADATA, "labelsFrom": {"*": {"expression": TEXT}}},
    "podMetadata": _METADATA,
    "volumes": [ANY],
    "volumeClaimTemplates": [{"metadata": {"name": TEXT, "labels": ANY, "annotations": ANY}, **_all(_CLAIM, ANY)}],
    **_all("ttlStrategy podGC volumeClaimGC archiveLogs artifactGC artifactRepositoryRef metrics", ANY),
    **_all("nodeSelector affinity tolerations schedulerName podPriorityClassName securityContext", ANY),
    **_all("hostNetwork dnsPolicy dnsConfig hostAliases podDisruptionBudget imagePullSecrets", ANY),
    **_all("automountServiceAccountToken executor podResources resourceClaims", ANY),
}
TYPES: Final[dict[str, Type]] = {"named": TEXT, "template": TEMPLATE}
