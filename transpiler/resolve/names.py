"""Lexical scoping: the meaning of names by their position, and the captures of groups.

A group becomes a template of its own, so every value that it uses from outside becomes an input. This closure
conversion rewrites the references: inside they become inputs of the group, outside arguments of its call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TypeAlias

from msgspec import Struct, field

from transpiler.build.expressions.parser import FORMS
from transpiler.diagnostics import Report
from transpiler.model.expressions.tree import (
    REFERENCES,
    Binary,
    Boxed,
    EnvReference,
    Expression,
    FactReference,
    InputReference,
    ItemReference,
    OutputReference,
    Reference,
    TryReference,
    WorkflowReference,
    references,
)
from transpiler.model.ports import Input
from transpiler.model.task import Loop
from transpiler.resolve.captures import Captures
from transpiler.resolve.choices import has_always_a_value, inside_choice
from transpiler.resolve.foreign_names import RENAMED, input_hint, renamed
from transpiler.suggest import correction, did_you_mean, suggestion

Take: TypeAlias = Callable[[OutputReference, Report], Expression | None]


class Level(Struct, eq=False, dict=True):
    """The names that the tasks of one DAG can use: its own, and through `parent` those around it."""

    tasks: frozenset[str]
    inputs: dict[str, Input]
    incomplete_names: frozenset[str]
    parent: Level | None = None
    loop: Loop | None = None
    """The loop of the group that this level is inside of."""
    is_incomplete: bool = False
    """True if a reported mistake may hide tasks of it."""
    hidden: Mapping[str, str] = field(default_factory=dict)
    """Tasks inside groups of this level → the group; only the group can be named here."""
    ended: Level | None = None
    """The level of the tasks of the pipeline, for its `onExit` and its hooks."""
    take: Take | None = None
    """How the `onExit` takes an output of them; None if it cannot, which is reported."""
    instead: str = ""
    """What these can use."""
    may_lack_outputs: frozenset[str] = frozenset()
    """Its tasks that have no output in some runs that go on."""
    may_have_failed: frozenset[str] = frozenset()
    """Tasks outside that may have failed when the group of this level runs."""
    not_passed: frozenset[str] = frozenset()
    """What the group of this level has as `arguments`, which is reported: no more is said of who uses it."""
    _captures: Captures = field(default_factory=Captures)

    @property
    def captures(self) -> dict[str, Expression]:
        """Input of the group → the captured expression one level up."""
        return dict(self._captures.values)

    def meaning(self, reference: Expression, loop: Loop | None, report: Report) -> Expression:
        """A reference, a `??` or a `Boxed`, in terms of this level. Reports unknown names.

        `loop` is that of the task where it stands.
        """
        if isinstance(reference, Binary):
            return self._choice(reference, loop, report)
        if isinstance(reference, Boxed):
            return self._captures.hand_on(reference) if self._is_outside(reference.reference, loop) else reference
        assert isinstance(reference, REFERENCES)
        if isinstance(reference, WorkflowReference) or self.has(reference, loop):
            return reference
        if self.is_outside(reference):
            return self._captures.capture(reference)
        if isinstance(reference, ItemReference) and reference.name == "env" and reference.key is not None:
            return EnvReference(reference.key, reference.span)
        if isinstance(reference, ItemReference) and reference.name == "retries" and reference.key is None:
            return TryReference(reference.span)
        take = self._outermost.take
        if take is not None and isinstance(reference, OutputReference) and self._has_ended(reference.task):
            return take(reference, report) or reference
        self._report_unknown(reference, loop, report)
        return reference

    def _has_ended(self, task: str) -> bool:
        """True for a task of the pipeline, in its `onExit`."""
        ended = self._outermost.ended
        return ended is not None and task in ended.tasks

    def _choice(self, whole: Binary, loop: Loop | None, report: Report) -> Expression:
        """A `??` as this level can say it; itself where nothing of it stands outside."""
        if not any(self._is_outside(each, loop) for each in references(whole)):
            return whole
        return inside_choice(
            whole,
            lambda each: self._is_here(each, loop),
            lambda each: self._may_be_absent(each, loop),
            self._captures.capture,
            lambda each: self.meaning(each, loop, report),
        )

    def _is_outside(self, reference: Reference, loop: Loop | None) -> bool:
        return not self.has(reference, loop) and self.is_outside(reference)

    def _may_be_absent(self, reference: Reference, loop: Loop | None) -> bool:
        """True for what stands outside and has no value in some runs."""
        if has_always_a_value(reference) or not self._is_outside(reference, loop):
            return False
        if isinstance(reference, ItemReference):
            return True
        assert isinstance(reference, (OutputReference, FactReference))
        for level in self._upwards:
            if reference.task in level.tasks:
                return reference.task in level.may_lack_outputs
            if reference.task in level.may_have_failed:
                return True
        return False

    def _is_here(self, reference: Reference, loop: Loop | None) -> bool:
        """True for a name of this level alone, and for an unknown name."""
        if isinstance(reference, WorkflowReference):
            return False
        return self.has(reference, loop) or not self.is_outside(reference)

    def has(self, reference: Reference, loop: Loop | None) -> bool:
        """True for a name of this level itself; `loop` is that of the task where the reference stands."""
        if isinstance(reference, ItemReference):
            return loop is not None and (loop.is_incomplete or loop.alias == reference.name)
        if isinstance(reference, InputReference):
            return self.parent is None and (reference.name in self.inputs or "inputs" in self.incomplete_names)
        if isinstance(reference, WorkflowReference):
            return True
        return reference.task in self.tasks or self.is_incomplete

    def is_outside(self, reference: Reference) -> bool:
        """True when a level around this one has the name."""
        if self.parent is None:
            return False
        return self.parent.has(reference, self.loop) or self.parent.is_outside(reference)

    # ------------------------------------------------------------------ names that nothing has

    def _report_unknown(self, reference: Reference, loop: Loop | None, report: Report) -> None:
        if isinstance(reference, InputReference):
            if any(reference.name in level.not_passed for level in self._upwards):
                return
            report.error(
                "unknown-input",
                f"there is no input `{reference.name}`",
                reference.span,
                "" if report.is_long else input_hint(reference, self._outermost.inputs),
            )
        elif isinstance(reference, (OutputReference, FactReference)):
            self.report_unknown_task(reference.task, reference, report)
        elif isinstance(reference, ItemReference):
            self._report_item(reference, loop, report)

    def report_unknown_task(self, task: str, reference: OutputReference | FactReference, report: Report) -> None:
        """Report a task that neither this level nor one around it has."""
        hint = "" if report.is_long else suggestion(task, self.visible_tasks, "tasks")
        if task in self.hidden:
            hint = f"it is in the group `{self.hidden[task]}`: add its output to the `outputs` of the group"
        message = f"there is no task `{task}`"
        if self._has_ended(task) or (self._outermost.instead and len(self.visible_tasks) == 1):
            hint = self._outermost.instead
        if self._has_ended(task) and self._outermost.take is not None and isinstance(reference, FactReference):
            message = f"Argo does not know the `{reference.fact}` of `{task}` in `onExit` of the pipeline"
        report.error("unknown-task", message, reference.task_span, hint)

    def _report_item(self, reference: ItemReference, loop: Loop | None, report: Report) -> None:
        aliases = [each.alias for each in (loop, *(level.loop for level in self._upwards)) if each is not None]
        if reference.name == "item":
            message = "there is no `item` here, outside a `forEach`"
            hint = f"the item of this loop is `{aliases[0]}`" if aliases else "add `forEach:` to the task"
        else:
            message = f"`{reference.name}` is not a name that an expression can use"
            close = did_you_mean(reference.name, [*aliases, "inputs", "tasks", "workflow", "env", "retries"])
            hint = (
                f"a reference is {FORMS}"
                if reference.name == close
                else "a variable of a Secret is `env.NAME`, declared under `secrets` of the task"
                if reference.name == "secrets"
                else renamed(reference, aliases)
                if reference.name in RENAMED
                else correction(reference.name, close)
                if close
                else f"a reference is {FORMS}; a string is quoted: '{reference.name}'"
            )
        report.error("unknown-name", message, reference.span, hint)

    @property
    def _upwards(self) -> Iterator[Level]:
        level: Level | None = self
        while level is not None:
            yield level
            level = level.parent

    @property
    def _outermost(self) -> Level:
        return list(self._upwards)[-1]

    @cached_property
    def visible_tasks(self) -> list[str]:
        """Every task that can be named here, the nearest first."""
        ended = self._outermost.ended
        levels = (*self._upwards, *([ended] if ended is not None and self._outermost.take is not None else []))
        return list(dict.fromkeys(task for level in levels for task in sorted(level.tasks)))

    @cached_property
    def tasks_outwards(self) -> list[frozenset[str]]:
        """The tasks of this level, and of each around it."""
        return [level.tasks for level in self._upwards]

    @property
    def hides_tasks(self) -> bool:
        """True if a reported mistake may hide tasks of this level or one around it."""
        return any(level.is_incomplete for level in self._upwards)
