"""Whoever wants to know how a run goes on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from transpiler.engine.protocol import Ask, Ended, Pod
from transpiler.plan.argo_objects import Node


class Listener(Protocol):
    """Is told of a run, in the thread of the driver."""

    def goes_on(self, workflow: Node) -> None:
        """A run goes on, with this status."""
        ...

    def starts(self, pod: Pod, why: str) -> None:
        """A task starts; `why` says why it does so again, or is empty."""
        ...

    def ends(self, pod: Pod, end: Ended) -> None:
        """A task has ended."""
        ...

    def keeps(self, pod: Pod, run: str) -> None:
        """A task does not run: its end of an earlier attempt counts, or of an earlier `run`."""
        ...

    def status(self, workflow: Node) -> None:
        """The status was written."""
        ...

    def waits(self, asked: Sequence[Ask]) -> None:
        """Nothing runs, and somebody has to answer these."""
        ...

    def stopping(self) -> None:
        """The run was interrupted, and waits for the tasks that run."""
        ...
