"""Graphs of tasks by name and size, and manifests of them. Each graph: for each task, the earlier ones it waits for."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from math import isqrt
from typing import Final

Graph = list[list[int]]

COMPONENT: Final = """\
components:
  work:
    inputs: [{name: a}, {name: b}]
    outputs: [{name: o}]
    implementation:
      container: {image: 'alpine:3', command: [work, {inputValue: a}, {inputValue: b}, {outputPath: o}]}
"""


def chain(count: int) -> Graph:
    """One task behind the other."""
    return [[number - 1] if number else [] for number in range(count)]


def chains(count: int) -> Graph:
    """As many chains as they are long."""
    width = isqrt(count)
    return [[number - width] if number >= width else [] for number in range(count)]


def fan(count: int) -> Graph:
    """One task, and all others behind it."""
    return [[0] if number else [] for number in range(count)]


def fan_in(count: int) -> Graph:
    """All tasks but one, and that one behind them."""
    return [*([] for _ in range(count - 1)), list(range(count - 1))]


def diamond(count: int) -> Graph:
    """One task, as many chains as they are long, and one task behind them."""
    middle = chains(count - 2)
    width = isqrt(count - 2)
    last = range(len(middle) - width + 1, len(middle) + 1)
    return [[], *([each + 1 for each in others] or [0] for others in middle), list(last)]


def grid(count: int) -> Graph:
    """Each task behind the one above and the one to the left."""
    width = isqrt(count)
    return [
        [*([number - width] if number >= width else []), *([number - 1] if number % width else [])]
        for number in range(count)
    ]


def scattered(count: int) -> Graph:
    """Each task behind two random earlier ones."""
    chance = random.Random(1)
    return [sorted(chance.sample(range(number), min(number, 2))) for number in range(count)]


def near(count: int) -> Graph:
    """Each task behind two random ones of the thirty before it."""
    chance = random.Random(1)
    return [sorted(chance.sample(range(max(0, number - 30), number), min(number, 2))) for number in range(count)]


def layers(count: int) -> Graph:
    """Layers as wide as there are many, each task behind two random ones of the layer before."""
    width, chance = isqrt(count), random.Random(1)
    starts = (number // width * width for number in range(count))
    return [sorted(chance.sample(range(start - width, start), 2)) if start else [] for start in starts]


def tree(count: int) -> Graph:
    """A binary tree, from its root."""
    return [[(number - 1) // 2] if number else [] for number in range(count)]


def rounds(count: int) -> Graph:
    """Thirty chains of three and a task behind them, again and again."""
    found: Graph = []
    while len(found) < count:
        start = len(found)
        for number in range(90):
            found.append([start + number - 1] if number % 3 else [start - 1] if start else [])
        found.append([start + number for number in range(2, 90, 3)])
    return found


SHAPES: Final[dict[str, Callable[[int], Graph]]] = {
    "chain": chain,
    "chains": chains,
    "fan": fan,
    "fan-in": fan_in,
    "diamond": diamond,
    "rounds": rounds,
    "tree": tree,
    "near": near,
    "layers": layers,
    "grid": grid,
    "random": scattered,
}


def manifest(name: str, graph: Sequence[Sequence[int]], *, by_value: bool) -> str:
    """A pipeline of one component; values come from the first two that a task waits for, or from none of them."""
    tasks = []
    for number, others in enumerate(graph):
        values = [f"${{{{ tasks.t{other}.output }}}}" for other in others[:2]] if by_value else []
        a, b = [*values, "1", "2"][:2] if len(values) != 1 else [values[0], "2"]
        rest = others[len(values) :]
        after = f"\n    after: [{', '.join(f't{other}' for other in rest)}]" if rest else ""
        tasks.append(f'  t{number}:\n    component: work\n    arguments: {{a: "{a}", b: "{b}"}}{after}\n')
    return f"name: {name}\n{COMPONENT}tasks:\n{''.join(tasks)}"
