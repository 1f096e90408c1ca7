"""Numbers that clusters enforce (Argo Workflows v4, full CRD)."""

from __future__ import annotations

from typing import Final

MAX_TASKS: Final = 200
"""Tasks of one DAG (`dag.tasks` maxItems)."""
MAX_TEMPLATES: Final = 200
"""Templates of one Workflow (`spec.templates` maxItems)."""
MAX_INPUTS: Final = 500
"""Parameters that a template takes (`inputs.parameters` maxItems)."""
MAX_ITEMS: Final = 1_000_000
"""Numbers of a list that Argo's expression engine makes (expr-lang's memory budget)."""
MAX_OBJECT_NAME: Final = 63
"""A Workflow's name is also a label."""
MAX_CRON_NAME: Final = 52
"""A CronWorkflow's name, to which Argo adds a time."""
MAX_OBJECT_BYTES: Final = 1024 * 1024
"""The largest Workflow that Argo stores without compressing its status (MAX_WORKFLOW_SIZE)."""
MAX_REQUEST_BYTES: Final = 3 * 512 * 1024
"""The default limit of etcd for one request."""

MAX_VARIABLE: Final = 128 * 1024
"""The longest value of a variable (Linux's MAX_ARG_STRLEN); Argo hands over a longer one in a file."""


def is_int64(number: int) -> bool:
    """True for a value that fits into Go's `int`."""
    return -(2**63) <= number < 2**63
