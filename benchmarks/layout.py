"""`python -m benchmarks.layout`: how the time of a layout grows with the size of a drawing.

A drawing is layers of ten boxes, with twice as many lines, four fifths of them to the next layer. CPU milliseconds of
layers and order (`arranged`) and of coordinates and routes (`placed`), each the best of some turns in one process, and
between two sizes the exponent: 1 is proportional, 2 is the square.
"""

from __future__ import annotations

import argparse
import gc
import random
import time
from collections.abc import Callable, Sequence
from math import log

from transpiler.layout.arrange import arranged
from transpiler.layout.place import placed
from transpiler.layout.shapes import Box, Drawing, Line, Size

WIDTH = 10


def layered(count: int) -> Drawing:
    """So many boxes, in layers."""
    chance, lines = random.Random(1), []
    for number in range(2 * count):
        source = chance.randrange(count - WIDTH)
        span = 1 if chance.random() < 0.8 else chance.randint(1, 4)
        layer = min(source // WIDTH + span, (count - 1) // WIDTH)
        target = chance.randrange(layer * WIDTH, min(count, (layer + 1) * WIDTH))
        lines.append(Line(f"l{number}", f"b{source}", f"b{target}"))
    return Drawing(tuple(Box(f"b{number}", Size(120, 36)) for number in range(count)), tuple(lines))


def seconds(work: Callable[[], object], turns: int) -> float:
    """The CPU seconds that something takes."""
    best = float("inf")
    for _ in range(turns):
        gc.collect()
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def exponents(sizes: Sequence[int], took: Sequence[float]) -> list[str]:
    """Between each two sizes."""
    pairs = zip(sizes, took, sizes[1:], took[1:], strict=False)
    return ["", *(f"{log(later / first) / log(large / small):.2f}" for small, first, large, later in pairs)]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 300, 1000, 3000, 10000])
    parser.add_argument("--turns", type=int, default=3, help="times that each is measured, of which the best counts")
    given = parser.parse_args()
    first, second = [], []
    for size in given.sizes:
        drawing = layered(size)
        arrangement = arranged(drawing, "down")
        first.append(seconds(lambda drawing=drawing: arranged(drawing, "down"), given.turns))  # type: ignore[misc]
        second.append(seconds(lambda arrangement=arrangement: placed(arrangement), given.turns))  # type: ignore[misc]
    print("| boxes | arranged | exponent | placed | exponent |\n|--:|--:|--:|--:|--:|")
    rows = zip(given.sizes, first, exponents(given.sizes, first), second, exponents(given.sizes, second), strict=True)
    for size, one, grows, other, grows_too in rows:
        print(f"| {size:,} | {one * 1000:.0f} ms | {grows} | {other * 1000:.0f} ms | {grows_too} |")


if __name__ == "__main__":
    main()
