"""`transpile graph -o x.svg`: what the picture holds, and that nothing in it covers another thing."""

from __future__ import annotations

import json
import re
from itertools import combinations
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest

from tests.conftest import REPOSITORY, Transpile
from tests.graph.test_graphs import SAMPLES

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = """\
name: hostile
description: "</style><script>alert(1)</script>"
components:
  one: {name: "</svg><script>alert(1)</script>", implementation: {container: {image: "x]]>", command: [a]}}}
  two: {name: "&#x3C;", implementation: {container: {image: y, command: [a]}}}
tasks:
  "a<b>&\\"'": {component: one}
  "\\u202egnirts \\x1b[31m": {component: two}
  "a\\nb": {component: two}
"""

Place = tuple[float, float, float, float]


def picture(transpile: Transpile, manifest: Path, *more: str) -> Element:
    return fromstring(transpile("graph", manifest, "--format", "svg", *more).stdout)


def places(root: Element) -> dict[str, Place]:
    """The boxes that are no frames, by their names: left, top, right, bottom."""
    found = {}
    for group in root.findall(f"{SVG}g"):
        box = group.find(f"{SVG}g[@data-id]")
        if box is not None:
            x, y = map(float, re.findall(r"[-\d.]+", group.attrib["transform"]))
            shape = box.find(f"{SVG}rect[@class='shape']")
            assert shape is not None
            found[box.attrib["data-id"]] = (x, y, x + float(shape.attrib["width"]), y + float(shape.attrib["height"]))
    return found


@pytest.mark.parametrize("manifest", SAMPLES, ids=lambda path: path.parent.name)
@pytest.mark.parametrize("direction", ["down", "right"])
def test_each_task_of_a_sample_has_a_box_of_its_own(transpile: Transpile, manifest: Path, direction: str) -> None:
    root = picture(transpile, manifest, "--direction", direction)
    nodes = json.loads(transpile("graph", manifest, "--format", "json").stdout)["nodes"]
    boxes = places(root)
    frames = {each.attrib["data-id"] for each in root.findall(f"{SVG}g[@data-id]")}
    parents = {node["parent"] for node in nodes}
    assert {node["id"] for node in nodes if node["id"] not in parents} == {
        name for name in boxes if name[0] != "@" or "/" in name
    }
    assert {node["id"] for node in nodes if node["id"] in parents} <= frames
    for one, other in combinations(boxes.values(), 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    width, height = (float(root.attrib[key]) for key in ("width", "height"))
    assert all(place[0] >= 0 and place[1] >= 0 and place[2] <= width and place[3] <= height for place in boxes.values())


def test_texts_of_strangers_are_only_texts(transpile: Transpile, tmp_path: Path) -> None:
    (tmp_path / "pipeline.yaml").write_text(HOSTILE, encoding="utf-8")
    printed = transpile("graph", tmp_path / "pipeline.yaml", "--format", "svg").stdout
    root = fromstring(printed)
    assert {each.tag.removeprefix(SVG) for each in root.iter()} == {
        "svg", "title", "desc", "style", "rect", "g", "path", "text", "circle",
    }  # fmt: skip
    assert not any(key.startswith("on") or "href" in key for each in root.iter() for key in each.attrib)
    assert "\x1b" not in printed
    assert "\u202e" not in printed
    assert "</svg><script>alert" in "".join(root.itertext())


def test_the_same_manifest_gives_the_same_bytes(transpile: Transpile) -> None:
    manifest = REPOSITORY / "samples" / "ml" / "pipeline.yaml"
    once, again = (transpile("graph", manifest, "--format", "svg").stdout for _ in range(2))
    assert once == again
