"""How far each task is from the start of its frame."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from transpiler.graph.line import Line
from transpiler.graph.model import Graph
from transpiler.graph.tree import Tree


def levels_of(graph: Graph, lines: Iterable[Line]) -> dict[str, int]:
    """How many tasks of its frame come before each node, at most: the longest way. Cycles are cut where they close."""
    tree = Tree(graph)
    after, waits = defaultdict[str, set[str]](set), Counter[str]()
    for line in lines:
        pair = tree.siblings(line.source, line.target)
        if pair is not None and pair[1] not in after[pair[0]]:
            after[pair[0]].add(pair[1])
            waits[pair[1]] += 1
    levels = dict.fromkeys((node.id for node in graph.nodes), 0)
    ready = [name for name in levels if not waits[name]]
    left = [name for name in reversed(levels) if waits[name]]
    done = set(ready)
    while ready or left:
        if not ready:
            cut = left.pop()
            if cut in done:
                continue
            ready.append(cut)
            done.add(cut)
        name = ready.pop()
        for each in sorted(after[name]):
            levels[each] = max(levels[each], levels[name] + 1) if each not in done else levels[each]
            waits[each] -= 1
            if not waits[each] and each not in done:
                ready.append(each)
                done.add(each)
    return levels
