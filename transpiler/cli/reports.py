"""`--output-file`: the report of a run in a file, and its problems as text beside it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, TextIO

from msgspec.structs import replace

from transpiler.catalog.files import git_root
from transpiler.cli.output import Made, deliver
from transpiler.cli.streams import colored, findings_of, put, tell
from transpiler.diagnostics import Diagnostic
from transpiler.patterns import regex
from transpiler.report.formats import SUMMARIZED, left_out, render

_REPORT: Final = regex(
    r'\[(\]|\{.*)?|\{"\$schema": "https://json\.schemastore\.org/sarif-2\.1\.0\.json",|'
    r'<\?xml [^>]*\?><testsuites name="transpile" .*|::(error|warning) .*|(.+:\d+:\d+: )?(error|warning)\[[\w-]+\]: .*'
)
"""The first line of a report of any format: an earlier one may be overwritten."""
_ENDINGS: Final = {"json": "json", "gitlab": "json", "junit": "xml", "sarif": "sarif"}


def report(
    diagnostics: Sequence[Diagnostic],
    given: argparse.Namespace,
    stream: TextIO,
    files: Iterable[Path] = (),
    passed: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Print the diagnostics in the chosen format; with `--output-file`, write them there and print them as text.

    `files`: the files that were read, which are not overwritten. `passed`: file → the names of tests in it that have
    passed. Raises UsageError for a file that may not be written.
    """
    read = [*files]
    found = replace(findings_of(diagnostics, given, read), passed=passed or {})
    cut = left_out(found, given.format)
    if getattr(given, "output_file", ""):
        _write(render(found, given.format, False), given, read)
        put(render(found, "text", colored(given.color, sys.stderr)), sys.stderr)
    else:
        put(render(found, given.format, colored(given.color, stream)), stream)
    if cut and (getattr(given, "output_file", "") or stream is not sys.stderr):
        tell(f"note: {cut}")


def is_summarized(given: argparse.Namespace) -> bool:
    """True if a summary may stand on standard error, beside the problems."""
    return not given.quiet and bool(given.output_file or given.format in SUMMARIZED)


def _write(text: str, given: argparse.Namespace, read: Sequence[Path]) -> None:
    made = Made(
        text.encode(errors="backslashreplace"),
        f"transpile.{_ENDINGS.get(given.format, 'txt')}",
        home=git_root(Path.cwd()),
        inputs=read,
        what="one of the files that are read",
        first_line=_REPORT,
        option="--output-file",
        way_out="choose another --output-file",
    )
    done = deliver(made, argparse.Namespace(output=given.output_file, force=getattr(given, "force", False)))
    if done and not given.quiet:
        tell(done)
