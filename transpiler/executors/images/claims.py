"""Claims of tasks whose containers get copies of them: what one task writes to, no other one has at the same time."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


class Claims:
    """Folders and files that tasks hold, each for reading or for writing."""

    def __init__(self) -> None:
        self._held: list[Mapping[Path, bool]] = []
        self._changed = threading.Condition()

    @contextmanager
    def holding(self, wanted: Mapping[Path, bool]) -> Iterator[None]:
        """Wait until nobody holds what overlaps, and hold these paths; True: to write to it."""
        with self._changed:
            self._changed.wait_for(lambda: not any(_overlap(wanted, each) for each in self._held))
            self._held.append(wanted)
        try:
            yield
        finally:
            with self._changed:
                self._held = [each for each in self._held if each is not wanted]
                self._changed.notify_all()


def _overlap(wanted: Mapping[Path, bool], held: Mapping[Path, bool]) -> bool:
    """True if one of them writes to what the other one has, or to a part of it."""
    return any(
        (writes or is_written) and (one.is_relative_to(other) or other.is_relative_to(one))
        for one, writes in wanted.items()
        for other, is_written in held.items()
    )
