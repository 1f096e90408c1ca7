"""What the cases of a file have run of a manifest: which tasks never ran, what never decided that."""

from __future__ import annotations

from msgspec import Struct, field

from transpiler.diagnostics import Diagnostic, Related, Report
from transpiler.model.depends import Depends, results
from transpiler.rehearsal.decided import decided
from transpiler.rehearsal.tasks import Found as Task
from transpiler.rehearsal.tasks import Tasks
from transpiler.runs.found import Found
from transpiler.runs.outcome import outcome_of
from transpiler.runs.places import Path

_MOST_TASKS = 100_000
_LEFT_OUT = ("Skipped", "Omitted")


class Covered(Struct, frozen=True):
    """How much of a manifest was run."""

    tasks: int
    ran: int
    branches: int
    """Two for each condition: true, and false."""
    taken: int
    results: int
    """Those that a `depends` names."""
    decided: int
    gaps: tuple[Diagnostic, ...]

    @property
    def told(self) -> str:
        """It in words."""
        branches = f", {self.taken} of {self.branches} branches of `when` were taken" if self.branches else ""
        results = f", {self.decided} of {self.results} results in `depends` decided" if self.results else ""
        return f"{self.ran} of {self.tasks} tasks ran{branches}{results}"


class Coverage(Struct):
    """What happened in the runs so far."""

    ran: set[Path] = field(default_factory=set)
    left_out: set[Path] = field(default_factory=set)
    """Tasks whose `when` was false."""
    decided: dict[Path, set[int]] = field(default_factory=dict)
    """Task → the results that its `depends` names, by their place in it, that decided whether it runs."""

    def add(self, found: Found, tasks: Tasks) -> None:
        """A run, as its nodes tell."""
        for task in tasks.all(_MOST_TASKS):
            if task.depends is not None:
                self.decided.setdefault(task.path, set()).update(decided(task.path, task.depends, found))
        for path, executions in found.executions.items():
            for each in executions:
                outcome = outcome_of(each, has_ended=True)
                if outcome.phase not in _LEFT_OUT:
                    self.ran.add(path)
                elif outcome.because == "when":
                    self.left_out.add(path)

    def covered(self, tasks: Tasks) -> Covered:
        """What was run, and what was not."""
        known = list(tasks.all(_MOST_TASKS))
        conditional = [each for each in known if each.when is not None]
        taken = sum((each.path in self.ran) + self._was_false(each) for each in conditional)
        ran = sum(each.path in self.ran for each in known)
        named = {each.path: len(list(results(each.depends))) for each in known if each.depends is not None}
        report = Report()
        self._gaps(known, report)
        counted = sum(len(self.decided.get(path, ())) for path in named)
        return Covered(len(known), ran, 2 * len(conditional), taken, sum(named.values()), counted, report.diagnostics)

    def _was_false(self, task: Task) -> bool:
        """True if a run has left a task out for its condition. A hook whose condition is false has no node."""
        *above, name = task.path
        owner = (*above, name.rpartition(".")[0])
        return task.path in self.left_out or ("." in name and task.path not in self.ran and owner in self.ran)

    def _gaps(self, known: list[Task], report: Report) -> None:
        silent: set[Path] = set()
        for each in known:
            written, span = "/".join(each.path), each.call.task.span
            if each.path[:-1] in silent:
                silent.add(each.path)  # the task around says it
                continue
            if each.path not in self.ran:
                silent.add(each.path)
                related = (Related("its `when`", each.when.span),) if each.when is not None else ()
                why = "its `when` was never true" if each.path in self.left_out else "write a case in which it runs"
                report.warning("untested-branch", f"no case runs `{written}`", span, why, related)
            elif each.when is not None and not self._was_false(each):
                hint = "write a case in which it is false"
                report.warning("untested-branch", f"the `when` of `{written}` is never false", each.when.span, hint)
            if each.path in self.ran and each.depends is not None:
                self._undecided(written, each.path, each.depends, report)

    def _undecided(self, written: str, path: Path, depends: Depends, report: Report) -> None:
        for number, asked in enumerate(results(depends)):
            if number not in self.decided.get(path, ()):
                name = f"{asked.task}.{asked.result}" if asked.result else asked.task
                message = f"`{name}` never decides whether `{written}` runs"
                hint = "write a case in which it is true, and the rest of `depends` alone would say otherwise"
                report.warning("untested-branch", message, asked.span, hint)
