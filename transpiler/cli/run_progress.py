"""What `transpile run` prints of a run: a line for each task that starts or ends, what tasks print, and the outputs."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Final, Self

from transpiler.catalog.files import shown
from transpiler.cli.cluster import say
from transpiler.cli.run_board import CACHED, REUSED
from transpiler.cli.run_logs import Logs
from transpiler.cli.run_times import Times, pods_of
from transpiler.cli.streams import put, tell
from transpiler.cli.watch import line
from transpiler.cluster.progress import Progress, Step
from transpiler.engine.protocol import Ask, Ended, Pod
from transpiler.local.session import Session
from transpiler.plan.argo_objects import Node
from transpiler.runs.nodes import is_hit, nodes_of
from transpiler.runs.recorded import Recorded

_SHOWN: Final = ("Running", "Succeeded", "Failed", "Error", "Skipped", "Omitted")


class Teller:
    """Prints what happens in a run. Outputs of tasks come in lines, each with the name of its task."""

    def __init__(self, given: argparse.Namespace, session: Session) -> None:
        self._given, self._session, self._folder = given, session, session.folder
        self._progress = Progress(Recorded(session.plan.names))
        self._logs = Logs(session, tell if given.format == "json" else say) if given.verbose else None
        self._why: dict[str, str] = {}
        """Node → why it runs again; nobody was told yet."""
        self._kept: dict[str, str] = {}
        """Node → the run whose end of it counts; empty for this one."""
        self.times = Times()

    def __enter__(self) -> Self:
        if self._logs is not None:
            self._logs.start()
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        if self._logs is not None:
            self._logs.stop()

    def begins(self) -> None:
        """The run begins, or goes on."""
        if not self._given.quiet:
            tell(f"run {self._folder.name}: {self._session.executor.about()}")
            tell(f"  its folder: {shown(self._folder.path)}")

    def goes_on(self, workflow: Node) -> None:
        """What has been told before is not told again."""
        for _ in self._progress.changes(workflow):
            pass

    def starts(self, pod: Pod, why: str) -> None:
        """A task starts."""
        self.times.started[pod.node] = time.time()
        if why:
            self._why[pod.node] = why
        if self._logs is not None:
            self._logs.follow(pod)

    def ends(self, pod: Pod, end: Ended) -> None:
        """A task has ended; its phase comes with the status."""
        self.times.ended[pod.node] = end.at
        if self._logs is not None:
            self._logs.leave(pod)

    def keeps(self, pod: Pod, run: str) -> None:
        """A task does not run again."""
        self._kept[pod.node] = run

    def status(self, workflow: Node) -> None:
        """Print what has changed."""
        if self._given.quiet or self._given.format == "json":
            return
        for step, pods in self._news(workflow):
            is_kept = bool(pods) and all(each in self._kept for each in pods)
            if is_kept and step.phase == "Running":
                continue
            if is_kept and step.phase == "Succeeded":
                run = self._kept[pods[-1]] or self._folder.name
                say(line(step._replace(phase=REUSED, seconds=None, message=f"of {run}"), self._given))
            else:
                self._tell_why(step, pods)
                say(line(step, self._given))

    def _news(self, workflow: Node) -> Iterator[tuple[Step, list[str]]]:
        """The steps that have changed, each with its pods: several for several tries."""
        nodes = nodes_of(workflow)
        for key, step in self._progress.news(workflow):
            if step.phase not in _SHOWN:
                continue
            is_cached = step.phase == "Succeeded" and is_hit(nodes[key])
            masked = step._replace(message=self._session.mask(step.message))
            told = masked._replace(phase=CACHED, seconds=None) if is_cached else masked
            pods = pods_of(key, nodes[key])
            yield self.times.of(told, pods), pods

    def _tell_why(self, step: Step, pods: list[str]) -> None:
        """Print why a task runs again, once."""
        why = [self._why.pop(each) for each in pods if each in self._why]
        if why:
            say(line(step._replace(phase="Again", seconds=None, message=why[0]), self._given))

    def waits(self, asked: Sequence[Ask]) -> None:
        """Nobody answers."""
        for each in asked:
            wants = " ".join(f"--supply {name}=VALUE" for name in each.wants) or "--yes"
            tell(f"{self._session.title(each.name)} waits for an answer: {wants}")

    def stopping(self) -> None:
        """The run was interrupted."""
        put("\n", sys.stderr)
        tell("stopping what runs; press Ctrl-C again to kill it")

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Let somebody answer a question."""
        yield
