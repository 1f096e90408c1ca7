"""A case and its manifest → the case as it can be run. Reports names that nothing has, and values of a wrong type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from transpiler.analysis import Analysis
from transpiler.check.run_arguments import check_run_arguments
from transpiler.diagnostics import Diagnostic, Report, Span
from transpiler.model.expressions.types import ANY, Type, WrongLiteral
from transpiler.model.pipeline import Pipeline
from transpiler.model.ports import RESULT
from transpiler.model.run_arguments import RunArgument
from transpiler.model.values import Literal
from transpiler.rehearsal.acting import Cast, Part
from transpiler.rehearsal.model import Case, ExpectedTask, FakedTask, Given, Item, TaskPath
from transpiler.rehearsal.tasks import Found, PathError, Tasks, parse
from transpiler.rehearsal.values import items_of, plausible, text_of
from transpiler.resolve.program import Program
from transpiler.runs.places import Path
from transpiler.suggest import suggestion

MOST_LISTED = 5


class Aim(Struct, frozen=True):
    """What a path of the file means: a task, or single items of it."""

    written: str
    span: Span
    found: Found
    items: tuple[Item | None, ...]

    @property
    def is_whole_loop(self) -> bool:
        """True for all items of one loop: its outputs can be told as the list of what they yield."""
        return sum(each is None for each in self.items) == 1


class Prepared(Struct, frozen=True):
    """A case that can be run."""

    case: Case
    cast: Cast
    arguments: Mapping[str, str]
    tasks: tuple[tuple[ExpectedTask, Aim], ...]
    order: tuple[Aim, ...]
    cached: tuple[Aim, ...] = ()
    """The tasks whose results caches hold."""

    faked: tuple[tuple[FakedTask, Aim], ...] = ()
    """What the case itself says of tasks: fakes, what is real, what caches hold."""


def prepare(case: Case, analysis: Analysis, tasks: Tasks, report: Report) -> Prepared | None:
    """A case as it can be run; None with a reported mistake."""
    pipeline = analysis.pipeline
    assert pipeline is not None
    judge = _Judge(tasks, report)
    before = report.errors
    arguments = _arguments(case, pipeline, report)
    parts, kept = judge.parts(case.fakes), judge.parts(case.cached)
    cached = [judge.aim(each.written, each.span) for each in case.cached if not each.is_shared]
    expected = [(each, judge.expected(each)) for each in case.expected.tasks]
    order = [judge.aim(str(each.value), each.span) for each in case.expected.order]
    judge.outputs_of_run(case.expected.outputs, pipeline, analysis.program)
    if report.errors > before:
        return None
    aimed = tuple((each, aim) for each, aim in expected if aim is not None)
    ordered = tuple(each for each in order if each is not None)
    reused = tuple(each for each in cached if each is not None)
    own = [(each, judge.aim(each.written, each.span)) for each in (*case.fakes, *case.cached) if not each.is_shared]
    faked = tuple((each, aim) for each, aim in own if aim is not None)
    return Prepared(case, Cast(parts, kept), arguments, aimed, ordered, reused, faked)


def _arguments(case: Case, pipeline: Pipeline, report: Report) -> dict[str, str]:
    """The arguments of the run. Where the case has none for a value that comes from the cluster, one is made up."""
    own, given = Report(), list(case.inputs)
    names = {each.name for each in given}
    for each in pipeline.inputs:
        if each.value_from is not None and each.name not in names:
            text = each.enum[0] if each.enum else plausible(each.type, each.name)
            given.append(RunArgument(each.name, case.span, Literal(text, text), case.span, text))
    texts = check_run_arguments(pipeline, given, own)
    for found in own.diagnostics:
        report.add(_in_case(found, case))
    return texts


def _in_case(found: Diagnostic, case: Case) -> Diagnostic:
    """A missing argument is a mistake of the case, not of the manifest."""
    if found.code != "missing-argument":
        return found
    name = found.message.split("`")[1]
    hint = f"write `inputs: {{{name}: …}}` in the case, or for all cases at the top"
    return replace(found, message=f"{found.message} in the case `{case.name}`", span=case.span, hint=hint)


class _Judge:
    def __init__(self, tasks: Tasks, report: Report) -> None:
        self._tasks, self._report = tasks, report

    def aim(self, written: str, span: Span) -> Aim | None:
        """The task that a path means."""
        try:
            asked: TaskPath = parse(written)
            found = self._tasks.find(asked)
        except PathError as wrong:
            self._report.error(wrong.code, wrong.message, span, wrong.hint)
            return None
        return Aim(written, span, found, found.item(asked))

    def parts(self, fakes: Iterable[FakedTask]) -> dict[Path, list[Part]]:
        """The fakes of each task. One that is real as well is a mistake, unless that is said once for all cases."""
        parts: dict[Path, list[Part]] = {}
        for faked in fakes:
            aim = self.faked(faked)
            if aim is None:
                continue
            part, others = Part(aim.items, faked), parts.setdefault(aim.found.path, [])
            if any(each.contradicts(part) for each in others):
                message = f"`{faked.written}` has a fake, and is to be real"
                self._report.error("wrong-value", message, faked.span, "remove it from `real`, or its fake")
            others.append(part)
        return parts

    def faked(self, faked: FakedTask) -> Aim | None:
        """The task of a fake, which must be one that runs something itself."""
        aim = self.aim(faked.written, faked.span)
        if aim is None:
            return None
        if aim.found.scope is not None:
            inside = self._tasks.names_in(aim.found)[:MOST_LISTED]
            verb = "name" if faked.is_real else "fake"
            hint = f"{verb} the tasks in it: {', '.join(f'`{each}`' for each in inside)}"
            message = f"`{faked.written}` runs other tasks, and nothing itself"
            self._report.error("wrong-value", message, faked.span, hint)
            return None
        for each in faked.tries:
            self._values(each.outputs, self._outputs(aim.found), "output", "unknown-output", aim.written)
        return aim

    def expected(self, expected: ExpectedTask) -> Aim | None:
        """The task that something is expected of."""
        aim = self.aim(expected.written, expected.span)
        if aim is not None:
            outputs = [one for each in expected.outputs for one in (items_of(each) if aim.is_whole_loop else (each,))]
            self._values(outputs, self._outputs(aim.found), "output", "unknown-output", aim.written)
            self._values(expected.arguments, self._inputs(aim.found), "input", "unknown-input", aim.written)
        return aim

    def outputs_of_run(self, given: Iterable[Given], pipeline: Pipeline, program: Program | None) -> None:
        """The outputs that are expected of the run are outputs of the pipeline."""
        names = [each.name for each in pipeline.dag.outputs] if program is not None else []
        self._values(given, dict.fromkeys(names, ANY), "output", "unknown-output", pipeline.name)

    @staticmethod
    def _outputs(found: Found) -> dict[str, Type] | None:
        component = found.call.component
        if component is None or component.implementation.is_in_cluster:
            return None
        return {each.name: each.type for each in component.outputs} | {RESULT: ANY}

    @staticmethod
    def _inputs(found: Found) -> dict[str, Type] | None:
        component = found.call.component
        if component is None or component.implementation.is_in_cluster:
            return None
        return {each.name: each.type for each in component.inputs}

    def _values(
        self, given: Iterable[Given], known: Mapping[str, Type] | None, what: str, code: str, owner: str
    ) -> None:
        """Each value is one of a name that is known, and of its type. Without known names any will do."""
        for each in given if known is not None else ():
            assert known is not None
            if each.name not in known:
                names: Sequence[str] = [name for name in known if name != RESULT]
                hint = suggestion(each.name, names, f"{what}s")
                message = f"`{owner}` has no {what} `{each.name}`"
                self._report.error(code, message, each.name_span, hint)
            elif each.value is not None:
                self._typed(each, known[each.name], what)

    def _typed(self, given: Given, kind: Type, what: str) -> None:
        try:
            text_of(given, kind)
        except WrongLiteral as wrong:
            message = f"{what} `{given.name}`: {wrong.message}"
            self._report.error(wrong.code, message, given.span, wrong.fixed_hint)
