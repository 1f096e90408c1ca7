"""Pods as containers: create, copy in, start, wait, inspect, copy out, remove.

Nothing of this machine is mounted, so no file belongs to somebody else afterwards. A container that has vanished has
not succeeded: its end was not seen.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from transpiler import programs
from transpiler.engine.protocol import Ended
from transpiler.executors.container import SCRIPT, Program, container_of, mounts_of, program_of
from transpiler.executors.errors import TaskError
from transpiler.executors.executor import GRACE, LOG_BYTES, Task, ended, in_its_folder, wait_for_end
from transpiler.executors.images.archives import pack, unpack
from transpiler.executors.images.claims import Claims
from transpiler.executors.images.engine import PULL, Engine, in_one_line
from transpiler.executors.images.leftovers import LABEL, noted, remove_left
from transpiler.executors.images.logs import Reader
from transpiler.executors.images.options import Options
from transpiler.executors.pieces import cut, output_paths, put_inputs, take_outputs
from transpiler.executors.sets import containers_of, run_set
from transpiler.executors.store import Store, remove, replace_with
from transpiler.executors.supplies import Supplies
from transpiler.executors.tree import Tree
from transpiler.patterns import regex

ENGINES: Final = ("docker", "podman")
_LABEL: Final = "transpile.run"
_LONGEST: Final = 100
_ODD: Final = regex(r"[^a-zA-Z0-9_.-]")
_ABSENT: Final = ("no such file", "could not find", "could not be found", "not found in container")
"""What docker and podman say of a path that is not there."""


class ImageExecutor:
    """Runs containers with docker or podman."""

    has_images = True

    def __init__(
        self, name: str, run: Path, store: Store, supplies: Supplies, options: Options | None = None, *,
        grace: float = GRACE, log_bytes: int = LOG_BYTES,
    ) -> None:  # fmt: skip
        """`run`: its folder.

        Raises TaskError if there is no such program, or it does not answer.
        """
        path = programs.find(name)
        if path is None:
            raise TaskError(f"there is no `{name}` on PATH")
        self.name = name
        self._engine, self._run, self._store, self._supplies = Engine(name, path), run, store, supplies
        self._options, self._grace, self._log_bytes = options or Options(), grace, log_bytes
        self._claims = Claims()
        self._engine.call("ps", "--quiet")
        self._id = noted(run, self._engine)

    def about(self) -> str:
        """How tasks run here."""
        return f"containers of {self.name}, with the images of the tasks"

    def close(self) -> None:
        """Remove what is left of containers of this run."""
        with suppress(TaskError):  # the note of them stays
            remove_left(self._run)

    def run(self, task: Task) -> Ended:
        """Run a task to its end."""
        return in_its_folder(task, self._run_all)

    def _run_all(self, task: Task) -> Ended:
        return run_set(task, self.run) if containers_of(task.pod) else self._run_in(task)

    def _run_in(self, task: Task) -> Ended:
        """Run a task whose folder is there. Raises TaskError, OSError."""
        program = program_of(task.pod, self._supplies)
        mounts = mounts_of(task.pod, self._supplies, task.home_of_volumes)
        with self._claims.holding(_kept_of(task, mounts, self._supplies.claims)):
            container = self._create(task, program)
            try:
                return self._run_container(task, program, container, mounts)
            finally:
                self._engine.remove(container)

    def _create(self, task: Task, program: Program) -> str:
        """The id of the new container."""
        words = ["create", "--label", f"{_LABEL}={self._run.name}", "--label", f"{LABEL}={self._id}"]
        words += ["--name", _name(task)]
        hidden = {}
        for name, value in program.environment.items():
            is_ours = name in os.environ or "=" in name
            words += ["--env", f"{name}={value}" if is_ours else name]
            if not is_ours:  # not in a list of words, which every user of this machine can see
                hidden[name] = value
        words += ["--workdir", program.folder] if program.folder else []
        words += ["--entrypoint", program.command[0]] if program.command else []
        words += [*self._options.of(task.pod), program.image, *program.command[1:], *program.arguments]
        return self._engine.call(*words, environment=hidden, seconds=PULL).splitlines()[-1]

    def _run_container(self, task: Task, program: Program, container: str, mounts: Mapping[str, Path]) -> Ended:
        tree = Tree(task.work / "tree", {}, program.folder or "/")
        tree.root.mkdir()
        self._copy_in(task, program, tree, container, mounts)
        running = _Running(self._engine, task, container, self._log_bytes)
        why = wait_for_end(task, running, running.take, self._grace)
        running.follower.end(0)
        state = self._state(container)
        tail = Reader(self._engine, container, task.log, self._log_bytes, follows=False).end()
        code = int(state.get("ExitCode", -1))
        self._keep_claims(task, container, mounts, tree)
        if why:
            return ended(task, "Failed", why, exit_code=code)
        for path in dict.fromkeys(map(tree.absolute, output_paths(task.pod))):
            self._copy_out(container, path, tree)
        left = take_outputs(task.pod, tree, self._store)
        result = cut(tail) if task.pod.wants_result else None
        found: dict[str, Any] = {"exit_code": code, "values": left.values, "files": left.files, "result": result}
        if code:
            cause = "OOMKilled" if state.get("OOMKilled") else "Error"
            return ended(task, "Failed", f"main: {cause} (exit code {code})", **found)
        if left.missing:
            return ended(task, "Error", "; ".join(left.missing), **found)
        return ended(task, "Succeeded", **found)

    def _copy_in(
        self, task: Task, program: Program, tree: Tree, container: str, mounts: Mapping[str, Path]
    ) -> None:  # fmt: skip
        put_inputs(task.pod, tree, self._store, self._supplies)
        if program.source is not None:
            tree.make(SCRIPT).write_text(program.source, encoding="utf-8")
            tree.make(SCRIPT).chmod(0o755)
        paths = [tree.absolute(each.path) for each in task.pod.inputs.files]
        places = [(path, place) for path in paths if (place := tree.find(path)) is not None]
        places += [(SCRIPT, tree.root / SCRIPT[1:])] if program.source is not None else []
        if not places and not mounts:
            return
        with (task.work / "in.tar").open("w+b") as file:
            pack(file, [*((tree.absolute(path), place) for path, place in mounts.items()), *places])
            file.seek(0)
            self._engine.call("cp", "-", f"{container}:/", stdin=file, seconds=PULL)

    def _copy_out(self, container: str, path: str, tree: Tree) -> None:
        """Copy what the container has at a path to the same path of the tree; nothing if it has nothing there."""
        process = self._engine.started(["cp", f"{container}:{path}", "-"])
        assert process.stdout is not None
        assert process.stderr is not None
        place = tree.root.parent / "out"
        remove(place)
        try:
            is_there = bool(process.stdout.peek(1))  # type: ignore[attr-defined]
            if is_there:
                unpack(process.stdout, place)
                process.stdout.read()
            said = in_one_line(process.stderr.read())
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
            process.stderr.close()
        if not is_there:
            if not any(each in said.lower() for each in _ABSENT):
                raise TaskError(f"{self.name} cp: {said or 'it says nothing'}")
            return
        found = list(place.iterdir())
        if len(found) == 1:
            target = tree.make(path)
            remove(target)
            found[0].rename(target)

    def _keep_claims(self, task: Task, container: str, mounts: Mapping[str, Path], tree: Tree) -> None:
        """Copy the content of claims back, whatever the end: a cluster keeps what was written to them, too."""
        written = {place for place, writes in _kept_of(task, mounts, self._supplies.claims).items() if writes}
        for path, place in mounts.items():
            if place in written:
                self._copy_out(container, tree.absolute(path), tree)
                found = tree.find(path)
                if found is not None:
                    replace_with(place, found)

    def _state(self, container: str) -> dict[str, Any]:
        """How a container has ended. Raises TaskError for one that was not seen to end."""
        found = json.loads(self._engine.call("inspect", "--type", "container", container))[0]["State"]
        if found.get("Status") not in {"exited", "stopped"}:
            raise TaskError(f"{self.name} says that the container is {found.get('Status')}, so nobody saw its end")
        if found.get("Error"):
            raise TaskError(str(found["Error"])[:300])
        return dict(found)


def _kept_of(task: Task, mounts: Mapping[str, Path], claims: Path) -> dict[Path, bool]:
    """What others see of the mounts of a task, or parts of it: claims, and volumes of the pod. True: it may write."""
    mounted = container_of(task.pod).get("volumeMounts", ())
    read_only = {str(each["mountPath"]) for each in mounted if each.get("readOnly")}
    found: dict[Path, bool] = {}
    for path, place in mounts.items():
        if place.is_relative_to(claims) or (task.shared is not None and place.is_relative_to(task.shared)):
            found[place] = found.get(place, False) or path not in read_only
    return found


def _name(task: Task) -> str:
    """A name for a container, new each time: the node, which starts with the run, says to people whose it is."""
    return f"{_ODD.sub('-', task.pod.node)[:_LONGEST]}-{secrets.token_hex(4)}"


class _Running:
    """A container that runs."""

    def __init__(self, engine: Engine, task: Task, container: str, log_bytes: int) -> None:
        """Start it. Raises TaskError."""
        self._engine, self._container = engine, container
        engine.call("start", container)
        task.began()
        self.follower = Reader(engine, container, task.log, log_bytes, follows=True)
        threading.Thread(target=self._wait, args=(task,), daemon=True).start()

    def _wait(self, task: Task) -> None:
        try:
            with suppress(TaskError):  # what became of it is asked anyway
                self._engine.call("wait", self._container, seconds=None)
        finally:
            task.inbox.put(None)

    def take(self, heard: Any) -> bool:
        """The end of the container; what it was is asked then."""
        del heard
        return True

    def terminate(self) -> None:
        """Ask its program to end."""
        self._signal("TERM")

    def kill(self) -> None:
        """End it."""
        self._signal("KILL")

    def _signal(self, name: str) -> None:
        with suppress(TaskError):  # it has ended just now
            self._engine.call("kill", "--signal", name, self._container)
