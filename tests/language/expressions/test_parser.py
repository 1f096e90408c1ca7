"""The parser: any text is answered in bounded time, at its place; what is printed is what was read."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.language.expressions.generate import expressions
from tests.language.expressions.pipelines import component
from tests.language.expressions.printer import printed, shape
from tests.language.test_properties import assert_inside
from tests.support.examples import examples
from transpiler import Compilation, compile_bytes
from transpiler.build.expressions.parser import parse_expression
from transpiler.diagnostics import Report, Source, Span
from transpiler.model.expressions.tree import Expression

WORDS = (
    "inputs tasks workflow item output outputs status in and or not true false null json len lower x a-b a_b 1 0.5 1e9 "
    "9223372036854775807 9223372036854775808 1e999 'text' \"it's\" ' \" . , ( ) [ ] { } ?? ? : ! - + * / % = == "
    "!= < <= > >= && || & | $ \\ @ # ${{ }} $${{ \n \t é 😀"
).split(" ")
texts = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=25).map("".join),
)


def parsed(text: str) -> tuple[Expression | None, Report]:
    source, report = Source("text", text), Report()

    def place_of(start: int, end: int) -> Span:
        assert 0 <= start <= end <= len(text) + 1
        return source.span(start, min(end, len(text)))

    return parse_expression(text, 0, place_of, report), report


@settings(max_examples=examples(1500), deadline=None)
@given(texts)
@example("a" * 5000)
@example("9" * 5000)
def test_any_text_is_a_tree_or_one_mistake(text: str) -> None:
    node, report = parsed(text)
    assert [each.code for each in report.diagnostics] == ([] if node else ["expression-syntax"])
    if node is not None:
        again, _ = parsed(printed(node))
        assert again is not None
        assert shape(again) == shape(node)
        assert printed(again) == printed(node)


@settings(max_examples=examples(500), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(expressions())
def test_every_expression_is_read_as_it_is_printed(node: Expression) -> None:
    again, report = parsed(printed(node))
    assert again is not None, report.diagnostics
    assert shape(again) == shape(node)


def manifest(argument: str, condition: str = "true") -> bytes:
    tasks = {"a": {"component": component(["x"]), "arguments": {"x": argument}, "when": condition}}
    return json.dumps({"name": "x", "inputs": {"a": 1}, "tasks": tasks}, ensure_ascii=False).encode("utf-8", "replace")


def checked(data: bytes) -> Compilation:
    compilation = compile_bytes("pipeline.yaml", data, Path(__file__).parent)
    assert_inside(compilation.diagnostics)
    assert (compilation.text is None) == any(each.severity == "error" for each in compilation.diagnostics)
    return compilation


@settings(max_examples=examples(400), deadline=None)
@given(texts, texts)
def test_any_text_in_a_manifest(argument: str, condition: str) -> None:
    checked(manifest(f"a ${{{{ {argument} }}}} b", condition))
    checked(manifest(argument, f"${{{{ {condition} }}}}"))


@pytest.mark.parametrize("text", ["inputs.a == 1 && '${{' != \"}}\"", "${{ inputs.a == 1 && '${{' != '}}' }}"])
def test_braces_in_the_texts_of_a_condition(text: str) -> None:
    assert checked(manifest("x", text)).text is not None


LONG = {
    "sum": "inputs.a" + " + inputs.a" * 5000,
    "choice": "inputs.a" + " ?? inputs.a" * 5000,
    "items": "inputs.a" + "[0]" * 5000,
    "names": "inputs.a" + ".b" * 5000,
    "members": "workflow" + ".a" * 50_000,
    "signs": "-" * 5000 + "1",
    "negations": "!" * 5000 + "true",
    "brackets": "(" * 5000 + "1",
    "lists": "[" * 5000 + "1",
    "calls": "len(" * 5000 + "1",
    "conditions": "true ? " * 5000 + "1",
    "other conditions": "true ? 1 : " * 5000 + "1",
    "arguments": "max(" + "1, " * 20_000 + "1)",
    "hyphens": "a-" * 50_000,
    "marks": "#" * 50_000,
    "openings": "${{ " * 50_000,
    "tags": "${{ a }} " * 20_000,
    "quotes": "${{ '" * 50_000,
    "both quotes": "'" + '"' * 50_000,
    "spaces": " " * 50_000 + "x",
    "spaces at the end": "x" + " " * 50_000,
}


@pytest.mark.parametrize("name", LONG)
def test_long_texts_are_answered_in_bounded_time(name: str) -> None:
    started = time.process_time()
    assert checked(manifest(f"${{{{ {LONG[name]} }}}}")).text is None
    assert checked(manifest("x", LONG[name])).text is None
    assert time.process_time() - started < 20, "a bound against hanging, not a measure of speed"


DEEPEST = {
    "sum": "inputs.a" + " + inputs.a" * 99,
    "product": "inputs.a" + " * inputs.a" * 99,
    "text": "string(inputs.a)" + " + 'a'" * 97,
    "comparison": "true" + " == true" * 99,
    "logic": "true" + " && true" * 99,
    "choice": "json('1')" + " ?? 1" * 49,
    "items": "json(string(inputs.a))" + "[0]" * 97,
    "names": "json(string(inputs.a))" + ".b" * 97,
    "signs": "-" * 48 + "1",
    "negations": "!" * 48 + "true",
    "conditions": "true ? " * 45 + "1" + " : 1" * 45,
    "other conditions": "true ? 1 : " * 45 + "1",
    "calls": "json(" * 48 + "'1'" + ")" * 48,
    "texts": "lower(" * 48 + "'1'" + ")" * 48,
    "lists": "[" * 48 + "1" + "]" * 48,
    "joins": "join([" * 22 + "'a'" + "], '-')" * 22,
    "membership": "(" * 47 + "1 in [1]" + " in [true])" * 47,
}


@pytest.mark.parametrize("name", DEEPEST)
def test_the_deepest_expression_is_compiled(name: str) -> None:
    whole = DEEPEST[name].replace("json('1')", "json(string(inputs.a)).a", 1)
    compilation = checked(manifest(f"${{{{ {whole} }}}}"))
    assert compilation.text is not None, compilation.diagnostics
