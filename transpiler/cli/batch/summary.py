"""What a run has done, for people: files, and what the Workflows need to run."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from transpiler.catalog.files import shown
from transpiler.cli.batch.jobs import Outcome
from transpiler.cli.reports import is_summarized
from transpiler.cli.streams import tell
from transpiler.views.needs import Needs

_MAX: Final = 10
"""Files, pipelines and tasks that are named."""


def tell_people(given: argparse.Namespace, lines: Iterable[str]) -> None:
    """Print lines beside the problems, where people read them."""
    for line in lines if is_summarized(given) else ():
        tell(line)


def summary(changed: Mapping[Path, bool], outcomes: Sequence[Outcome], removed: Sequence[Path] = ()) -> list[str]:
    """The lines about a run that wrote files."""
    written = [f"wrote {shown(path)}" for path, is_new in changed.items() if is_new]
    lines = [*_some(written, "wrote"), *_some([f"removed {shown(path)}" for path in removed], "removed")]
    manifests = len({outcome.job.manifest for outcome in outcomes})
    done = [f"{len(written)} written", f"{len(changed) - len(written)} unchanged"]
    done += [f"{len(removed)} removed"] if removed else []
    head = f"{_count(len(changed), 'file')} from {_count(manifests, 'manifest')}: {', '.join(done)}"
    return [*lines, head, *needs_lines(outcomes)]


def broken(outcomes: Sequence[Outcome]) -> str:
    """Why nothing was done, in short: how many manifests have errors, and which."""
    wrong = dict.fromkeys(shown(each.job.manifest) for each in outcomes if each.compilation.text is None)
    every = {each.job.manifest for each in outcomes}
    return f"{len(wrong)} of {_count(len(every), 'manifest')} failed: {listed(list(wrong))}" if wrong else "see above"


def _some(lines: list[str], verb: str) -> Iterator[str]:
    yield from lines[:_MAX]
    if len(lines) > _MAX:
        yield f"{verb} {len(lines) - _MAX} more"


def needs_lines(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """What each pipeline needs, and loses, once for all environments that have the same."""
    inputs: dict[str, None] = {}
    storing: dict[str, None] = {}
    lost: dict[str, None] = {}
    for outcome in outcomes:
        name, needs = outcome.compilation.name, outcome.needs
        if needs.inputs:
            inputs[f"{name} ({listed(needs.inputs)})"] = None
        if needs.storing:
            storing[f"{name} ({listed(needs.storing)})"] = None
        if outcome.compilation.unstored:
            lost[f"{name} ({listed(outcome.compilation.unstored)})"] = None
    if inputs:
        yield f"inputs to give with each run: {listed(list(inputs), '; ', 5)}"
    if storing:
        yield f"files in the artifact repository of the cluster: {listed(list(storing), '; ', 5)}"
    if lost:
        names = listed(list(lost), "; ", 5)
        yield f"note: these files are not used by any task and not stored: {names}; `outputs` of a task stores them"


def need_lines(needs: Needs) -> Iterator[str]:
    """What one Workflow needs."""
    if needs.inputs:
        yield f"inputs to give with each run: {listed(needs.inputs)}"
    if needs.storing:
        yield f"files in the artifact repository of the cluster: {listed(needs.storing)}"


def listed(names: Sequence[str], sign: str = ", ", most: int = _MAX) -> str:
    """The first names, and how many there are beside them."""
    more = f"{sign}and {len(names) - most} more" if len(names) > most else ""
    return sign.join(names[:most]) + more


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
