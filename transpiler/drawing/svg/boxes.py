"""The box of a node: how large it is, and what is drawn in it, with its upper left corner at 0, 0."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from transpiler.drawing.colors import color_of
from transpiler.drawing.labels import bundle as bundle_title
from transpiler.drawing.labels import chips, in_short, inside, ports, problems, problems_of, subtitle, tasks, title
from transpiler.drawing.svg.elements import element, text
from transpiler.drawing.svg.measure import BOLD, fit, measure
from transpiler.graph.model import Graph, Node
from transpiler.layout.shapes import Size

TITLE: Final = 13.0
SMALL: Final = 11.0
CHIP: Final = 10.5
"""Sizes of fonts, in pixels."""
LEAST: Final = 120.0
MOST: Final = 250.0
"""Widths of a box."""
MARGIN: Final = 12.0
CHIP_HEIGHT: Final = 18.0
GAP: Final = 5.0


class Look(Struct, frozen=True):
    """How something is drawn."""

    size: Size
    markup: str


class _Text(Struct, frozen=True):
    content: str
    size: float
    kind: str

    @property
    def width(self) -> float:
        """The size of the font of the usual weight that is as wide."""
        return self.size * BOLD if self.kind == "title" else self.size


def box(graph: Graph, node: Node) -> Look:
    """A task, or a frame that is closed."""
    mark = graph.marks.get(node.id)
    small = [subtitle(node)]
    if node.is_frame:
        small.append(tasks(inside(graph, node)))
    facts = chips(node)
    if mark is not None:
        facts.insert(0, in_short(mark))
    kinds = ["box", node.kind, f"work-{node.work}" if node.work else "", "hook" if node.hook_of else ""]
    color = color_of(graph, node)
    kinds.append(f"is-{color}" if color else "")
    lines = [_Text(title(node), TITLE, "title"), _Text(" · ".join(filter(None, small)), SMALL, "small")]
    tip = "\n".join([node.name, *(f"{each.key}: {each.text}" for each in node.facts)])
    return _look(lines, facts, " ".join(filter(None, kinds)), node.id, tip, problems(node), is_stack=node.is_frame)


def bundle(name: str, count: int, what: str, room: Size) -> Look:
    """Several tasks as one box, as large as the largest of theirs."""
    shown = bundle_title(count, what)
    lines = [_Text(shown, TITLE, "title"), _Text("several tasks", SMALL, "small")]
    return _look(lines, [], "box bundle", name, shown, "", is_stack=True, room=room)


def ends(graph: Graph, name: str) -> Look:
    """The box of the inputs or outputs of the pipeline; `name` is `inputs` or `outputs`."""
    given = graph.inputs if name == "inputs" else graph.outputs
    mark, told = graph.marks.get(f"@{name}"), problems_of(graph, given)
    lines = [_Text(name, TITLE, "title"), *(_Text(each, SMALL, "small") for each in ports(given))]
    color = mark.kind if mark is not None else "problem" if "error" in told else ""
    facts = [in_short(mark)] if mark is not None else []
    return _look(
        lines, facts, f"box ends {name}{f' is-{color}' if color else ''}", f"@{name}", name, told, is_stack=False
    )


def _look(
    lines: Sequence[_Text],
    facts: Sequence[str],
    kind: str,
    name: str,
    label: str,
    told: str,
    *,
    is_stack: bool,
    room: Size | None = None,
) -> Look:
    most = (room.width if room is not None else MOST) - 2 * MARGIN
    shown = [_Text(fit(each.content, each.width, most - _taken(each, told)), each.size, each.kind) for each in lines]
    chips_drawn, chips_size = chip_rows(facts, MOST - 2 * MARGIN)
    widths = [measure(each.content, each.width) + _taken(each, told) for each in shown]
    width = room.width if room else min(MOST, max(LEAST, 2 * MARGIN + max([*widths, chips_size.width])))
    parts, y = [], 9.0
    for each in shown:
        y += each.size + 3
        parts.append(element("text", text(each.content), class_=each.kind, x=MARGIN, y=y - 2))
    y += 4
    if facts:
        parts.append(element("g", chips_drawn, transform=f"translate({MARGIN:g} {y + 2:g})"))
        y += chips_size.height + 4
    height = room.height if room else float(round(y + 5))
    back = [element("rect", class_="stack", x=4, y=4, width=width, height=height, rx=8)] if is_stack else []
    frame = element("rect", class_="shape", width=width, height=height, rx=8)
    stripe = element("path", class_="stripe", d=f"M1 9V{height - 9:g}")
    badge = _badge(width, told) if told else ""
    tip = element("title", text(label if not told else f"{label}: {told}"))
    return Look(
        Size(width, height),
        element("g", [tip, *back, frame, stripe, *parts, badge], class_=kind, data_id=name),
    )


def _taken(line: _Text, told: str) -> float:
    """The room of the badge beside a text."""
    return 18 if line.kind == "title" and told else 0


def _badge(width: float, told: str) -> str:
    kind = "badge error" if "error" in told else "badge warning"
    mark = element("text", "!", x=0, y=4, text_anchor="middle")
    return element("g", [element("circle", r=8), mark], class_=kind, transform=f"translate({width - 14:g} 15)")


def chip_rows(facts: Sequence[str], most: float) -> tuple[list[str], Size]:
    """Chips in rows of a width, and how much room they take."""
    drawn = []
    x = y = widest = 0.0
    for fact in facts:
        shown = fit(fact, CHIP, most - 12)
        width = measure(shown, CHIP) + 12
        if x and x + width > most:
            x, y = 0.0, y + CHIP_HEIGHT + GAP
        label = element("text", text(shown), x=6, y=12.7)
        shape = element("rect", width=width, height=CHIP_HEIGHT, rx=CHIP_HEIGHT / 2)
        drawn.append(element("g", [shape, label], class_="chip", transform=f"translate({x:g} {y:g})"))
        widest = max(widest, x + width)
        x += width + GAP
    return drawn, Size(widest, y + CHIP_HEIGHT)
