"""The inside of one frame: blocks of connected boxes, the boxes without lines, and the frame around them."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from transpiler.layout.arrangement import Floor
from transpiler.layout.pack import WIDE, packed
from transpiler.layout.plan import LABEL_ROOM, ROOM, Plan, move, move_floor
from transpiler.layout.rows import lay_rows, link, seen_rows

PADDING: Final = 16.0
"""Between a frame and what is in it."""
BORDER: Final = 8.0
"""The same where lines pass the border."""
TITLE_GAP: Final = 8.0
BLOCK_GAP: Final = 32.0
SINGLE_GAP: Final = 20.0


class Title(Struct, frozen=True):
    """The room for a frame's title, and whether entries have it beside them, or boxes below."""

    width: float
    height: float
    beside: float
    """The height if it stands in the row of the entries."""
    entries: list[int]


def _title(floor: Floor, plan: Plan) -> Title:
    width, height = plan.arrangement.titles.get(floor.frame, (0.0, 0.0))
    entries = [item for item in floor.parts[0][0] if plan.steps.seen[item]] if floor.has_entries else []
    return Title(width, height, height if entries and plan.is_down else 0.0, entries)


class Block(Struct, frozen=True):
    """Items whose places to each other are known."""

    items: list[int]
    width: float
    height: float


def lay(floor: Floor, plan: Plan) -> None:
    """Place what is in a frame, and say how large the frame is."""
    link(plan.steps.of[floor.frame], plan)
    title = _title(floor, plan)
    blocks = []
    for number, part in enumerate(floor.parts):
        rows = seen_rows(part, plan)
        width, height = lay_rows(rows, plan, title.beside if number == 0 else 0.0)
        blocks.append(Block([item for row in rows for item in row], width, height))
    blocks.append(_grid([box for box in floor.singles if plan.steps.seen[box]], plan))
    first = blocks.pop(0) if floor.has_border else Block([], 0.0, 0.0)
    width, height = _pack(first, [block for block in blocks if block.items], plan)
    if floor.frame:
        _frame(floor, title, width, height, plan)
    else:
        plan.width[0], plan.height[0] = width, height


def _grid(boxes: list[int], plan: Plan) -> Block:
    grid = packed([(plan.width[box], plan.height[box]) for box in boxes], SINGLE_GAP, _shape(plan))
    for number in range(len(boxes)):
        box = boxes[number]
        plan.sheet.x[box] = grid.corners[number][0] + plan.width[box] / 2
        plan.top[box] = grid.corners[number][1]
    return Block(boxes, grid.width, grid.height)


def _shape(plan: Plan) -> float:
    return WIDE if plan.is_down else 1 / WIDE


def _pack(first: Block, blocks: list[Block], plan: Plan) -> tuple[float, float]:
    """Put blocks beside each other. The first reaches the frame's border, so nothing stands above or below it."""
    whole = packed([(block.width, block.height) for block in blocks], BLOCK_GAP, _shape(plan))
    left = first.width + BLOCK_GAP if first.items and blocks else first.width
    for number in range(len(blocks)):
        x, y = whole.corners[number]
        move(blocks[number].items, left + x, y, plan)
    return left + whole.width, max(first.height, whole.height)


def _frame(floor: Floor, title: Title, width: float, height: float, plan: Plan) -> None:
    """Put a frame around what is in it, with room for the title in its corner."""
    left, top = PADDING, BORDER if title.entries else PADDING
    if not plan.is_down:
        if title.height:
            left = BORDER + title.height + TITLE_GAP
        height = max(height, title.width - top + PADDING)
    elif title.entries:
        first = plan.sheet.x[title.entries[0]]
        for item in title.entries:
            first = min(first, plan.sheet.x[item])
        more = max(0.0, title.width + LABEL_ROOM - first)
        left += more
    elif title.height:
        top = BORDER + title.height + TITLE_GAP
        width = max(width, title.width)
    move_floor(floor, left, top, plan)
    is_exit = floor.has_exits and any(plan.steps.seen[item] for item in floor.parts[0][-1])
    plan.width[floor.frame] = left + width + PADDING
    plan.height[floor.frame] = top + height + (BORDER if is_exit else PADDING)
    plan.sheet.half[floor.frame] = plan.width[floor.frame] / 2 + ROOM
