"""Runs single pods with an executor, as the driver of a run would."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from transpiler.argo.kubelet import doubled
from transpiler.engine.protocol import Ended, InputFile, Inputs, OutputFile, Outputs, OutputValue, Pod
from transpiler.executors.executor import Ending, Executor, Task
from transpiler.executors.process.executor import ProcessExecutor
from transpiler.executors.store import Store
from transpiler.executors.supplies import Supplies

OUT = "/tmp/outputs/x/data"
MAKE = f"mkdir -p {OUT.rpartition('/')[0]}; "


def pod(
    command: Sequence[str],
    *,
    node: str = "p-1",
    inputs: Sequence[InputFile] = (),
    values: Sequence[OutputValue] = (),
    files: Sequence[OutputFile] = (),
    result: bool = False,
    deadline: float | None = None,
    source: str | None = None,
    spec: Mapping[str, Any] | None = None,
    **container: Any,
) -> Pod:
    """A pod of one container, or of a script."""
    fields = {"image": "alpine:3.20", "command": [*command], **container}
    if source is not None:
        fields["source"] = source
    return Pod(
        node,
        "p.task",
        "task",
        "container" if source is None else "script",
        {"name": "task", "container" if source is None else "script": fields, **(spec or {})},
        Inputs(files=tuple(inputs)),
        Outputs(tuple(values), tuple(files)),
        wants_result=result,
        deadline=deadline,
    )


def shell(text: str, **more: Any) -> Pod:
    """A pod that runs a line of a shell, whose dollars the kubelet leaves alone."""
    return pod(["sh", "-c", doubled(text)], **more)


def value(path: str = OUT, **more: Any) -> OutputValue:
    return OutputValue("x", path, **more)


def file(path: str = OUT, key: str = "p/x", **more: Any) -> OutputFile:
    return OutputFile("x", path, key, **more)


class Bench:
    """An executor and the folder of a run."""

    def __init__(self, folder: Path, make: Callable[[Bench], Executor], supplies: Supplies | None = None) -> None:
        self.folder = folder
        self.store = Store(folder / "files")
        self.supplies = supplies or Supplies(folder / "claims")
        (folder / "log").mkdir(parents=True)
        self.executor = make(self)
        self.began: list[float] = []

    def start(self, which: Pod) -> tuple[SimpleQueue[Any], Callable[[], Ended]]:
        """Start a pod: its inbox, and what waits for its end."""
        inbox: SimpleQueue[Any] = SimpleQueue()
        ends: list[Ended] = []

        def began() -> None:
            self.began.append(time.time())

        task = Task(which, self.folder / "work" / which.node, self.log(which.node), inbox, began)
        thread = threading.Thread(target=lambda: ends.append(self.executor.run(task)))
        thread.start()

        def end() -> Ended:
            thread.join(60)
            return ends[0]

        return inbox, end

    def run(self, which: Pod) -> Ended:
        return self.start(which)[1]()

    def stop(self, which: Pod, why: str = "stopped", *, kills: bool = False) -> Ended:
        """Run a pod, and end it once it has begun."""
        inbox, end = self.start(which)
        while not self.began:
            time.sleep(0.01)
        inbox.put(Ending(why, kills))
        return end()

    def log(self, node: str = "p-1") -> Path:
        return self.folder / "log" / f"{node}.log"

    def printed(self, node: str = "p-1") -> str:
        return self.log(node).read_text(encoding="utf-8")

    def stored(self, key: str = "p/x") -> Path:
        return self.store.path(key)


@contextmanager
def processes(
    folder: Path, *, shared: bool, supplies: Supplies | None = None, grace: float = 5, log_bytes: int = 1 << 20
) -> Iterator[Bench]:
    """A bench for commands of this machine."""

    def make(bench: Bench) -> Executor:
        return ProcessExecutor(
            folder, bench.store, bench.supplies, grace=grace, log_bytes=log_bytes, shared=shared
        )  # fmt: skip

    bench = Bench(folder, make, supplies)
    try:
        yield bench
    finally:
        bench.executor.close()


def processes_of(marker: str) -> list[str]:
    """The processes of this machine whose words contain a text."""
    found = []
    for place in Path("/proc").iterdir():
        if place.name.isdecimal():
            try:
                words = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            except OSError:
                continue
            if marker in words:
                found.append(words)
    return found
