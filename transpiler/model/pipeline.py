"""A pipeline: inputs, tasks and outputs, and the settings of a whole run."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from transpiler.diagnostics import Span
from transpiler.model.argo_data import Slot
from transpiler.model.component import Component
from transpiler.model.entries import Entries
from transpiler.model.images import ImageRule
from transpiler.model.ports import Input
from transpiler.model.settings import NO_SETTINGS, Settings
from transpiler.model.task import NO_PASS_THROUGH, ComponentReference, Dag, Hook, Limit, PassThrough, Task, tasks_of
from transpiler.model.template import WorkflowTemplateRef
from transpiler.read.yaml.nodes import Map


class Schedule(Struct, frozen=True):
    """`schedule`: when a CronWorkflow starts the pipeline. `fields` are Argo's other fields, as written."""

    cron: tuple[tuple[str, Span], ...]
    """The lines, each with its place."""
    span: Span
    fields: tuple[tuple[str, Any], ...] = ()


class ArtifactVolume(Struct, frozen=True):
    """`artifacts`: the volume that files pass through. `claim` names one that exists, `size` makes one a run."""

    span: Span
    claim: str = ""
    size: str = ""
    storage_class: str = ""
    access_modes: tuple[str, ...] = ()
    prefix: str = ""
    written: Map | None = None
    """The mapping in the manifest."""


class Preset(Struct, frozen=True):
    """An entry of `presets`: settings with a name, which tasks `use`."""

    name: str
    settings: Settings
    argo: PassThrough = NO_PASS_THROUGH


class Pipeline(Struct, frozen=True):
    """A manifest, as written by the user."""

    name: str
    span: Span
    inputs: tuple[Input, ...]
    dag: Dag
    components: tuple[tuple[str, ComponentReference | Component | None], ...] = ()
    catalogs: tuple[tuple[str, Span], ...] = ()
    description: str = ""
    entrypoint: str = ""
    """The name of the template of the tasks; empty for that of the pipeline."""
    namespace: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    annotations: tuple[tuple[str, str], ...] = ()
    entries: Entries | None = None
    """The templates that other Workflows call, beside the tasks or instead of them."""
    defaults: Settings = NO_SETTINGS
    on_exit: Dag | None = None
    hooks: tuple[Hook, ...] = ()
    """The tasks that run in a state of the run."""
    workflow_template: WorkflowTemplateRef | None = None
    """The template of the cluster that is run instead of tasks."""
    schedule: Schedule | None = None
    parallelism: Limit | None = None
    fail_fast: bool | None = None
    timeout: str = ""
    argo: tuple[tuple[str, Map], ...] = ()
    """`metadata`, `spec` and `cron` of the pass-through; `spec` with the fields that other keys set there."""
    argo_defaults: PassThrough = NO_PASS_THROUGH
    """`template` and `container` of the pass-through of every task."""
    presets: tuple[Preset, ...] = ()
    slots: tuple[Slot, ...] = ()
    """The texts with references in `argo` and `schedule`; the path starts with that key."""
    artifacts: ArtifactVolume | None = None
    images: tuple[ImageRule, ...] = ()
    """What an environment writes instead of images, the most specific first."""
    is_complete: bool = True
    """False if reading the manifest gave a diagnostic."""
    hides_defaults: bool = False
    """True if a reported mistake hides settings that tasks share."""
    incomplete_names: frozenset[str] = frozenset()
    """Keys with a reported mistake, whose names are incomplete, such as `inputs` or `tasks`."""
    run_only: tuple[tuple[str, Span], ...] = ()
    """Keys that apply only to a pipeline that is run, not to one that is called."""

    @property
    def shared(self) -> tuple[Preset, ...]:
        """What tasks do not say themselves: `defaults`, without a name, and every preset."""
        return (Preset("", self.defaults, self.argo_defaults), *self.presets)

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Every task that it writes: those of groups and hooks, of `onExit`, of the hooks of the run, and entries."""
        hooked = Dag(tuple(hook.task for hook in self.hooks), ())
        dags = (self.dag, self.on_exit, hooked, self.entries.dag if self.entries is not None else None)
        return tuple(task for dag in dags if dag is not None for task in tasks_of(dag))

    @property
    def settings(self) -> tuple[Settings, ...]:
        """All settings that it writes: what tasks share, and those of every task."""
        return (*(each.settings for each in self.shared), *(task.settings for task in self.tasks))

    @property
    def is_library(self) -> bool:
        """True for a manifest with entries and without tasks."""
        return self.entries is not None and not self.dag.tasks and not self.dag.is_incomplete

    def usual_kind(self, other: str) -> str:
        """The kind of object that it becomes unless a user chooses: only a template has callers, who pass files.

        `other` is that of a manifest that needs none; a template would lose the schedule.
        """
        if self.schedule is not None:
            return "CronWorkflow"
        if other != "Workflow":
            return other
        is_passed_files = any(each.is_passed_file and each.required for each in self.inputs)
        has_callers = is_passed_files or (self.entries is not None and self.workflow_template is None)
        return "WorkflowTemplate" if has_callers else "Workflow"
