"""Which tasks of a scope a split may not take apart, and which of them stay where they are.

A group that has ended says only whether it succeeded. So who asks how a task ended (`depends` with results), or
stands in for one that was skipped (`??`), must find that task in its own DAG, or be passed the answer from there.
Two ways are left: to keep such tasks together, in one part; or to keep those that are asked about apart, in the DAG
that is split, where every part can ask.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from transpiler.argo.naming import task_name
from transpiler.model.depends import Depends, Junction, TaskResult, results
from transpiler.model.template import RawTemplate
from transpiler.read.expressions import (
    REFERENCES,
    Binary,
    FactReference,
    OutputReference,
    Reference,
    references,
    replaced,
)
from transpiler.resolve.scope import Call, Scope
from transpiler.resolve.types import is_file_of_a_loop


class Tie(NamedTuple):
    """A task that needs another beside it. `strict`: in the same DAG; else the other can also stand in one around."""

    task: str
    other: str
    strict: bool


@dataclass(frozen=True, slots=True)
class Uses:
    """What a task refers to, and what of that may be absent: the references at either side of a `??`."""

    references: tuple[Reference, ...]
    guarded: frozenset[int]
    """Identities of references."""


def uses_of(call: Call) -> Uses:
    """All that a task refers to, with its settings and loop, but without its hooks: those see no other task."""
    found: list[Reference] = []
    guarded: set[int] = set()

    def keep(node: Any) -> Any:
        if isinstance(node, REFERENCES):
            found.append(node)
        elif isinstance(node, Binary):
            guarded.update(map(id, references(node)))
        return node

    replaced(call.task, keep)
    return Uses(tuple(found), frozenset(guarded))


def asks(depends: Depends | None) -> bool:
    """True for logic that is more than to wait for tasks, as `after` does."""
    if isinstance(depends, Junction) and depends.operator == "&&":
        return any(map(asks, depends.operands))
    return depends is not None and not (isinstance(depends, TaskResult) and not depends.result)


def asked_by(call: Call) -> list[TaskResult]:
    """The results of other tasks that a task asks for."""
    depends = call.task.depends
    return list(results(depends)) if depends is not None and asks(depends) else []


def results_asked(scope: Scope) -> list[Tie]:
    """Who asks how another task ended."""
    return [Tie(name, each.task, strict=True) for name, call in scope.calls.items() for each in asked_by(call)]


def values_asked(scope: Scope, uses: Mapping[str, Uses]) -> Iterator[Tie]:
    """Who needs what only the DAG of the other task knows: its state, whether it was skipped, where its files are."""
    for name, used in uses.items():
        for each in used.references:
            if isinstance(each, FactReference):
                yield Tie(name, each.task, strict=False)
            elif isinstance(each, OutputReference):
                producer = scope.calls[each.task]
                if is_file_of_a_loop(each, scope):
                    yield Tie(name, each.task, strict=True)
                elif producer.may_be_skipped or id(each) in used.guarded:
                    yield Tie(name, each.task, strict=id(each) not in used.guarded and producer.loop is None)


@dataclass(frozen=True, slots=True)
class Omissions:
    """Who is left out when a task does not get what it asks for: it, and all behind it that do not say `??`."""

    behind: Mapping[str, frozenset[str]]
    """Task → the tasks which, left out, leave it out too."""

    @classmethod
    def of(cls, scope: Scope, uses: Mapping[str, Uses]) -> Omissions:
        """What a run of the tasks of a scope may leave out."""
        behind: dict[str, frozenset[str]] = {}
        for name, call in scope.calls.items():  # in topological order
            asked = {each.task for each in asked_by(call)}
            found = [behind[other] for other in call.dependencies - asked - _tolerated(uses[name])]
            behind[name] = frozenset([name] if asked else []).union(*found)
        return cls(behind)

    def ties(self, scope: Scope) -> list[Tie]:
        """Tasks that keep together, so that no group that counts as succeeded hides that a task of it was left out."""
        return [
            Tie(name, other, strict=True)
            for name, call in scope.calls.items()
            for other in call.dependencies
            if self.behind[other]
        ]


def _tolerated(uses: Uses) -> set[str]:
    """Tasks that may be left out, for all that a task cares."""
    outputs = [each for each in uses.references if isinstance(each, OutputReference)]
    guarded = {each.task for each in outputs if id(each) in uses.guarded}
    return guarded - {each.task for each in outputs if id(each) not in uses.guarded}


_TAG: Final = re.compile(r"(?:tasks|inputs|steps)[.\[]")


def kept_apart(scope: Scope) -> set[str]:
    """Tasks that stay in the DAG they are in: a daemon lives as long as that; Argo's own fields name tasks of it."""
    by_name = {task_name(name): name for name in scope.calls}
    found: set[str] = set()
    for name, call in scope.calls.items():
        if _is_daemon(call):
            found.add(name)
        fields = call.task.settings.argo_task
        text = json.dumps(fields.data) if fields is not None else ""
        if _TAG.search(text) or "depend" in text:
            found.add(name)
            found.update(by_name[word] for word in re.findall(r"[-a-z0-9]+", text) if word in by_name)
    return found


def _is_daemon(call: Call) -> bool:
    implementation = call.component.implementation if call.component else None
    raw = implementation.data if isinstance(implementation, RawTemplate) else {}
    given = call.task.settings.argo_template
    return bool(raw.get("daemon")) or bool(given is not None and given.data.get("daemon"))


def settled(apart: Iterable[str], ties: Iterable[Tie]) -> tuple[set[str], list[Tie]]:
    """All that must stay apart when some tasks do, and the ties that are left."""
    ties = list(ties)
    kept = set(apart)
    size = -1
    while size != len(kept):
        size = len(kept)
        for tie in ties:
            if tie.task in kept:
                kept.add(tie.other)
            elif tie.strict and tie.other in kept:
                kept.add(tie.task)
    return kept, [tie for tie in ties if tie.task not in kept and tie.other not in kept]
