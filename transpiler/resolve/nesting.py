"""Files that contain each other: how deep they are nested, and which contain themselves.

A component that contains itself never ends. A pipeline that does may end, where a `when` decides whether to go on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from msgspec import Struct, field

from transpiler.catalog.catalog import LoadedPipeline
from transpiler.diagnostics import Related, Report, Span
from transpiler.model.component import Component
from transpiler.model.pipeline import Pipeline

MAX_DEPTH: Final = 32
"""How deep pipelines and graph components may contain each other; Argo allows 100 levels of templates."""

Definition = Component | LoadedPipeline


class Nesting(Struct):
    """What is being opened, outermost first, and the calls that led there."""

    report: Report
    _opening: dict[Definition, int] = field(default_factory=dict)
    """Each with the number of calls that led to it."""
    _conditional: list[bool] = field(default_factory=list)
    """For each of these calls: has it a `when`?"""

    def __contains__(self, definition: Definition) -> bool:
        """True for what is being opened."""
        return definition in self._opening

    @contextmanager
    def opening(self, definition: Definition) -> Iterator[None]:
        """While this is being opened."""
        self._opening[definition] = len(self._conditional)
        yield
        del self._opening[definition]

    @contextmanager
    def calling(self, *, is_conditional: bool) -> Iterator[None]:
        """While what a call runs is being looked at."""
        self._conditional.append(is_conditional)
        yield
        self._conditional.pop()

    def may_end(self, definition: Definition) -> bool:
        """True when some `when` stands between a definition and its use of itself."""
        return any(self._conditional[self._opening[definition] :])

    def is_too_deep(self, used_at: Span) -> bool:
        """Report nesting that no sensible pipeline has."""
        is_deep = len(self._opening) >= MAX_DEPTH
        if is_deep:
            self.report.error("too-deep", f"components are nested more than {MAX_DEPTH} levels deep", used_at)
        return is_deep

    def report_cycle(self, again: Definition, used_at: Span) -> None:
        """Report a component or pipeline that contains itself, with the way back to it."""
        opening = list(self._opening)
        way = [_said(each).name for each in (*opening[opening.index(again) :], again)]
        what = "component" if isinstance(again, Component) else "pipeline"
        message = f"{what} `{way[0]}` contains itself: " + " → ".join(f"`{each}`" for each in way)
        ends = "" if what == "component" else ", or give one of the tasks a `when` that ends the recursion"
        related = (Related(f"the {what}", _said(again).span),)
        self.report.error("component-cycle", message, used_at, f"remove one of these references{ends}", related)


def _said(definition: Definition) -> Component | Pipeline:
    return definition if isinstance(definition, Component) else definition.pipeline
