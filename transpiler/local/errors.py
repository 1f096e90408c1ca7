"""What keeps a run from starting or going on. The texts are for users."""

from __future__ import annotations


class RunError(Exception):
    """A run that cannot start, or not go on; nothing that it has done is lost."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
