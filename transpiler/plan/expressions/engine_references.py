"""The form of references in Argo's expression engine, where it is not simply their name in Argo."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import TypeAlias

from msgspec import Struct

from transpiler.argo.text import is_escaped_in_json
from transpiler.model.depends import holds_without, results
from transpiler.model.expressions.tree import (
    InputReference,
    ItemReference,
    OutputReference,
    Reference,
    WorkflowReference,
)
from transpiler.model.expressions.types import literal_text
from transpiler.model.task import Loop
from transpiler.model.values import Literal
from transpiler.plan.expressions.engine import (
    EMPTY,
    NIL,
    EngineExpression,
    call,
    choice,
    conditional,
    operation,
    quoted,
)
from transpiler.resolve.scope import Call, Scope
from transpiler.resolve.types import infer_constant

Path: TypeAlias = list[tuple[str, bool]]
"""The names that lead to a value, and for each whether a person chose it."""
_NOTHING: EngineExpression = EngineExpression("'[]'")
"""The collected output of a loop without successful items."""


class EngineReferences(Struct, frozen=True, dict=True):
    """The references of one DAG. `path_of` are their names in Argo."""

    scope: Scope
    path_of: Callable[[Reference], Path]
    of_the_run: frozenset[str]
    """Inputs that are read from the run's own arguments."""
    absent: frozenset[str]
    """Omitted optional inputs."""
    loop: Loop | None = None
    """The loop of the task with the references."""
    whole_key: str | None = None
    """The position of the JSON of a whole item of that loop; see `items.whole_key`."""

    def is_needed(self, reference: Reference) -> bool:
        """True for a reference whose text differs from that of a simple tag with its name."""
        is_odd = any(re.search(r"[{}]|^\s|\s$", name) for name, _ in self.path_of(reference))
        is_quoted = isinstance(reference, WorkflowReference) and reference.name == "failures"
        is_boxed = isinstance(reference, InputReference) and reference.is_boxed
        return is_boxed or is_odd or is_quoted or self._is_escaped(reference) or self._loop(reference) is not None

    def text(self, reference: Reference, may_be_absent: bool = False) -> EngineExpression:  # noqa: FBT002 - a callable's
        """The engine expression for the text of a reference; for an item, one that `may_be_absent` for a `??`."""
        if isinstance(reference, InputReference) and reference.name in self.absent:
            return EMPTY
        path = self.path_of(reference)
        if isinstance(reference, InputReference) and reference.is_boxed:
            return EngineExpression(f"fromJSON({engine_path(path)})[0]")
        if self._is_made(reference):
            return EngineExpression(f"toJson({engine_path(path)})")  # the engine has the values only under their names
        if self._is_escaped(reference):
            return _unescaped(EngineExpression(engine_path(path)), may_be_absent=may_be_absent)
        is_guarded = may_be_absent
        may_be_absent = isinstance(reference, OutputReference) and reference.task in self.uncertain
        text = _engine_text(path, may_be_absent=may_be_absent)
        if isinstance(reference, WorkflowReference):
            return _of_the_run(reference, path, may_be_absent=is_guarded)
        loop = self._loop(reference)
        if loop is None:
            return text
        collected = choice(text, _NOTHING)
        if loop.task.when is None and not may_be_absent:
            return collected
        every = EngineExpression(engine_path(path[:-1], may_be_absent=may_be_absent))
        return conditional(operation(every, "==", _NOTHING), _NOTHING, collected)

    def boxed(self, reference: Reference) -> EngineExpression:
        """The engine expression for a boxed value; an input that is already boxed is passed on."""
        if isinstance(reference, InputReference) and reference.is_boxed:
            return EngineExpression(engine_path(self.path_of(reference)))
        return call("toJson([{0}])", choice(self.text(reference, may_be_absent=True), NIL))

    def text_in_output(self, reference: Reference, may_be_absent: bool = False) -> EngineExpression:  # noqa: FBT002
        """The same for an output of a DAG: variables of the run are unavailable there, so they are inserted before."""
        text = self.text(reference, may_be_absent)
        is_input_of_the_run = isinstance(reference, InputReference) and reference.name in self.of_the_run
        if isinstance(reference, WorkflowReference) or is_input_of_the_run:
            return EngineExpression(f"{{{{=toJson({text.text})}}}}")
        return text

    def _is_escaped(self, reference: Reference) -> bool:
        """True for a value of an item that may contain JSON escapes, which Argo does not decode."""
        if not isinstance(reference, ItemReference):
            return False
        if reference.key is None:
            return bool(self.whole_key)
        items = self.loop.items if self.loop is not None else None
        values = [dict(item).get(reference.key) for item in items or () if isinstance(item, tuple)]
        return not values or any(
            not isinstance(each, Literal) or is_escaped_in_json(item_text(each)) for each in values
        )

    def _is_made(self, reference: Reference) -> bool:
        """True for a whole item that is a mapping, of which the engine makes the JSON."""
        is_whole = isinstance(reference, ItemReference) and reference.key is None
        return is_whole and self.whole_key is None and self.loop is not None and self.loop.has_mappings

    def _loop(self, reference: Reference) -> Call | None:
        """The loop whose outputs a reference collects, if it may have no successful items.

        Argo then has no value instead of `[]`: nil if there are no items, and the string `[]` in place of all
        outputs if no item yields any.
        """
        found = self.scope.calls.get(reference.task) if isinstance(reference, OutputReference) else None
        if found is None or found.loop is None:
            return None
        return found if found.may_be_skipped or found.task.name in self.uncertain else None

    @cached_property
    def uncertain(self) -> frozenset[str]:
        """Tasks whose outputs are used by a task or hook that also runs after their failure."""
        found: set[str] = set()
        for each in self.scope.calls.values():
            depends = each.task.depends
            if depends is not None:
                found |= {result.task for result in results(depends) if holds_without(depends, result.task)}
            name = each.task.name
            used = (reference for hook in each.hooks for reference in hook.references)
            may_fail = each.task.may_fail and each.limited is None
            if may_fail or any(isinstance(one, OutputReference) and one.task == name for one in used):
                found.add(name)
        return frozenset(found)


