"""How near to a mistake it is reported: `python -m benchmarks.places [--show]`.

Random small changes of the samples' manifests: a character less, a line twice, a line with a space more or less before
it. Of those that are reported at all, it counts how many are reported within one line. The seed is fixed, so the same
samples give the same numbers; `tests/language/test_near_mistakes.py` holds them.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from transpiler.analysis import analyze_bytes
from transpiler.diagnostics import Diagnostic

REPOSITORY: Final = Path(__file__).parent.parent
SEED: Final = 10
REPORTED: Final = 200
"""Changes of each kind that are reported; those that stay silent mean something else, or the same."""
NEAR: Final = 1

Changed = tuple[str, int]
"""A text, and the line (from 1) that was changed."""


class Mistake(NamedTuple):
    """A change, and what is reported."""

    path: Path
    line: int
    text: str
    errors: tuple[Diagnostic, ...]

    @property
    def is_near(self) -> bool:
        """True when an error is reported within a line of the change."""
        return any(abs(each.span.line - self.line) <= NEAR for each in self.errors)

    @property
    def is_exact(self) -> bool:
        """True when an error is reported at the line of the change, and nothing else."""
        return len(self.errors) == 1 and self.errors[0].span.line == self.line

    @property
    def is_of_yaml(self) -> bool:
        """True when the file is no longer one document of YAML."""
        return any(each.code in {"yaml-syntax", "several-documents"} for each in self.errors)


def without_character(text: str, chance: random.Random) -> Changed:
    """A text that lacks a character."""
    at = chance.randrange(len(text))
    return text[:at] + text[at + 1 :], text.count("\n", 0, at) + 1


def with_odd_line(text: str, chance: random.Random) -> Changed:
    """A text with a line that stands there twice, or with a space more or less before it."""
    lines = text.split("\n")
    number = chance.choice([number for number, line in enumerate(lines) if line.strip()])
    line = lines[number]
    odd = [[line, line], [f" {line}"], [f" {line}"], [line.removeprefix(" ")]]
    lines[number : number + 1] = chance.choice(odd)
    return "\n".join(lines), number + 1


KINDS: Final[dict[str, Callable[[str, random.Random], Changed]]] = {
    "a character less": without_character,
    "a line twice, or indented": with_odd_line,
}


def mistakes(kind: str) -> Iterator[Mistake]:
    """Reported mistakes of a kind."""
    chance = random.Random(SEED)
    paths = sorted((REPOSITORY / "samples").rglob("pipeline.yaml"))
    found = 0
    while found < REPORTED:
        path = chance.choice(paths)
        text, line = KINDS[kind](path.read_text(encoding="utf-8"), chance)
        reported = analyze_bytes(path.name, text.encode(), path.parent).diagnostics
        errors = tuple(each for each in reported if each.severity == "error")
        if errors:
            found += 1
            yield Mistake(path, line, text, errors)


def main() -> None:
    """Print the counts; with `--show`, also what is reported elsewhere."""
    for kind in KINDS:
        found = list(mistakes(kind))
        of_yaml = [each for each in found if each.is_of_yaml]
        near, near_of_yaml = (sum(each.is_near for each in some) for some in (found, of_yaml))
        exact = sum(each.is_exact for each in found)
        several = sum(len(each.errors) > 1 for each in found)
        print(f"{kind}: {near} of {len(found)} near, {exact} at the line", end="; ")
        print(f"{near_of_yaml} of {len(of_yaml)} that are no YAML near; {several} with more than one error")
        for each in found if "--show" in sys.argv else ():
            if not each.is_near or len(each.errors) > 1:
                _show(each)


def _show(mistake: Mistake) -> None:
    lines = mistake.text.split("\n")
    print(f"\n{mistake.path.parent.relative_to(REPOSITORY)}:{mistake.line}{'' if mistake.is_near else ' (far)'}")
    for number in range(max(mistake.line - 2, 1), min(mistake.line + 2, len(lines)) + 1):
        print(f"  {number:>4} {lines[number - 1]}")
    for error in mistake.errors:
        print(f"  {error.span.line}:{error.span.column} {error.code}: {error.message} = {error.hint}")


if __name__ == "__main__":
    main()
