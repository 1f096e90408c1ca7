"""What `transpile run` prints of a run: a line for each task that starts or ends, what tasks print, and the outputs."""

from __future__ import annotations

import argparse
import shlex
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from transpiler.catalog.files import shown
from transpiler.cli.cluster import say
from transpiler.cli.streams import tell
from transpiler.cli.watch import line, tell_end
from transpiler.cluster.progress import Progress, run_step
from transpiler.engine.protocol import Ask, Ended, Pod
from transpiler.local.driver import Driver
from transpiler.local.folder import HOME, RunFolder
from transpiler.plan.argo_objects import Node
from transpiler.report.safe import safe
from transpiler.runs.nodes import mapping, nodes_of, text
from transpiler.runs.runs import Runs

_PAUSE: Final = 0.1
"""Seconds between two looks at what tasks print."""
_PIECE: Final = 65_536
_LONGEST: Final = 4_000
_SHOWN: Final = ("Running", "Succeeded", "Failed", "Error", "Skipped", "Omitted")


class Teller:
    """Prints what happens in a run. Outputs of tasks come in lines, each with the name of its task."""

    def __init__(self, given: argparse.Namespace, runs: Runs, folder: RunFolder) -> None:
        self._given, self._folder = given, folder
        self._progress = Progress(runs)
        self._logs = Logs(folder) if given.verbose else None

    def __enter__(self) -> Self:
        if self._logs is not None:
            self._logs.start()
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        if self._logs is not None:
            self._logs.stop()

    def begins(self, about: str) -> None:
        """The run begins, or goes on."""
        if not self._given.quiet:
            tell(f"run {self._folder.name}: {about}")
            tell(f"  its folder: {shown(self._folder.path)}")

    def goes_on(self, workflow: Node) -> None:
        """What has been told before is not told again."""
        for _ in self._progress.changes(workflow):
            pass

    def starts(self, pod: Pod, why: str) -> None:
        """A task starts."""
        if why:
            tell(f"{pod.name} runs again: {why}")
        if self._logs is not None:
            self._logs.follow(pod)

    def ends(self, pod: Pod, end: Ended) -> None:
        """A task has ended; its phase comes with the status."""
        del end
        if self._logs is not None:
            self._logs.leave(pod)

    def keeps(self, pod: Pod) -> None:
        """A task does not run again."""
        if not self._given.quiet:
            tell(f"{pod.name} is kept: it has succeeded before")

    def status(self, workflow: Node) -> None:
        """Print what has changed."""
        for step in self._progress.changes(workflow):
            if step.phase in _SHOWN and not self._given.quiet and self._given.format != "json":
                say(line(step, self._given))

    def waits(self, asked: Sequence[Ask]) -> None:
        """Nobody answers."""
        for each in asked:
            wants = " ".join(f"--supply {name}=VALUE" for name in each.wants) or "--yes"
            tell(f"{each.name} waits for an answer: {wants}")

    def stopping(self) -> None:
        """The run was interrupted."""
        tell("\nstopping what runs; press Ctrl-C again to kill it")

    def tell_end(self, driver: Driver, given: argparse.Namespace) -> int:
        """Print how the run has ended, and its outputs; the exit code."""
        workflow = self._folder.workflow()
        if driver.is_over:
            tell_end(workflow, given)
            self._tell_files(workflow)
        else:
            tell(f"the run cannot go on: {driver.stuck}" if driver.stuck else "the run was interrupted")
        has_succeeded = driver.is_over and run_step(workflow).phase == "Succeeded"
        if not has_succeeded:
            self._tell_failures(driver)
            tell(f"to go on: {shlex.join(self._going_on())}")
        return 0 if has_succeeded else 1

    def _tell_files(self, workflow: Node) -> None:
        """The outputs of the pipeline that are files."""
        root = mapping(nodes_of(workflow).get(text(mapping(workflow.get("metadata")).get("name"))))
        found: Any = mapping(root.get("outputs")).get("artifacts")
        for each in found if isinstance(found, list) and not self._given.quiet else ():
            key = text(mapping(mapping(each).get("s3")).get("key"))
            if key:
                say(f"{'':9}  {safe(text(each.get('name')))}: {safe(shown(self._folder.path / 'files' / key))}")

    def _tell_failures(self, driver: Driver) -> None:
        for node, end in driver.ends.items():
            if end.phase == "Succeeded" or node not in driver.pods:
                continue
            tell(f"  {driver.pods[node].name}: {end.message}")
            if self._folder.log(node).exists():
                tell(f"    what it printed: {shown(self._folder.log(node))}")

    def _going_on(self) -> list[str]:
        is_named = self._folder.path.parent.parts[-2:] == Path(HOME).parts
        return ["transpile", "run", "--resume", self._folder.name if is_named else shown(self._folder.path)]


class Logs:
    """Follows the logs of tasks that run, and prints whole lines of them."""

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        self._read: dict[str, tuple[Pod, int, str]] = {}
        """Node → its pod, how far its log was read, and the start of a line."""
        self._left: set[str] = set()
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)

    def start(self) -> None:
        """Begin to print."""
        self._thread.start()

    def stop(self) -> None:
        """Print the rest."""
        self._is_over.set()
        self._thread.join()

    def follow(self, pod: Pod) -> None:
        """A task starts."""
        with self._lock:
            self._read[pod.node] = (pod, 0, "")

    def leave(self, pod: Pod) -> None:
        """A task has ended: its log is whole."""
        with self._lock:
            self._left.add(pod.node)

    def _follow(self) -> None:
        while not self._is_over.wait(_PAUSE):
            self._print()
        self._print()

    def _print(self) -> None:
        with self._lock:
            reading, left = list(self._read.items()), set(self._left)
        for node, (pod, before, begun) in reading:
            start, rest = self._print_from(pod, before, begun)
            with self._lock:
                if node in left:
                    if rest:
                        say_line(pod, rest)
                    self._read.pop(node, None)
                    self._left.discard(node)
                else:
                    self._read[node] = (pod, start, rest)

    def _print_from(self, pod: Pod, start: int, rest: str) -> tuple[int, str]:
        try:
            with self._folder.log(pod.node).open("rb") as file:
                file.seek(start)
                while data := file.read(_PIECE):
                    start += len(data)
                    *lines, rest = (rest + data.decode("utf-8", "replace")).split("\n")
                    for each in lines:
                        say_line(pod, each)
                    rest = rest[:_LONGEST]
        except OSError:
            pass  # it has printed nothing yet
        return start, rest


def say_line(pod: Pod, written: str) -> None:
    """Print a line of a task; it comes from a program that is not trusted."""
    name = pod.name.partition(".")[2] or pod.name
    say(f"{safe(name)} | {safe(written.rstrip(chr(13))[:_LONGEST])}")
