"""Pods as processes of this machine.

A task has a folder of its own, and where the system allows it a view of its own: it sees the files of this machine, but
its own `/tmp` and its own folders for its inputs and outputs, whatever their paths, and not those of other tasks.
"""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import Any, Final

from transpiler.engine.protocol import Ended
from transpiler.executors.container import SCRIPT, Program, mounts_of, program_of
from transpiler.executors.errors import TaskError
from transpiler.executors.executor import GRACE, LOG_BYTES, Task, ended, in_its_folder, wait_for_end
from transpiler.executors.pieces import output_paths, put_inputs, result_of, take_outputs
from transpiler.executors.process.client import Nursery
from transpiler.executors.process.paths import Rewriting, rewritten_roots
from transpiler.executors.process.rooms import OPAQUE, Room
from transpiler.executors.process.watcher import Job, Said
from transpiler.executors.sets import containers_of, run_set
from transpiler.executors.store import Store
from transpiler.executors.supplies import Supplies
from transpiler.executors.tree import Tree

_HOME: Final = "/tmp/home"  # noqa: S108 - in the task's own /tmp
_OTHERS: Final = "--executor docker or podman runs it with its image"


class ProcessExecutor:
    """Runs commands on this machine."""

    name = "process"
    has_images = False

    def __init__(
        self, run: Path, store: Store, supplies: Supplies, *, grace: float = GRACE, log_bytes: int = LOG_BYTES,
        shared: bool = False,
    ) -> None:  # fmt: skip
        """`run`: the folder of the run, which tasks do not see. `shared`: without views of their own.

        Raises OSError if no process can be started at all.
        """
        self._run, self._store, self._supplies = run.resolve(), store, supplies
        self._grace, self._log_bytes = grace, log_bytes
        self._nursery = Nursery(shared=shared)

    @property
    def is_private(self) -> bool:
        """True if each task has a view of its own of files and processes."""
        return self._nursery.is_private

    def about(self) -> str:
        """How tasks run here."""
        if self.is_private:
            return "commands of this machine, each with a private /tmp"
        return "commands of this machine, without private views: paths of inputs and outputs are rewritten in commands"

    def close(self) -> None:
        """End whatever still runs."""
        self._nursery.close()

    def run(self, task: Task) -> Ended:
        """Run a task to its end."""
        return in_its_folder(task, self._run_all)

    def _run_all(self, task: Task) -> Ended:
        return run_set(task, self.run) if containers_of(task.pod) else self._run_in(task)

    def _run_in(self, task: Task) -> Ended:
        """Run a task whose folder is there. Raises TaskError, OSError."""
        program = program_of(task.pod, self._supplies)
        if not program.command:
            what = f"the image `{program.image}` says what runs, and this executor has no images"
            raise TaskError(f"there is no `command`: {what}; {_OTHERS}")
        mounts = mounts_of(task.pod, self._supplies, task.home_of_volumes)
        tree = Tree(task.work / "tree", mounts, program.folder or "/")
        self._prepare(task, program, tree, mounts)
        put_inputs(task.pod, tree, self._store, self._supplies)
        running = _Running(self._nursery, task, self._job(task, program, tree, mounts))
        why = wait_for_end(task, running, running.take, self._grace)
        return self._outcome(task, program, tree, running.end, why)

    def _prepare(self, task: Task, program: Program, tree: Tree, mounts: dict[str, Path]) -> None:
        """Make the folders that the task sees, and its script."""
        home = tree.root / _HOME[1:]
        home.mkdir(parents=True)
        for path, place in mounts.items():
            target = Tree(tree.root, {}).make(path)
            if not self.is_private:
                target.symlink_to(place)
            elif place.is_dir():
                target.mkdir(exist_ok=True)
            else:
                target.touch()
        for path in map(tree.absolute, output_paths(task.pod)):
            if not path.startswith(f"{OPAQUE[0]}/"):  # there the program makes them itself, as in a container
                tree.make(f"{_given_folder(path)}/_")
        if program.folder and (not self.is_private or not Path(program.folder).is_dir()):
            tree.make(program.folder).mkdir(exist_ok=True)
        if program.source is not None:
            tree.make(SCRIPT).write_text(program.source, encoding="utf-8")
            tree.make(SCRIPT).chmod(0o755)

    def _job(self, task: Task, program: Program, tree: Tree, mounts: dict[str, Path]) -> Job:
        pod, words = task.pod, [*program.command, *program.arguments]
        declared = [*(each.path for each in pod.inputs.files), *output_paths(pod)]
        paths = [*map(tree.absolute, declared), *mounts]
        job: Job = {
            "command": words,
            "environment": {**_own_variables(_HOME, OPAQUE[0]), **program.environment},
            "folder": program.folder or "/",
            "log": str(task.log),
            "log_bytes": self._log_bytes,
            "result": str(task.work / "result") if pod.wants_result else "",
            "room": None,
        }
        if self.is_private:
            job["room"] = self._room(tree, paths, mounts)
            return job
        root = str(tree.root)
        if program.source is not None:
            paths.append(SCRIPT)
        own = rewritten_roots([*paths, *([program.folder] if program.folder else [])])
        rewriting = Rewriting(own, tree.root)
        if program.source is not None:
            (tree.root / SCRIPT[1:]).write_text(rewriting.text(program.source), encoding="utf-8")
        job["command"] = [rewriting.text(word) for word in words]
        variables = rewriting.values(program.environment)
        job["environment"] = {**_own_variables(root + _HOME, root + OPAQUE[0]), **variables}
        job["folder"] = root + job["folder"]
        return job

    def _room(self, tree: Tree, paths: list[str], mounts: dict[str, Path]) -> Room:
        return {
            "tree": str(tree.root),
            "own": paths,
            "binds": [(str(place), tree.absolute(path)) for path, place in sorted(mounts.items())],
            "kept": _programs_in(OPAQUE[0]),
            "hidden": str(self._run),
        }

    def _outcome(self, task: Task, program: Program, tree: Tree, end: Said, why: str) -> Ended:
        """What the end of a program means for its task."""
        if "error" in end:
            if end.get("missing"):
                what = f"there is no program `{program.command[0]}` on this machine"
                raise TaskError(f"{what}; the image `{program.image}` may have it: {_OTHERS}")
            raise TaskError(end["error"])
        code = end["code"]
        if why:
            return ended(task, "Failed", why, exit_code=code)
        left = take_outputs(task.pod, tree, self._store)
        result = result_of(task.work / "result") if task.pod.wants_result else None
        found: dict[str, Any] = {"exit_code": code, "values": left.values, "files": left.files, "result": result}
        if code:
            return ended(task, "Failed", f"main: Error (exit code {code})", **found)
        if left.missing:
            return ended(task, "Error", "; ".join(left.missing), **found)
        return ended(task, "Succeeded", **found)