def _unescaped(value: EngineExpression, *, may_be_absent: bool) -> EngineExpression:
    """The text of a part of JSON, a string without its quotes."""
    quotes = EngineExpression("'\"'")
    inside = EngineExpression(f"({choice(value, quotes).text})") if may_be_absent else value
    whole = operation(operation(quotes, "+", inside), "+", quotes)
    return choice(call("sprig.fromJson({0})", whole), value)


def item_text(value: Literal) -> str:
    """A value of a literal list, as text."""
    return literal_text(value.value, value.written, infer_constant(value.value))


def _of_the_run(reference: WorkflowReference, path: Path, *, may_be_absent: bool) -> EngineExpression:
    """A variable of the run, of which Argo's engine may have something else than its text."""
    text = EngineExpression(engine_path(path, may_be_absent=may_be_absent))
    if reference.name == "failures":
        failures = call("fromJSON({0})", text)  # Argo quotes it once more (workflow/controller/operator.go)
        return conditional(operation(failures, "==", EngineExpression("'null'")), _NOTHING, failures)
    if reference.name == "creationTimestamp":
        return EngineExpression(f"{text.text}.RFC3339")  # a value beside names below it is lost (util/expand)
    return text


def _engine_text(path: Path, *, may_be_absent: bool) -> EngineExpression:
    """The value at a path. Argo keeps what is printed only for a name without `?.` (its `hasOutputResultRef`)."""
    text = EngineExpression(engine_path(path, may_be_absent=may_be_absent))
    if not may_be_absent or path[-1] != ("result", False):
        return text
    is_absent = operation(EngineExpression(engine_path(path[:-1])), "==", NIL)
    return conditional(is_absent, NIL, EngineExpression(engine_path(path)))


def engine_path(path: Path, *, may_be_absent: bool = False) -> str:
    """Names as expr-lang reads them: those that people chose in brackets, since a hyphen is a minus.

    A dot in a name counts as the next level (Argo's util/expand). Where `outputs` may be absent, so is the whole; and
    so are names of the run's labels and annotations, level by level.
    """
    is_of_the_run = path[0][0] == "workflow"
    text = path[0][0]
    for name, is_chosen in path[1:]:
        is_open = may_be_absent and (".outputs" in text or (is_of_the_run and is_chosen))
        mark = "?." if is_open else "" if is_chosen else "."
        parts = name.split(".") if is_chosen else [name]
        text += "".join(f"{mark}[{quoted(part).text}]" if is_chosen else f"{mark}{part}" for part in parts)
    return text
