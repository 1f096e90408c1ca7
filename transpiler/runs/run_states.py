"""A manifest and the status of a run of it → the states of its tasks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from transpiler.analysis import Analysis
from transpiler.plan.argo_objects import Node
from transpiler.plan.templates.ports import ports_of
from transpiler.runs.found import Execution, Found, Reach
from transpiler.runs.nodes import (
    FAILED,
    has_ended,
    mapping,
    name_of,
    nodes_of,
    seconds_between,
    text,
    values,
    workflow_of,
)
from transpiler.runs.outcome import Outcome, cut, item_of, outcome_of
from transpiler.runs.places import Path, Place
from transpiler.runs.runs import Runs
from transpiler.runs.states import NOT_STARTED, WAITING, WORST_FIRST, Failure, RunStates, State, worst

MOST_ITEMS: Final = 200
"""The items of a task that are kept, beside the number of all."""
_MOST_OUTPUTS: Final = 50
_MOST_NAMES: Final = 10


def states_of(analysis: Analysis, data: Any) -> RunStates:
    """The states of the tasks of a manifest in a run, as kubectl prints it (`-o json`), parsed.

    Raises StatusError where that is no single run, or has no nodes since Argo keeps them elsewhere.
    """
    workflow = workflow_of(data)
    return states_in(workflow, Runs(analysis).found(workflow))


def states_in(workflow: Node, found: Found) -> RunStates:
    """The same for a run of which it is known what each node is."""
    status = mapping(workflow.get("status"))
    is_over, nodes = has_ended(workflow), nodes_of(workflow)
    states = dict(_states(found, has_ended=is_over))
    message, started, finished = (cut(text(status.get(key))) for key in ("message", "startedAt", "finishedAt"))
    unknown = [text(node.get("name")) or key for key, node in nodes.items() if key not in found.homes]
    return RunStates(
        cut(name_of(workflow)),
        cut(text(status.get("phase"))) or "Pending",
        message,
        started,
        finished,
        states,
        len(unknown),
        tuple(map(cut, sorted(unknown)[:_MOST_NAMES])),
        tuple(_failures(found, states)),
        is_over,
    )


# ---------------------------------------------------------------------- a task


def _states(found: Found, *, has_ended: bool) -> Iterator[tuple[Path, State]]:
    absent = {path: counts for reach in found.reached.values() for path, counts in _absent(reach)}
    for path in dict.fromkeys((*absent, *found.executions)):
        executions = [each for each in found.executions.get(path, ()) if not each.is_outdated]
        state = _state(executions, absent.get(path, Counter()), has_ended=has_ended)
        if state is not None:
            yield path, state


def _absent(reach: Reach) -> Iterator[tuple[Path, Counter[str]]]:
    """For each task of a DAG, how often it has no node where the run has come to the DAG, and what that means."""
    left_out: dict[Path, Counter[tuple[str, bool]]] = {}
    for (part, phase, goes_on), times in reach.left_out.items():
        for path in _tasks(part):
            left_out.setdefault(path, Counter())[phase, goes_on] += times
    for path in _tasks(reach.place):
        mine = left_out.get(path, Counter())
        counts: Counter[str] = Counter()
        for goes_on, phase in ((True, WAITING), (False, NOT_STARTED)):
            parted = sum(times for (_, each), times in mine.items() if each == goes_on)
            counts[phase] = reach.times[goes_on] - reach.seen[path, goes_on] - parted
        for (phase, _), times in mine.items():
            counts[phase] += times
        yield path, +counts


def _tasks(place: Place) -> Iterator[Path]:
    """The tasks of the manifest in a DAG, and in the parts of a split."""
    for target in place.targets:
        if target.path is not None:
            yield target.path
        elif target.inner is not None and target.inner.is_part:
            yield from _tasks(target.inner)


def _state(executions: Sequence[Execution], absent: Counter[str], *, has_ended: bool) -> State | None:
    went = [(each, outcome_of(each, has_ended=has_ended)) for each in executions]
    whole = [outcome for each, outcome in went if each.is_loop]
    single = sorted(((each, outcome) for each, outcome in went if not each.is_loop), key=lambda pair: pair[0].at)
    counts = Counter(outcome.phase for _, outcome in single) + absent
    phases = [*counts, *(each.phase for each in whole if not single or _is_telling(each.phase, has_ended=has_ended))]
    if not phases:
        return None
    phase = worst(phases)
    outcomes = [outcome for _, outcome in single]
    said = next((each for each in (*outcomes, *whole) if each.phase == phase), None)
    started, finished, seconds = _times((*whole, *outcomes))
    is_alone = len(single) == 1 and not single[0][0].at and not whole
    return State(
        phase,
        said.message if said is not None else "",
        seconds,
        started,
        finished,
        single[0][1].tries if is_alone else (),
        () if is_alone else _items(single),
        {each: counts[each] for each in WORST_FIRST if counts[each]},
        bool(outcomes) and all(each.is_cached for each in outcomes),
        any(each.is_suspended for each in outcomes),
        said.because if said is not None else "depends" if phase == "Omitted" else "",
        _outputs(single[0][0]) if is_alone else {},
    )


def _is_telling(phase: str, *, has_ended: bool) -> bool:
    """True if the whole of a loop says more than its items: that there will be others, or that it failed itself."""
    return phase in FAILED or (not has_ended and phase in {"Running", "Pending"})


def _items(single: Iterable[tuple[Execution, Outcome]]) -> tuple[Any, ...]:
    ordered = sorted(single, key=lambda pair: pair[1].phase not in FAILED)
    return tuple(item_of(*each) for each in ordered[:MOST_ITEMS])


def _times(outcomes: Iterable[Outcome]) -> tuple[str, str, float | None]:
    """The first start, the last end if all have ended, and the seconds between them."""
    ran = [each for each in outcomes if each.phase not in {"Skipped", "Omitted"}]
    started = min((each.started for each in ran if each.started), default="")
    ends = [each.finished for each in ran]
    finished = max(ends) if ends and all(ends) else ""
    return started, finished, seconds_between(started, finished)


def _outputs(execution: Execution) -> Mapping[str, str]:
    """The values that a task yields, by the names of its component."""
    node, call = execution.inner or execution.node, execution.target.call
    component = call.component if call is not None else None
    found = values(node)
    if component is not None and not component.implementation.keeps_names:
        found = {name: found[argo] for name, argo in ports_of(component).outputs.items() if argo in found}
    result = mapping(node.get("outputs")).get("result")
    printed = {"result": text(result)} if result is not None and "result" not in found else {}
    return {cut(name): cut(value) for name, value in [*found.items(), *printed.items()][:_MOST_OUTPUTS]}


# ---------------------------------------------------------------------- failures


def _failures(found: Found, states: Mapping[Path, State]) -> Iterator[Failure]:
    failed = [path for path, state in states.items() if state.phase in FAILED]
    around = {path[:end] for path in failed for end in range(1, len(path))}

    def rank(path: Path) -> tuple[bool, bool, str]:
        return path in around, _may_fail(found, path), states[path].finished

    for path in sorted(failed, key=rank):
        call = found.executions[path][0].target.call
        if call is not None:
            is_cause = path not in around and not _may_fail(found, path)
            yield Failure(path, call.task.span, states[path].message, is_cause)


def _may_fail(found: Found, path: Path) -> bool:
    """True for a task that may fail, and for one in it."""
    around = (found.executions.get(path[:end], ()) for end in range(1, len(path) + 1))
    calls = (each[0].target.call for each in around if each)
    return any(call is not None and call.task.may_fail for call in calls)
