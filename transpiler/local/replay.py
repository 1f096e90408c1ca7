"""What a run did, from its journal."""

from __future__ import annotations

from msgspec import Struct

from transpiler.engine.engine import Engine
from transpiler.engine.protocol import Began, Ended, Pod, Start
from transpiler.local.folder import Kept, Plan, RunFolder
from transpiler.local.journal import read_journal


class Replayed(Struct):
    """A run as far as its journal tells."""

    engine: Engine
    pods: dict[str, Pod]
    """All that were ordered, by node."""
    ends: dict[str, Ended]
    taken_over: dict[str, Kept]
    """The ends of earlier attempts and runs that counted, by node: no program of theirs began."""
    is_over: bool = False


def replayed(folder: RunFolder, plan: Plan) -> Replayed:
    """The last attempt of a run. Raises RunError, and RefusedError for one that another version has made."""
    found = Replayed(Engine(plan.objects, plan.arguments, plan.info), {}, {}, {})
    began: set[str] = set()
    for step in read_journal(folder.journal):
        began |= {event.node for event in step.events if isinstance(event, Began)}
        found.ends |= {event.node: event for event in step.events if isinstance(event, Ended)}
        orders = found.engine.step(step.events, step.now)
        found.pods |= {order.pod.node: order.pod for order in orders.orders if isinstance(order, Start)}
        found.is_over = orders.has_ended
    kept = folder.kept()
    found.taken_over = {node: kept[node] for node in found.ends if node in kept and node not in began}
    return found
