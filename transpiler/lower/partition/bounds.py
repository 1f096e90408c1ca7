"""The constraints of a split: tasks that stay in the DAG itself, and tasks that stay together.

There is more than one way to that. A task that others ask for can stay apart, where every part can ask: then all runs
exactly as it would in one DAG. Where those are too many, they stay together with who asks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from msgspec import Struct

from transpiler.lower.partition.ties import (
    TaskUses,
    Tie,
    asked_and_needed,
    asked_behind_others,
    asked_in_spite,
    ends_in_spite,
    kept_apart,
    left_out_with,
    may_be_left_out,
    omissions,
    results_asked,
    settled,
    values_asked,
    waited_for_by,
)
from transpiler.resolve.closure import closed
from transpiler.resolve.scope import Scope

FEW_APART: Final = 20
"""So many tasks stay in the DAG itself before it is tried to keep them together with those that ask for them."""
MOST_APART: Final = 120

Kind = tuple[int, int]
"""Two bit sets: tasks whose omission omits this one, and tasks omitted when this one fails."""


class Bound(Struct, frozen=True):
    """Tasks that stay apart, and blocks that stay together."""

    apart: frozenset[str]
    blocks: tuple[tuple[str, ...], ...]
    kinds: Mapping[str, Kind]
    """A part may contain only tasks of one kind: either all of it is omitted, or nothing of it."""


def bounds(scope: Scope, uses: Mapping[str, TaskUses], largest: int) -> Iterator[Bound]:
    """The constraints that preserve the meaning of a scope, best first. `largest` is the maximum size of a block."""
    values, asked, in_spite = list(values_asked(scope, uses)), results_asked(scope), asked_in_spite(scope)
    must = kept_apart(scope).union(ends_in_spite(scope, uses), *((tie.task, tie.other) for tie in in_spite))
    if len(must) > MOST_APART:
        return
    apart = must.union(*((tie.task, tie.other) for tie in asked))
    ahead = waited_for_by({tie.other for tie in in_spite} | asked_behind_others(scope, uses), scope)
    tries = [(apart, values, MOST_APART)]
    if asked:
        together = [*values, *asked, *omissions(scope, uses)]
        tries = [(apart, values, FEW_APART + len(must)), (must, together, MOST_APART), *tries]
    maybe, known = may_be_left_out(scope, uses), asked_and_needed(scope, uses)

    def kinds(apart: set[str]) -> dict[str, Kind]:
        behind = left_out_with(maybe & apart | known, scope, uses)
        return {name: (behind[name], ahead[name]) for name in scope.calls}

    for kept, ties, limit in tries:
        bound = _bound(scope, kept, ties, kinds, min(limit, MOST_APART), largest)
        if bound is not None:
            yield bound


def _bound(
    scope: Scope,
    apart: set[str],
    ties: list[Tie],
    kinds_of: Callable[[set[str]], dict[str, Kind]],
    limit: int,
    largest: int,
) -> Bound | None:
    """Ties made blocks. Where a block cannot be, the tasks that it is for stay apart; None when those are too many."""
    while len(apart) <= limit:
        apart, left = settled(apart, ties)
        blocks, kinds = closed(((tie.task, tie.other) for tie in left), scope), kinds_of(apart)
        bad = {
            task
            for block in blocks
            if len(block) > largest or len({kinds[each] for each in block}) > 1 or not apart.isdisjoint(block)
            for task in block
        }
        if not bad:
            return Bound(frozenset(apart), tuple(map(tuple, blocks)), kinds)
        asked = Counter(tie.other for tie in left if tie.task in bad)
        most = max(asked.values())
        apart |= {task for task, times in asked.items() if times * 2 > most}  # those that keep most tasks together
    return None
