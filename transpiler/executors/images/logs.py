"""What a container prints: into the log of its task, and the end of its standard output.

It is followed while the container runs, for whoever looks. podman loses lines then, so it is read again at the end.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import IO, Final

from transpiler.executors.images.engine import Engine
from transpiler.executors.process.watcher import RESULT_BYTES, Log

_CHUNK: Final = 65_536
_PATIENCE: Final = 60.0
"""Seconds to read what a container has printed that has ended."""


class Reader:
    """Reads the output of a container in two threads."""

    def __init__(self, engine: Engine, container: str, path: Path, log_bytes: int, *, follows: bool) -> None:
        """Raises TaskError, OSError."""
        self._log, self._lock, self._tail = Log(str(path), log_bytes), threading.Lock(), b""
        self._is_over = False
        self._process = engine.started(["logs", *(["--follow"] if follows else []), container])
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        streams = ((self._process.stdout, True), (self._process.stderr, False))
        self._threads = [threading.Thread(target=self._read, args=each, daemon=True) for each in streams]
        for thread in self._threads:
            thread.start()

    def _read(self, stream: IO[bytes], is_output: bool) -> None:
        while data := stream.read1(_CHUNK):  # type: ignore[attr-defined]
            with self._lock:
                if self._is_over:
                    return
                self._log.add(data)
                if is_output:
                    self._tail = (self._tail + data)[-RESULT_BYTES - 1 :]

    def end(self, seconds: float = _PATIENCE) -> bytes:
        """Wait for the rest, but no longer; the end of the standard output."""
        for thread in self._threads:
            thread.join(seconds)
        with self._lock:
            self._is_over = True
            self._log.close()
        self._process.kill()
        self._process.wait()
        for thread in self._threads:
            thread.join()
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()
        return self._tail
