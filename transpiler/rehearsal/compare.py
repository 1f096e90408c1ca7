"""What was expected of a run, and how it went → what differs, each at its line of the file of tests."""

from __future__ import annotations

import json
import shlex
from collections.abc import Collection, Sequence
from itertools import pairwise

from transpiler.diagnostics import Related, Report, Span, excerpt
from transpiler.model.expressions.types import WrongLiteral
from transpiler.rehearsal.judge import Aim, Prepared
from transpiler.rehearsal.model import ExpectedTask, Given, Said
from transpiler.rehearsal.reasons import Reasons, brief
from transpiler.rehearsal.seen import Seen, argument_of, command_of, is_kept, output_in, output_of, outputs_of_run
from transpiler.rehearsal.values import is_same, items_of, text_of
from transpiler.rehearsal.went import Went


def compare(prepared: Prepared, went: Went, reasons: Reasons, report: Report) -> None:
    """Report every difference. `reasons`: why each task is what it is."""
    _Comparison(prepared, went, reasons, report).all()


class _Comparison:
    def __init__(self, prepared: Prepared, went: Went, reasons: Reasons, report: Report) -> None:
        self._prepared, self._went, self._states = prepared, went, reasons.states
        self._case, self._report, self._reasons = prepared.case, report, reasons

    def all(self) -> None:
        """Every difference."""
        if self._went.stuck:
            self._differs(f"the run does not end: {self._went.stuck}", self._case.span)
            return
        self._run()
        for expected, aim in self._prepared.tasks:
            self._task(expected, aim)
        for aim in self._prepared.cached:
            self._reused(aim)
        self._order()

    def _differs(self, message: str, span: Span, hint: str = "", aim: Aim | None = None) -> None:
        related = (Related("the task", aim.found.call.task.span),) if aim is not None else ()
        self._report.error("failed-expectation", f"{self._case.name}: {message}", span, hint, related)

    # ------------------------------------------------------------------ the run

    def _run(self) -> None:
        expected, states = self._case.expected, self._states
        if states.phase != expected.phase.value:
            message = f"the run is {states.phase}, not {expected.phase.value}"
            self._differs(message, expected.phase.span, self._reasons.causes())
        if expected.message is not None and str(expected.message.value) not in states.message:
            message = f"the run says `{brief(states.message)}`" if states.message else "the run says nothing"
            self._differs(message, expected.message.span)
        if expected.seconds is not None and self._went.seconds > expected.seconds.value:
            message = f"the run takes {_duration(self._went.seconds)} of virtual time, not at most"
            self._differs(f"{message} {_duration(expected.seconds.value)}", expected.seconds.span)
        outputs = outputs_of_run(self._went.workflow, self._states.name)
        for given in expected.outputs:
            actual = output_in(outputs, given.name, self._went)
            self._value(given, actual, f"output `{given.name}`", self._reasons.causes())

    def _value(self, given: Given, actual: str | None, what: str, hint: str = "", aim: Aim | None = None) -> None:
        """A value that should be another one; None is one that is not there."""
        wanted = None if given.value is None else _text(given)
        if wanted is None and actual is not None:
            self._differs(f"{what} is `{excerpt(actual)}`, and there should be none", given.span, hint, aim)
        elif wanted is not None and actual is None:
            self._differs(f"{what} has no value, and should be `{excerpt(wanted)}`", given.span, hint, aim)
        elif wanted is not None and actual is not None and not is_same(wanted, actual):
            self._differs(f"{what} is {_both(actual, wanted)}", given.span, hint, aim)

    # ------------------------------------------------------------------ a task

    def _task(self, expected: ExpectedTask, aim: Aim) -> None:
        seen = self._reasons.seen(aim)
        single = [each for each in seen if not each.execution.is_loop]
        name = f"`{aim.written}`"
        if any(each is not None for each in aim.items) and not seen:
            self._no_item(expected, aim)
            return
        self._phase(expected.phase, aim, seen)
        if expected.message is not None:
            said = [each.outcome.message for each in seen if each.outcome.message]
            if not any(str(expected.message.value) in each for each in said):
                message = f"{name} says {f'`{brief(said[0])}`' if said else 'nothing'}"
                self._differs(message, expected.message.span, "", aim)
        count = sum(len(each.execution.at) == sum(aim.found.loops) > 0 for each in single)
        if expected.items is not None and count != expected.items.value:
            message = f"{name} has {count} item{'' if count == 1 else 's'}, not {expected.items.value}"
            self._differs(message, expected.items.span, self._reasons.why(aim, seen), aim)
        if expected.cached is not None:
            self._cached(expected.cached, aim, single)
        if expected.tries is not None:
            self._tries(expected.tries, aim, single)
        needs_a_run = [*expected.arguments, *expected.outputs, *expected.env]
        places = [each.span for each in needs_a_run] + ([expected.command.span] if expected.command is not None else [])
        ran = [each for each in single if each.is_run]
        if places and not ran:
            self._differs(f"{name} never ran", places[0], self._reasons.why(aim, seen), aim)
            return
        collected = self._collected(expected, aim, ran)
        for each in ran:
            before = self._report.errors
            self._program(expected, aim, each, collected)
            if self._report.errors > before:
                return

    def _no_item(self, expected: ExpectedTask, aim: Aim) -> None:
        """The item that is meant is not there: it counts as the task does."""
        state = self._states.of(aim.found.path)
        counts = {"Skipped", "Omitted", "NotStarted"}
        if expected.phase is not None and state.phase in counts and expected.phase.value == state.phase:
            return
        self._differs(f"`{aim.written}`: there is no such item", aim.span, self._reasons.items(aim), aim)

    def _phase(self, expected: Said | None, aim: Aim, seen: Sequence[Seen]) -> None:
        if expected is None:
            return
        is_part = any(each is not None for each in aim.items)
        phases = [each.outcome.phase for each in seen] if is_part else [self._states.of(aim.found.path).phase]
        wrong = next((each for each in phases if each != expected.value), None)
        if wrong is not None:
            message = f"`{aim.written}` is {wrong}, not {expected.value}"
            self._differs(message, expected.span, self._reasons.why(aim, seen), aim)

    def _reused(self, aim: Aim) -> None:
        """A task whose result a cache is said to hold has taken it, if it ran at all."""
        ran = next(
            (each for each in self._reasons.seen(aim) if self._has_run(each) and not each.outcome.is_cached), None
        )
        if ran is not None:
            message = f"`{aim.written}`{ran.item} runs, and asks no cache"
            self._differs(message, aim.span, "it needs a `cache` in the manifest", aim)

    @staticmethod
    def _has_run(seen: Seen) -> bool:
        return seen.is_run and not seen.execution.is_loop and seen.outcome.phase != "NotStarted"

    def _cached(self, expected: Said, aim: Aim, single: Sequence[Seen]) -> None:
        wrong = next((each for each in single if each.outcome.is_cached != expected.value), None)
        if wrong is not None:
            taken = "is taken from a cache" if wrong.outcome.is_cached else "is not taken from a cache"
            self._differs(f"`{aim.written}`{wrong.item} {taken}", expected.span, self._reasons.why(aim, [wrong]), aim)

    def _tries(self, expected: Said, aim: Aim, single: Sequence[Seen]) -> None:
        counts = [(each.tries, each.item) for each in single] or [(0, "")]
        wrong = next(((count, item) for count, item in counts if count != expected.value), None)
        if wrong is not None:
            count, item = wrong
            message = f"`{aim.written}`{item} was tried {count} time{'' if count == 1 else 's'}, not {expected.value}"
            self._differs(message, expected.span, self._reasons.why(aim, single), aim)

    # ------------------------------------------------------------------ its program

    def _collected(self, expected: ExpectedTask, aim: Aim, ran: Sequence[Seen]) -> set[str]:
        """The outputs of a loop that are expected as the list of what its items yield; it is compared here.

        A list that is what each item yields itself is left to the comparison of the items.
        """
        lists = [each for each in expected.outputs if isinstance(each.value, list)] if aim.is_whole_loop else []
        component = aim.found.call.component
        ordered = sorted(ran, key=lambda each: each.execution.at)
        for given in lists:
            actual = [output_of(each, self._went, component, given.name) for each in ordered]
            wanted = [_text(each) for each in items_of(given)]
            if all(each is not None and is_same(_text(given), each) for each in actual):
                continue
            if len(actual) != len(wanted) or not all(
                each is not None and is_same(text, each) for text, each in zip(wanted, actual, strict=True)
            ):
                told = f"`{excerpt(json.dumps(actual, ensure_ascii=False))}`, not `{excerpt(given.written)}`"
                self._differs(f"output `{given.name}` of the items of `{aim.written}` is {told}", given.span, "", aim)
        return {each.name for each in lists}

    def _program(self, expected: ExpectedTask, aim: Aim, seen: Seen, collected: Collection[str] = ()) -> None:
        name, component, went = f"`{aim.written}`{seen.item}", aim.found.call.component, self._went
        for given in expected.arguments:
            actual = argument_of(seen, went, component, given.name)
            self._value(given, actual, f"argument `{given.name}` of {name}", "", aim)
        for given in (each for each in expected.outputs if each.name not in collected):
            actual, hint = output_of(seen, went, component, given.name), self._reasons.why(aim, [seen])
            if not is_kept(seen, went, component, given.name):
                hint = "no task uses it and the pipeline does not yield it, so no run keeps it"
            self._value(given, actual, f"output `{given.name}` of {name}", hint, aim)
        command = command_of(seen, went)
        if expected.command is not None and not command.has(expected.command.value):
            is_script = bool(command.source) and not isinstance(expected.command.value, list)
            shown = command.source if is_script else shlex.join(command.words)
            message = f"the command of {name} is `{excerpt(shown, 200)}`" if shown else f"{name} runs no command"
            self._differs(message, expected.command.span, "", aim)
        for given in expected.env:
            self._value(given, command.env.get(given.name), f"variable `{given.name}` of {name}", "", aim)

    # ------------------------------------------------------------------ order

    def _order(self) -> None:
        spans = [(aim, self._between(aim)) for aim in self._prepared.order]
        for aim, times in spans:
            if times is None:
                hint = self._reasons.why(aim, self._reasons.seen(aim))
                self._differs(f"`{aim.written}` never ran", aim.span, hint, aim)
        ran = [(aim, times) for aim, times in spans if times is not None]
        for (first, one), (second, other) in pairwise(ran):
            if one[1] > other[0]:
                message = f"`{second.written}` starts before `{first.written}` has ended"
                self._differs(message, second.span, "", second)

    def _between(self, aim: Aim) -> tuple[int, int] | None:
        """The first step in which something of a task began, and the last in which something of it ended."""
        path = aim.found.path
        mine = [
            each
            for each in self._went.played.values()
            if each.home.path is not None
            and each.home.path[: len(path)] == path
            and all(
                item is None or item.fits(number, word)
                for item, number, word in zip(aim.items, each.home.at, each.home.items, strict=False)
            )
        ]
        ends = [each.ended for each in mine if each.ended is not None]
        return (min(each.began for each in mine), max(ends)) if mine and ends else None


def _text(given: Given) -> str:
    try:
        return text_of(given)
    except WrongLiteral:
        return given.written


def _both(actual: str, wanted: str) -> str:
    """Two texts, shortened so that where they differ is seen."""
    start = next((at for at, (one, other) in enumerate(zip(actual, wanted, strict=False)) if one != other), 0)
    cut = max(0, start - 20) if max(len(actual), len(wanted)) > 60 else 0
    dots = "..." if cut else ""
    return f"`{dots}{excerpt(actual[cut:])}`, not `{dots}{excerpt(wanted[cut:])}`"


def _duration(seconds: float) -> str:
    return f"{seconds:g}s"
