"""The edges of two versions of a manifest → the tasks that wait for others than before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from transpiler.bindings.edges import Edge
from transpiler.views.changes import Change
from transpiler.views.pipelines.version import Version

Path = tuple[str, ...]


def diff_edges(old: Version, new: Version, renamed: Mapping[Path, Mapping[str, str]]) -> Iterator[Change]:
    """The added and removed edges between tasks that are in both versions."""
    before = {(_new(source, renamed), _new(target, renamed)): edge for (source, target), edge in _edges(old).items()}
    after = _edges(new)
    kept = {_new(path, renamed) for path in _tasks(old)} & _tasks(new)
    for (source, target), edge in before.items():
        if (source, target) not in after and source in kept and target in kept:
            message = f"it no longer waits for `{'/'.join(source)}`"
            yield Change("edge-removed", "notice", message, edge.target.span, None, task="/".join(target))
    for (source, target), edge in after.items():
        if (source, target) not in before and source in kept and target in kept:
            message = f"it waits for `{'/'.join(source)}` now"
            yield Change("edge-added", "notice", message, None, edge.target.span, task="/".join(target))


def _edges(version: Version) -> dict[tuple[Path, Path], Edge]:
    """The tasks of each edge in the manifest itself, with the first edge between them."""
    found: dict[tuple[Path, Path], Edge] = {}
    for edge in version.analysis.edges:
        is_here = edge.target.span.source is version.document.source
        if is_here and edge.source.task and edge.target.task:
            found.setdefault((edge.source.task, edge.target.task), edge)
    return found


def _tasks(version: Version) -> set[Path]:
    return {each.own_path for each in version.tasks.all if each.task.span.source is version.document.source}


def _new(path: Path, renamed: Mapping[Path, Mapping[str, str]]) -> Path:
    """The path of a task under the new names."""
    found: Path = ()
    for name in path:
        found = (*found, renamed.get(found, {}).get(name, name))
    return found
