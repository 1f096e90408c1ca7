"""A manifest in one environment → its cases, run one after another."""

from __future__ import annotations

from contextlib import nullcontext
from functools import cached_property
from typing import Final

from msgspec import Struct

from transpiler.analysis import Analysis
from transpiler.compiler import Compilation, compile_analysis
from transpiler.diagnostics import Diagnostic, Related, Report, excerpt
from transpiler.engine.protocol import RefusedError
from transpiler.rehearsal.compare import compare
from transpiler.rehearsal.coverage import Coverage
from transpiler.rehearsal.judge import Prepared, prepare
from transpiler.rehearsal.model import Case
from transpiler.rehearsal.play import play
from transpiler.rehearsal.real import Open, UnfitError
from transpiler.rehearsal.reasons import Reasons
from transpiler.rehearsal.tasks import Tasks
from transpiler.rehearsal.unused import Reached, reached_in, tell_unused
from transpiler.rehearsal.went import Left, Went
from transpiler.runs.runs import Runs
from transpiler.runs.written_at import WrittenAt

_MOST_REFUSALS: Final = 3
_MOST_SAID: Final = 300


class Outcome(Struct, frozen=True):
    """How a case went: it passed if nothing is told of it. `went` is None for one that could not be run."""

    case: Case
    diagnostics: tuple[Diagnostic, ...]
    went: Went | None = None
    reached: Reached = {}
    """Of what the file says for all cases."""


class Rehearsal:
    """Runs cases of one manifest. Its analysis is not changed."""

    def __init__(self, analysis: Analysis, programs: Open | None = None) -> None:
        """`programs`: what runs real tasks, without which there can be none."""
        self._analysis, self._programs = analysis, programs
        self._compilation: Compilation | None = None
        self.tasks = Tasks(analysis.program) if analysis.program is not None else None

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        """The mistakes of the manifest, with which no case can be run."""
        return tuple(each for each in self._compiled.diagnostics if each.severity == "error")

    @property
    def _compiled(self) -> Compilation:
        if self._compilation is None:
            self._compilation = compile_analysis(self._analysis)
        return self._compilation

    @cached_property
    def _runs(self) -> Runs:
        return Runs(self._analysis, self._compiled.lowered)

    def judge(self, case: Case, report: Report) -> Prepared | None:
        """A case as it can be run. Reports what is wrong in it, as far as the manifest can be understood."""
        if self.tasks is None or self._analysis.pipeline is None or self._analysis.failed:
            return None
        return prepare(case, self._analysis, self.tasks, report)

    def run(self, case: Case, coverage: Coverage | None = None, before: Left | None = None) -> Outcome:
        """Run a case, and compare. Expects a manifest without `problems`. `before`: what the run before it has left."""
        report = Report()
        prepared = self.judge(case, report)
        self._refuse(case, report)
        if prepared is None or report.failed:
            return Outcome(case, report.diagnostics)
        try:
            went = self._play(prepared, before)
        except RefusedError as refused:
            return Outcome(case, self._refused(case, refused))
        except UnfitError as error:
            return Outcome(case, tuple(_unfit(prepared, error)))
        found = self._runs.found(went.workflow)
        if coverage is not None and self.tasks is not None:
            coverage.add(found, self.tasks)
        reasons = Reasons(went, found)
        compare(prepared, went, reasons, report)
        if not went.stuck:
            tell_unused(prepared, reasons, report)
        return Outcome(case, report.diagnostics, went, reached_in(prepared.cast, is_shared=True))

    def _play(self, prepared: Prepared, before: Left | None) -> Went:
        case, objects = prepared.case, self._compiled.objects
        has_real = any(each.is_real for each in case.fakes)
        with self._programs(objects) if has_real and self._programs is not None else nullcontext() as programs:
            return play(
                objects,
                prepared.arguments,
                self._runs,
                prepared.cast,
                case.stop_after,
                programs=programs,
                before=before,
                later=case.later,
            )

    def _refused(self, case: Case, refused: RefusedError) -> tuple[Diagnostic, ...]:
        """What the engine cannot do, with its places in the manifest."""
        report, places = Report(), WrittenAt(self._compiled.objects, self._analysis, self._runs)
        for each in refused.refusals[:_MOST_REFUSALS]:
            place = places.place(each.object, each.path)
            related = (*place.related, Related("the case", case.span))
            report.error("cannot-rehearse", f"{case.name}: {each.message}", place.span, "", related)
        return report.diagnostics

    def _refuse(self, case: Case, report: Report) -> None:
        """Report a manifest that runs nothing by itself."""
        pipeline = self._analysis.pipeline
        if pipeline is not None and pipeline.workflow_template is not None:
            message = "what it runs is in a template that only a cluster has"
            report.error("cannot-rehearse", f"{case.name}: {message}", case.span)
        elif pipeline is not None and not pipeline.dag.tasks:
            message = "the manifest has no tasks of its own: others call its entries"
            report.error("cannot-rehearse", f"{case.name}: {message}", case.span)


def _unfit(prepared: Prepared, error: UnfitError) -> list[Diagnostic]:
    """What keeps a real task from running, where the file says that it is real."""
    case, report = prepared.case, Report()
    said = prepared.cast.said_of(error.home) if error.home is not None else None
    name = "/".join(error.home.path or ()) if error.home is not None else ""
    message = f"{case.name}: `{excerpt(name)}` cannot run for real: {excerpt(error.message, _MOST_SAID)}"
    report.error("cannot-rehearse", message, said.span if said is not None else case.span)
    return list(report.diagnostics)
