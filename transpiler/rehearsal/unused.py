"""What a file of tests says of tasks, and no run has come to: fakes, tries, programs that are real, caches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from transpiler.diagnostics import Diagnostic, Related, Report
from transpiler.rehearsal.acting import Cast
from transpiler.rehearsal.judge import Aim, Prepared
from transpiler.rehearsal.model import FakedTask
from transpiler.rehearsal.reasons import Reasons
from transpiler.runs.places import Path

Reached = Mapping[tuple[int, int], int]
"""Line and column of what the file says of a task → how many of its tries a run has come to."""
_LEFT_OUT: Final = ("Skipped", "Omitted", "NotStarted")


def reached_in(cast: Cast, *, is_shared: bool) -> dict[tuple[int, int], int]:
    """How far a run has come in what the file says for all cases, or else in what the case says itself."""
    return {_place(faked): tries for faked, tries in cast.reached() if faked.is_shared == is_shared}


def tell_unused(prepared: Prepared, reasons: Reasons, report: Report) -> None:
    """Warn of what the case itself says, and its run has not come to."""
    reached, known = reached_in(prepared.cast, is_shared=False), _left_out(prepared)
    counted = {aim.found.path for each, aim in prepared.tasks if each.tries is not None}
    for faked, aim in prepared.faked:
        tries = reached.get(_place(faked), 0)
        is_told = (faked.is_kept, aim.found.path) in known or (faked.is_kept and _has_run(aim, reasons))
        is_told = is_told or (tries > 0 and aim.found.path in counted)
        if tries < len(faked.tries) and not is_told:
            _warn(faked, tries, f"{prepared.case.name}: ", _why(aim, tries, reasons), report, aim)


def _left_out(prepared: Prepared) -> set[tuple[bool, Path]]:
    """Tasks that the case itself says do not run, and so have no use for a fake (False), or a cache (True)."""
    not_run = {
        aim.found.path for each, aim in prepared.tasks if each.phase is not None and each.phase.value in _LEFT_OUT
    }
    cached = {aim.found.path for each, aim in prepared.tasks if each.cached is not None and each.cached.value}
    kept = {aim.found.path for faked, aim in prepared.faked if faked.is_kept}
    return {(False, path) for path in not_run | cached | kept} | {(True, path) for path in not_run}


def unused_by_all(shared: Iterable[FakedTask], runs: Iterable[Reached]) -> tuple[Diagnostic, ...]:
    """Warn of what the file says for all cases, and none of their runs has come to."""
    report, known = Report(), list(runs)
    for faked in shared:
        tries = max((each.get(_place(faked), 0) for each in known), default=0)
        if tries < len(faked.tries):
            _warn(faked, tries, "", "no case of the file comes to it", report)
    return report.diagnostics


def _place(faked: FakedTask) -> tuple[int, int]:
    return faked.span.line, faked.span.column


def _warn(faked: FakedTask, tries: int, case: str, why: str, report: Report, aim: Aim | None = None) -> None:
    if tries:
        message, span = f"try {tries + 1} of the fake of `{faked.written}` is never reached", faked.tries[tries].span
    elif faked.is_real:
        message, span = f"`{faked.written}` is to be real, and never runs", faked.span
    else:
        what = "what the cache holds for" if faked.is_kept else "the fake of"
        message, span = f"{what} `{faked.written}` is never used", faked.span
    related = (Related("the task", aim.found.call.task.span),) if aim is not None else ()
    report.warning("unused-fake", f"{case}{message}", span, why, related)


def _has_run(aim: Aim, reasons: Reasons) -> bool:
    """True if something of it was not left out; of a cache that was not asked, another diagnostic tells."""
    single = [each for each in reasons.seen(aim) if each.is_run and not each.execution.is_loop]
    return any(each.outcome.phase != "NotStarted" for each in single)


def _why(aim: Aim, tries: int, reasons: Reasons) -> str:
    """Why a run has not come to it."""
    seen = reasons.seen(aim)
    if tries:
        return f"the task was tried {tries} time{'' if tries == 1 else 's'}"
    if not seen and any(each is not None for each in aim.items):
        return f"there is no such item; {reasons.items(aim)}"
    if any(each.outcome.is_cached for each in seen):
        return "the task is taken from a cache"
    if _has_run(aim, reasons):
        return "the fakes of its items go before it"
    return reasons.why(aim, seen)
