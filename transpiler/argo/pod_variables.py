"""The variables that KFP's label `add-pod-env` gives a pod."""

from __future__ import annotations

from typing import Final

POD_ENV: Final = {
    "KFP_POD_NAME": "metadata.name",
    "KFP_POD_UID": "metadata.uid",
    "KFP_NAMESPACE": "metadata.namespace",
    "WORKFLOW_ID": "metadata.labels['workflows.argoproj.io/workflow']",
    "KFP_RUN_ID": "metadata.labels['pipeline/runid']",
    "ENABLE_CACHING": "metadata.labels['pipelines.kubeflow.org/enable_caching']",
}
"""Variable → the field of the pod with its value (kfp.compiler._default_transformers.add_kfp_pod_env)."""
