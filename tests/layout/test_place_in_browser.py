"""place.js in a real browser: the same places as in Python, whatever is folded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

from tests.judges import browser as judge
from tests.judges.browser import Browser
from tests.layout.drawings import foldings, leaf, nested
from transpiler.layout.arrange import arranged
from transpiler.layout.arrangement import Arrangement
from transpiler.layout.place import placed
from transpiler.layout.routes import path
from transpiler.layout.shapes import Drawing, Line, Rect

SCRIPT: Final = (Path(arranged.__code__.co_filename).parent / "place.js").read_text(encoding="utf-8")
PLACE: Final = """
const placement = layout.place(...arguments);
const numbers = (rect) => rect && [rect.x, rect.y, rect.width, rect.height];
return {
  width: placement.width,
  height: placement.height,
  boxes: [...placement.boxes].map(([name, rect]) => [name, numbers(rect)]),
  titles: [...placement.titles].map(([name, rect]) => [name, numbers(rect)]),
  lines: [...placement.lines].map(([name, route]) => [
    name, route.names, route.isReversed, numbers(route.label), route.points,
  ]),
  paths: [...placement.lines].map(([, route]) => layout.path(route.points, placement.direction)),
};
"""


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if not judge.is_at_hand():
        pytest.skip("no browser is at hand: apt-get install chromium chromium-driver, or run .ci/run")
    with judge.browser(tmp_path_factory.mktemp("profile")) as started:
        yield started


def in_python(arrangement: Arrangement, folding: dict[str, Any]) -> dict[str, Any]:
    placement = placed(arrangement, **folding)
    return {
        "width": placement.width,
        "height": placement.height,
        "boxes": [[name, numbers(rect)] for name, rect in placement.boxes.items()],
        "titles": [[name, numbers(rect)] for name, rect in placement.titles.items()],
        "lines": [
            [name, route.names, route.is_reversed, route.label and numbers(route.label), [*map(list, route.points)]]
            for name, route in placement.lines.items()
        ],
        "paths": [path(route.points, placement.direction) for route in placement.lines.values()],
    }


def numbers(rect: Rect) -> list[float]:
    return [rect.x, rect.y, rect.width, rect.height]


def in_browser(window: Browser, arrangement: Arrangement, folding: dict[str, Any]) -> dict[str, Any]:
    given = {key: sorted(value) if isinstance(value, frozenset) else value for key, value in folding.items()}
    found: dict[str, Any] = window.run(SCRIPT + PLACE, arrangement.plain(), given)
    return found


@pytest.mark.parametrize("seed", range(100))
def test_a_browser_places_as_python_does(window: Browser, seed: int) -> None:
    """To the last digit: both count in the same order."""
    chance = Random(seed)
    boxes = chance.randint(0, 40)
    drawing = nested(chance, boxes, chance.randint(0, 2 * boxes), has_cycles=chance.random() < 0.5)
    arrangement = arranged(drawing)
    for folding in ({}, foldings(drawing, arrangement.bundle_names(), chance)):
        assert in_browser(window, arrangement, folding) == in_python(arrangement, folding)


def test_names_that_objects_have_mean_nothing(window: Browser) -> None:
    names = ("__proto__", "constructor", "</script>")
    drawing = Drawing(tuple(leaf(name) for name in names), (Line("toString", names[0], names[2]),))
    arrangement = arranged(drawing)
    assert in_browser(window, arrangement, {}) == in_python(arrangement, {})
