"""Runs jobs of a small engine in the folder of a run, as often as a test wants."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence

from tests.local.stand_in import OUT, Job, Machine
from transpiler.engine.protocol import Ask, Ended, Pod
from transpiler.executors.process.executor import ProcessExecutor
from transpiler.executors.store import Store
from transpiler.executors.supplies import Supplies
from transpiler.local.driver import Answer, Driver
from transpiler.local.folder import Kept, RunFolder
from transpiler.local.journal import read_journal
from transpiler.plan.argo_objects import Node

ECHO = f'mkdir -p /tmp/outputs; echo "$0 $*" > {OUT}'


class Heard:
    """Writes down what a run tells."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.workflows: list[Node] = []

    def goes_on(self, workflow: Node) -> None:
        pass

    def starts(self, pod: Pod, why: str) -> None:
        self.lines.append(f"start {pod.node}" + (f": {why}" if why else ""))

    def ends(self, pod: Pod, end: Ended) -> None:
        self.lines.append(f"{end.phase} {pod.node}")

    def keeps(self, pod: Pod, run: str) -> None:
        self.lines.append(f"keep {pod.node}" + (f" of {run}" if run else ""))

    def status(self, workflow: Node) -> None:
        self.workflows.append(workflow)

    def waits(self, asked: Sequence[Ask]) -> None:
        self.lines += [f"asks {each.name}" for each in asked]

    def stopping(self) -> None:
        self.lines.append("stopping")


class Runner:
    """Runs jobs in the folder of a run, as often as a test wants."""

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder
        self.heard = Heard()

    def run(
        self,
        jobs: Mapping[str, Job],
        *,
        at_once: int = 2,
        answer: Answer = lambda *_: None,
        kept: Mapping[str, Kept] | None = None,
        why: Mapping[str, str] | None = None,
        meanwhile: Callable[[Driver], None] | None = None,
        pause: float = 0,
    ) -> Driver:
        self.heard = Heard()
        executor = ProcessExecutor(self.folder.path, Store(self.folder.files), Supplies(self.folder.claims), grace=0.5)
        try:
            driver = Driver(
                Machine(jobs, pause), executor, self.folder, self.heard, answer, at_once=at_once, kept=kept, why=why
            )  # fmt: skip
            driver.replay(read_journal(self.folder.journal))
            if meanwhile is not None:
                threading.Thread(target=meanwhile, args=(driver,)).start()
            driver.run()
        finally:
            executor.close()
        return driver

    @property
    def status(self) -> Node:
        found: Node = json.loads(self.folder.status.read_bytes())["status"]
        return found
