"""Why a task of a run is what it is, in words for a hint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from transpiler.diagnostics import excerpt
from transpiler.rehearsal.judge import Aim
from transpiler.rehearsal.seen import Seen
from transpiler.rehearsal.went import Went
from transpiler.runs.found import Execution, Found
from transpiler.runs.nodes import FAILED
from transpiler.runs.outcome import outcome_of
from transpiler.runs.places import Path
from transpiler.runs.run_states import states_in

_MOST_SAID: Final = 200
_MOST: Final = 3
"""Causes, items or words that a hint names."""
_MOST_ITEMS: Final = 10


class Reasons:
    """What is known of the tasks of a run that has ended."""

    def __init__(self, went: Went, found: Found) -> None:
        """`found`: what each node of the run is."""
        self._went, self._found = went, found
        self.states = states_in(went.workflow, found)

    def causes(self) -> str:
        """The tasks that failed, and why."""
        causes = [each for each in self.states.failures if each.is_cause]
        said = [
            f"`{excerpt('/'.join(each.path))}` failed: {brief(each.message) or 'it says nothing'}{self._log(each.path)}"
            for each in causes
        ]
        more = f"; and {len(said) - _MOST} more" if len(said) > _MOST else ""
        return "; ".join(said[:_MOST]) + more or brief(self.states.message)

    def _log(self, path: Path) -> str:
        """The end of what the last program of a task has printed, if it was a real one."""
        found = [log for key, log in self._went.logs.items() if log and self._went.played[key].home.path == path]
        return f"; its log ends with `{brief(found[-1])}`" if found else ""

    def seen(self, aim: Aim) -> list[Seen]:
        """The executions of a task, or of the items that are meant."""
        found = [each for each in self._found.executions.get(aim.found.path, ()) if not each.is_outdated]
        return [Seen(each, outcome_of(each, has_ended=True)) for each in found if fits(aim, each)]

    def why(self, aim: Aim, seen: Sequence[Seen]) -> str:
        """Why a task is what it is."""
        state = self.states.of(aim.found.path)
        if state.phase in FAILED:
            said = next((each.outcome.message for each in seen if each.outcome.message), "")
            return f"it says: {brief(said)}" if said else ""
        if state.phase == "Skipped":
            return "its loop has no items" if state.because == "no items" else "its `when` is false"
        if state.phase == "Omitted":
            return "; ".join(filter(None, ("its `depends`, or what it waits for, leaves it out", self.causes())))
        return "what would run it was never reached" if state.phase == "NotStarted" else ""

    def items(self, aim: Aim) -> str:
        """The items that a task has, for somebody who names another one."""
        executions = sorted(self._found.executions.get(aim.found.path, ()), key=lambda each: each.at)
        items = [" / ".join(each.items) for each in executions if each.items]
        listed = ", ".join(f"`{excerpt(each)}`" for each in items[:_MOST_ITEMS])
        return f"its items are {listed}" if items else f"the task is {self.states.of(aim.found.path).phase}"


def fits(aim: Aim, execution: Execution) -> bool:
    """True for an execution of the items that are meant."""
    if all(each is None for each in aim.items):
        return True
    pairs = zip(aim.items, execution.at, execution.items, strict=False)
    is_item = not execution.is_loop and len(execution.at) == len(aim.items)
    return is_item and all(item is None or item.fits(number, word) for item, number, word in pairs)


def brief(message: str) -> str:
    """What Argo says, shortened."""
    return excerpt(message, _MOST_SAID)
