"""`transpile compile`: the Workflow to stdout or a file, diagnostics to stderr."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from transpiler.catalog.files import SUFFIXES, exists, shown
from transpiler.cli.main import UsageError
from transpiler.cli.streams import emit, options, read, show, tell, write
from transpiler.compiler import Compilation, compile_bytes
from transpiler.read.source import MAX_BYTES

SHOWN_PERCENT = 10
"""From here on it is of interest how much of what a cluster stores a pipeline takes."""


def run(given: argparse.Namespace) -> int:
    """Compile one manifest. Nothing is written when there is an error."""
    if given.manifest == "-":
        name, folder, data = given.stdin_filename, Path.cwd(), _standard_input()
    else:
        name, data = shown(Path(given.manifest)), read(given.manifest)
        folder = Path(given.manifest).resolve().parent
    with _without_collecting():
        compilation = compile_bytes(name, data, folder, options(given))
    show(compilation.diagnostics, given, sys.stderr)
    if compilation.text is None:
        return 1
    if given.output == "-":
        emit(compilation.text.encode())
        return 0
    target = Path(given.output)
    _refuse_input(target, given.manifest, compilation.files)
    _refuse_other(target)
    changed = write(target, compilation.text.encode())
    if not given.quiet and given.format != "json":
        tell(f"{'wrote' if changed else 'unchanged:'} {given.output} ({_extent(compilation)})")
    return 0


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Without the search for cycles in memory: ten thousand tasks have none, and it would take a fifth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _extent(compilation: Compilation) -> str:
    """How much was written: tasks, and what a cluster has to store when that is not little."""
    tasks = f"{compilation.tasks} task{'s' if compilation.tasks != 1 else ''}"
    weight = compilation.budget
    if weight is None or weight.percent < SHOWN_PERCENT:
        return tasks
    objects = f" in {len(weight.objects)} objects" if len(weight.objects) > 1 else ""
    return f"{tasks}{objects}, {weight.total:,} bytes of JSON: {weight.percent}% of what one object may have"


def _standard_input() -> bytes:
    if sys.stdin.isatty():
        tell("transpile: reading the manifest from the terminal; end it with Ctrl-D")
    try:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"cannot read standard input: {error.strerror}") from error


def _refuse_input(target: Path, manifest: str, files: tuple[Path, ...]) -> None:
    """A mistyped `-o` must not destroy what somebody wrote by hand."""
    own = [*files] if manifest == "-" else [Path(manifest), *files]
    if exists(target) and any(exists(path) and target.samefile(path) for path in own):
        raise UsageError(f"`{target}` is an input of this pipeline: choose another --output")


def _refuse_other(target: Path) -> None:
    """Nor a program or a text: whatever is not YAML by its name, is not empty, and holds no Workflow."""
    if target.suffix.lower() in SUFFIXES or not exists(target) or not target.is_file():
        return
    held = read(str(target))
    if held and not held.startswith(b"apiVersion: argoproj.io/"):
        raise UsageError(f"`{target}` exists, and is no YAML file: choose another --output, such as workflow.yaml")
