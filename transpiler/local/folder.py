"""The folder of a run: what it runs, what has happened, its status, logs and files. A kill leaves it readable.

- `run.json`: what it runs, written once, before anything starts
- `events.jsonl`: the journal; `events.1.jsonl`, … of earlier attempts, and `kept.json`, what of those counts
- `status.json`: Argo's own Workflow with its status, replaced as a whole
- `log/NODE.log`: what a task printed
- `files/KEY`: the files that tasks have stored
- `claims/NAME`: the volumes of claims
- `work/`: the folders of tasks that run
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from transpiler import atomic
from transpiler.engine.protocol import Ended, Pod, RunInfo
from transpiler.executors.errors import TaskError, reason
from transpiler.executors.store import Store, remove
from transpiler.local.errors import RunError
from transpiler.patterns import regex
from transpiler.plan.argo_objects import Node

HOME: Final = ".transpile/runs"
"""Where runs are kept, below the root."""
NAME: Final = regex(r"[a-z0-9]([-.a-z0-9]{0,240}[a-z0-9])?")
_LETTERS: Final = "bcdfghjklmnpqrstvwxz2456789"
"""As Kubernetes makes the end of a name."""
_MOST_TRIES: Final = 100


class Plan(Struct, frozen=True):
    """What a run runs. It has no values of secrets."""

    info: RunInfo
    objects: tuple[Node, ...]
    arguments: dict[str, str]
    manifest: str = ""
    """The manifest or Workflow, as it was named."""
    command: tuple[str, ...] = ()
    """The words of the command that started it."""
    path: str = ""
    """The absolute path of the manifest; empty for one of standard input."""
    given: dict[str, str] = {}
    """The values of inputs that were given, as `-p` takes them."""
    names: dict[str, dict[str, str]] = {}
    """The names of the manifest's tasks (`runs/recorded.py`); empty for a Workflow in Argo's own YAML."""
    only: tuple[tuple[str, ...], ...] = ()
    """The ways to the tasks that run alone (`chosen.py`); empty for all."""
    files: dict[str, str] = {}
    """The files that were read for it → their digests (`changed.py`)."""


class Kept(Struct, frozen=True):
    """A pod of an earlier attempt or run, and its end, which counts if nothing of it has changed."""

    pod: Pod
    end: Ended
    reads: dict[str, list[float]] = {}
    """Each key that it reads, with the times at which the files there were made."""
    run: str = ""
    """The run in which it ran; empty for this one."""
    home: str = ""
    """The folder of a run that has its files."""
    keys: dict[str, str] = {}
    """The keys of its files in this run → those in that one."""


class RunFolder:
    """A folder of a run. Methods that write raise RunError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.journal, self.status = path / "events.jsonl", path / "status.json"
        self.files, self.claims, self.work = path / "files", path / "claims", path / "work"

    @property
    def name(self) -> str:
        """The name of the run."""
        return self.path.name

    def log(self, node: str) -> Path:
        """The file for what a task prints."""
        return self.path / "log" / f"{_plain(node)}.log"

    def place(self, node: str) -> Path:
        """The folder in which a task runs."""
        return self.work / _plain(node)

    def plan(self) -> Plan:
        """What it runs. Raises RunError."""
        found: Plan = self._read("run.json", Plan)
        return found

    def kept(self) -> dict[str, Kept]:
        """The ends of an earlier attempt by the ids of their nodes. Raises RunError."""
        is_there = (self.path / "kept.json").exists()
        found: dict[str, Kept] = self._read("kept.json", dict[str, Kept]) if is_there else {}
        return found

    def workflow(self) -> Node:
        """The status that was written last; empty if there is none. Raises RunError."""
        found: Any = self._read("status.json", dict) if self.status.exists() else {}
        return found if isinstance(found, dict) else {}

    def _read(self, name: str, kind: Any) -> Any:
        try:
            return msgspec.json.decode((self.path / name).read_bytes(), type=kind)
        except FileNotFoundError as error:
            raise RunError(f"`{self.path}` is not the folder of a run: it has no {name}") from error
        except (OSError, msgspec.MsgspecError, RecursionError) as error:
            raise RunError(f"cannot read `{self.path / name}`: {error}") from error

    def write(self, name: str, data: bytes) -> None:
        """Write a file of the folder, as a whole or not at all."""
        try:
            atomic.write(self.path / name, data, self.path)
        except OSError as error:
            raise RunError(f"cannot write `{self.path / name}`: {reason(error)}") from error

    def write_status(self, workflow: Node) -> None:
        """Replace the status."""
        self.write("status.json", msgspec.json.encode(workflow))

    def start_again(self, kept: dict[str, Kept]) -> None:
        """Begin another attempt, for which these ends count; the journal of the last one is kept beside it."""
        self.write("kept.json", msgspec.json.encode(kept))
        number = 1 + sum(1 for _ in self.path.glob("events.*.jsonl"))
        try:
            self.journal.replace(self.path / f"events.{number}.jsonl")
        except OSError as error:
            raise RunError(f"cannot move `{self.journal}`: {reason(error)}") from error

    def take_over(self, kept: Kept) -> str:
        """Copy the files of an end of another run; why that is not possible, else the empty text."""
        if not kept.run:
            return ""
        store, other = Store(self.files), Store(Path(kept.home) / "files")
        try:
            for key, theirs in kept.keys.items():
                store.put(key, other.path(theirs), keeps=True)
        except TaskError:
            return f"its files of the run {kept.run} are gone"
        return ""

    def remove(self) -> None:
        """Remove it with all that is in it. Raises OSError."""
        remove(self.path)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for this process alone; the lock ends with the process. Raises RunError if it is held."""
        try:
            handle = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise RunError(f"cannot use `{self.path}`: {reason(error)}") from error
        try:
            import fcntl  # noqa: PLC0415 - Windows has none, where nothing runs

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise RunError(f"the run `{self.name}` is going on: another process has its folder") from error
        else:
            yield
        finally:
            os.close(handle)

    def is_held(self) -> bool:
        """True while a process runs it."""
        try:
            with self.locked():
                return False
        except RunError:
            return True


def _plain(node: str) -> str:
    """The id of a node as the name of a file. The engine makes ids of names that are not trusted."""
    name = "".join(each if each.isascii() and (each.isalnum() or each in "-._") else "_" for each in node)
    return name[-200:].lstrip(".") or "_"


def new_folder(home: Path, base: str, root: Path) -> RunFolder:
    """Make the folder of a new run: its name is a base and five letters. `root` is untrusted: no link leads out of it.

    Raises RunError.
    """
    try:
        place = atomic.at(home, root)
        place.mkdir(parents=True, exist_ok=True)
        if not (place / ".gitignore").exists():
            atomic.write(place / ".gitignore", b"*\n", root)
        for _ in range(_MOST_TRIES):
            name = base + "".join(secrets.choice(_LETTERS) for _ in range(5))
            if NAME.fullmatch(name) is None:
                raise RunError(f"`{base}` cannot start the name of a run")
            folder = place / name
            try:
                (folder / "log").mkdir(parents=True, mode=0o755)
            except FileExistsError:
                continue
            return RunFolder(folder)
    except OSError as error:
        raise RunError(f"cannot make a folder in `{home}`: {reason(error)}") from error
    raise RunError(f"`{home}` has too many runs of this name")


def find_folder(home: Path, written: str) -> RunFolder:
    """The folder of a run that was named, or a path to it. Raises RunError."""
    path = home / written if NAME.fullmatch(written) else Path(written)
    if path.is_symlink() or not (path / "run.json").is_file():
        known = [each.name for each in folders(home)][-3:]
        hint = f"the last ones are {', '.join(known)}" if known else f"there is none in `{home}`"
        raise RunError(f"there is no run `{written}`", hint)
    return RunFolder(path.resolve())


def folders(home: Path) -> list[RunFolder]:
    """All runs in a folder, the oldest first."""
    try:
        found = [each for each in home.iterdir() if (each / "run.json").is_file() and not each.is_symlink()]
        return [RunFolder(each) for each in sorted(found, key=lambda each: (each / "run.json").stat().st_mtime)]
    except OSError:
        return []
