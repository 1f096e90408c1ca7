"""What the tasks of one file share."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec import Struct, field

from transpiler.catalog.locate import Folder
from transpiler.model.component import Component
from transpiler.model.pipeline import Pipeline, Preset
from transpiler.model.settings import NO_SETTINGS, Settings
from transpiler.model.task import NO_PASS_THROUGH, ComponentReference, PassThrough


class TaskFile(Struct, frozen=True, eq=False):
    """Where the paths of a file start, its short names, its defaults and presets."""

    folder: Folder
    names: dict[str, ComponentReference | Component | None] = field(default_factory=dict)
    names_are_incomplete: bool = False
    defaults: Settings = NO_SETTINGS
    argo_defaults: PassThrough = NO_PASS_THROUGH
    presets: Mapping[str, Preset] = field(default_factory=dict)
    presets_are_incomplete: bool = False
    is_manifest: bool = False

    @classmethod
    def of(cls, pipeline: Pipeline, folder: Folder) -> TaskFile:
        """The file of a manifest."""
        return cls(
            folder,
            dict(pipeline.components),
            not pipeline.incomplete_names.isdisjoint(("components", "catalogs")),
            pipeline.defaults,
            pipeline.argo_defaults,
            {each.name: each for each in pipeline.presets},
            "presets" in pipeline.incomplete_names,
            True,
        )

    @property
    def short_names(self) -> Collection[str] | None:
        """Names that a task could have meant; None when not all of them are known."""
        return None if self.names_are_incomplete else self.names
