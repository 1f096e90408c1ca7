"""What is compiled, evaluated by Argo, is what expressions mean; and what means nothing is refused."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.judges.controller import Controller
from tests.language.expressions.generate import cases, expressions
from tests.language.expressions.pipelines import BASE, TASKS, compiled, line_of, manifest, received, show
from tests.language.expressions.printer import printed
from tests.language.expressions.semantics import (
    ANY,
    JSON,
    Meaning,
    Names,
    Refused,
    RunEnds,
    Unspecified,
    kind_of,
    references_in,
    unguarded,
)
from transpiler.model.expressions.tree import (
    Binary,
    Conditional,
    Constant,
    Expression,
    FunctionCall,
    Index,
    Listing,
    children,
)

some_expressions = st.lists(st.one_of(expressions(), expressions("Boolean")), min_size=1, max_size=5)
checked = settings(
    phases=[Phase.explicit, Phase.generate],
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)


@checked
@given(case=cases(some_expressions))
def test_argo_gives_what_is_meant(controller: Controller, case: tuple[Sequence[Expression], Names]) -> None:
    names = case[1]
    nodes = [each for each in case[0] if mistake(each, names) is None and not is_dead(each, names)]
    workflow, codes = compiled(manifest(nodes, names))
    assert workflow is not None, codes
    got = received(controller, workflow, names)
    for number, node in enumerate(nodes):
        try:
            text = meant(node, names)
            wanted = {"whole": text, "out": text, "group": in_a_group(node, names)}
            wanted["inside"] = None if text is None else f"[{text}]"
            if kind_of(node, names) in {"Boolean", ANY, JSON}:
                wanted["when"] = condition(node, names)
        except Unspecified:
            continue
        found = {place: got.get(f"{place}-{number}", text) for place, text in wanted.items()}
        assert found == wanted, f"{found}, not {wanted}\n{printed(node)}\n{workflow}"


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


def is_dead(node: Expression, names: Names) -> bool:
    """True where a part that is known before a run ends it: most of these are refused, and nothing else may be."""
    if isinstance(node, Binary) and node.operator == "/" and isinstance(node.right, Constant) and not node.right.value:
        return True
    if isinstance(node, Index) and isinstance(node.target, Listing) and not references_in(node.key):
        return True
    if isinstance(node, FunctionCall) and node.name in {"int", "float", "json"} and references_in(node):
        each_way = (replace(node, arguments=(known,)) for known in known_ways(node.arguments[0]))
        return any(is_dead(each, names) for each in (*each_way, *node.arguments))
    if not references_in(node):
        try:
            Meaning(names).printed(node)
        except RunEnds:
            return True
        except (Unspecified, Refused):
            pass
    return any(is_dead(each, names) for each in children(node))


def known_ways(node: Expression) -> list[Expression]:
    """What an expression may come down to, of what is known before a run."""
    match node:
        case FunctionCall("string", (argument,)):
            return known_ways(argument)
        case Conditional(_, left, right) | Binary("??", left, right):
            return known_ways(left) + known_ways(right)
        case Binary("+", left, right):
            return [replace(node, left=one, right=other) for one in known_ways(left) for other in known_ways(right)]
    return [] if references_in(node) else [node]


def meant(node: Expression, names: Names) -> str | None:
    """The text that a task should receive; None when the run should end."""
    try:
        return Meaning(names).printed(node)
    except RunEnds:
        return None


def in_a_group(node: Expression, names: Names) -> str | None:
    """The same inside a group, which is passed each `x ?? y` of what stands outside: all of them must have a value."""
    return None if any(meant(each, names) is None for each in choices_in(node)) else meant(node, names)


def choices_in(node: Expression) -> list[Expression]:
    """Every `x ?? y` that is no part of another."""
    if isinstance(node, Binary) and node.operator == "??":
        return [node]
    return [found for child in children(node) for found in choices_in(child)]


def condition(node: Expression, names: Names) -> str | None:
    """What a `when` should become."""
    try:
        return Meaning(names).condition(node)
    except RunEnds:
        return None
