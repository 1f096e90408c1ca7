"""The rules for files that are passed through a volume (`artifacts` of a manifest).

A volume is mounted as a folder, so the program must be able to do without what its image has in the folder of an
output. Templates in Argo's own fields keep their files in an object store: `check/files/object_store.py`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import Final

from transpiler.check.files.object_store import check_object_store
from transpiler.dataflow.collected import handed_on
from transpiler.dataflow.instances import Instance
from transpiler.diagnostics import Related, Report
from transpiler.model.component import Component
from transpiler.model.expressions.tree import whole_of
from transpiler.model.implementation import FileOutput
from transpiler.model.pipeline import ArtifactVolume
from transpiler.model.transport import Transport
from transpiler.patterns import regex
from transpiler.resolve.files import has_default
from transpiler.resolve.scope import Call

_ROOT: Final = "argo bin boot dev etc home lib lib64 opt proc root run sbin srv sys tmp usr var".split()
_BELOW: Final = ("/usr/bin", "/usr/lib", "/usr/local", "/usr/local/bin", "/usr/local/lib", "/usr/sbin", "/var/run")
NEEDED: Final = frozenset(["/", *(f"/{name}" for name in _ROOT), *_BELOW])
"""Folders that programs, Kubernetes or Argo need as the image has them."""
_OURS: Final = regex(r"/tmp/(inputs|outputs)/.")  # noqa: S108 - paths in the container
"""Where files are mounted that no `fileOutputs` puts elsewhere."""


def check_volume_passing(volume: ArtifactVolume, instances: Sequence[Instance], report: Report) -> None:
    """Every rule about `artifacts`, for each use of each component."""
    check_object_store(instances, Related("files pass through a volume", volume.span), report)
    for fixed, component in dict(_fixed_files(instances)).items():
        _folder(fixed, component, volume, report)
    calls = [each for instance in instances for each in instance.called if each[1].command is not None]
    for call, callee in calls:
        _mounts(call, callee, report)
    for instance in instances:
        _loops(instance, report)
        _defaults(instance, volume, report)
    if volume.size:
        _caches(calls, volume, report)


def _defaults(instance: Instance, volume: ArtifactVolume, report: Report) -> None:
    """A file on the volume has a path, or there is none: nothing else can take its place in a run."""
    for call, callee in instance.called:
        for argument in call.arguments.values():
            target = call.component.input(argument.name) if call.component else None
            whole = whole_of(argument.value)
            by_path = Transport.PATH in callee.takes.get(argument.name, Transport.NONE)
            if by_path and target and instance.scope and has_default(whole, target, instance.scope):
                message = "on a volume, a default cannot replace a missing file"
                hint = "use another file as the alternative: ${{ tasks.a.output ?? tasks.b.output }}"
                related = (Related("files pass through a volume", volume.span),)
                report.error("skipped-producer", message, argument.span, hint, related)


def _caches(calls: Sequence[tuple[Call, Instance]], volume: ArtifactVolume, report: Report) -> None:
    """A result that is kept names files, which must outlive the run. `cache` of a pipeline is reported once."""
    seen = set()
    for call, callee in calls:
        cache = call.task.settings.cache
        if cache is not None and cache.span not in seen and _files(callee):
            seen.add(cache.span)
            related = (Related("each run has a volume of its own", volume.span),)
            message = (
                f"a cached result of task `{call.task.name}` would name files on the deleted volume of another run"
            )
            hint = "use `claim` instead of `size`, so that files outlive the run"
            report.error("conflicting-keys", message, cache.span, hint, related)


def _files(callee: Instance) -> list[str]:
    """The outputs of a component that are taken as files."""
    return [name for name, way in callee.yields.items() if Transport.PATH in way]


def _fixed(callee: Instance) -> list[FileOutput]:
    """The outputs that are taken as files, and written to a path that the component fixes."""
    assert callee.component is not None
    container = callee.component.implementation.container
    assert container is not None
    files = _files(callee)
    return [each for each in container.file_outputs if each.name in files]


def _fixed_files(instances: Sequence[Instance]) -> Iterator[tuple[FileOutput, Component]]:
    for instance in instances:
        if instance.command is not None and instance.component is not None:
            yield from ((each, instance.component) for each in _fixed(instance))


def _folder(fixed: FileOutput, component: Component, volume: ArtifactVolume, report: Report) -> None:
    """The folder of a fixed path is mounted: it must be one that can be, and that the program has no need of."""
    folder = posixpath.dirname(fixed.path)
    related = [Related("files pass through a volume", volume.span)]
    hint = "write to a path passed to the program, {outputPath: ...}, or to a folder of its own"
    if not fixed.path.startswith("/") or posixpath.normpath(fixed.path) != fixed.path or ":" in folder:
        message = f"`{fixed.path}` is not a plain absolute path, so its folder cannot be mounted"
    elif folder in NEEDED:
        message = f"the volume would hide `{folder}`, which the program needs"
    else:
        used = next(_uses(folder, component), None)
        if used is None:
            return
        message = f"the volume would hide `{folder}`, which contains `{used.message}`"
        related.append(used._replace(message="the program uses it here"))
    report.error("volume-folder", message, fixed.span, hint, tuple(related))


def _uses(folder: str, component: Component) -> Iterator[Related]:
    """The paths in a folder that the text of a component names, other than those of its outputs."""
    container = component.implementation.container
    assert container is not None
    path = re.compile(rf"(?<![\w.-]){re.escape(folder)}/[\w.-]+")
    for text, span in component.texts:
        named = (found[0] for found in path.finditer(text))
        yield from (Related(each, span) for each in named if each not in container.fixed_paths.values())


def _loops(instance: Instance, report: Report) -> None:
    """The items of a loop share a folder, so that each needs a path of its own."""
    handed = handed_on(instance)
    for call, callee in instance.called:
        fixed = next(iter(_fixed(callee)), None) if callee.command is not None else None
        is_shared = call.loop is not None or bool(handed.get(call.task.name))
        if is_shared and fixed is not None:
            message = f"every item of the loop writes `{fixed.path}`, in the same folder on the volume"
            related = (Related("the fixed path", fixed.span),)
            report.error("volume-folder", message, call.task.span, "use {outputPath: ...} in the component", related)


def _mounts(call: Call, callee: Instance, report: Report) -> None:
    """A task's own volumes must not hide its files."""
    taken = {path for fixed in _fixed(callee) for path in (fixed.path, posixpath.dirname(fixed.path))}
    has_files = bool(_files(callee)) or any(Transport.PATH in way for way in callee.takes.values())
    settings = call.task.settings
    own = [(volume.path, volume.span) for volume in settings.volumes]
    passed = (settings.argo_container.data.get("volumeMounts") if settings.argo_container else None) or []
    own += [(mount["mountPath"], call.task.span) for mount in passed]
    for path, span in own if has_files else ():
        place = posixpath.normpath(path)
        if place in taken or _OURS.match(place):
            message = f"a file of the task is mounted at `{place}` too"
            report.error("volume-folder", message, span, "mount this volume elsewhere")
