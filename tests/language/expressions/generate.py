"""Expressions of every form, and runs to evaluate them in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from hypothesis import strategies as st

from tests.language.expressions.semantics import (
    ANY,
    JSON,
    NUMBERS,
    STRING,
    STRUCTURES,
    Given,
    Names,
    as_json,
    key_of,
    references_in,
)
from transpiler.diagnostics import Source, Span
from transpiler.model.expressions.tree import (
    Binary,
    Conditional,
    Constant,
    Expression,
    FactReference,
    FunctionCall,
    Index,
    InputReference,
    Listing,
    OutputReference,
    Reference,
    Unary,
    WorkflowReference,
)

NOWHERE: Final = Span(Source("nowhere", ""), 1, 1, 1, 1)
KINDS: Final = ("Integer", "Float", STRING, "Boolean", "JsonArray", "JsonObject")

# ---------------------------------------------------------------------- values

CHARACTERS: Final = "ab-_ ,.:/'\"\\{}$\n\táßЖ中😀<>&0"
WORDS: Final = ("", "prod", "true", "True", "null", "1", "1.0", "-1", "[]", "{}", "{{ x }}", "}}", "a-b", "\\u003c")
texts: Final = st.one_of(st.sampled_from(WORDS), st.text(CHARACTERS, max_size=6))
integers: Final = st.one_of(
    st.integers(-12, 12), st.sampled_from([2**31, 2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63), 10**6, 10**18])
)
floats: Final = st.one_of(
    st.sampled_from([0.0, -0.0, 0.5, -0.5, 1.5, 2.5, 1.0, 1e6, 1e20, 1e21, 1.5e22, 1e-6, 1e-7, 2.5e-10, 1e300, 5e-324]),
    st.floats(-1000, 1000).map(lambda value: round(value, 3)),
    st.floats(allow_nan=False, allow_infinity=False),
)
scalars: Final = st.one_of(texts, integers, floats, st.booleans(), st.none())
data: Final = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["a", "b", "a-b", "", "ключ"]), inner, max_size=3)
    ),
    max_leaves=5,
)


def json_texts(values: st.SearchStrategy[Any]) -> st.SearchStrategy[str]:
    spaces = st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", " : ")])
    return st.builds(lambda value, separators: json.dumps(value, separators=separators), values, spaces)


def balanced(text: str) -> bool:
    """True for a text in which Argo finds no beginning of a tag without its end."""
    return "{{" not in text.replace("{{ x }}", "")


TEXTS: Final = {
    "Integer": st.one_of(integers.map(str), st.sampled_from(["007", "+5", "-0"])),
    "Float": st.one_of(floats.map(repr), integers.map(str), st.sampled_from([".5", "1e3", "1.50", "-0", "+1."])),
    STRING: texts.filter(balanced),
    "Boolean": st.sampled_from(["True", "true", "FALSE", "False", "false", "TRUE"]),
    "JsonArray": json_texts(st.lists(data, max_size=4)).filter(balanced),
    "JsonObject": json_texts(st.dictionaries(st.sampled_from(["a", "b", "a-b", ""]), data, max_size=3)).filter(
        balanced
    ),
}
TEXTS[ANY] = st.one_of(*TEXTS.values())


# ---------------------------------------------------------------------- references


def output(task: str, name: str) -> OutputReference:
    return OutputReference(task, name, NOWHERE, NOWHERE, NOWHERE)


def references_of(kind: str) -> list[Reference]:
    """What always has a value of that type."""
    found: list[Reference] = [InputReference(f"{each}-{kind.lower()}", NOWHERE) for each in ("given", "asked")]
    if kind in KINDS:
        found.append(output("done", kind))
    if kind == STRING:
        found.append(FactReference("done", "status", NOWHERE, NOWHERE, NOWHERE))
        found.append(WorkflowReference("name", NOWHERE))
        found.append(WorkflowReference("labels.app.kubernetes.io/name", NOWHERE))
    if kind == "JsonArray":
        found += [output("each", each) for each in KINDS]
    return found


def absent_of(kind: str) -> list[Reference]:
    """What may be absent."""
    return [output("maybe", kind)] if kind in KINDS else []


def optional_of(kind: str) -> list[Reference]:
    """What is absent if a run passes nothing."""
    return [InputReference(f"optional-{kind.lower()}", NOWHERE)] if kind in {*KINDS, ANY} else []


@st.composite
def runs(draw: st.DrawFn, nodes: Sequence[Expression]) -> Names:
    """What every reference stands for in a run; for those in the expressions, anything it could be."""
    used = {key_of(each) for node in nodes for each in references_in(node)}
    is_skipped = draw(st.booleans())

    def text(key: str, kind: str) -> str:
        return draw(TEXTS[kind]) if key in used else PLAIN[kind]

    names = dict(FIXED)
    for kind in (*KINDS, ANY):
        for key in (f"inputs.given-{kind.lower()}", f"inputs.asked-{kind.lower()}"):
            names[key] = Given(kind, text(key, kind))
        key = f"inputs.optional-{kind.lower()}"
        names[key] = Given(kind, draw(st.sampled_from(["", text(key, kind)])), is_optional=True)
    for kind in KINDS:
        done, maybe = f"tasks.done.outputs.{kind}", f"tasks.maybe.outputs.{kind}"
        names[done] = Given(kind, text(done, kind))
        names[maybe] = Given(kind, None if is_skipped else text(maybe, kind), may_be_absent=True)
    count = draw(st.integers(0, 2))
    for kind in KINDS:
        each = f"tasks.each.outputs.{kind}"
        items = [text(each, kind) for _ in range(count)]
        names[each] = Given("JsonArray", collected_text(items), collects=kind)
    return names


PLAIN: Final = {
    "Integer": "1",
    "Float": "0.5",
    STRING: "text",
    "Boolean": "true",
    "JsonArray": "[1]",
    "JsonObject": "{}",
    ANY: "any",
}
FIXED: Final = {
    "tasks.done.status": Given(STRING, "Succeeded"),
    "workflow.name": Given(STRING, "nightly-x7b2k"),
    "workflow.labels.app.kubernetes.io/name": Given(STRING, "shop"),
}


def cases(lists: st.SearchStrategy[list[Expression]]) -> st.SearchStrategy[tuple[list[Expression], Names]]:
    """Expressions, and a run to evaluate them in."""
    return lists.flatmap(lambda nodes: st.tuples(st.just(nodes), runs(nodes)))


def collected_text(items: list[str]) -> str:
    """The list that Argo makes of the outputs of a loop: texts, unless all of them are lists or objects."""
    values = [value_of(item) for item in items]
    if not all(isinstance(value, (list, dict)) for value in values):
        return as_json(items)
    return as_json(json.loads(as_json(values)))  # Argo reads and writes them twice, which makes 0 of -0.0


def value_of(text: str) -> Any:
    """What a text is as JSON; None when it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return None


