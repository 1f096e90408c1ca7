"""Every layout: what may never overlap, what must be inside of what, and that nothing depends on chance."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.layout.drawings import assert_sound, drawings, flat, foldings, leaf, nested
from tests.support.examples import examples
from transpiler.layout.arrange import arranged
from transpiler.layout.place import placed
from transpiler.layout.routes import path
from transpiler.layout.shapes import Box, Drawing, Line, Placement, Rect, Size

thorough = settings(max_examples=examples(100), deadline=None, suppress_health_check=[HealthCheck.too_slow])


@thorough
@given(drawings(), st.randoms(use_true_random=False))
def test_nothing_overlaps_however_it_is_folded(drawing: Drawing, chance: Random) -> None:
    arrangement = arranged(drawing, "down")
    assert_sound(drawing, placed(arrangement))
    bundles = arrangement.bundle_names()
    folding = foldings(drawing, bundles, chance)
    placement = placed(arrangement, **folding)
    assert_sound(drawing, placement, {name: bundles[name] for name in folding["bundled"]})


@thorough
@given(drawings(), st.sampled_from(["down", "right"]))
def test_lines_run_in_the_direction(drawing: Drawing, direction: str) -> None:
    axis = 1 if direction == "down" else 0
    for route in placed(arranged(drawing), direction=direction).lines.values():  # type: ignore[arg-type]
        way = [point[axis] for point in route.points]
        assert all(one <= other + 1e-6 for one, other in pairwise(way[::-1] if route.is_reversed else way))


@thorough
@given(st.integers(0, 2**32))
def test_without_cycles_no_line_is_reversed(seed: int) -> None:
    pairs = [sorted(Random(seed).sample(range(12), 2)) for seed in range(seed, seed + 15)]
    drawing = flat(12, [(one, other) for one, other in pairs])
    assert not any(route.is_reversed for route in placed(arranged(drawing)).lines.values())


def test_one_line_of_a_cycle_is_reversed() -> None:
    lines = placed(arranged(flat(3, [(0, 1), (1, 2), (2, 0)]), "down")).lines
    assert {name: route.is_reversed for name, route in lines.items()} == {"l0": False, "l1": False, "l2": True}
    assert lines["l2"].points[0][1] > lines["l2"].points[-1][1]


def test_lines_there_and_back_can_be_told_apart() -> None:
    lines = placed(arranged(flat(2, [(0, 1), (1, 0)]))).lines
    assert lines["l0"].points != lines["l1"].points[::-1]


@thorough
@given(drawings())
def test_the_same_drawing_is_laid_out_alike(drawing: Drawing) -> None:
    one, other = arranged(drawing), arranged(drawing)
    assert one.plain() == other.plain()
    assert placed(one) == placed(other)


def test_a_new_process_lays_out_alike() -> None:
    """Whatever order its sets have."""
    script = (
        "import json, random\nfrom tests.layout.drawings import nested\n"
        "from transpiler.layout.arrange import arranged\n"
        "print(json.dumps([arranged(nested(random.Random(n), 30, 50)).plain() for n in range(10)]))"
    )
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, check=True, env={"PYTHONHASHSEED": seed}
        )
        ours = [arranged(nested(Random(number), 30, 50)).plain() for number in range(10)]
        assert json.loads(run.stdout) == json.loads(json.dumps(ours))


# ------------------------------------------------------------------ folding

GROUP = Drawing(
    (
        leaf("first"),
        Box("group", Size(100, 40), (leaf("a"), leaf("b"), leaf("c", bundle="x"), leaf("d", bundle="x")), Size(50, 16)),
        leaf("last"),
    ),
    tuple(
        Line(each, each.partition("-")[0], each.partition("-")[2])
        for each in ("first-a", "a-b", "b-c", "b-d", "c-last", "d-last", "first-last", "group-b", "b-group")
    ),
)


def shown(placement: Placement) -> tuple[set[str], dict[str, list[str]]]:
    return set(placement.boxes), {name: route.names for name, route in placement.lines.items()}


def test_a_closed_frame_stands_for_what_is_in_it() -> None:
    placement = placed(arranged(GROUP), closed={"group"})
    boxes, lines = shown(placement)
    assert boxes == {"first", "group", "last"}
    assert lines == {"first-a": ["first-a"], "c-last": ["c-last", "d-last"], "first-last": ["first-last"]}
    assert (placement.boxes["group"].width, placement.boxes["group"].height) == (100, 40)
    assert not placement.titles


def test_a_closed_bundle_is_one_box() -> None:
    arrangement = arranged(GROUP)
    assert arrangement.bundle_names() == {"c": ["c", "d"]}
    boxes, lines = shown(placed(arrangement, bundled={"c"}))
    assert boxes == {"first", "group", "a", "b", "c", "last"}
    assert sorted(lines["b-d"]) == ["b-c", "b-d"]
    assert sorted(lines["d-last"]) == ["c-last", "d-last"]


def test_boxes_of_different_layers_make_no_bundle() -> None:
    drawing = Drawing((leaf("a", bundle="x"), leaf("b", bundle="x"), leaf("c")), (Line("l", "a", "b"),))
    assert arranged(drawing).bundle_names() == {}


def test_hidden_boxes_are_away_with_their_lines_and_their_layers() -> None:
    chain = flat(50, [(number, number + 1) for number in range(49)] + [(0, 49)])
    placement = placed(arranged(chain, "down"), hidden={f"b{number}" for number in range(2, 48)})
    boxes, lines = shown(placement)
    assert boxes == {"b0", "b1", "b48", "b49"}
    assert set(lines) == {"l0", "l48", "l49"}
    assert placement.height < 300


def test_a_frame_with_nothing_to_show_is_closed() -> None:
    placement = placed(arranged(GROUP), hidden={"a", "b", "c", "d"})
    assert (placement.boxes["group"].width, placement.boxes["group"].height) == (100, 40)


def test_folding_keeps_boxes_in_their_order() -> None:
    drawing = nested(Random(5), 30, 40)
    arrangement = arranged(drawing, "down")
    for part in arrangement.floors[0].parts:
        for row in part:
            names = [arrangement.names[item] for item in row if item < len(arrangement.names)]
            frames = {box.name for box in drawing.boxes if box.boxes}
            for closed in (frozenset[str](), frozenset(frames)):
                places = [placed(arrangement, closed=closed).boxes[name].x for name in names]
                assert places == sorted(places)


# ------------------------------------------------------------------ labels and trunks


def test_lines_of_a_trunk_share_the_label_and_the_way() -> None:
    label = Size(40, 14)
    drawing = Drawing(
        tuple(leaf(f"b{number}") for number in range(4)),
        (
            Line("l0", "b0", "b1", label, "model"),
            Line("l1", "b0", "b2", label, "model"),
            Line("l2", "b0", "b3", label, "data"),
            Line("l3", "b1", "b2"),
        ),
    )
    lines = placed(arranged(drawing, "down")).lines
    assert lines["l0"].label == lines["l1"].label != lines["l2"].label
    assert lines["l0"].points[:3] == lines["l1"].points[:3]


def test_a_label_stands_on_its_line_in_its_size() -> None:
    drawing = Drawing((leaf("a"), leaf("b")), (Line("l", "a", "b", Size(200, 14)),))
    route = placed(arranged(drawing, "down")).lines["l"]
    assert route.label is not None
    assert (route.label.width, route.label.height) == (200, 14)
    assert route.label.x + 100 == route.points[0][0]


# ------------------------------------------------------------------ shapes that look right


def test_a_chain_is_straight() -> None:
    drawing = flat(6, [(number, number + 1) for number in range(5)])
    assert all(len(route.points) == 2 for route in placed(arranged(drawing)).lines.values())


def test_a_parent_stands_in_the_middle_above_its_children() -> None:
    boxes = placed(arranged(flat(4, [(0, 1), (0, 2), (0, 3)]), "down")).boxes
    assert boxes["b0"].x == pytest.approx(boxes["b2"].x)
    assert boxes["b1"].x + boxes["b3"].x == pytest.approx(2 * boxes["b0"].x)


@pytest.mark.parametrize("seed", range(8))
def test_long_lines_are_straight_but_for_their_ends(seed: int) -> None:
    """A line past a chain bends twice at most, however long it is."""
    chance = Random(seed)
    long = [(number, chance.randrange(number + 5, 30)) for number in range(0, 20, 5)]
    drawing = flat(30, [(number, number + 1) for number in range(29)] + long)
    placement = placed(arranged(drawing, "down"))
    bends = [len(placement.lines[f"l{29 + number}"].points) // 2 - 1 for number in range(len(long))]
    assert sum(bends) <= 2 * len(bends) + 1


def test_parts_without_lines_between_them_fill_a_screen() -> None:
    pairs = [(3 * number, 3 * number + way) for number in range(30) for way in (1, 2)]
    placement = placed(arranged(flat(120, pairs), "down"))
    assert 0.8 < placement.width / placement.height < 2.6


def test_the_direction_fits_a_wide_screen() -> None:
    fan = flat(40, [(0, number) for number in range(1, 40)])
    assert arranged(fan).direction == "right"
    assert arranged(fan, "down").direction == "down"
    assert arranged(flat(40, [(number, number + 1) for number in range(39)])).direction == "down"


# ------------------------------------------------------------------ paths


def test_a_path_is_short_and_has_one_decimal_at_most() -> None:
    points = [(0.0, 0.04), (0.0, 10.0), (20.25, 30.0), (20.25, 30.0)]
    assert path(points, "down") == "M0 0L0 10C0 20 20.3 20 20.3 30"
    turned = [(y, x) for x, y in points]
    assert path(turned, "right") == "M0 0L10 0C20 0 20 20.3 30 20.3"


def test_paths_start_and_end_at_boxes() -> None:
    placement = placed(arranged(GROUP, "down"))
    route = placement.lines["a-b"]
    assert on_edge(route.points[0], placement.boxes["a"], "bottom")
    assert on_edge(route.points[-1], placement.boxes["b"], "top")
    assert on_edge(placement.lines["group-b"].points[0], placement.boxes["group"], "top")
    assert on_edge(placement.lines["b-group"].points[-1], placement.boxes["group"], "bottom")


def on_edge(point: tuple[float, float], rect: Rect, edge: str) -> bool:
    y = rect.y if edge == "top" else rect.y + rect.height
    return rect.x < point[0] < rect.x + rect.width and abs(point[1] - y) < 1e-6
