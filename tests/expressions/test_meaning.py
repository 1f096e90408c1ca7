"""What is compiled, evaluated by Argo, is what expressions mean; and what means nothing is refused."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.expressions.generate import cases, expressions
from tests.expressions.pipelines import BASE, TASKS, compiled, line_of, manifest, received, show
from tests.expressions.printer import printed
from tests.expressions.semantics import (
    ANY,
    JSON,
    Meaning,
    Names,
    Refused,
    RunEnds,
    Unspecified,
    kind_of,
    unguarded,
)
from tests.judges.controller import Controller
from transpiler.read.expressions import Expression

some_expressions = st.lists(st.one_of(expressions(), expressions("Boolean")), min_size=1, max_size=5)
checked = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)


@checked
@given(case=cases(some_expressions))
def test_argo_gives_what_is_meant(controller: Controller, case: tuple[Sequence[Expression], Names]) -> None:
    nodes, names = [each for each in case[0] if mistake(each, case[1]) is None], case[1]
    workflow, codes = compiled(manifest(nodes, names))
    assert workflow is not None, codes
    got = received(controller, workflow, names)
    for number, node in enumerate(nodes):
        try:
            text = meant(node, names)
            assert got.texts[f"whole-{number}"] == text
            assert got.texts[f"inside-{number}"] == (None if text is None else f"[{text}]")
            assert got.texts[f"group-{number}"] == text
            assert got.texts.get(f"out-{number}", text) == text
            if kind_of(node, names) in {"Boolean", ANY, JSON}:
                assert got.conditions[f"when-{number}"] == condition(node, names)
        except Unspecified:
            continue
        except AssertionError as error:
            error.add_note(f"{printed(node)}\n{workflow}")
            raise


@checked
@given(case=cases(some_expressions))
def test_what_means_nothing_is_refused(case: tuple[Sequence[Expression], Names]) -> None:
    nodes = {f"task-{number}": node for number, node in enumerate(case[0]) if mistake(node, case[1]) is not None}
    tasks = {task: show(f"${{{{ {printed(node)} }}}}") for task, node in nodes.items()}
    document = {**BASE, "tasks": TASKS | tasks}
    codes = compiled(document)[1]
    for task, node in nodes.items():
        assert mistake(node, case[1]) in codes.get(line_of(document, f'"{task}"') + 3, set()), printed(node)


def mistake(node: Expression, names: Names) -> str | None:
    """The code of what is wrong with an expression."""
    try:
        kind_of(node, names)
    except Refused:
        return "operand-type"
    return "skipped-producer" if unguarded(node, names) else None


def meant(node: Expression, names: Names) -> str | None:
    """The text that a task should receive; None when the run should end."""
    try:
        return Meaning(names).printed(node)
    except RunEnds:
        return None


def condition(node: Expression, names: Names) -> str | None:
    """What a `when` should become."""
    try:
        return Meaning(names).condition(node)
    except RunEnds:
        return None
