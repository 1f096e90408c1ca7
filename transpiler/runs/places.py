"""The DAGs that Argo runs, each beside the tasks of the manifest that it stands for.

The lowered program has tasks and DAGs that nobody wrote: parts of a split, DAGs around a loop or around tries, tasks
that wait for ends or choose files. They are told by their names, since what the compiler adds never has a name that the
tasks of the same scope have before. So each DAG is gone through together with the scope as it was written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from msgspec import Struct

from transpiler.argo.naming import task_names
from transpiler.bindings.written_tasks import is_around_a_task
from transpiler.model.task import EXIT
from transpiler.plan.templates.kept_tries import TRIES
from transpiler.resolve.node_kinds import may_be_kept, retries_itself
from transpiler.resolve.program import Program
from transpiler.resolve.scope import Call, Scope

Path = tuple[str, ...]
"""The names of the tasks around a task, the outermost first, and its own: its place in the tree of calls."""
ON_EXIT, HOOKS, ENTRIES = "@onExit", "@hooks", "@entries"
"""The first names of the paths of what stands beside the tasks."""


class Target(Struct, frozen=True, eq=False, dict=True):
    """What a task of Argo's is: a task of the manifest (`path`), or one that the compiler has added."""

    lowered: Call | None
    call: Call | None = None
    """The call as written, None for what was added."""
    path: Path | None = None
    inner: Place | None = None
    """The DAG that it runs; None where that is none of the manifest's."""
    beside: Mapping[str, Target] = {}
    """What a run starts beside its tasks: the exit handler and hooks, for the run itself."""

    def hook(self, name: str) -> Target | None:
        """What a hook of the task is; None for one in Argo's own fields."""
        return self.beside.get(name) or self._hooks.get(name)

    @cached_property
    def _hooks(self) -> dict[str, Target]:
        if self.lowered is None or self.call is None or self.path is None:
            return {}
        calls = {hook.name: hook.call for hook in self.call.hooks}
        paths = {hook.name: (*self.path[:-1], f"{self.path[-1]}.{hook.name}") for hook in self.lowered.hooks}
        return {
            hook.name: target_of(calls[hook.name], hook.call, paths[hook.name])
            for hook in self.lowered.hooks
            if hook.name in calls
        }


class Place(Struct, frozen=True, eq=False, dict=True):
    """A DAG of Argo's: the scope as it was lowered, and as it was written."""

    lowered: Scope
    written: Scope | None
    """None for a DAG of the compiler's own, none of whose tasks was written."""
    path: Path = ()
    """The tasks around those in it."""
    single: Path | None = None
    """The path of the task that it was put around; None for a DAG that was written."""
    is_part: bool = False
    """True for some of the tasks of the DAG around it."""
    kept: Target | None = None
    """The retried task, for a DAG around its tries that keeps their results (`plan/templates/kept_tries.py`)."""

    @property
    def is_written(self) -> bool:
        """True for a DAG as the manifest has it."""
        return self.written is not None and self.single is None and not self.is_part

    def target(self, task: str) -> Target | None:
        """What a task of that name in Argo is; None if the DAG has none."""
        if self.kept is not None:
            return self.kept if task == TRIES else None
        if task not in self._targets and task in self._names:
            self._targets[task] = self._target(self._names[task])
        return self._targets.get(task)

    @cached_property
    def _names(self) -> dict[str, str]:
        return {argo: task for task, argo in task_names(self.lowered.calls).items()}

    @cached_property
    def _targets(self) -> dict[str, Target]:
        return {}

    def _target(self, task: str) -> Target:
        lowered = self.lowered.calls[task]
        written = self.written.calls.get(task) if self.written is not None else None
        if written is not None:
            return target_of(written, lowered, self.single or (*self.path, task), self.written)
        if lowered.scope is None:
            return Target(lowered)
        is_part = lowered.scope.parent is self.lowered
        inner = Place(lowered.scope, self.written if is_part else None, self.path, is_part=is_part)
        return Target(lowered, inner=inner)

    @property
    def targets(self) -> Iterator[Target]:
        """What each task in it is."""
        for task in self._names:
            target = self.target(task)
            if target is not None:
                yield target


def target_of(call: Call, lowered: Call, path: Path, home: Scope | None = None) -> Target:
    """What a task of the manifest becomes. `home` is its scope as written."""
    inner = _inside(call, lowered, path, home)
    target = Target(lowered, call, path, inner)
    if not (may_be_kept(lowered) and retries_itself(lowered)):
        return target
    around = Place(Scope("", (), ()), None, path[:-1], single=path, kept=target)
    return Target(lowered, call, path, around)


def _inside(call: Call, lowered: Call, path: Path, home: Scope | None) -> Place | None:
    scope = lowered.scope
    if scope is None:
        return None
    if scope.parent is not None and scope.group is None:  # around the task alone: groups of users have a `group`
        return Place(scope, home, path[:-1], single=path)
    if is_around_a_task(call):
        return Place(scope, call.scope, path[:-1], single=path)
    return Place(scope, call.scope, path)


def run_of(written: Program, lowered: Program, started: str = "") -> Target:
    """What a run of a program starts, where `lowered` is what Argo is told of it.

    `started` is the template that the run starts with: it may be an entry of a library.
    """
    pairs = zip(written.hooks, lowered.hooks, strict=True)
    beside = {one.name: Target(None, inner=Place(other.scope, one.scope, (HOOKS,))) for one, other in pairs}
    if lowered.on_exit is not None:
        beside[EXIT] = Target(None, inner=Place(lowered.on_exit, written.on_exit, (ON_EXIT,)))
    inner = Place(lowered.tasks, written.tasks)
    if lowered.entries is not None and written.entries is not None and started in lowered.entries.calls:
        call, entry = written.entries.calls[started], lowered.entries.calls[started]
        made = target_of(call, entry, (ENTRIES, started), written.entries)
        return Target(entry, call, made.path, made.inner, beside)
    return Target(None, inner=inner, beside=beside)