def _given_folder(path: str) -> str:
    """The folder around an output that is there before the program starts: the top one, and those this machine has.

    An image has some of them, and the program makes the others, which fails if they are there.
    """
    given, *inner = [str(each) for each in reversed(PurePosixPath(path).parents)][1:] or [""]
    for folder in inner:
        if not Path(folder).is_dir():
            break
        given = folder
    return given


class _Running:
    """A program that runs, as the executor sees it."""

    def __init__(self, nursery: Nursery, task: Task, job: Job) -> None:
        self.end: Said = {}
        self._task, self._nursery = task, nursery
        self._number = nursery.start(job, task.inbox.put)

    def take(self, said: Said) -> bool:
        """Take what was said of it; True for its end."""
        if said.get("began"):
            self._task.began()
            return False
        self.end = said
        return True

    def terminate(self) -> None:
        """Ask it, and what it has started, to end."""
        self._nursery.end(self._number, kills=False)

    def kill(self) -> None:
        """End it, and what it has started."""
        self._nursery.end(self._number, kills=True)


def _own_variables(home: str, temporary: str) -> dict[str, str]:
    """What a task has of the user's environment, and what is its own."""
    language = os.environ.get("LANG", "C.UTF-8")
    path = os.environ.get("PATH", os.defpath)
    return {"PATH": path, "LANG": language, "HOME": home, "TMPDIR": temporary}


def _programs_in(folder: str) -> list[str]:
    """The folders with programs that a private folder would hide: those of PATH, each with what is beside it."""
    found = set()
    for each in os.environ.get("PATH", "").split(os.pathsep):
        path = Path(each)
        if path.is_relative_to(folder) and path.is_dir():
            home = path.parent if path.name in {"bin", "sbin"} else path
            found |= {str(home)} - {folder}
    return sorted(found)
