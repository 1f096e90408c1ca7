"""`python -m benchmarks.size`: what graphs of 1,000, 5,000 and 10,000 tasks become.

For each shape, with values between tasks and with their order alone: the bytes a task of JSON, as the cluster stores
it, and of YAML, as it is written; how many objects hold them; and how long the whole takes as it is nested, as a
multiple of what one DAG without limits would take: where all tasks take equally long, and where many are short and few
are long. Nothing else of a run is simulated.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import yaml

from benchmarks.shapes import SHAPES, Graph, manifest
from tests.support.expand import Expansion, ends
from transpiler import compile_bytes
from transpiler.lower.partition.makespan import durations

COUNTS: Final = (1000, 5000, 10000)
LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Size(NamedTuple):
    """What a graph became."""

    json: float
    yaml: float
    objects: int
    equal: float
    mixed: float


def size(name: str, graph: Graph, *, by_value: bool) -> Size:
    """Compile a graph, and read what it became."""
    compilation = compile_bytes("pipeline.yaml", manifest(name, graph, by_value=by_value).encode(), Path.cwd())
    if compilation.text is None or compilation.budget is None:
        raise SystemExit(f"{name}: {compilation.diagnostics}")
    expansion = Expansion(list(yaml.load_all(compilation.text, LOADER)))
    budget = compilation.budget
    return Size(
        budget.total / len(graph),
        len(compilation.text.encode()) / len(graph),
        len(budget.objects),
        _longer(expansion, graph, [1] * len(graph)),
        _longer(expansion, graph, durations(len(graph), 3)),
    )


def _longer(expansion: Expansion, graph: Graph, took: Sequence[int]) -> float:
    """How long the nested DAGs take, as a multiple of what one would."""
    ended: list[int] = []
    for number, others in enumerate(graph):
        ended.append(took[number] + max((ended[other] for other in others), default=0))
    return ends(expansion.entry, _took(took)) / max(ended)


def _took(took: Sequence[int]) -> Callable[[str], int]:
    return lambda task: took[int(task.rpartition("/")[2].removeprefix("t"))]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, nargs="+", default=COUNTS)
    counts = parser.parse_args().tasks
    print("| shape | passes | tasks | JSON a task | YAML a task | objects | time, equal tasks | time, mixed tasks |")
    print("|---|---|--:|--:|--:|--:|--:|--:|")
    for name, shape in SHAPES.items():
        for by_value in (True, False):
            for count in counts:
                found = size(name, shape(count), by_value=by_value)
                passes = "values" if by_value else "nothing"
                cells = (
                    f"{found.json:.0f} B | {found.yaml:.0f} B | {found.objects} | {found.equal:.2f} | {found.mixed:.2f}"
                )
                print(f"| {name} | {passes} | {count:,} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
