"""A broken block → the slip that explains it: the first one whose edit mends the block."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from transpiler.read.yaml.slips.block import Block, Detector, Slip
from transpiler.read.yaml.slips.brackets import no_comma, unmatched
from transpiler.read.yaml.slips.characters import (
    bad_escape,
    no_space_before_comment,
    odd_space,
    tab,
    typographic_quote,
)
from transpiler.read.yaml.slips.conditions import condition_in_brackets
from transpiler.read.yaml.slips.indentation import text_ends_early, too_deep, wrong_column
from transpiler.read.yaml.slips.keys import (
    dash,
    header_without_colon,
    missing_name,
    no_colon,
    no_space_after_colon,
    other_sign,
)
from transpiler.read.yaml.slips.quotes import (
    behind_quotes,
    needs_quotes,
    not_closed,
    reference_in_brackets,
    values_in_brackets,
)

DETECTORS: Final[tuple[Detector, ...]] = (
    *(tab, odd_space, typographic_quote, bad_escape, no_space_before_comment),
    *(text_ends_early, behind_quotes, condition_in_brackets, reference_in_brackets),
    *(not_closed, unmatched, no_comma),
    *(dash, too_deep, no_space_after_colon, other_sign, wrong_column),
    *(needs_quotes, values_in_brackets, no_colon, missing_name),
)
"""The most specific first: what several would mend is what the first one says."""

MAX_BLOCK: Final = 100_000
"""Characters of a block that is looked into."""
MAX_TRIALS: Final = 400
MAX_TIMES: Final = 3
"""How many times the length of the text may be read."""


class Trials:
    """Tries edits, as long as the budget lasts."""

    def __init__(self, reads: Callable[[str], str | None], size: int) -> None:
        self.reads = reads
        self.left = MAX_TRIALS
        self.characters_left = MAX_TIMES * size + 10_000

    def explain(self, block: Block) -> Slip | None:
        """The mistake of a block; None when no single edit mends it."""
        if len(block.text) > MAX_BLOCK:
            return None
        is_read = block.error is None and self.reads(block.text) in block.kinds
        for detector in (wrong_column,) if is_read else DETECTORS:
            for slip in detector(block):
                if self.left <= 0 or self.characters_left < len(block.text):
                    return None
                if self.mends(block, slip):
                    return slip
        return header_without_colon(block)

    def mends(self, block: Block, slip: Slip) -> bool:
        """True when the block reads with the edits of a slip, as what it should be."""
        self.left -= 1
        self.characters_left -= len(block.text)
        return self.reads(block.with_edits(slip.edits)) in block.kinds
