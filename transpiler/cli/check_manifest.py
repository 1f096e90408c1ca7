"""A file → its diagnostics, each once; of a manifest, those of all its environments."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from transpiler.analysis import check_component
from transpiler.catalog.files import shown
from transpiler.cli.environments import Run, runs_of
from transpiler.cli.once import Key, key_of
from transpiler.cli.streams import read
from transpiler.compiler import compile_bytes
from transpiler.diagnostics import Diagnostic, Related, Report, Source
from transpiler.read.documents import COMPONENT, MANIFEST, TESTS, guess
from transpiler.workspace.environments import environment_of, has_values, is_values_file, manifest_of, unused_twins
from transpiler.workspace.options import Options


class Check(Struct, frozen=True):
    """A file to check: a manifest in some runs, a component, tests, or a values file without a manifest."""

    path: Path
    options: Options
    runs: tuple[Run, ...] = ()
    is_orphan: bool = False
    is_tests: bool = False
    """True for a file of tests."""
    is_strict: bool = False
    """True if a warning fails the check."""

    @property
    def values(self) -> tuple[Path, ...]:
        """The values files that are checked with it."""
        return tuple(path for run in self.runs for path in run.options.values)


def check_of(path: Path, data: bytes, chosen: Options, names: Sequence[str], *, is_named: bool) -> Check:
    """How to check a file. A values file is checked with its manifest. Raises UsageError for an unknown environment."""
    kind = guess(path, data)
    if kind in {COMPONENT, TESTS}:
        return Check(path, chosen, is_tests=kind is TESTS)
    if is_values_file(path, data):
        manifest = manifest_of(path)
        assert manifest is not None
        plain = Run(chosen) if chosen.values or chosen.assignments or names else None
        return Check(manifest, chosen, (plain or Run(replace(chosen, values=[path]), path),))
    if environment_of(path) and has_values(data) and kind is not MANIFEST:
        return Check(path, chosen, is_orphan=True)
    return Check(path, chosen, tuple(runs_of(path, chosen, names, is_named=is_named)))


def diagnostics_of(check: Check) -> Sequence[Diagnostic]:
    """The diagnostics of a file, as it is now."""
    data = read(str(check.path))
    if check.is_orphan:
        return _orphan(check.path, data)
    if check.is_tests:
        from transpiler.cli.test_files import TestFile  # noqa: PLC0415 - most files are no tests

        return TestFile(check.path, data, check.options).check()
    if not check.runs:
        return check_component(check.path, data, check.options)
    return [*_in_all_runs(check, data), *_twins(check)]


def _twins(check: Check) -> Sequence[Diagnostic]:
    """Values files that nothing reads, because another one has the name of the environment."""
    report = Report()
    for twin, first in unused_twins(check.path, check.options.root):
        message = f"`{first.name}` is the environment `{environment_of(first)}`, so that this file is not read"
        span = Source(shown(twin), read(str(twin)).decode(errors="replace")).span(0)
        report.error("duplicate-name", message, span, "delete one of the two, or rename it")
    return report.diagnostics


def _orphan(path: Path, data: bytes) -> Sequence[Diagnostic]:
    manifest = path.stem.rpartition(".")[0]
    message = f"this is a values file, and there is no `{manifest}.yaml` beside it"
    hint = f"name it after its manifest, or use it with `--values {path.name}`"
    span = Source(shown(path), data.decode(errors="replace")).span(0)
    report = Report()
    report.error("missing-manifest", message, span, hint)
    return report.diagnostics


def _in_all_runs(check: Check, data: bytes) -> list[Diagnostic]:
    """The diagnostics of a manifest in some runs. One that only an environment has names its values file."""
    path, runs = check.path, check.runs
    own: dict[Key, Diagnostic] = {}
    found = [compile_bytes(shown(path), data, path.resolve().parent, run.options).diagnostics for run in runs]
    everywhere = set.intersection(*({key_of(each) for each in each_run} for each_run in found))
    for run, diagnostics in zip(runs, found, strict=True):
        for each in diagnostics:
            is_of_values = run.values is not None and each.span.source.name == shown(run.values)
            if is_of_values or each.code != "ignore-comment" or key_of(each) in everywhere:  # else it ignores something
                own.setdefault(key_of(each), each if is_of_values else _with_environment(each, run))
    return list(own.values())


def _with_environment(diagnostic: Diagnostic, run: Run) -> Diagnostic:
    """A diagnostic with the values file that it comes from."""
    if run.values is None:
        return diagnostic
    text = read(str(run.values)).decode(errors="replace")
    related = Related("with the values of this file", Source(shown(run.values), text).span(0))
    return replace(diagnostic, related=(*diagnostic.related, related))
