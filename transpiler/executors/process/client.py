"""The nursery as the executor sees it: programs to start, and what is said of them."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any, Final

from transpiler.executors.process.watcher import Job, Said

_PROGRAM: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); from transpiler.executors.process.nursery import main; main()"
)
_PACKAGES: Final = Path(__file__).parents[3]

Hear = Callable[[Said], None]
"""Called from a thread of the nursery with whatever is said of a program: see `Said`; once with an end."""


class Nursery:
    """Starts programs. `is_private` tells whether each gets views of its own of files and processes."""

    def __init__(self, *, shared: bool = False) -> None:
        """Start it. `shared`: without private views, also where there are some. Raises OSError."""
        words = [sys.executable, "-I", "-S", "-c", _PROGRAM, str(_PACKAGES), *(["--shared"] if shared else [])]
        self._process = subprocess.Popen(  # noqa: S603 - a list of words, no shell
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True, close_fds=True
        )
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._hearers: dict[int, Hear] = {}
        assert self._process.stdout is not None
        self.is_private: bool = json.loads(self._process.stdout.readline() or b'{"private": false}')["private"]
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def start(self, job: Job, hear: Hear) -> int:
        """Start a program; its number."""
        with self._lock:
            number = next(self._numbers)
            self._hearers[number] = hear
        self._send({"task": number, "job": job})
        return number

    def end(self, number: int, *, kills: bool) -> None:
        """Tell a program to end, or kill it and all that it has started."""
        self._send({"task": number, "kills": kills})

    def close(self) -> None:
        """End it, with every program that still runs."""
        with self._lock, suppress(OSError):
            assert self._process.stdin is not None
            self._process.stdin.close()
        self._process.wait()
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _send(self, order: Mapping[str, Any]) -> None:
        data = json.dumps(order).encode() + b"\n"
        with self._lock, suppress(OSError, ValueError):  # a nursery that has gone says so of each program
            assert self._process.stdin is not None
            self._process.stdin.write(data)
            self._process.stdin.flush()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said = json.loads(line)
            self._tell(said.pop("task"), said)
        while self._hearers:
            with suppress(IndexError):
                self._tell(next(iter(self._hearers)), {"error": "the process that starts programs has been killed"})

    def _tell(self, number: int, said: Said) -> None:
        with self._lock:
            hear = self._hearers.get(number)
            if "code" in said or "error" in said:
                self._hearers.pop(number, None)
        if hear is not None:
            hear(said)
