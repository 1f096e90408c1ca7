"""Outputs of the whole run (`globalName`) follow the rules of outputs: a consumer waits for the producer.

Such an output exists once its task has succeeded; before that, the program gets the tag itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import Final

from msgspec import Struct

from transpiler.argo.variables import GLOBAL_OUTPUT
from transpiler.check.endings.skipped_values import instead_of_type
from transpiler.diagnostics import Related, Report
from transpiler.model.depends import holds_without, results
from transpiler.model.expressions.absence import guarded
from transpiler.model.expressions.search import expressions_in
from transpiler.model.expressions.tree import WorkflowReference, references
from transpiler.resolve.program import Program
from transpiler.resolve.run_outputs import names_given
from transpiler.resolve.scope import Call, Scope, expressions_of, only_asked_how_they_ended

Transport = tuple[tuple[Scope, Call], ...]
"""The calls that lead from the pipeline to one, each with its scope."""
_MOST: Final = 2000
"""Calls that are looked at: a pipeline may call others in ever other ways."""


class _Use(Struct, frozen=True):
    reference: WorkflowReference
    way: Transport
    is_guarded: bool
    is_late: bool
    """True for a task that runs after the end of the last task of the path."""


def check_global_outputs(program: Program, report: Report) -> None:
    """Report each use of such an output that a run may not have by then."""
    roots = program.roots
    ways = {root: list(islice(_ways(root, ()), _MOST)) for root in roots}
    given: dict[str, list[Transport]] = {}
    for way in chain(*ways.values()):
        for name in names_given(way[-1][1]):
            given.setdefault(name, []).append(way)
    for root, found in ways.items():
        for use in _uses(found):
            givers = given.get(use.reference.name.removeprefix(GLOBAL_OUTPUT), [])
            here = [giver for giver in givers if giver[0][0] is root]
            if here:
                _check(use, here, report)
            elif givers and not use.is_guarded:  # at the end of the run
                _report_absent(use, "the run may end before it is set", _giver(givers[0]), report)


def _check(use: _Use, givers: list[Transport], report: Report) -> None:
    found = [_order(use, giver) for giver in givers]
    if not found or True in found:
        return
    giver, related = givers[0][-1][1].task, _giver(givers[0])
    if False in found:
        if not use.is_guarded:
            _report_absent(use, f"`{giver.name}` may be skipped or fail before", related, report)
        return
    message = f"this task does not wait for `{giver.name}`, which yields it"
    report.error(
        "skipped-producer", message, use.reference.span, f"add `after: [{givers[0][0][1].task.name}]`", related
    )


def _giver(way: Transport) -> tuple[Related, ...]:
    return (Related("the task that yields it", way[-1][1].task.span),)


def _report_absent(use: _Use, why: str, related: tuple[Related, ...], report: Report) -> None:
    written = use.reference.written or f"workflow.{use.reference.name}"
    hint = f"give an alternative: ${{{{ {written} ?? {instead_of_type(use.reference.declared)} }}}}"
    report.error("skipped-producer", f"a run may not have this output: {why}", use.reference.span, hint, related)


# ---------------------------------------------------------------------- order


def _order(use: _Use, giver: Transport) -> bool | None:
    """True if the output exists at a use; False if it may be absent, None if the use does not wait for it."""
    depth = 0
    while depth + 1 < min(len(use.way), len(giver)) and use.way[depth][1] is giver[depth][1]:
        depth += 1
    scope, user = use.way[depth]
    other = giver[depth][1]
    is_sure = all(_always_gives(call) for _, call in giver[depth:])
    if user is other:  # a hook of the task, or of one around it
        return False if use.is_late else None
    order = _waits_for(user.task.name, other.task.name, scope)
    return None if order is None else order and is_sure


def _always_gives(call: Call) -> bool:
    """True for a call that yields something whenever it succeeds."""
    return call.task.when is None and call.loop is None


def _waits_for(user: str, other: str, scope: Scope) -> bool | None:
    """True when a task runs only once another has succeeded, False when that may have failed; None for no order."""
    best: bool | None = None
    waiting: list[tuple[str, bool]] = [(user, True)]
    seen: set[tuple[str, bool]] = set()
    while waiting:
        name, is_sure = waiting.pop()
        if (name, is_sure) in seen:
            continue
        seen.add((name, is_sure))
        for before in scope.calls[name].dependencies:
            still = is_sure and _needs(scope.calls[name], scope.calls[before])
            if before == other:
                best = still or bool(best)
            waiting.append((before, still and scope.calls[before].task.when is None))
    return best


def _needs(call: Call, producer: Call) -> bool:
    """True for a call that runs only when one before it succeeded, or was skipped."""
    depends, before = call.task.depends, producer.task.name
    if producer.task.may_fail is not None:
        return False
    if depends is not None and any(each.task == before for each in results(depends)):
        return not holds_without(depends, before)
    return before not in only_asked_how_they_ended(call)


# ---------------------------------------------------------------------- every call, and the way to it


def _ways(scope: Scope, before: Transport) -> Iterator[Transport]:
    """The way to each call of a scope and below it; no further where a pipeline calls itself."""
    for call in scope.calls.values():
        way = (*before, (scope, call))
        yield way
        if call.scope is not None and all(each is not call.scope for each, _ in way):
            yield from _ways(call.scope, way)


def _uses(ways: list[Transport]) -> Iterator[_Use]:
    for way in ways:
        call = way[-1][1]
        yield from _uses_of(call, way, is_late=False)
        for hook in call.hooks:
            yield from _uses_of(hook.call, way, is_late=True)
            below = list(_ways(hook.call.scope, way)) if hook.call.scope is not None else []
            for inner in below:
                yield from _uses_of(inner[-1][1], way, is_late=True)


def _uses_of(call: Call, way: Transport, *, is_late: bool) -> Iterator[_Use]:
    outputs = call.scope.outputs if call.scope is not None else ()
    for node in [*expressions_of(call), *expressions_in(outputs)]:
        safe = {id(each) for each in guarded(node)}
        for each in references(node):
            if isinstance(each, WorkflowReference) and each.name.startswith(GLOBAL_OUTPUT):
                yield _Use(each, way, id(each) in safe, is_late)