# ---------------------------------------------------------------------- expressions


def one_kind_of_quote(text: str) -> bool:
    """A text of an expression has no escapes."""
    return not ("'" in text and '"' in text)


CONSTANTS: Final[dict[str, st.SearchStrategy[Any]]] = {
    "Integer": integers.filter(lambda value: value >= 0),
    "Float": floats.filter(lambda value: value >= 0 and repr(value) != "-0.0"),
    STRING: texts.filter(one_kind_of_quote),
    "Boolean": st.booleans(),
}
PATTERNS: Final = st.sampled_from(["^a", "b$", "[0-9]+", "a.b", "", "^$", "\\.", "(a|-)b?"])


@st.composite
def expressions(draw: st.DrawFn, kind: str | None = None, depth: int = 4) -> Expression:
    """An expression that mostly is of that type, and mostly has no mistake."""
    kind = kind or draw(st.sampled_from([*KINDS, ANY, JSON]))
    if draw(st.integers(0, 24)) == 0:
        kind = draw(st.sampled_from([*KINDS, ANY, JSON]))
    forms = FORMS[kind]
    if depth <= 0 or draw(st.integers(0, 3)) == 0:
        return draw(leaves(kind))
    form: st.SearchStrategy[Expression] = draw(st.sampled_from(forms))(kind, depth - 1)
    return draw(form)


