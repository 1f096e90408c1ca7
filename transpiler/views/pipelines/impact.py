"""What the change of a component does to the pipelines that use it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from transpiler.report.safe import safe
from transpiler.resolve.program import WrittenDag
from transpiler.views.changes import Change, as_object, blocks, bold, identity, painted
from transpiler.views.facts import as_json
from transpiler.views.pipelines.version import Version


class Within(Struct, frozen=True):
    """Files or folders, as they lie on one side."""

    paths: tuple[Path, ...]

    def __contains__(self, name: object) -> bool:
        """True for the name of a file that is one of them, or below one."""
        path = Path(str(name)).resolve()
        return any(path == each or each in path.parents for each in self.paths)

    def has(self, files: Iterable[Path]) -> bool:
        """True if one of the files is."""
        return any(file in self for file in files)


class Impact(Struct, frozen=True):
    """A pipeline that uses a component: the tasks that do, its changes there, and whether the new version compiles."""

    pipeline: str
    tasks: tuple[str, ...]
    changes: tuple[Change, ...]
    compiles: bool


def changes_within(changes: Iterable[Change], old: Within, new: Within) -> list[Change]:
    """The changes in those files, and those of a pipeline as a whole."""
    return [
        change
        for change in changes
        if change.kind.startswith("pipeline-")
        or (change.old is not None and change.old.source.name in old)
        or (change.new is not None and change.new.source.name in new)
    ]


def users(version: Version | None, within: Within) -> list[str]:
    """The tasks that run a component of those files, also through sub-pipelines and graph components.

    None of a version that is missing, or that does not compile.
    """
    if version is None or version.compilation.text is None:
        return []
    return list(dict.fromkeys(name for root in version.program.roots for name in _users(version, root, (), within, ())))


def _users(
    version: Version, scope: Any, path: tuple[str, ...], within: Within, around: tuple[WrittenDag, ...]
) -> Iterator[str]:
    dag = version.dag(scope)
    if dag is None or dag in around:
        return
    for name, written in version.tasks_in(dag).items():
        inner = (*path, name)
        component = written.call.component if written.call is not None else None
        if component is not None and written.task.group is None and component.span.source.name in within:
            yield "/".join(inner)
        elif written.call is not None:
            yield from _users(version, written.call.scope, inner, within, (*around, dag))


def render_impacts(impacts: Sequence[Impact], *, color: bool) -> str:
    """The changes, each once, then the pipelines with the tasks that they reach, then a line that counts them."""
    changes = {identity(each): each for impact in impacts for each in impact.changes if each.component}
    shared = sorted((replace(each, pipeline="") for each in changes.values()), key=lambda each: each.order)
    used = [bold("used by", color), *(_line(each, color) for each in impacts), ""] if impacts else []
    broken = sum(not each.compiles for each in impacts)
    touched = sum(bool(each.changes) for each in impacts) - broken
    total = f"{broken} broken, {touched} changed, {len(impacts) - broken - touched} the same"
    return "\n".join([*blocks(shared, color), *used, bold(total, color), ""])


def _line(impact: Impact, color: bool) -> str:
    label, level = ("changed", "notice") if impact.changes else ("same", "safe")
    label, level = (label, level) if impact.compiles else ("broken", "breaking")
    tasks = ", ".join(f"`{safe(name)}`" for name in impact.tasks)
    what = f": task{'' if len(impact.tasks) == 1 else 's'} {tasks}" if tasks else ""
    return f"  {painted(label.ljust(8), level, color)}  {safe(impact.pipeline)}{what}"


def impacts_json(impacts: Sequence[Impact]) -> str:
    """A list of objects, always."""
    return as_json(
        [
            {
                "pipeline": each.pipeline,
                "tasks": list(each.tasks),
                "compiles": each.compiles,
                "changes": [as_object(change) for change in each.changes],
            }
            for each in impacts
        ]
    )
