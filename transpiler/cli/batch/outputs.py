"""The outcomes of jobs → the file of each. Two outcomes of one file are a mistake, found before anything is written."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct

from transpiler.catalog.files import git_root, shown
from transpiler.cli.batch.jobs import Job, Outcome
from transpiler.cli.output import MADE, Made, made_from, store
from transpiler.diagnostics import Related, Report, Source, Span


class Layout(Struct, frozen=True):
    """Where files go: a pattern with {name}, {environment} and {folder}, from a base folder on."""

    base: Path
    pattern: str
    home: Path
    """The folder that {folder} starts at; every manifest is below it."""
    span: Span | None = None
    """Where a project file has the pattern."""

    def place(self, outcome: Outcome) -> Path:
        """The file of an outcome. A part of the path that is empty drops out."""
        folder = os.path.relpath(outcome.job.manifest.parent, self.home)
        path = self.pattern.replace("{name}", outcome.compilation.name)
        path = path.replace("{environment}", outcome.job.environment).replace("{folder}", Path(folder).as_posix())
        return self.base / "/".join(part for part in path.split("/") if part not in {"", "."})


def placed(outcomes: Iterable[Outcome], layout: Layout, report: Report) -> dict[Path, Outcome]:
    """Each file with its outcome. Outcomes that share one are reported; names that differ only in case do, too."""
    found: dict[Path, Outcome] = {}
    taken: dict[str, Outcome] = {}
    for outcome in outcomes:
        path = layout.place(outcome)
        other = taken.setdefault(str(path).casefold(), outcome)
        if other is not outcome:
            _same(path, outcome, other, layout, report)
        found[path] = outcome
    return found


def _same(path: Path, one: Outcome, other: Outcome, layout: Layout, report: Report) -> None:
    place, first = one.compilation.named_at or _nowhere(one.job), other.compilation.named_at or _nowhere(other.job)
    if one.job.manifest == other.job.manifest:
        message = f"`{shown(path)}` is the output for `{one.job.environment}` and for `{other.job.environment}`"
        hint = "rename one of them: they differ in case alone, and some file systems do not tell them apart"
        hint = hint if "{environment}" in layout.pattern else "add {environment} to `output`"
        report.error("same-output", message, layout.span or place, hint)
        return
    message = f"`{shown(path)}` is the output of `{shown(other.job.manifest)}` too"
    hint = "give one of the pipelines another name"
    report.error("same-output", message, place, hint, (Related("the other pipeline", first),))


def _nowhere(job: Job) -> Span:
    return Source(shown(job.manifest), "").span(0)


def write_all(
    files: Mapping[Path, Outcome], home: Callable[[Job], Path], *, is_forced: bool, also: Sequence[Path] = ()
) -> dict[Path, bool]:
    """Write each file, once all may be written: True for those that changed. Raises UsageError.

    `also` are inputs of all: the project file.
    """
    everything = list(dict.fromkeys(path for each in files.values() for path in each.inputs))
    made = {
        path: _made(outcome, home(outcome.job), [*also, *(everything if is_forced else outcome.inputs)])
        for path, outcome in files.items()
    }
    lines = store(made, is_forced=is_forced)
    return {path: line.startswith("wrote") for path, line in zip(made, lines, strict=True)}


def content(path: Path, outcome: Outcome) -> bytes:
    """What a file has to contain."""
    return f"{_head(outcome)(path)}{outcome.compilation.text}".encode()


def _made(outcome: Outcome, home: Path, inputs: Sequence[Path]) -> Made:
    return Made(
        (outcome.compilation.text or "").encode(),
        f"{outcome.compilation.name}.yaml",
        home=home,
        inputs=inputs,
        what="an input of a pipeline",
        first_line=MADE,
        head=_head(outcome),
    )


def _head(outcome: Outcome) -> Callable[[Path], str]:
    """What makes the first line of a file."""
    return partial(made_from, outcome.job.manifest, values=outcome.job.values)


def home_of(root: Path | None) -> Callable[[Job], Path]:
    """The root of each job, which links must not lead out of."""
    return lambda job: root or git_root(job.manifest.resolve().parent)