@st.composite
def leaves(draw: st.DrawFn, kind: str) -> Expression:
    if kind == JSON:
        return draw(indexes(kind, 0))
    if draw(st.integers(0, 40)) == 0 and absent_of(kind):
        return draw(st.sampled_from(absent_of(kind)))
    if kind in CONSTANTS and draw(st.booleans()):
        return Constant(draw(CONSTANTS[kind]), NOWHERE)
    if kind == "JsonArray" and draw(st.booleans()):
        return draw(listings(kind, 0))
    return draw(st.sampled_from(references_of(kind)))


def binary(operator: str, left: Expression, right: Expression) -> Binary:
    return Binary(operator, left, right, NOWHERE)


def called(name: str, *arguments: Expression) -> FunctionCall:
    return FunctionCall(name, arguments, NOWHERE, NOWHERE)


@st.composite
def conditionals(draw: st.DrawFn, kind: str, depth: int) -> Expression:
    test = draw(expressions(draw(st.sampled_from(["Boolean", "Boolean", ANY, JSON])), depth))
    return Conditional(test, draw(expressions(kind, depth)), draw(expressions(kind, depth)), NOWHERE)


@st.composite
def choices(draw: st.DrawFn, kind: str, depth: int) -> Expression:
    """`x ?? y`, where x is absent or not, or an item of what is."""
    of = {JSON: "JsonObject", ANY: draw(st.sampled_from(KINDS))}.get(kind, kind)
    source = draw(st.sampled_from([*absent_of(of), *optional_of(of)]))
    left: Expression = source
    if kind == JSON:
        left = Index(source, draw(names_of_values), NOWHERE)
    elif draw(st.integers(0, 3)) == 0:
        left = Conditional(draw(expressions("Boolean", 0)), source, draw(expressions(kind, 0)), NOWHERE)
    if draw(st.integers(0, 3)) == 0:
        left = binary("??", left, draw(st.sampled_from([*absent_of(kind), *optional_of(kind)] or references_of(ANY))))
    return binary("??", left, draw(expressions(kind, depth)))


names_of_values: Final = st.sampled_from(["a", "b", "a-b", "", "c"]).map(lambda name: Constant(name, NOWHERE))


@st.composite
def indexes(draw: st.DrawFn, _: str, depth: int) -> Expression:
    how = draw(st.sampled_from(["object", "object", "list", "json", "first", "deep"]))
    if how == "object":
        target = draw(expressions(draw(st.sampled_from(["JsonObject", "JsonObject", ANY, STRING])), depth))
        return Index(target, draw(names_of_values), NOWHERE)
    if how == "deep":
        target = Index(draw(st.sampled_from(references_of("JsonObject"))), draw(names_of_values), NOWHERE)
        return Index(target, draw(st.one_of(names_of_values, positions)), NOWHERE)
    if how == "json":
        return called("json", draw(expressions(draw(st.sampled_from([STRING, ANY])), depth)))
    target = draw(expressions("JsonArray", depth))
    if how == "first":
        return called(draw(st.sampled_from(["first", "last"])), target)
    return Index(target, draw(st.one_of(positions, expressions("Integer", depth))), NOWHERE)


positions: Final = st.sampled_from([0, 1]).map(lambda position: Constant(position, NOWHERE))


@st.composite
def negations(draw: st.DrawFn, kind: str, depth: int) -> Expression:
    operand = draw(expressions(draw(st.sampled_from([kind, kind, ANY, JSON])), depth))
    return Unary("!" if kind == "Boolean" else "-", operand, NOWHERE)


@st.composite
def sums(draw: st.DrawFn, kind: str, depth: int) -> Expression:
    operator = "+" if kind == STRING else draw(st.sampled_from("+-*/" if kind == "Float" else "+-*"))
    other = draw(st.sampled_from([kind, kind, ANY, JSON, "Integer" if kind == "Float" else kind]))
    sides = [draw(expressions(kind, depth)), draw(expressions(other, depth))]
    if draw(st.booleans()):
        sides.reverse()
    return binary(operator, *sides)


