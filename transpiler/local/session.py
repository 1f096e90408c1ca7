"""A run from its start or from where it was: its folder, engine and executor put together."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from transpiler.engine.allowed import WrongType
from transpiler.engine.engine import Engine
from transpiler.engine.protocol import Pod, Refusal, RefusedError, RunInfo
from transpiler.engine.validity import invalid
from transpiler.executors.choose import choose, fitting
from transpiler.executors.errors import TaskError
from transpiler.executors.executor import Executor
from transpiler.executors.images.options import Options
from transpiler.executors.needs import unmet
from transpiler.executors.store import Store
from transpiler.executors.supplies import Supplies
from transpiler.local.again import failure, worth_keeping
from transpiler.local.asking import that_run
from transpiler.local.caches import Caches
from transpiler.local.chosen import is_on, way_of
from transpiler.local.driver import Answer, Driver
from transpiler.local.errors import RunError
from transpiler.local.folder import Plan, RunFolder
from transpiler.local.journal import read_journal
from transpiler.local.leftovers import clean
from transpiler.local.listener import Listener
from transpiler.local.mask import Mask
from transpiler.local.replay import replayed
from transpiler.local.reuse import Reuse, lacking
from transpiler.local.titles import Titles
from transpiler.plan.argo_objects import Node, workflow_spec
from transpiler.runs.recorded import Recorded

_DONE: Final = "Succeeded"


class Means(Struct, frozen=True):
    """With what a run is run; none of it is kept in its folder."""

    executor: str = ""
    """Its name; empty for the first that fits."""
    at_once: int = 0
    """As many tasks run at the same time; 0: as many as there are processors."""
    secrets: Mapping[str, Mapping[str, bytes]] = {}
    config_maps: Mapping[str, Mapping[str, bytes]] = {}
    options: Options = Options()
    """Words for containers that docker or podman creates."""
    store: Path | None = None
    """The folder that stands in for stores of files."""


def base_of(node: Node) -> str:
    """The start of the name of a run."""
    metadata = node.get("metadata") or {}
    name, base = str(metadata.get("name") or ""), str(metadata.get("generateName") or "")
    return base if base and not name else f"{name or 'run'}-"


def plan_of(name: str, objects: Sequence[Node], arguments: Mapping[str, str], manifest: str, means: Means) -> Plan:
    """The plan of a new run."""
    namespace = str((objects[-1].get("metadata") or {}).get("namespace") or "default")
    info = RunInfo(name, float(int(time.time())), str(uuid.uuid4()), namespace)
    return Plan(info, (*objects, *_config_maps(means)), dict(arguments), manifest)


def _config_maps(means: Means) -> list[Node]:
    """Those that are given, as objects: parameters and locks read their texts."""
    return [
        {"kind": "ConfigMap", "metadata": {"name": name}, "data": dict(_texts(values))}
        for name, values in means.config_maps.items()
    ]


def _texts(values: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    for key, value in values.items():
        with suppress(UnicodeDecodeError):
            yield key, value.decode()


def supplies_of(objects: Sequence[Node], claims: Path, means: Means) -> Supplies:
    """What a cluster would have for the pods of a run. ConfigMaps among its objects count."""
    maps: dict[str, Mapping[str, bytes]] = {}
    volumes: dict[str, Node] = {}
    for each in objects:
        if each.get("kind") == "ConfigMap":
            name = str((each.get("metadata") or {}).get("name", ""))
            maps[name] = {key: str(value).encode() for key, value in (each.get("data") or {}).items()}
        elif isinstance(each.get("spec"), dict):
            spec = workflow_spec(each)
            volumes |= {str(volume.get("name")): volume for volume in spec.get("volumes") or ()}
            for claim in spec.get("volumeClaimTemplates") or ():
                claimed = str((claim.get("metadata") or {}).get("name", ""))
                volumes[claimed] = {"name": claimed, "persistentVolumeClaim": {"claimName": claimed}}
    return Supplies(claims, means.secrets, {**maps, **means.config_maps}, volumes, means.store)


def check(
    objects: Sequence[Node], arguments: Mapping[str, str], means: Means, only: Sequence[tuple[str, ...]] = ()
) -> None:
    """Raises RefusedError for all that engine or executor cannot do, before anything starts, and RunError.

    `only`: the ways to the tasks that run alone; empty for all.
    """
    refusals: list[Refusal] = []
    try:
        Engine((*objects, *_config_maps(means)), arguments, RunInfo("check", 0))
    except RefusedError as refused:
        refusals += refused.refusals
        if any(isinstance(each.message, WrongType) for each in refusals):
            raise
    else:
        refusals += invalid(objects)
    supplies = supplies_of(objects, Path(), means)
    asking = that_run(objects, only)
    executor = means.executor or fitting(asking, supplies)
    refusals += unmet(asking, supplies, has_images=executor != "process")
    if refusals:
        raise RefusedError(tuple(refusals))
    if means.options and executor == "process":
        raise RunError("there are options for containers, and tasks run as processes", "--executor docker or podman")
    try:
        means.options.check(objects)
    except TaskError as error:
        raise RunError(str(error)) from error


class Session:
    """A run whose folder this process holds."""

    def __init__(self, folder: RunFolder, plan: Plan, means: Means, executor: Executor, reuse: Reuse) -> None:
        self.folder, self.plan, self.executor = folder, plan, executor
        self._means, self._reuse = means, reuse
        self.mask = Mask(means.secrets)
        """What programs print goes through it before it is shown."""
        self._engine = Engine(plan.objects, plan.arguments, plan.info)
        self._titles = Titles(Recorded(plan.names), self._engine.node)

    def driver(self, listener: Listener, answer: Answer) -> Driver:
        """What runs it; it is where the journal says."""
        at_once = self._means.at_once or os.cpu_count() or 1
        driver = Driver(
            self._engine, self.executor, self.folder, listener, answer, at_once=at_once, kept=self._reuse.kept,
            why=self._reuse.why, guard=self._guard,
        )  # fmt: skip
        driver.replay(read_journal(self.folder.journal))
        return driver

    def title(self, name: str) -> str:
        """What people call a node of that name."""
        return self._titles.of(name)

    def is_chosen(self, name: str) -> bool:
        """True for a node of the tasks that run alone."""
        node = self._engine.node(name)
        return node is not None and is_on(way_of(node), self.plan.only)

    def _guard(self, pod: Pod, why: str) -> None:
        if self.plan.only and not self.is_chosen(pod.name):
            raise lacking([(self.title(pod.name), why)])

    def end(self) -> None:
        """Keep what tasks with `cache` have left, and have the files of what they took: once nothing runs any more."""
        if self._engine.memo():
            files, caches = Store(self.folder.files), caches_of(self.folder)
            with suppress(TaskError):
                caches.fetch_hits(self._engine.workflow(), files)
            caches.keep(self._engine.memo(), self.plan.info.memo, files)


@contextmanager
def opened(folder: RunFolder, plan: Plan | None, means: Means, reuse: Reuse | None = None) -> Iterator[Session]:
    """Hold a run: a new one, for which there is a plan that was checked, or one that is to go on.

    `reuse`: what a new one takes over. Raises RunError, RefusedError.
    """
    with folder.locked():
        if plan is not None:
            reuse = reuse or Reuse()
            _begin(folder, plan, reuse)
        else:
            clean(folder)
            plan = folder.plan()
            check(plan.objects, plan.arguments, means, plan.only)
            why = _go_on(folder, plan)
            reuse = Reuse(folder.kept(), why)
        store, supplies = Store(folder.files, caches_of(folder).store), supplies_of(plan.objects, folder.claims, means)
        asking = that_run(plan.objects, plan.only)
        try:
            executor = choose(means.executor, asking, folder.path, store, supplies, means.options)
        except TaskError as error:
            raise RunError(str(error)) from error
        try:
            yield Session(folder, plan, means, executor, reuse)
        finally:
            executor.close()


def caches_of(folder: RunFolder) -> Caches:
    """The results beside a run."""
    return Caches(folder.path.parent)


def _begin(folder: RunFolder, plan: Plan, reuse: Reuse) -> None:
    """Write what a new run is."""
    if reuse.kept:
        folder.write("kept.json", msgspec.json.encode(reuse.kept))
    folder.write("run.json", msgspec.json.encode(plan))


def _go_on(folder: RunFolder, plan: Plan) -> dict[str, str]:
    """Prepare a run to go on. One that has failed begins anew, with what succeeded: why other tasks run again."""
    found = replayed(folder, plan)
    if not found.is_over:
        return {}
    workflow = found.engine.workflow()
    if (workflow.get("status") or {}).get("phase") == _DONE:
        folder.write_status(workflow)  # a full disk may have kept it from that
        raise RunError(f"the run `{folder.name}` has succeeded: there is nothing to go on with")
    kept = worth_keeping(found.pods, found.ends, workflow, found.taken_over)
    folder.start_again(kept)
    return {node: failure(end) for node, end in found.ends.items() if node not in kept and end.phase != _DONE}
