"""Drawings that are very small, large, deep, wide or dense: they are laid out, and nothing overlaps in them."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

from tests.layout.drawings import SIZE, assert_sound, flat, layered, leaf
from transpiler.layout import chains
from transpiler.layout.arrange import arranged
from transpiler.layout.place import placed
from transpiler.layout.shapes import Box, Drawing, Line, Rect, Size


def test_nothing() -> None:
    placement = placed(arranged(Drawing(())))
    assert (placement.width, placement.height, placement.boxes, placement.lines) == (0, 0, {}, {})


def test_one_box() -> None:
    placement = placed(arranged(flat(1, [])))
    assert placement.boxes == {"b0": Rect(0, 0, SIZE.width, SIZE.height)}
    assert (placement.width, placement.height) == (SIZE.width, SIZE.height)


def test_lines_from_a_box_to_itself_are_left_out() -> None:
    assert placed(arranged(flat(2, [(0, 0), (0, 1)]))).lines.keys() == {"l1"}


def test_equal_lines_are_one_route() -> None:
    lines = placed(arranged(flat(2, [(0, 1), (0, 1), (0, 1)]))).lines
    assert {name: route.names for name, route in lines.items()} == {"l0": ["l0", "l1", "l2"]}


def test_a_line_to_nowhere_is_a_fault_of_the_caller() -> None:
    with pytest.raises(KeyError, match="b7"):
        arranged(flat(2, [(0, 7)]))


def test_a_layer_of_500_boxes() -> None:
    drawing = flat(502, [pair for number in range(1, 501) for pair in ((0, number), (number, 501))])
    placement = placed(arranged(drawing, "down"))
    rects = sorted((placement.boxes[f"b{number}"] for number in range(1, 501)), key=lambda rect: rect.x)
    assert all(one.x + one.width < other.x for one, other in pairwise(rects))
    assert placement.boxes["b0"].x == pytest.approx(placement.boxes["b501"].x)


def test_a_chain_of_3000() -> None:
    placement = placed(arranged(flat(3000, [(number, number + 1) for number in range(2999)]), "down"))
    assert placement.width == SIZE.width


def test_a_source_of_a_whole_chain() -> None:
    """Its lines have one trunk, so their number does not multiply with their length."""
    pairs = [(number, number + 1) for number in range(999)] + [(0, number) for number in range(2, 1000)]
    arrangement = arranged(flat(1000, pairs), "down")
    assert arrangement.joints < 1000
    assert len(placed(arrangement).lines) == len(pairs)


def test_more_bends_than_can_be_drawn_are_shared() -> None:
    """Each of 600 trunks would have as many bends as the chain is long."""
    lines = [Line(f"c{number}", f"b{number}", f"b{number + 1}") for number in range(1499)]
    lines += [Line(f"l{number}", f"b{number % 300}", f"b{1499 - number}", trunk=str(number)) for number in range(600)]
    arrangement = arranged(Drawing(tuple(leaf(f"b{number}") for number in range(1500)), tuple(lines)), "down")
    assert arrangement.joints < chains.BENDS[0] + chains.BENDS[1] * (1500 + len(lines)) + 1500
    placement = placed(arrangement)
    assert len(placement.lines) == len(lines)


def test_a_few_shared_bends_lead_everywhere() -> None:
    """The same, checked point by point, with a budget that a small drawing exceeds."""
    chance = Random(4)
    lines = [Line(f"c{number}", f"b{number}", f"b{number + 1}") for number in range(39)]
    for number in range(60):
        one, other = sorted(chance.sample(range(40), 2))
        lines.append(Line(f"l{number}", f"b{one}", f"b{other}", Size(20, 10) if number % 3 else None, str(number)))
    drawing = Drawing(tuple(leaf(f"b{number}") for number in range(40)), tuple(lines))
    with pytest.MonkeyPatch.context() as patch:
        for budget in ((0, 0), (60, 0), (300, 0)):
            patch.setattr(chains, "BENDS", budget)
            assert_sound(drawing, placed(arranged(drawing, "down")))


def test_everything_linked_with_everything() -> None:
    drawing = flat(120, [(one, 60 + other) for one in range(60) for other in range(60)])
    placement = placed(arranged(drawing, "down"))
    assert len(placement.lines) == 3600
    assert len({rect.y for rect in placement.boxes.values()}) == 2


def test_boxes_200_deep() -> None:
    box = leaf("inner")
    for depth in range(200):
        box = Box(f"f{depth}", SIZE, (box, leaf(f"beside{depth}")), Size(40, 16))
    lines = (Line("in", "out", "inner"), Line("up", "inner", "f199"), Line("next", "inner", "beside199"))
    placement = placed(arranged(Drawing((leaf("out"), box), lines), "down"))
    assert placement.lines.keys() == {"in", "up", "next"}
    assert placement.boxes["f199"].height > placement.boxes["f100"].height > placement.boxes["inner"].height


def test_widths_that_differ_by_20_times() -> None:
    chance = Random(3)
    boxes = tuple(leaf(f"b{number}", Size(chance.choice((30, 600)), 34)) for number in range(60))
    drawing = Drawing(boxes, layered(60, 90).lines)
    for direction in ("down", "right"):
        assert_sound(drawing, placed(arranged(drawing), direction=direction))


def test_names_mean_nothing() -> None:
    names = ("", "__proto__", "<b>", "constructor", "b\x1b[31m")[1:]
    drawing = Drawing(tuple(leaf(name) for name in names), (Line("toString", names[0], names[2]),))
    placement = placed(arranged(drawing))
    assert set(placement.boxes) == set(names)
    assert set(placement.lines) == {"toString"}
