"""Starting other programs: a list of words, no shell, a time limit, an end for whatever they start.

Everything that starts a program does so here, but for `fetch`, which shuts git off from the user's settings, and
`executors`, which run those of tasks.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

MAX_OUTPUT: Final = 64 * 1024 * 1024
"""As many bytes of an output are looked at."""
_MAX_ERRORS: Final = 64 * 1024


class ProgramError(Exception):
    """A program that cannot be started, or does not end in time. The text says why."""


class Done(Struct, frozen=True):
    """The result of a program. Both texts come from elsewhere: print them through `report.safe`."""

    code: int
    output: bytes
    errors: str

    @property
    def text(self) -> str:
        """The output as text."""
        return self.output.decode("utf-8", "replace")


def find(name: str) -> str | None:
    """The path of a program on PATH; None if there is none. A program of the working folder is not looked for."""
    found = shutil.which(name)
    return found if found is not None and Path(found).is_absolute() else None


def run(
    command: Sequence[str],
    *,
    stdin: bytes = b"",
    seconds: float,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Done:
    """Run a program with the user's environment and these variables, to its end. Raises ProgramError.

    It gets a group of its own: Ctrl-C reaches us alone, and what it has started ends with it.
    """
    try:
        process = subprocess.Popen(  # noqa: S603 - a list of words, no shell
            [*command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env={**os.environ, **environment} if environment else None,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name or an argument is invalid"
        raise ProgramError(f"cannot run `{command[0]}`: {reason}") from error
    try:
        output, errors = process.communicate(stdin, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise ProgramError(f"`{Path(command[0]).name}` has not ended after {seconds:g} seconds") from None
    finally:
        end(process)
    return Done(process.returncode, output[:MAX_OUTPUT], errors[:_MAX_ERRORS].decode("utf-8", "replace"))


def end(process: subprocess.Popen[bytes]) -> None:
    """End a program that was started with a group of its own, and what it has started."""
    if process.poll() is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (AttributeError, OSError):  # no process groups on Windows
            process.kill()
        process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            stream.close()
