"""The options of a user."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field

from transpiler.catalog.overlay import Overlay
from transpiler.catalog.readings import Readings


class Options(Struct, frozen=True):
    """How a manifest is read and compiled.

    `kind` is one of Argo's kinds of object; empty means CronWorkflow with a schedule, WorkflowTemplate with files that
    only callers can pass, else `other_kind`. `root` is the folder that paths must not leave, by default the checkout.
    `overlay` contains files that replace others, to find what an upgrade would break. `locked`: refuse files that
    differ from transpile.lock in the root. `values` are the values files of an environment, of which later ones win;
    `assignments` are single values, `KEY=VALUE`, that win over all files. `argo` is the version of Argo in the cluster,
    such as 3.7; empty means the newest. `readings` has the components of other manifests, for those that share them.
    `environments` are those of a project, each with the values files that all manifests share in it; None means that
    a manifest has the environments whose files lie beside it.
    `other_kind` takes the place of Workflow where `kind` is empty.
    """

    kind: str = ""
    catalogs: Sequence[Path] = ()
    root: Path | None = None
    overlay: Overlay = field(default_factory=Overlay)
    locked: bool = False
    values: Sequence[Path] = ()
    assignments: Sequence[str] = ()
    argo: str = ""
    readings: Readings | None = None
    environments: Mapping[str, Sequence[Path]] | None = None
    other_kind: str = "Workflow"
