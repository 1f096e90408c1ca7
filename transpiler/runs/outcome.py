"""An execution of a task → how it went: its phase and what it says, whatever the compiler has put around it."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from transpiler.argo.phases import OF_A_TASK
from transpiler.plan.argo_objects import Node
from transpiler.runs.found import Execution
from transpiler.runs.nodes import FAILED, is_over, mapping, seconds, text
from transpiler.runs.states import Item, Try

MOST_TEXT: Final = 1000
"""Characters of a text that is kept."""
MOST_TRIES: Final = 100
"""The last tries of a task, which are kept."""
_OF_A_CHILD: Final = "child '"
"""How Argo starts the message of steps that failed since a step in them did."""
_EARLIER: Final = "original pod: "
"""How Argo starts the message of a node that `argo resubmit --memoized` has taken from an earlier run."""


class Outcome(Struct, frozen=True):
    """How an execution went."""

    phase: str
    message: str
    started: str
    finished: str
    seconds: float | None
    tries: tuple[Try, ...]
    is_cached: bool
    is_suspended: bool
    because: str


def outcome_of(execution: Execution, *, has_ended: bool) -> Outcome:
    """How an execution went, in a run that has ended or not."""
    own, around = execution.inner or execution.node, execution.node
    nodes = [each for each in (execution.last_try, own, around) if each is not None]
    is_reused = text(around.get("message")).startswith(_EARLIER)
    phase = "Succeeded" if is_reused else _phase(around, execution.inner, has_ended=has_ended)
    message = "" if is_reused else _message(phase, nodes, execution.below)
    return Outcome(
        phase,
        message,
        cut(text(around.get("startedAt"))),
        cut(text(around.get("finishedAt"))),
        None if phase in {"Skipped", "Omitted"} else seconds(around),
        tuple(_try(number, execution.tries[number]) for number in sorted(execution.tries)[-MOST_TRIES:]),
        is_reused or any(mapping(each.get("memoizationStatus")).get("hit") is True for each in nodes),
        any(each.get("type") == "Suspend" and each.get("phase") == "Running" for each in (*nodes, *execution.below)),
        _because(phase, own),
    )


def item_of(execution: Execution, outcome: Outcome) -> Item:
    """An execution as an item of loops."""
    items = " / ".join(execution.items)
    return Item(
        execution.at,
        cut(items),
        outcome.phase,
        outcome.message,
        outcome.seconds,
        outcome.is_cached,
        len(execution.tries),
    )


def phase_of(node: Node) -> str:
    """The phase of a node; one that Argo does not have counts as one that has not begun."""
    phase = node.get("phase")
    return phase if isinstance(phase, str) and phase in OF_A_TASK else "Pending"


def _phase(around: Node, inner: Node | None, *, has_ended: bool) -> str:
    """The task itself decides, unless the DAG around it has a failure of its own, or goes on."""
    outer = phase_of(around)
    is_left_behind = has_ended and not is_over(around)
    return phase_of(inner) if inner is not None and (outer == "Succeeded" or is_left_behind) else outer


def _message(phase: str, nodes: list[Node], below: list[Node]) -> str:
    """What the innermost says that has the phase: those around it say that it failed."""
    if phase in FAILED:
        nodes = [*(each for each in below if each.get("phase") in FAILED and each.get("type") == "Pod"), *nodes]
    said = [text(each.get("message")) for each in nodes if phase_of(each) == phase or phase_of(each) in FAILED]
    own = [each for each in said if each and not each.startswith(_OF_A_CHILD)]
    return cut(next(iter((*own, *filter(None, said))), ""))


def _try(number: int, node: Node) -> Try:
    code = text(mapping(node.get("outputs")).get("exitCode"))
    return Try(number + 1, phase_of(node), cut(text(node.get("message"))), seconds(node), cut(code))


def _because(phase: str, node: Node) -> str:
    if phase == "Omitted":
        return "depends"
    if phase != "Skipped":
        return ""
    return "no items" if "empty params" in text(node.get("message")) else "when"


def cut(said: str) -> str:
    """A text that is not too long, and that can be written: JSON may have halves of characters."""
    short = said if len(said) <= MOST_TEXT else f"{said[: MOST_TEXT - 1]}…"
    return short if short.isascii() else short.encode("utf-8", "replace").decode("utf-8")
