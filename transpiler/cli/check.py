"""`transpile check`: every mistake in manifests and components; folders are searched."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from transpiler.catalog.files import (
    git_root,
    is_folder,
)
from transpiler.catalog.readings import Readings
from transpiler.cli.check_manifest import Check, check_of, diagnostics_of
from transpiler.cli.environments import refuse_unknown
from transpiler.cli.fixes import MAX_ROUNDS, apply_fixes
from transpiler.cli.once import each_once
from transpiler.cli.options import is_strict, options, options_in, project_of
from transpiler.cli.reports import is_summarized, report
from transpiler.cli.streams import read, tell
from transpiler.cli.usage import UsageError
from transpiler.diagnostics import Diagnostic
from transpiler.report.text import count
from transpiler.workspace.options import Options
from transpiler.workspace.search import Others, search


def run(given: argparse.Namespace) -> int:
    """Check each file once; 1 when any has an error."""
    gc.enable()
    asked, others = given.strict, Others()
    chosen = options(given)
    checks = _checks(given, asked, chosen, others)
    files = list(dict.fromkeys(each for check in checks for each in (check.path, *check.values)))
    diagnostics, is_failed = _problems(checks, others)
    fixed = 0
    for _ in range(MAX_ROUNDS if given.fix else 0):
        applied = apply_fixes(files, diagnostics)
        if not applied:
            break
        fixed += applied
        diagnostics, is_failed = _problems(checks, others)
    report(diagnostics, given, sys.stdout, files)
    if is_summarized(given):
        tell(_summary(diagnostics, len(files), others.count, fixed))
    return 1 if is_failed else 0


def _summary(diagnostics: Sequence[Diagnostic], files: int, skipped: int, fixed: int) -> str:
    """The last line: how many files and problems, and what was, or could be, corrected."""
    parts = [f"checked {files} file{'' if files == 1 else 's'}: {count(diagnostics) or 'no problems'}"]
    if skipped:
        parts.append(f"skipped {skipped} that are neither a manifest nor a component")
    if fixed:
        parts.append(f"corrected {fixed} mistake{'' if fixed == 1 else 's'}")
    safe = sum(each.fix is not None and each.fix.is_safe for each in diagnostics)
    if safe:
        parts.append(f"`transpile check --fix` corrects {safe} of them")
    return "; ".join(parts)


def _checks(given: argparse.Namespace, asked: bool | None, chosen: Options, others: Others) -> list[Check]:
    """What to check of each file that the command line names, or that a folder of it has. Raises UsageError.

    Each file is checked as its own project says; `asked` is `--strict`, or `--no-strict`.
    """
    checks: dict[Path, Check] = {}
    readings = Readings()
    for name in given.paths:
        is_search = is_folder(Path(name))
        for path in files_of([name], chosen.root, others, given.exclude):
            project = project_of(path.resolve().parent, given)
            if is_search and project is not None and project.leaves_out(path):
                continue
            own = replace(options_in(project, given), readings=readings)
            check = check_of(path, read(str(path)), own, given.env, is_named=not is_search)
            check = replace(check, is_strict=is_strict(project) if asked is None else asked)
            same = checks.setdefault(check.path, check)
            checks[check.path] = check if len(check.runs) > len(same.runs) else same
    refuse_unknown(given.env, checks, chosen)
    return list(checks.values())


def _problems(checks: Iterable[Check], others: Others) -> tuple[list[Diagnostic], bool]:
    """The diagnostics of all files, each once, and whether the run fails."""
    found, is_failed = list(others.unreadable.diagnostics), others.unreadable.failed
    for check in checks:
        own = diagnostics_of(check)
        is_failed = is_failed or any(check.is_strict or each.severity == "error" for each in own)
        found += own
    return each_once(found), is_failed


def files_of(
    paths: Iterable[str], root: Path | None, others: Others | None = None, exclude: Sequence[str] = ()
) -> Iterator[Path]:
    """Files as named; in folders, the files that are manifests or components and lie inside the root."""
    others = others or Others()
    for name in paths:
        path = Path(name)
        if is_folder(path):
            found = list(search(path, root or git_root(path.resolve()), others, exclude))
            if not found and not others.unreadable.failed:
                raise UsageError(f"no manifest or component below `{name}`")
            yield from found
        else:
            yield path