@st.composite
def comparisons(draw: st.DrawFn, _: str, depth: int) -> Expression:
    kind = draw(st.sampled_from(["Integer", "Float", STRING, "Boolean", JSON, ANY, "JsonArray", "JsonObject"]))
    orders = ["<", "<=", ">", ">="] if kind in {*NUMBERS, STRING} else []
    operator = draw(st.sampled_from(["==", "!=", *orders]))
    other = draw(st.sampled_from([kind, kind, kind, ANY, JSON, "Float" if kind == "Integer" else kind]))
    if kind == JSON and draw(st.integers(0, 3)) == 0:
        return binary(operator, draw(expressions(JSON, depth)), Constant(None, NOWHERE))
    if kind != JSON and draw(st.integers(0, 9)) == 0:
        given = draw(st.sampled_from(optional_of(kind)))
        return binary(draw(st.sampled_from(["==", "!="])), given, Constant(None, NOWHERE))
    sides = [draw(expressions(kind, depth)), draw(expressions(other, depth))]
    if draw(st.booleans()):
        sides.reverse()
    return binary(operator, *sides)


@st.composite
def logics(draw: st.DrawFn, kind: str, depth: int) -> Expression:
    sides = (draw(expressions(draw(st.sampled_from([kind, kind, kind, ANY, JSON])), depth)) for _ in range(2))
    return binary(draw(st.sampled_from(["&&", "||"])), *sides)


@st.composite
def memberships(draw: st.DrawFn, _: str, depth: int) -> Expression:
    kind = draw(st.sampled_from(["Integer", STRING, "Boolean", "Float", ANY, JSON]))
    left = draw(expressions(kind, depth))
    within = draw(st.sampled_from(["listing", "JsonArray", "JsonObject", ANY, JSON]))
    if within != "listing":
        return binary("in", left, draw(expressions(within, depth)))
    of = kind if kind in CONSTANTS else draw(st.sampled_from([STRING, "Integer", ANY]))
    return binary("in", left, Listing(tuple(draw(st.lists(expressions(of, 0), max_size=3))), NOWHERE))


@st.composite
def listings(draw: st.DrawFn, _: str, depth: int) -> Expression:
    return Listing(tuple(draw(st.lists(expressions(None, min(depth, 1)), max_size=3))), NOWHERE)


@st.composite
def number_calls(draw: st.DrawFn, kind: str, depth: int) -> Expression:
    name = draw(st.sampled_from(["abs", "max", "min"] + (["float"] if kind == "Float" else NUMBERS_OF_OTHERS)))
    if name in {"int", "float"}:
        return called(name, called("string", draw(expressions(draw(st.sampled_from(["Integer", ANY, kind])), depth))))
    if name == "len":
        return called(name, draw(expressions(draw(st.sampled_from([STRING, *STRUCTURES, ANY, JSON])), depth)))
    if name in {"ceil", "floor", "round"}:
        return called(name, draw(expressions(draw(st.sampled_from(["Float", "Float", "Integer", JSON])), depth)))
    count = 1 if name == "abs" else 2
    return called(name, *(draw(expressions(draw(st.sampled_from([kind, kind, ANY])), depth)) for _ in range(count)))


NUMBERS_OF_OTHERS: Final = ["int", "len", "ceil", "floor", "round"]


@st.composite
def text_calls(draw: st.DrawFn, _: str, depth: int) -> Expression:
    name = draw(st.sampled_from(["lower", "upper", "trim", "replace", "join", "string", "string", "toJson"]))
    if name in {"string", "toJson"}:
        return called(name, draw(expressions(None, depth)))
    between = Constant(draw(st.sampled_from(["", "-", ", ", "a"])), NOWHERE)
    if name == "join":
        return called(name, draw(expressions(draw(st.sampled_from(["JsonArray", "JsonArray", JSON])), depth)), between)
    text = draw(expressions(draw(st.sampled_from([STRING, STRING, ANY, JSON])), depth))
    return called(name, text, between, draw(expressions(STRING, 0))) if name == "replace" else called(name, text)


@st.composite
def boolean_calls(draw: st.DrawFn, _: str, depth: int) -> Expression:
    name = draw(st.sampled_from(["contains", "startsWith", "endsWith", "matches"]))
    text = draw(expressions(draw(st.sampled_from([STRING, STRING, ANY, JSON])), depth))
    if name == "matches":
        return called(name, text, Constant(draw(PATTERNS), NOWHERE))
    return called(name, text, draw(expressions(draw(st.sampled_from([STRING, STRING, ANY, JSON])), depth)))


