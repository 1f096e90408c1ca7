"""What of a graph the page shows when it opens, and what the layout needs to show the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from transpiler.drawing.svg.scene import INPUTS, MAX_LIGHT, Scene
from transpiler.graph.fold import Folding, Limits, Shown, alike, fitting
from transpiler.graph.lines import lines_of
from transpiler.graph.model import Graph
from transpiler.layout.arrange import arranged
from transpiler.layout.arrangement import Arrangement
from transpiler.layout.place import placed
from transpiler.layout.shapes import Direction as OneWay
from transpiler.layout.shapes import Placement

LIMITS: Final = Limits(nodes=150, lines=400)
"""What can be read at a glance: a page with more opens folded."""
Direction = Literal["down", "right", "auto"]
_WIDE, _HIGH = 1600, 1000
"""The shape of a screen."""


class Sight(Struct, frozen=True):
    """A scene with all that can be folded, and how it opens."""

    scene: Scene
    arrangement: Arrangement
    placement: Placement
    folding: Folding
    bundles: Mapping[str, Sequence[str]]
    """The bundles that are closed: the first member → all."""
    hidden: frozenset[str]
    """The box of the inputs, where too many lines start from it."""


def sight(graph: Graph, direction: Direction) -> Sight:
    """How the page of a graph opens."""
    lines = lines_of(graph)
    graph, folding = fitting(graph, lines, LIMITS)
    members = {name for each in folding.bundles for name in each.members}
    others = [each for each in alike(graph, lines) if not members.intersection(each.members)]
    more = [replace(each, id=f"+{each.id}") for each in others]
    scene = Scene(graph, replace(folding, bundles=(*folding.bundles, *more)), max_light=len(lines))
    arrangement = arranged(scene.drawing, "right" if direction == "right" else "down")
    bundles = {name: each for name, each in arrangement.bundle_names().items() if name in members}
    light = sum(not source for source, _ in Shown(graph, folding).lines(lines))
    hidden = frozenset([INPUTS]) if light > MAX_LIGHT else frozenset[str]()
    ways: list[OneWay] = [direction] if direction != "auto" else ["down", "right"]
    found = [placed(arrangement, folding.closed, frozenset(bundles), hidden, way) for way in ways]
    best = min(found, key=lambda each: max(each.width / _WIDE, each.height / _HIGH))
    turned = replace(arrangement, direction=best.direction)
    return Sight(scene, turned, best, folding, bundles, hidden)
