"""What goes wrong around the program of a task: its phase is Error then, whatever the program did."""

from __future__ import annotations


class TaskError(Exception):
    """A task that cannot run here, or whose inputs or outputs are not as they have to be. The text says why."""


def reason(error: OSError) -> str:
    """The system's words for an error, without the paths of this machine."""
    return error.strerror or type(error).__name__
