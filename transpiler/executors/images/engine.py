"""docker or podman as a program: a call, its words, what it prints."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from typing import IO, Final

from transpiler.executors.errors import TaskError, reason

_SHOWN: Final = 500
_CALL: Final = 120.0
PULL: Final = 3600.0
"""Seconds for a call that may fetch an image."""


def in_one_line(said: bytes) -> str:
    """The end of what a program says of an error."""
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines()]
    plain = [line.removeprefix("Error: ").removeprefix("Error response from daemon: ") for line in lines if line]
    return "; ".join(plain)[-_SHOWN:]


class Engine:
    """A program with the command line of docker. Calls raise TaskError with its own words."""

    def __init__(self, name: str, path: str) -> None:
        self.name, self.path = name, path

    def call(
        self,
        *words: str,
        stdin: IO[bytes] | None = None,
        environment: Mapping[str, str] | None = None,
        seconds: float | None = _CALL,
    ) -> str:
        """Run a command to its end; what it prints."""
        try:
            done = subprocess.run(  # noqa: S603 - a list of words, no shell
                [self.path, *words],
                stdin=subprocess.DEVNULL if stdin is None else stdin,
                capture_output=True,
                check=False,
                timeout=seconds,
                env={**os.environ, **environment} if environment else None,
                start_new_session=True,  # Ctrl-C is for us
            )
        except subprocess.TimeoutExpired:
            raise TaskError(f"`{self.name} {words[0]}` has not ended after {seconds:g} seconds") from None
        except (OSError, ValueError) as error:
            why = reason(error) if isinstance(error, OSError) else "a word of it is invalid"
            raise TaskError(f"`{self.name} {words[0]}` cannot be run: {why}") from error
        if done.returncode != 0:
            said = in_one_line(done.stderr)
            raise TaskError(f"{self.name} {words[0]}: {said or f'exit code {done.returncode}'}")
        return done.stdout.decode("utf-8", "replace").strip()

    def remove(self, *containers: str) -> None:
        """Remove containers, whatever they do, with the volumes that only they have."""
        at_once = ["--time", "0"] if self.name == "podman" else []  # it waits ten seconds for a program to end
        self.call("rm", "--force", "--volumes", *at_once, *containers)

    def started(self, words: Sequence[str]) -> subprocess.Popen[bytes]:
        """Start a command whose output somebody reads. Raises TaskError."""
        try:
            return subprocess.Popen(  # noqa: S603 - see above
                [self.path, *words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise TaskError(f"`{self.name} {words[0]}` cannot be run: {reason(error)}") from error
