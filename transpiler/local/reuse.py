"""What a new run takes over of earlier ones of its pipeline, found out before anything runs.

The engine runs on paper: pods whose ends can be taken over have them at once, and nothing is known of what comes after
another one. There the newest end is a proposal, which counts in the run if nothing has changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from transpiler.engine.engine import Engine
from transpiler.engine.protocol import Ask, Event, Pod, RefusedError, Start, Woke
from transpiler.local.again import Made, changes
from transpiler.local.chosen import Way, is_beside, is_on, way_of
from transpiler.local.earlier import Earlier, Found
from transpiler.local.errors import RunError
from transpiler.local.folder import Kept, Plan, RunFolder, folders
from transpiler.local.titles import Titles
from transpiler.patterns import regex
from transpiler.runs.recorded import Recorded

_MOST_RUNS: Final = 20
_MOST_STEPS: Final = 100_000
_MOST_TOLD: Final = 5


class Reuse(Struct):
    """What a new run takes over."""

    kept: dict[str, Kept] = field(default_factory=dict)
    """The id of a node → its end."""
    why: dict[str, str] = field(default_factory=dict)
    """The id of a node → why it runs, though an earlier run has an end of it."""
    lacks: list[tuple[str, str]] = field(default_factory=list)
    """The titles of tasks that are not chosen and cannot be taken over, each with the reason."""


def lacking(lacks: Sequence[tuple[str, str]]) -> RunError:
    """The error for tasks that are not to run, and of which no end can be taken over: titles, each with the reason."""
    found = [f"  {title}: {why}" for title, why in lacks[:_MOST_TOLD]]
    more = [f"  and {len(lacks) - _MOST_TOLD} more"] if len(lacks) > _MOST_TOLD else []
    task = regex(r"\(.*\)|, try \d+|\.exit$").sub("", lacks[0][0].replace(" / ", "/"))
    hint = f"run all, or this and all that comes after it: --from {task}"
    return RunError("\n".join(["what these tasks yield is missing:", *found, *more]), hint)


def earlier_runs(home: Path, path: str) -> list[RunFolder]:
    """The runs of the manifest at a path that no process runs now, the newest first."""
    found: list[RunFolder] = []
    for folder in reversed(folders(home)):
        try:
            is_one = folder.plan().path == path and not folder.is_held()
        except RunError:
            continue
        if is_one:
            found.append(folder)
        if len(found) == _MOST_RUNS:
            break
    return found


def reuse(plan: Plan, runs: Iterable[RunFolder], chosen: Sequence[Way]) -> Reuse:
    """What a run takes over: all but the chosen tasks. No other task may run if the plan has only those.

    Raises RefusedError.
    """
    offers = _Offers(plan.info.name, runs)
    found, made = Reuse(), Made()
    engine = Engine(plan.objects, plan.arguments, plan.info)
    titles = Titles(Recorded(plan.names), engine.node)
    for pod, way in _reached(engine, found, plan.info.created):
        if is_on(way, chosen) or is_beside(way):
            continue
        kept, why = offers.best(pod, made)
        if kept is not None:
            found.kept[pod.node] = kept
            made.add(kept.end)
        else:
            found.why[pod.node] = why
            found.lacks.append((titles.of(pod.name), why))
    known = found.kept.keys() | found.why.keys()
    for node, offer in offers.newest(of_all=bool(plan.only)).items():
        if node not in known and not is_on(offer.way, chosen):
            found.kept[node] = offer.kept
    return found


class _Offers:
    """The ends that earlier runs have, the newest first; a run is read when the ones before it do not do."""

    def __init__(self, name: str, runs: Iterable[RunFolder]) -> None:
        self._name, self._waiting = name, iter(runs)
        self._read: list[dict[str, Found]] = []

    def _all(self) -> Iterator[dict[str, Found]]:
        yield from self._read
        for folder in self._waiting:
            try:
                self._read.append(Earlier(folder, folder.plan()).found(self._name))
            except (RunError, RefusedError):
                continue
            yield self._read[-1]

    def best(self, pod: Pod, made: Made) -> tuple[Kept | None, str]:
        """The newest end that counts for a pod; else why the newest does not."""
        first = ""
        for offers in self._all():
            offer = offers.get(pod.node)
            if offer is None:
                continue
            why = changes(offer.kept, pod, made)
            if not why:
                return offer.kept, ""
            first = first or f"{why} since the run {offer.kept.run}"
        return None, first or "no earlier run has an end of it that counts"

    def newest(self, *, of_all: bool) -> dict[str, Found]:
        """The newest end of each node; if not of all runs, then of those that were read, one at least."""
        found = dict(next(self._all(), {}))
        for offers in self._all() if of_all else self._read:
            found = {**offers, **found}
        return found


def _reached(engine: Engine, found: Reuse, now: float) -> Iterator[tuple[Pod, Way]]:
    """The pods that the engine orders, each with the way to it. One that is in `found.kept` afterwards has ended.

    Time passes for the waits between tries, and only while nothing else is to end: a deadline is not for paper.
    """
    events: list[Event] = []
    is_open = False
    for _ in range(_MOST_STEPS):
        orders = engine.step(events, now)
        events = []
        for order in orders.orders:
            if not isinstance(order, Start):
                is_open = is_open or isinstance(order, Ask)
                continue
            node = engine.node(order.pod.name)
            yield order.pod, way_of(node) if node is not None else ()
            kept = found.kept.get(order.pod.node)
            is_open = is_open or kept is None
            if kept is not None:
                events.append(replace(kept.end, at=now))
        if not events and orders.wake is not None and not (is_open or orders.has_ended):
            now = max(now, orders.wake)
            events = [Woke(now)]
        if not events:
            return
