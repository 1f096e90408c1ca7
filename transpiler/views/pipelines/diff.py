"""Two versions of a pipeline → the changes. What both say alike, in whatever form, is none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from msgspec.structs import replace

from transpiler.build.run_keys import RUN_KEYS
from transpiler.diagnostics import Span
from transpiler.model.pipeline import Pipeline
from transpiler.model.ports import Input
from transpiler.resolve.program import Program
from transpiler.resolve.scope import Scope
from transpiler.views.changes import Change
from transpiler.views.content import content
from transpiler.views.diff import diff_inputs
from transpiler.views.pipelines.edges import diff_edges
from transpiler.views.pipelines.keys import key_changes, level_of, setting
from transpiler.views.pipelines.leaves import Leaf
from transpiler.views.pipelines.objects import diff_objects
from transpiler.views.pipelines.tasks import Tasks, diff_outputs
from transpiler.views.pipelines.version import Version

FIELDS: Final = {
    "description": ("description",),
    "entrypoint": ("entrypoint",),
    "namespace": ("namespace",),
    "labels": ("labels",),
    "annotations": ("annotations",),
    "defaults": ("defaults", "cache"),
    "argo_defaults": ("defaults",),
    "workflow_template": ("workflowTemplateRef",),
    "schedule": ("schedule",),
    "parallelism": ("parallelism",),
    "fail_fast": ("failFast",),
    "timeout": ("timeout",),
    "argo": (*RUN_KEYS, "argo"),
    "slots": (*RUN_KEYS, "argo", "schedule"),
    "presets": ("presets",),
    "artifacts": ("artifacts",),
}
"""Fields of a pipeline, and the keys that say them."""


def diff_versions(old: Version, new: Version) -> list[Change]:
    """The changes; none only if both compile to the same Workflow."""
    if old.compilation.text == new.compilation.text:
        return []
    tasks = Tasks(old, new)
    found = [*_pipeline(old, new), *_tasks(tasks), *_pins(old, new)]
    found += diff_outputs(
        old.pipeline.dag.outputs, new.pipeline.dag.outputs, tasks.renamed.get((), {}), level="breaking"
    )
    found += diff_edges(old, new, tasks.renamed)
    return list(dict.fromkeys(found)) or diff_objects(old.compilation.objects, new.compilation.objects)


def component_changes(old: Version | None, new: Version | None) -> list[Change]:
    """The changes of the components alone, also of pipelines that do not compile."""
    if old is None or new is None or old.analysis.program is None or new.analysis.program is None:
        return []
    return [change for change in dict.fromkeys(_tasks(Tasks(old, new))) if change.component]


def _pipeline(old: Version, new: Version) -> Iterator[Change]:
    """What the manifests say of the whole pipeline."""
    before, after = old.pipeline, new.pipeline
    places = before.span, after.span
    if before.name != after.name:
        yield Change("name-changed", "notice", f"the name is `{after.name}`, not `{before.name}`", *places)
    if old.analysis.kind != new.analysis.kind:
        message = f"it compiles to a {new.analysis.kind}, not a {old.analysis.kind}"
        yield Change("kind-changed", "notice", message, *places)
    yield from diff_inputs(before.inputs, after.inputs)
    yield from _inputs(before, after)
    yield from _images(before, after)
    told: set[str] = set()
    for name, keys in FIELDS.items():
        left = [key for key in keys if key not in told]
        if left and content(getattr(before, name)) != content(getattr(after, name)):
            told |= {key for key in left if _differ(old, new, key)} or set(left)
            yield from key_changes(left, old.document, new.document, places)


def _differ(old: Version, new: Version, key: str) -> bool:
    return bool(content(old.document.get(key)) != content(new.document.get(key)))


def _inputs(old: Pipeline, new: Pipeline) -> Iterator[Change]:
    """What only inputs of a pipeline have: more than their types and defaults."""
    before = {each.name: each for each in old.inputs}
    for each in new.inputs:
        was = before.get(each.name)
        if was is not None and _more(was) != _more(each):
            places = was.span, each.span
            keys = ("enum", "hidden", "optional", "artifact", "valueFrom", "type")
            yield from key_changes(keys, was.written, each.written, places, f"inputs.{each.name}.")
    both = [[each.name for each in side.inputs] for side in (old, new)]
    if both[0] != both[1] and sorted(both[0]) == sorted(both[1]):
        yield Change("inputs-reordered", "safe", "the inputs are in another order", old.span, new.span)


def _images(old: Pipeline, new: Pipeline) -> Iterator[Change]:
    """What an environment writes instead of images."""
    before, after = ({each.pattern: each for each in side.images} for side in (old, new))
    for name in sorted(before.keys() | after.keys()):
        was, comes = before.get(name), after.get(name)
        texts = (was.replacement if was else None, comes.replacement if comes else None)
        if texts[0] != texts[1]:
            yield setting(Leaf(f"images.{name}", *texts, was.span if was else None, comes.span if comes else None))


def _more(given: Input) -> Any:
    return content((given.enum, given.hidden, given.optional, given.artifact, given.value_from))


def _tasks(tasks: Tasks) -> Iterator[Change]:
    """The tasks of the pipeline, then those of its end, its entries and its hooks."""
    old, new = _roots(tasks.old.program), _roots(tasks.new.program)
    for name in {**old, **new}:
        before, after = tasks.old.dag(old.get(name)), tasks.new.dag(new.get(name))
        found = list(tasks.diff(before, after, (), is_root=name == "tasks"))
        yield from (replace(change, task=f"{name}: {change.task}") for change in found) if name != "tasks" else found


def _roots(program: Program) -> dict[str, Scope]:
    named = {"tasks": program.tasks, "onExit": program.on_exit, "entries": program.entries}
    hooks = {f"hooks.{hook.name}": hook.scope for hook in program.hooks}
    return {name: scope for name, scope in {**named, **hooks}.items() if scope is not None}


def _pins(old: Version, new: Version) -> Iterator[Change]:
    """Images that the lock pins to another digest."""
    before, after = (side.analysis.lock.images if side.analysis.lock is not None else {} for side in (old, new))
    nowhere: tuple[Span | None, Span | None] = (None, None)
    for image in sorted(before.keys() | after.keys()):
        was, comes = before.get(image, image), after.get(image, image)
        if was != comes and was in (old.compilation.text or "") and comes in (new.compilation.text or ""):
            message = f"the image `{image}` is locked as `{comes}`, not `{was}`"
            yield Change("image-changed", level_of(image), message, *nowhere, image)
