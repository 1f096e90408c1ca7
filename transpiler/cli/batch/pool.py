"""Many jobs, in several processes where that saves time. The outcomes are the same, in the same order."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from transpiler.catalog.readings import Readings
from transpiler.cli.batch.jobs import Job, Outcome, compile_job
from transpiler.cli.usage import UsageError
from transpiler.workspace.options import Options

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

_TRIAL: Final = 0.2
"""Seconds of jobs that one process compiles before it is known how long the rest takes."""
_WORTH: Final = 0.3
"""Seconds of work for which other processes are started: starting them takes a tenth."""
_MAX_CHUNK: Final = 16
_chosen: list[Options] = []
"""The options of a worker process; it keeps the components that it reads in them."""


def compile_all(
    jobs: Sequence[Job], options: Options, workers: int = 0, told: Callable[[int], None] = lambda _: None
) -> list[Outcome]:
    """The outcomes of jobs, in their order. Raises UsageError for a manifest that cannot be read.

    `workers` is 0 for as many as there are processors; `told` is called with the number of jobs that are done.
    """
    options, start = replace(options, readings=Readings()), time.monotonic()
    workers = workers or _processors()
    found: list[Outcome] = []
    for job in jobs:
        done = len(found)
        took = time.monotonic() - start
        if workers > 1 and found and took > _TRIAL and took / done * (len(jobs) - done) > _WORTH:
            try:
                return [*found, *_in_processes(jobs[done:], options, workers, lambda more: told(len(found) + more))]
            except UsageError:
                raise
            except Exception:  # noqa: BLE001 - no processes here, or a fault, which then shows its place
                workers = 1
        found.append(compile_job(job, options))
        told(len(found))
    return found


def _processors() -> int:
    """The processors that may be used; 1 where a process cannot be copied as it is."""
    if not hasattr(os, "fork") or sys.platform == "darwin":  # whose libraries do not survive it
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _in_processes(jobs: Sequence[Job], options: Options, workers: int, told: Callable[[int], None]) -> list[Outcome]:
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - imports sockets and queues
    from multiprocessing import get_context  # noqa: PLC0415

    size = min(_MAX_CHUNK, -(-len(jobs) // (4 * workers)))
    chunks = [jobs[start : start + size] for start in range(0, len(jobs), size)]
    workers = min(workers, len(chunks))
    gc.freeze()  # what exists already stays shared between the processes
    try:
        with ProcessPoolExecutor(workers, get_context("fork"), _begin, (options,)) as pool:
            return _collected(pool, chunks, told)
    finally:
        gc.unfreeze()


def _collected(
    pool: ProcessPoolExecutor, chunks: Sequence[Sequence[Job]], told: Callable[[int], None]
) -> list[Outcome]:
    from concurrent.futures import as_completed  # noqa: PLC0415 - see above

    futures, done = {pool.submit(_compile, chunk): len(chunk) for chunk in chunks}, 0
    try:
        for future in as_completed(futures):
            future.result()
            done += futures[future]
            told(done)
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    return [outcome for future in futures for outcome in future.result()]


def _begin(options: Options) -> None:
    """The start of a worker, a copy of this process with all that it has read."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the process that waits for this one
    _chosen[:] = [options]


def _compile(jobs: Sequence[Job]) -> list[Outcome]:
    return [compile_job(job, _chosen[0]) for job in jobs]
