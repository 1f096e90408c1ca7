"""`python -m benchmarks.graph`: what a picture costs beside the analysis of the manifest, from 100 to 10,000 tasks.

CPU time of this process, the best of several turns; the manifest is that of `tests/graph/manifests.py`.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import process_time
from typing import Any, Final

from tests.graph.manifests import many
from transpiler.analysis import Analysis, analyze_bytes
from transpiler.drawing.data import as_json
from transpiler.drawing.mermaid import mermaid
from transpiler.drawing.svg.picture import svg
from transpiler.graph.collect import graph_of

SIZES: Final = (100, 300, 1_000, 3_000, 10_000)
_TURNS: Final = 3


def main() -> None:
    """Print a table in Markdown."""
    print("| tasks | analysis | graph | SVG | Mermaid | JSON |")
    print("|--:|--:|--:|--:|--:|--:|")
    for size in SIZES:
        data = many(size).encode()
        analysis, read = _timed(partial(analyze_bytes, "pipeline.yaml", data, Path.cwd()))
        print(f"| {size:,} | {read:,.0f} ms | {' | '.join(f'{each:,.0f} ms' for each in _drawn(analysis))} |")


def _drawn(analysis: Analysis) -> list[float]:
    graph, made = _timed(partial(graph_of, analysis))
    return [made, *(_timed(partial(draw, graph))[1] for draw in (svg, mermaid, as_json))]


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """The result, and the least time in milliseconds."""
    times, result = [], None
    for _ in range(_TURNS):
        gc.collect()
        started = process_time()
        result = work()
        times.append((process_time() - started) * 1_000)
    return result, min(times)


if __name__ == "__main__":
    main()
