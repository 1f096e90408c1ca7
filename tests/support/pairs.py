"""Combinations of ways, in which every two ways stand together once at least."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, product

Ways = Mapping[str, Sequence[str]]
Chosen = dict[str, str]


def pairwise(ways: Ways, is_possible: Callable[[Chosen], bool] = lambda _: True) -> list[Chosen]:
    """Combinations in which every two values of different ways stand together once at least, where they can."""
    chance = random.Random(12)
    missing, found = all_pairs(ways), list[Chosen]()
    while missing:
        wanted = min(map(sorted, missing))
        tried = [each for _ in range(30) if is_possible(each := _with(wanted, ways, chance))]
        best = max(tried, key=lambda each: len(pairs_of(each) & missing), default=None)
        missing -= pairs_of(best) if best is not None else {frozenset(wanted)}
        found += [best] if best is not None else []
    return found


def all_pairs(ways: Ways) -> set[frozenset[tuple[str, str]]]:
    """Every two values of different ways."""
    return {
        frozenset([(one, a), (other, b)])
        for one, other in combinations(ways, 2)
        for a, b in product(ways[one], ways[other])
    }


def pairs_of(chosen: Chosen) -> set[frozenset[tuple[str, str]]]:
    """The pairs of a combination."""
    return {frozenset(pair) for pair in combinations(chosen.items(), 2)}


def _with(pair: list[tuple[str, str]], ways: Ways, chance: random.Random) -> Chosen:
    return {name: chance.choice(values) for name, values in ways.items()} | dict(pair)
