"""What a task starts from: `defaults`, and over them the presets that it uses, from the first to the last."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from transpiler.diagnostics import Report
from transpiler.model.component import Component
from transpiler.model.implementation import NO_IMPLEMENTATION, Implementation
from transpiler.model.pipeline import Preset
from transpiler.model.settings import NO_SETTINGS, Settings
from transpiler.model.task import Task
from transpiler.resolve.defaults import beneath, over, without
from transpiler.resolve.pass_through import with_defaults
from transpiler.resolve.task_file import TaskFile
from transpiler.suggest import suggestion


def shared_by(task: Task, callee: Component | None, file: TaskFile, report: Report) -> Preset:
    """What counts of them for a task that runs something itself, and not others: what it does not say."""
    own = callee.implementation if callee is not None else NO_IMPLEMENTATION
    presets = list(_used(task, file, report))
    if not own.takes_defaults:
        return Preset("", NO_SETTINGS)
    settings, argo = _without_image(file.defaults, own), file.argo_defaults
    for each in presets:
        settings, argo = over(each.settings, settings), with_defaults(each.argo, argo)
    left = beneath(settings, own.argo_fields, own.program) if settings else settings
    if task.template is None and any(each.settings.image is not None for each in presets):
        left = replace(left, image=settings.image)  # the template is a component, whose image a preset replaces
    return Preset("", left, argo)


def _used(task: Task, file: TaskFile, report: Report) -> Iterator[Preset]:
    for name, span in task.uses:
        if name in file.presets:
            yield file.presets[name]
        elif not file.presets_are_incomplete:
            hint = suggestion(name, file.presets, "presets") if file.presets else "declare it under `presets`"
            report.error("unknown-preset", f"there is no preset `{name}`", span, hint)


def _without_image(defaults: Settings, own: Implementation) -> Settings:
    """`defaults` say the image of containers that name none; a preset, which a task asks for, replaces it."""
    is_named = own.container is not None and (own.container.image or "").strip()
    return without(defaults, ("image",)) if is_named else defaults
