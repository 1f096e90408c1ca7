"""`transpile diff`: what changed between two versions of pipelines; exit code 1 when something did."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Iterator, Sequence

from transpiler.catalog.files import exists
from transpiler.cli.diff_pairs import Pair, found_pairs
from transpiler.cli.sides import Side, opened, written
from transpiler.cli.streams import colored, put, show, tell
from transpiler.cli.usage import UsageError
from transpiler.views.changes import changes_json, identity, render_changes
from transpiler.views.pipelines.compare import Comparison, compare
from transpiler.views.pipelines.impact import Impact, Within, impacts_json, render_impacts


def run(given: argparse.Namespace) -> int:
    """Compare both sides. Errors of manifests that do not compile go to stderr, and count as a difference."""
    gc.enable()
    is_same_path = given.new is None and len(set(given.env)) > 1
    sides = written(given.old, given.old if is_same_path else given.new)
    with opened(*sides, given) as (old, new):
        pairs = found_pairs(old, new, given.env)
        if given.impact:
            return _show_impacts(list(_impacts(old, new, pairs, given)), given)
        compared = list(_compared(pairs, drawn=bool(given.graph)))
        if given.graph:
            from transpiler.cli.diff_graph import draw_both  # noqa: PLC0415 - most comparisons draw nothing

            draw_both(compared, old, new, given)
        is_printed = given.graph == "-"
        return int(any(each.changes for each in compared)) if is_printed else _show_changes(compared, given)


def _compared(pairs: Iterator[Pair], *, drawn: bool = False) -> Iterator[Comparison]:
    """Each pair. A change that the manifest has by itself is not told again for its environments."""
    told: set[tuple[object, ...]] = set()
    for pair in pairs:
        found = compare(pair.label, pair.old, pair.new, drawn=drawn)
        if pair.base:
            told = set(map(identity, found.changes))
            yield found
        else:
            yield found.without(told)


def _show_changes(compared: Sequence[Comparison], given: argparse.Namespace) -> int:
    changes = [change for each in compared for change in each.changes]
    is_json = given.format == "json"
    _show_errors(compared, given)
    text = changes_json(changes) if is_json else render_changes(changes, color=colored(given.color, sys.stdout))
    put(text, sys.stdout)
    differ = sum(bool(each.changes) for each in compared)
    if len(compared) != 1 and not (given.quiet or is_json):
        tell(f"compared {len(compared)} pipelines: {differ} differ{'s' if differ == 1 else ''}")
    return 1 if differ else 0


def _show_errors(compared: Sequence[Comparison], given: argparse.Namespace) -> None:
    """Print why some do not compile."""
    diagnostics = {each.order: each for found in compared for each in found.diagnostics}
    if diagnostics:
        show(list(diagnostics.values()), given, sys.stderr)


# ---------------------------------------------------------------------- --impact


def _impacts(
    old: Side, new: Side, pairs: Iterator[Pair], given: argparse.Namespace
) -> Iterator[tuple[Comparison, Impact]]:
    """The pipelines that use the components on either side."""
    before, after = (Within(tuple(side.place(path).resolve() for path in given.impact)) for side in (old, new))
    for path, one, other in zip(given.impact, before.paths, after.paths, strict=True):
        if not (exists(one) or exists(other)):
            raise UsageError(f"--impact: there is no file or folder `{path}`, on either side")
    for pair in pairs:
        found = compare(pair.label, pair.old, pair.new, (before, after))
        if before.has(found.files) or after.has(found.files):
            yield found, Impact(pair.label, found.tasks, found.changes, found.compiles)


def _show_impacts(found: Sequence[tuple[Comparison, Impact]], given: argparse.Namespace) -> int:
    impacts = [impact for _, impact in found]
    is_json, color = given.format == "json", colored(given.color, sys.stdout)
    _show_errors([each for each, _ in found], given)
    put(impacts_json(impacts) if is_json else render_impacts(impacts, color=color), sys.stdout)
    if not (given.quiet or is_json):
        one = len(impacts) == 1
        what = " or ".join(f"`{path}`" for path in given.impact)
        tell(f"{len(impacts)} pipeline{'' if one else 's'} use{'s' if one else ''} {what}")
    return 1 if any(each.changes for each in impacts) else 0
