"""Real tasks of a case of `transpile test`: their programs run in a folder that is gone afterwards."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from tempfile import mkdtemp
from typing import Any, Final

from transpiler.engine.protocol import Ended, Pod, RefusedError
from transpiler.engine.refusals import refuse
from transpiler.executors.choose import absent_programs, choose
from transpiler.executors.errors import TaskError, reason
from transpiler.executors.executor import Ending, Executor, Task, ended
from transpiler.executors.needs import unmet
from transpiler.executors.store import Store, remove
from transpiler.local.errors import RunError
from transpiler.local.folder import RunFolder
from transpiler.local.session import Means, supplies_of
from transpiler.plan.argo_objects import Node
from transpiler.rehearsal.real import Ran, UnfitError

_MOST_TEXT: Final = 1024 * 1024
"""As much of a file is compared; what is longer ends in a mark, and equals nothing that was expected."""
_CUT: Final = "…"
_MOST_PATHS: Final = 10_000
_TAIL: Final = 4096
_LINES: Final = 5


@contextmanager
def real_tasks(objects: Sequence[Node], means: Means) -> Iterator[RealTasks]:
    """What runs programs of these objects. All of them have ended, and their files are gone, when this ends.

    Raises RunError.
    """
    folder = RunFolder(Path(mkdtemp(prefix="transpile-test-")).resolve())
    try:
        tasks = RealTasks(folder, objects, means)
        try:
            yield tasks
        finally:
            tasks.close()
    finally:
        remove(folder.path)


class RealTasks:
    """Runs programs, as many at once as there are processors, or as `means` say. For one thread."""

    def __init__(self, folder: RunFolder, objects: Sequence[Node], means: Means) -> None:
        """`folder` is empty. Nothing is started before a program is."""
        self._folder, self._means, self._objects = folder, means, objects
        self._store, self._supplies = Store(folder.files), supplies_of(objects, folder.claims, means)
        self._executor: Executor | None = None
        self._pool = ThreadPoolExecutor(means.at_once or os.cpu_count() or 1)
        self._inboxes: list[SimpleQueue[Any]] = []
        self._stored: dict[str, str | None] = {}
        """Key → the text that was put there for a fake; None for what a program has left."""

    def start(self, pod: Pod, files: Mapping[str, str]) -> RealTask:
        """Start the program of a pod, with the files of fakes. Raises UnfitError."""
        executor = self._executor or self._chosen()
        self._put(pod, files)
        self._check(pod, has_images=executor.has_images)
        task = Task(pod, self._folder.place(pod.node), self._folder.log(pod.node), SimpleQueue(), lambda: None)
        self._inboxes.append(task.inbox)
        return RealTask(self, task, self._pool.submit(_run, executor, task))

    def _chosen(self) -> Executor:
        """The executor; it is started when the first program is."""
        (self._folder.path / "log").mkdir()
        try:
            name = self._means.executor or "process"
            self._executor = choose(
                name, self._objects, self._folder.path, self._store, self._supplies, self._means.options
            )
        except TaskError as error:
            raise RunError(str(error)) from error
        return self._executor

    def _put(self, pod: Pod, files: Mapping[str, str]) -> None:
        """Make files of what fakes have left, as far as a pod is given it."""
        for file in pod.inputs.files:
            wanted = file.key
            if wanted in files:
                self._put_text(wanted, files[wanted])
            elif wanted:  # a folder, in which the items of a loop have left theirs
                for key in [each for each in files if each.startswith(f"{wanted.rstrip('/')}/")]:
                    self._put_text(key, files[key])

    def _put_text(self, key: str, text: str) -> None:
        if self._stored.get(key, "") is None or self._stored.get(key) == text:
            return
        try:
            place = self._folder.path / "new"
            place.write_text(text, encoding="utf-8")
            self._store.put(key, place, keeps=False)
        except (TaskError, OSError) as error:
            why = reason(error) if isinstance(error, OSError) else str(error)
            raise UnfitError(f"what its input holds cannot be made a file: {why}") from error
        self._stored[key] = text

    def _check(self, pod: Pod, *, has_images: bool) -> None:
        """Raises UnfitError for a program that would run otherwise in a cluster, or not at all here."""
        inputs: Node = pod.spec.get("inputs") or {}
        known = {each.name for each in pod.inputs.files if self._has(each.key)}
        files = [each for each in inputs.get("artifacts") or () if each.get("name") not in known]
        template = {**pod.spec, "name": pod.template or "task", "inputs": {**inputs, "artifacts": files}}
        spec = {"entrypoint": template["name"], "templates": [template]}
        objects: list[Node] = [{"kind": "Workflow", "metadata": {}, "spec": spec}]
        try:
            refuse(objects)
        except RefusedError as refused:
            raise UnfitError(refused.refusals[0].message) from refused
        for each in unmet(objects, self._supplies, has_images=has_images):
            raise UnfitError(each.message)
        for program in () if has_images else absent_programs(objects):
            what = f"there is no program `{program}` on this machine"
            raise UnfitError(f"{what}: --executor docker or podman runs it with its image")

    def _has(self, key: str | None) -> bool:
        """True if something has a key, or a file in the folder that it names."""
        try:
            return bool(key) and os.path.lexists(self._store.path(str(key)))
        except TaskError:
            return False

    def ran(self, task: Task, end: Ended) -> Ran:
        """What a program has left."""
        texts = {key: text for key in end.files.values() for key, text in self._texts(key)}
        self._stored.update(dict.fromkeys(texts))
        cut = frozenset(key for key, text in texts.items() if text.endswith(_CUT) or "\ufffd" in text)
        return Ran(end, texts, cut, self._log(task))

    def _texts(self, key: str) -> Iterator[tuple[str, str]]:
        """The texts of a file, or of a folder and all that is in it."""
        place = self._store.path(key)
        if not place.is_dir() or place.is_symlink():
            yield key, _text(place)
            return
        found = [each for _, each in zip(range(_MOST_PATHS), sorted(place.rglob("*")), strict=False)]
        names = [each.relative_to(place).as_posix() for each in found if not each.is_dir()]
        yield key, "\n".join(names)
        for name in names:
            yield f"{key}/{name}", _text(place / name)

    def _log(self, task: Task) -> str:
        """The last lines that a program has printed, without values of secrets."""
        try:
            with task.log.open("rb") as file:
                file.seek(max(0, task.log.stat().st_size - _TAIL))
                text = file.read().decode("utf-8", "replace")
        except OSError:
            return ""
        for values in self._supplies.secrets.values():
            for value in values.values():
                secret = value.decode("utf-8", "replace").strip()
                text = text.replace(secret, "***") if secret else text
        return "\n".join([line for line in text.splitlines() if line.strip()][-_LINES:])

    def close(self) -> None:
        """End whatever still runs."""
        for inbox in self._inboxes:
            inbox.put(Ending("the case has ended", kills=True))
        self._pool.shutdown(wait=True, cancel_futures=True)
        if self._executor is not None:
            self._executor.close()


class RealTask:
    """A program that runs, or will once there is room."""

    def __init__(self, tasks: RealTasks, task: Task, future: Future[Ended]) -> None:
        self._tasks, self._task, self._future = tasks, task, future

    def wait(self) -> Ran:
        """Its end."""
        return self._tasks.ran(self._task, self._future.result())

    def stop(self, why: str) -> None:
        """End it; nobody waits for it any more."""
        self._future.cancel()
        self._task.inbox.put(Ending(why))


def _run(executor: Executor, task: Task) -> Ended:
    try:
        return executor.run(task)
    except Exception as error:  # noqa: BLE001 - whatever it is, the task has not succeeded
        return ended(task, "Error", f"a fault of this tool: {error!r}")


def _text(place: Path) -> str:
    """The text in a file; empty for what is none."""
    with suppress(OSError):
        if place.is_file() and not place.is_symlink():
            with place.open("rb") as file:
                data = file.read(_MOST_TEXT + 1)
            text = data[:_MOST_TEXT].decode("utf-8", "replace")
            return f"{text}{_CUT}" if len(data) > _MOST_TEXT else text
    return ""
