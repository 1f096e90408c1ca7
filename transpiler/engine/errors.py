"""Why a call comes to nothing, or has to wait: what Argo's functions return beside a node."""

from __future__ import annotations

from transpiler.engine.nodes import NodeState


class CallError(Exception):
    """A node could not run; the message is Argo's. Who called it ends with the phase Error."""


class BlockedError(Exception):
    """A limit of parallelism is reached: `node` stays as it is, None if it is not there yet.

    `is_whole`: it is the limit of the whole run.
    """

    def __init__(self, node: NodeState | None, *, is_whole: bool = False) -> None:
        super().__init__("Max parallelism reached")
        self.node, self.is_whole = node, is_whole


class TooDeepError(Exception):
    """Templates call each other too deep."""

    def __init__(self) -> None:
        super().__init__("max depth exceeded")


class TimedOutError(Exception):
    """A node waited longer than its `timeout`."""

    def __init__(self) -> None:
        super().__init__("timeout")


class RequeueError(Exception):
    """A variable is not there yet: the task is looked at again."""