@st.composite
def list_calls(draw: st.DrawFn, _: str, depth: int) -> Expression:
    if draw(st.booleans()):
        return called("keys", draw(expressions(draw(st.sampled_from(["JsonObject", "JsonObject", JSON])), depth)))
    between = Constant(draw(st.sampled_from(["-", ",", "", "a"])), NOWHERE)
    return called("split", draw(expressions(STRING, depth)), between)


TIMES: Final = st.sampled_from(
    [
        "2026-01-31",
        "2024-02-29 23:59:59",
        "2026-01-31T03:04:05Z",
        "2025-12-31T22:30:00-05:00",
        "1999-03-28T01:30:00+02:00",
    ]
)
FORMATS: Final = st.lists(
    st.sampled_from([*(f"%{letter}" for letter in "ABFHIMSTYabdjmpyzs%"), *"-/:.,_ TZPMJ10p", " Jan ", "MST", "__"]),
    min_size=1,
    max_size=5,
).map(lambda parts: "%Y" + "".join(parts))
ZONES: Final = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"])


@st.composite
def time_calls(draw: st.DrawFn, _: str, depth: int) -> Expression:
    time: Expression = Constant(draw(TIMES), NOWHERE)
    for _again in range(draw(st.integers(0, 2))):
        name, kind = draw(st.sampled_from([("addDays", "Integer"), ("addHours", "Integer"), ("addHours", "Float")]))
        time = called(name, time, draw(expressions(kind, min(depth, 1))))
    if draw(st.integers(0, 9)) == 0:
        time = draw(expressions(STRING, 0))
    if isinstance(time, FunctionCall) and draw(st.integers(0, 3)) == 0:
        return time
    zone = [Constant(draw(ZONES), NOWHERE)] if draw(st.booleans()) else []
    return called("formatTime", time, Constant(draw(FORMATS), NOWHERE), *zone)


@st.composite
def part_calls(draw: st.DrawFn, _: str, depth: int) -> Expression:
    name = draw(st.sampled_from(["trimPrefix", "trimSuffix", "substring", "substring", "sha256", "regexReplace"]))
    text = draw(expressions(draw(st.sampled_from([STRING, STRING, ANY, JSON])), depth))
    if name == "sha256":
        return called(name, text)
    if name == "substring":
        ends = (draw(expressions("Integer", 0)) for _again in range(draw(st.integers(1, 2))))
        return called(name, text, *ends)
    if name == "regexReplace":
        pattern = draw(st.sampled_from(["[0-9]+", "a.b", "\\.", "(a|-)b?", "[^a-z0-9]"]))
        return called(name, text, Constant(pattern, NOWHERE), draw(expressions(STRING, 0)))
    return called(name, text, draw(expressions(STRING, 0)))


FEW: Final[tuple[Expression, ...]] = (
    *(Constant(number, NOWHERE) for number in range(6)),
    called("len", *references_of(STRING)[:1]),
    called("min", *references_of("Integer")[:1], Constant(3, NOWHERE)),
)


@st.composite
def more_lists(draw: st.DrawFn, _: str, depth: int) -> Expression:
    if draw(st.booleans()):
        return called("range", draw(st.sampled_from(FEW)), draw(st.sampled_from(FEW)))
    return called("concat", *(draw(expressions("JsonArray", depth)) for _again in range(2)))


@st.composite
def sums_of_lists(draw: st.DrawFn, _: str, depth: int) -> Expression:
    return called("sum", draw(expressions("JsonArray", depth)))


FORMS: Final[dict[str, list[Any]]] = {
    "Integer": [sums, negations, number_calls, number_calls, conditionals, choices],
    "Float": [sums, sums, negations, number_calls, sums_of_lists, conditionals, choices],
    STRING: [sums, sums, text_calls, text_calls, part_calls, part_calls, time_calls, time_calls, conditionals, choices],
    "Boolean": [comparisons, comparisons, logics, logics, memberships, boolean_calls, negations, conditionals, choices],
    "JsonArray": [listings, list_calls, more_lists, conditionals, choices],
    "JsonObject": [conditionals, choices],
    ANY: [conditionals, choices],
    JSON: [indexes, indexes, conditionals, choices],
}
