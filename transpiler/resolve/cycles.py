"""The order of tasks, and the cycles that leave them without one. Never enumerates all cycles: there are too many.

networkx takes longer to import than most pipelines take to compile, so it is asked only where there is a cycle.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from transpiler.diagnostics import Related, Report, Span
from transpiler.resolve.graph import topological

if TYPE_CHECKING:
    import networkx as nx

Edges = dict[tuple[str, str], Span]
"""(producer, consumer) → where the consumer names the producer."""


MAX_SHOWN: Final = 12


def report_cycles(tasks: list[str], edges: Edges, report: Report) -> list[str]:
    """Tasks in lexicographic topological order; in file order, when cycles make that impossible.

    Each group of tasks that wait for each other is reported once, by its shortest cycle through the task that
    stands first in the file.
    """
    waits_for: dict[str, set[str]] = {task: set() for task in tasks}
    for producer, consumer in edges:
        waits_for[consumer].add(producer)
    order = in_order(waits_for)
    if len(order) == len(tasks):
        return order
    import networkx as nx  # noqa: PLC0415 - see above

    graph: nx.DiGraph[str] = nx.DiGraph(list(edges))
    rank = {task: place for place, task in enumerate(tasks)}
    knots = [
        knot for knot in nx.strongly_connected_components(graph) if len(knot) > 1 or _waits_for_itself(knot, edges)
    ]
    for knot in knots:
        _report(_shortest_cycle(graph, min(knot, key=rank.__getitem__), knot), edges, report)
    return tasks


def in_order(waits_for: Mapping[str, Iterable[str]]) -> list[str]:
    """Tasks in lexicographic topological order; without those of cycles, and what is behind them."""
    names = sorted(waits_for)
    rank = {name: place for place, name in enumerate(names)}
    return [names[place] for place in topological([{rank[other] for other in waits_for[name]} for name in names])]


def condensed(nodes: Iterable[int], edges: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Each node → the first of those that it is in a circle with."""
    import networkx as nx  # noqa: PLC0415 - see above

    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(edges)
    return {node: min(knot) for knot in nx.strongly_connected_components(graph) for node in knot}


def _waits_for_itself(knot: set[str], edges: Edges) -> bool:
    task = next(iter(knot))
    return (task, task) in edges


def _shortest_cycle(graph: nx.DiGraph[str], first: str, knot: set[str]) -> list[str]:
    """The shortest way from `first` back to it, breadth first, neighbours by name."""
    came_from: dict[str, str] = {}
    waiting = deque([first])
    while waiting:
        task = waiting.popleft()
        for following in sorted(graph.successors(task)):
            if following == first:
                return _way_back(task, first, came_from)
            if following in knot and following not in came_from:
                came_from[following] = task
                waiting.append(following)
    return [first]


def _way_back(last: str, first: str, came_from: dict[str, str]) -> list[str]:
    way = [last]
    while way[-1] != first:
        way.append(came_from[way[-1]])
    return way[::-1]


def _report(cycle: list[str], edges: Edges, report: Report) -> None:
    """Report a cycle at the first task's own use of another."""
    pairs = list(zip([cycle[-1], *cycle[:-1]], cycle, strict=True))
    (producer, consumer), *others = pairs
    if len(cycle) == 1:
        report.error(
            "cycle",
            f"task `{consumer}` waits for itself",
            edges[producer, consumer],
            "remove this reference",
        )
        return
    related = tuple(Related(f"`{user}` uses `{used}` here", edges[used, user]) for used, user in others)
    shown = [f"`{task}`" for task in [*cycle, cycle[0]]]
    way = " → ".join(shown if len(shown) <= MAX_SHOWN else [*shown[:5], f"{len(shown) - 7} more", *shown[-2:]])
    report.error(
        "cycle",
        f"tasks wait for each other: {way}",
        edges[producer, consumer],
        "remove one of these references",
        related,
    )
