"""Files of tests, each with its manifest, which is read once for each environment that a case names."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec.structs import replace

from transpiler.analysis import Analysis, analyze_bytes
from transpiler.catalog.files import SUFFIXES, exists, git_root, is_folder, shown
from transpiler.cli.options import options_in, project_of
from transpiler.cli.streams import read
from transpiler.cli.usage import UsageError
from transpiler.diagnostics import Diagnostic, Report, Source
from transpiler.read.documents import MANIFEST, TESTS, guess, is_named_as_tests
from transpiler.rehearsal.broken import broken
from transpiler.rehearsal.coverage import Coverage, Covered
from transpiler.rehearsal.model import Case
from transpiler.rehearsal.read import read_tests
from transpiler.rehearsal.real import Open
from transpiler.rehearsal.rehearse import Rehearsal
from transpiler.rehearsal.unused import Reached, unused_by_all
from transpiler.rehearsal.went import Left
from transpiler.suggest import suggestion
from transpiler.workspace.environments import environments_of, manifest_of
from transpiler.workspace.options import Options
from transpiler.workspace.search import Others, search

PASSED, FAILED, NOT_RUN = "passed", "failed", "not run"
_NAME = "test"


class TestFile:
    """A file of tests. Its manifest is read when a case needs it."""

    def __init__(
        self, path: Path, data: bytes, chosen: Options, *, covers: bool = False, programs: Open | None = None
    ) -> None:
        """`programs`: what runs real tasks, for who runs cases."""
        self.path, self._options, self._programs = path, chosen, programs
        self.manifest = manifest_of(path)
        report = Report()
        tests = read_tests(shown(path), data, report)
        self.cases: tuple[Case, ...] = tests.cases if tests is not None else ()
        if self.manifest is None:
            self._no_manifest(data, report)
        self.problems: list[Diagnostic] = [*report.diagnostics]
        """What is wrong in the file, whatever the manifest says."""
        self._broken = broken(tests, report.diagnostics) if tests is not None else frozenset[str]()
        self._rehearsals: dict[str, Rehearsal] = {}
        self._left: dict[str, Left] = {}
        """Name of a case → what its run has left."""
        self._reached: dict[str, Reached] = {}
        self._coverage, self._is_run = Coverage() if covers else None, False

    def _no_manifest(self, data: bytes, report: Report) -> None:
        name = f"{self.path.stem.rpartition('.')[0] or self.path.stem}.yaml"
        span = Source(shown(self.path), data.decode(errors="replace")).span(0)
        message = f"there is no manifest `{name}` beside this file of tests"
        report.error("missing-manifest", message, span, "name the file after its manifest: pipeline.test.yaml")

    def run(self, case: Case) -> tuple[str, list[Diagnostic]]:
        """Whether a case has `passed`, `failed` or was `not run`, for mistakes, and what is told of it."""
        report = Report()
        rehearsal = self._rehearsal(case, report)
        if rehearsal is None or case.name in self._broken or rehearsal.problems:
            if rehearsal is not None:
                rehearsal.judge(case, report)
            return NOT_RUN, [*report.diagnostics, *(rehearsal.problems if rehearsal is not None else ())]
        before = self._before(case, report)
        if report.failed:
            return NOT_RUN, [*report.diagnostics]
        outcome = rehearsal.run(case, self._coverage, before)
        if outcome.went is not None:
            self._left[case.name], self._reached[case.name] = outcome.went.left, outcome.reached
        self._is_run = self._is_run or outcome.went is not None
        has_failed = any(each.severity == "error" for each in outcome.diagnostics)
        state = (FAILED if has_failed else PASSED) if outcome.went is not None else NOT_RUN
        return state, [*outcome.diagnostics]

    def _before(self, case: Case, report: Report) -> Left | None:
        """What the run before a case leaves; it is run for that, if it has not been. Reports one that cannot be."""
        if case.after is None:
            return None
        name = str(case.after.value)
        if name not in self._left:
            state, found = self.run(next(each for each in self.cases if each.name == name))
            if state == NOT_RUN and not any(each.severity == "error" for each in report.diagnostics):
                hint = found[0].message if found else ""
                report.error("cannot-rehearse", f"{case.name}: the case `{name}` cannot be run", case.after.span, hint)
        return self._left.get(name)

    def check(self) -> list[Diagnostic]:
        """What is wrong in the file, without a run. The mistakes of the manifest are its own."""
        report = Report()
        for case in self.cases:
            rehearsal = self._rehearsal(case, report)
            if rehearsal is not None:
                rehearsal.judge(case, report)
        return [*self.problems, *report.diagnostics]

    def unused(self) -> tuple[Diagnostic, ...]:
        """What the file says for all cases and none needs; nothing unless all of them were run."""
        if not self.cases or any(case.name not in self._reached for case in self.cases):
            return ()
        first = self.cases[0]
        shared = [each for each in (*first.fakes, *first.cached) if each.is_shared]
        return unused_by_all(shared, self._reached.values())

    def covered(self) -> Covered | None:
        """What the cases have run so far; None if none was, or nobody asks for it."""
        if not self._is_run or self._coverage is None:
            return None
        tasks = next((each.tasks for each in self._rehearsals.values() if each.tasks is not None), None)
        return self._coverage.covered(tasks) if tasks is not None else None

    def _rehearsal(self, case: Case, report: Report) -> Rehearsal | None:
        """The manifest in the environment of a case. None, with a diagnostic, without one."""
        if self.manifest is None:
            return None
        name = case.env.value if case.env is not None else ""
        if name not in self._rehearsals:
            values: list[Path] = []
            if case.env is not None:
                known = environments_of(self.manifest, self._options)
                if name not in known:
                    hint = suggestion(name, known, "environments")
                    report.error("unknown-name", f"there is no environment `{name}`", case.env.span, hint)
                    return None
                values = [*known[name]]
            self._rehearsals[name] = Rehearsal(self._analysis(self.manifest, values), self._programs)
        return self._rehearsals[name]

    def _analysis(self, manifest: Path, values: list[Path]) -> Analysis:
        chosen = replace(self._options, values=[*values, *self._options.values], other_kind="Workflow")
        return analyze_bytes(shown(manifest), read(str(manifest)), manifest.resolve().parent, chosen)


def files_of(paths: Iterable[str], given: argparse.Namespace, programs: Open) -> Iterator[TestFile]:
    """The files of tests that the command line names, each once. Raises UsageError."""
    seen: set[Path] = set()
    for path in (found for name in paths for found in _paths(Path(name), given)):
        if path.resolve() not in seen:
            seen.add(path.resolve())
            chosen = options_in(project_of(path.resolve().parent, given), given)
            yield TestFile(path, read(str(path)), chosen, covers=given.coverage, programs=programs)


def _paths(path: Path, given: argparse.Namespace) -> Iterator[Path]:
    if is_folder(path):
        root = Path(given.root).resolve() if given.root else git_root(path.resolve())
        found = list(search(path, root, Others(), wanted=TESTS))
        if not found:
            raise UsageError(f"no file of tests below `{path}`: write one beside a manifest, as pipeline.test.yaml")
        yield from found
    elif not is_named_as_tests(path) and guess(path, read(str(path))) is MANIFEST:
        beside = [path.with_name(f"{path.stem}.{_NAME}{suffix}") for suffix in sorted(SUFFIXES, reverse=True)]
        file = next((each for each in beside if exists(each)), None)
        if file is None:
            raise UsageError(f"`{shown(path)}` has no file of tests beside it: write {path.stem}.{_NAME}.yaml")
        yield file
    else:
        yield path
