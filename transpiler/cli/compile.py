"""`transpile compile`: the Workflow to stdout or a file, diagnostics to stderr."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from transpiler.catalog.files import git_root, is_folder
from transpiler.cli.batch.summary import need_lines
from transpiler.cli.environments import with_environments
from transpiler.cli.manifest_input import manifest_input
from transpiler.cli.options import options
from transpiler.cli.output import MADE, Made, deliver, made_from
from transpiler.cli.reports import is_summarized, report
from transpiler.cli.streams import failed, tell
from transpiler.compiler import Compilation, compile_bytes
from transpiler.report.formats import DOCUMENTS
from transpiler.views.needs import needs_of

SHOWN_FILES = 10
SHOWN_PERCENT = 10
"""From here on it is of interest how much of what a cluster stores a pipeline takes."""


def run(given: argparse.Namespace) -> int:
    """Compile manifests. Nothing is written when there is an error in any of them."""
    if len(given.manifests) > 1 or given.each_env or is_folder(Path(given.manifests[0])):
        from transpiler.cli.batch.compile import compile_many  # noqa: PLC0415 - most runs compile one

        return compile_many(given)
    return _compile_one(given.manifests[0], given)


def _compile_one(written: str, given: argparse.Namespace) -> int:
    manifest = manifest_input(written, given.stdin_filename)
    chosen = with_environments(options(given), manifest.path, given.env)
    with _without_collecting():
        compilation = compile_bytes(manifest.name, manifest.data, manifest.folder, chosen)
    inputs = [*([manifest.path] if manifest.path else []), *compilation.files]
    report(compilation.diagnostics, given, sys.stderr, inputs)
    if compilation.text is None or failed(compilation.diagnostics, given):
        return 1
    if compilation.unstored and is_summarized(given):
        tell(_lost(compilation.unstored))
    done = deliver(
        Made(
            compilation.text.encode(),
            f"{compilation.name}.yaml",
            home=chosen.root or git_root(manifest.folder),
            inputs=inputs,
            piped=None if manifest.path and written != "-" else manifest.data,
            what="an input of this pipeline",
            first_line=MADE,
            head=partial(made_from, manifest.path, values=chosen.values),
        ),
        given,
    )
    if done and (is_summarized(given) or (given.format not in DOCUMENTS and not given.quiet)):
        tell(f"{done} ({_extent(compilation)})")
        for line in need_lines(needs_of(compilation.objects)):
            tell(line)
    return 0


def _lost(files: tuple[str, ...]) -> str:
    """A note on files that go nowhere: KFP would store them all."""
    shown = ", ".join(files[:SHOWN_FILES]) + (f" and {len(files) - SHOWN_FILES} more" if files[SHOWN_FILES:] else "")
    task, _, output = files[0].rpartition(".")
    how = f"to store it, add `outputs: {{{output}: {{}}}}` to `{task}`; to store all, `defaults: {{keepFiles: true}}`"
    return f"note: these files are not used by any task and not stored: {shown}; {how}"


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Without the search for cycles in memory: ten thousand tasks have none, and it would take a fifth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _extent(compilation: Compilation) -> str:
    """How much was written: tasks, and what a cluster has to store when that is not little."""
    counted = (("task", "tasks", compilation.tasks), ("entry", "entries", compilation.entries))
    tasks = ", ".join(f"{count} {one if count == 1 else many}" for one, many, count in counted if count)
    weight = compilation.budget
    if weight is None or weight.percent < SHOWN_PERCENT:
        return tasks
    objects = f" in {len(weight.objects)} objects" if len(weight.objects) > 1 else ""
    return f"{tasks}{objects}, {weight.total:,} bytes of JSON: {weight.percent}% of the limit of one object"
