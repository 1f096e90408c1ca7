"""A node that is tried again: the node around its tries, when the next one starts, and when there is none.

Only the controller's order of questions decides: result, end of the run, waiting, policy, limit, expression.
"""

from __future__ import annotations

from typing import Any, Final

from msgspec import Struct

from transpiler.engine import gojson, texts
from transpiler.engine.errors import CallError
from transpiler.engine.nodes import NodeState
from transpiler.engine.run import NEVER, Run
from transpiler.engine.texts import TagError
from transpiler.engine.times import duration, in_go
from transpiler.plan.argo_objects import Node

_TRANSIENT: Final = (
    "Connection closed by foreign host",
    "net/http: TLS handshake timeout",
    "i/o timeout",
    "connection timed out",
    "connection reset by peer",
    "http2: client connection lost",
    "http2: server sent GOAWAY and closed the connection",
    "connect: connection refused",
    "invalid connection",
    "etcdserver: leader changed",
    "etcdserver: request timed out",
    "etcdserver: too many requests",
)
_LONGEST: Final = float(2**63) / 1e9
"""Go counts in nanoseconds of 64 bits."""
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


class Next(Struct, frozen=True):
    """What comes after a look at the tries: wait, or go on; `deadline` is that of the next pod."""

    goes_on: bool = True
    deadline: float = NEVER


def strategy_of(run: Run, template: Node) -> Node | None:
    """How a template is tried again; an empty one counts too."""
    found = template.get("retryStrategy")
    return run.spec.get("retryStrategy") if found is None else found


def tries_of(run: Run, node: NodeState) -> list[NodeState]:
    """The tries of a node, in their order."""
    return [each for each in run.nodes.children(node) if each.is_try]


def policy_of(strategy: Node) -> str:
    """The policy that holds: an expression alone decides about all failures."""
    return str(strategy.get("retryPolicy") or ("Always" if strategy.get("expression") else "OnFailure"))


def look(run: Run, node: NodeState, strategy: Node) -> Next:
    """Ends a node with its last try, or says whether a new try may start. Raises CallError."""
    tries = tries_of(run, node)
    if node.is_over or not tries or not tries[-1].is_over:
        return Next()
    last = tries[-1]
    if not last.has_failed:
        node.outputs = last.outputs
        run.mark(node, "Succeeded")
        return Next()
    if run.shutdown.how or run.now > run.deadline:
        message = f"retry exceeded workflow deadline {in_go(run.deadline)}" if not run.shutdown.how else ""
        run.mark(node, last.phase, message or f"Stopped with strategy '{run.shutdown.how}'")
        return Next()
    next_, is_decided = _backoff(run, node, strategy, tries) if strategy.get("backoff") else (Next(), False)
    if not is_decided:
        _decide(run, node, strategy, tries)
    return next_


def _backoff(run: Run, node: NodeState, strategy: Node, tries: list[NodeState]) -> tuple[Next, bool]:
    """How long to wait, and whether that decides already."""
    backoff, last = strategy["backoff"], tries[-1]
    until = NEVER
    if backoff.get("maxDuration"):
        until = tries[0].started + duration(str(backoff["maxDuration"]))
        if run.now > until:
            run.mark(node, last.phase, "Max duration limit exceeded")
            return Next(), True
    if not backoff.get("duration"):
        raise CallError("no base duration specified for retryStrategy")
    wait = _wait(backoff, len(tries))
    due = (last.finished or run.now) + wait
    if due > until:
        run.mark(node, last.phase, "Backoff would exceed max duration limit")
        return Next(), True
    limit = strategy.get("limit")
    if run.now < due and limit is not None and len(tries) <= _limit(limit):
        run.due(due)
        run.later(node)
        run.mark(node, node.phase, f"Backoff for {in_words(wait)}")
        return Next(goes_on=False), True
    run.mark(node, node.phase, "")
    return Next(deadline=until), False


def _wait(backoff: Node, tries: int) -> float:
    wait = duration(str(backoff["duration"]))
    factor = _limit(backoff.get("factor") or 0)
    if factor > 0:
        wait = min(wait * factor ** min(tries - 1, 1000), _LONGEST)
    return min(wait, duration(str(backoff["cap"]))) if backoff.get("cap") else wait


def _limit(limit: object) -> int:
    try:
        return int(str(limit))
    except ValueError as error:
        raise CallError(f'strconv.ParseInt: parsing "{limit}": invalid syntax') from error


def _decide(run: Run, node: NodeState, strategy: Node, tries: list[NodeState]) -> None:
    last = tries[-1]
    if not _is_retried(policy_of(strategy), last):
        run.mark(node, last.phase, last.message)
    elif strategy.get("limit") is not None and len(tries) > _limit(strategy["limit"]):
        run.mark(node, last.phase, "No more retries left")
    elif strategy.get("expression") and not _wants(strategy["expression"], tries):
        run.mark(node, last.phase, "retryStrategy.expression evaluated to false")


def _is_retried(policy: str, last: NodeState) -> bool:
    if policy == "Always":
        return True
    if policy == "OnTransientError":
        return any(each in last.message for each in _TRANSIENT)
    wanted = {"OnError": "Error", "OnFailure": "Failed"}.get(policy)
    if wanted is None:
        raise CallError(f"{policy} is not a valid RetryPolicy")
    return last.phase == wanted


def _wants(expression: str, tries: list[NodeState]) -> bool:
    last = tries[-1]
    scope = {
        "retries": str(len(tries) - 1),
        "lastRetry.exitCode": (last.outputs or {}).get("exitCode") or "-1",
        "lastRetry.status": last.phase,
        "lastRetry.duration": seconds(last),
        "lastRetry.message": last.message,
    }
    try:
        return texts.is_true(expression, scope)
    except TagError as error:
        raise CallError(str(error)) from error


def variables(number: int, last: NodeState | None) -> dict[str, str]:
    """What a try knows of itself and of the one before."""
    found: dict[str, Any] = {"retries": str(number), "lastRetry.exitCode": "0", "lastRetry.duration": "0"}
    found |= {"lastRetry.status": "", "lastRetry.message": ""}
    if last is not None:
        code = (last.outputs or {}).get("exitCode")
        found |= {"lastRetry.exitCode": code} if code is not None else {}
        found |= {"lastRetry.status": last.phase, "lastRetry.message": last.message}
        found["lastRetry.duration"] = seconds(last)
    return found


def seconds(node: NodeState) -> str:
    """How long a node took, as a text."""
    return gojson.number(round(max(0.0, (node.finished or node.started) - node.started), 9))


def in_words(wait: float) -> str:
    """A duration for people, in at most two units: `1 minute 30 seconds`."""
    whole = int(wait)
    if whole < _MINUTE:
        return _unit(whole, "second") if whole else "0 seconds"
    if whole < _HOUR:
        return f"{_unit(whole // _MINUTE, 'minute')} {whole % _MINUTE} seconds"
    if whole < _DAY:
        return f"{_unit(whole // _HOUR, 'hour')} {whole // _MINUTE % 60} minutes"
    return f"{_unit(whole // _DAY, 'day')} {whole // _HOUR % 24} hours"


def _unit(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"
