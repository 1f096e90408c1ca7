"""How often lines cross: never in graphs that can be drawn without, and much less than in the order of the input."""

from __future__ import annotations

from itertools import combinations, pairwise
from random import Random

import pytest

from tests.layout.drawings import flat, layered
from transpiler.layout.arrange import arranged
from transpiler.layout.arrangement import Arrangement


def crossings(arrangement: Arrangement, *, is_sorted: bool = False) -> int:
    """Crossings in the whole drawing, counted pair by pair; or as if each row had the order of the input."""
    steps: set[tuple[int, int]] = set()
    for strand in arrangement.strands:
        for top, label, first, last, bottom in strand.pieces:
            bends = range(first, last + 1) if first >= 0 else ()
            steps |= set(pairwise([each for each in (top, label, *bends, bottom) if each >= 0]))
    found = 0
    for floor in arrangement.floors:
        for part in floor.parts:
            for upper, lower in pairwise([sorted(row) if is_sorted else row for row in part]):
                at = {item: place for row in (upper, lower) for place, item in enumerate(row)}
                between = [(at[one], at[other]) for one, other in steps if one in upper and other in lower]
                found += sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(between, 2))
    return found


def tree(seed: int) -> list[tuple[int, int]]:
    chance = Random(seed)
    return [(chance.randrange(max(0, number - 12), number), number) for number in range(1, 60)]


@pytest.mark.parametrize("seed", range(10))
def test_trees_have_no_crossings(seed: int) -> None:
    pairs = tree(seed)
    assert crossings(arranged(flat(60, pairs))) == 0
    assert crossings(arranged(flat(60, [(59 - child, 59 - parent) for parent, child in pairs]))) == 0


LADDER = [pair for at in range(12) for pair in ((at, at + 1), (20 + at, 21 + at), (at, 21 + at))]
DIAMONDS = [pair for at in range(0, 36, 4) for way in (1, 2, 3) for pair in ((at, at + way), (at + way, at + 4))]
SHORT_CUTS = [(number, number + 1) for number in range(20)] + [(0, 20), (3, 15), (5, 9), (10, 14)]


@pytest.mark.parametrize("pairs", [LADDER, DIAMONDS, SHORT_CUTS])
def test_planar_graphs_have_no_crossings(pairs: list[tuple[int, int]]) -> None:
    count = 1 + max(map(max, pairs))
    numbers = list(range(count))
    Random(1).shuffle(numbers)
    for order in (list(range(count)), numbers):
        assert crossings(arranged(flat(count, [(order[one], order[other]) for one, other in pairs]))) == 0


def test_random_graphs_cross_much_less_than_in_the_order_of_the_input() -> None:
    found = before = 0
    for seed in range(5):
        arrangement = arranged(layered(80, 120, seed))
        found += crossings(arrangement)
        before += crossings(arrangement, is_sorted=True)
    assert 0 < found < before / 3
