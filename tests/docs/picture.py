"""`python -m tests.docs.picture` draws the pictures of README.md: a terminal, and the graph of its pipeline."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

from tests.conftest import REPOSITORY
from tests.docs.pages import read
from tests.docs.scratch import Scratch

TARGET: Final = REPOSITORY / "docs" / "images" / "check.svg"
GRAPH: Final = TARGET.with_name("graph.svg")
_COMMAND: Final = "transpile check -q wrong.yaml"
_SEQUENCE: Final = re.compile(r"\x1b\[([\d;]*)m")
_WIDTH, _HEIGHT, _MARGIN, _TOP = 8.4, 20, 20, 44
_CLASSES: Final = {"31": "red", "33": "yellow", "34": "blue", "36": "cyan", "32": "green", "1": "bold", "2": "dim"}
_STYLE: Final = """\
  text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; fill: #1f2328; }
  .window { fill: #f6f8fa; stroke: #d1d9e0; }
  .bold { font-weight: 700; } .dim { fill: #59636e; }
  .red { fill: #c81e2b; } .yellow { fill: #8a5a00; } .blue { fill: #0550ae; } .cyan { fill: #0a6c74; }
  .green { fill: #116329; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .window { fill: #151b23; stroke: #3d444d; } .dim { fill: #9198a1; }
    .red { fill: #ff7b72; } .yellow { fill: #e3b341; } .blue { fill: #79c0ff; } .cyan { fill: #56d4dd; }
    .green { fill: #7ee787; }
  }
"""


@dataclass(frozen=True)
class Piece:
    """Text of one colour in a line, from a column."""

    column: int
    text: str
    classes: str


def picture() -> str:
    """The SVG: a window with the command and what it prints."""
    lines = [[Piece(0, "$ ", "dim"), Piece(2, _COMMAND, "bold")], *map(_pieces, _printed())]
    width = max((piece.column + len(piece.text) for line in lines for piece in line), default=0) * _WIDTH + 2 * _MARGIN
    height = len(lines) * _HEIGHT + _TOP + _MARGIN
    dots = "".join(f'<circle cx="{_MARGIN + 18 * number}" cy="20" r="6" class="{name}"/>' for number, name in _DOTS)
    drawn = "\n".join(drawing for number, line in enumerate(lines) for drawing in _drawn(number, line))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}"'
        f' height="{height}" role="img">\n<title>{_COMMAND} reports two mistakes at their lines</title>\n'
        f"<style>\n{_STYLE}</style>\n"
        f'<rect class="window" x="0.5" y="0.5" width="{width - 1:.0f}" height="{height - 1}" rx="10"/>\n'
        f"{dots}\n{drawn}\n</svg>\n"
    )


_DOTS: Final = tuple(enumerate(("red", "yellow", "green")))


def _printed() -> list[str]:
    """What the command prints in colour about the files of README.md."""
    return _run(f"{_COMMAND} --color always", code=1).strip("\n").splitlines()


def graph() -> str:
    """The graph of the pipeline of README.md."""
    return _run("transpile graph pipeline.yaml --format svg --direction right")


def _run(command: str, code: int = 0) -> str:
    """What a command prints in a folder with the files of README.md."""
    with tempfile.TemporaryDirectory() as folder:
        page = read(REPOSITORY / "README.md")
        scratch = Scratch.of(page, Path(folder))
        for block in page.blocks:
            if block.name:
                scratch.write(block.name, block.text)
        return scratch.run(command, code=code)


def _pieces(line: str) -> list[Piece]:
    return [piece for piece in _split(line) if piece.text.strip()]


def _split(line: str) -> Iterator[Piece]:
    """The texts between the sequences of colours, each with the classes in force."""
    column, active = 0, ""
    for number, part in enumerate(_SEQUENCE.split(line)):
        if number % 2:
            active = " ".join(_CLASSES[code] for code in part.split(";") if code in _CLASSES)
        else:
            yield Piece(column, part, active)
            column += len(part)


def _drawn(number: int, line: list[Piece]) -> Iterator[str]:
    for piece in line:
        text = piece.text.lstrip()
        x = _MARGIN + (piece.column + len(piece.text) - len(text)) * _WIDTH
        text = text.rstrip()
        yield (
            f'<text x="{x:.1f}" y="{_TOP + 14 + number * _HEIGHT}" textLength="{len(text) * _WIDTH:.1f}"'
            f' lengthAdjust="spacingAndGlyphs" class="{piece.classes}" xml:space="preserve">{escape(text)}</text>'
        )


def main() -> None:
    """Write them."""
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(picture(), encoding="utf-8")
    GRAPH.write_text(graph(), encoding="utf-8")


if __name__ == "__main__":
    main()
