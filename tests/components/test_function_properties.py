"""What holds for every Python file: no exception, diagnostics inside the file, components without a complaint."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.language.test_properties import assert_inside
from tests.support.examples import examples
from transpiler import check_component
from transpiler.authoring.from_function import component_text
from transpiler.authoring.module import read_module
from transpiler.authoring.options import Settings
from transpiler.diagnostics import Report

FUNCTIONS = Path(__file__).parent / "functions"
WHOLE = [path.read_bytes() for path in sorted(FUNCTIONS.glob("*.py"))]
FRAGMENTS = st.sampled_from(
    [
        *[b"\n", b"    ", b"\t", b"\f", b"\\\n", b"\r\n", b"\xff", b"\0", "é".encode(), b"\xe2\x80\xa8", b"'''", b'"'],
        *b"( ) [ ] { } : , = -> * ** / @ ; # lambda: yield return async def class global nonlocal x := if else".split(),
        *b"int str None Optional[ InputPath( NamedTuple( 'CSV' a: {{item}} $(HOME) $$ f'{x}' 1e999 0x1F import".split(),
        *[
            b"def f(a: int) -> int:\n    ",
            b"for x in y: ",
            b"a: int = 1, ",
            b'"""text\n"""',
            b"match a:\n        case ",
        ],
    ]
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A good file with a few pieces cut out or put in."""
    data = draw(st.sampled_from(WHOLE))
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 20)))
        data = data[:start] + b"".join(draw(st.lists(FRAGMENTS, max_size=2))) + data[end:]
    return data


def assert_sound(data: bytes, chosen: int) -> None:
    """Whatever the bytes are, one of the functions in them becomes a component, or there is a reason why not."""
    report = Report()
    module = read_module("steps.py", data, report)
    functions = list(module.functions().values()) if module else []
    if module and functions:
        text = component_text(functions[chosen % len(functions)], module, Settings(), report)
        assert (text is None) == report.failed
        if text is not None:
            assert check_component(Path("component.yaml"), text.encode()) == ()
            assert "\0" not in text
            compile(program_of(text), "program", "exec")
    assert_inside(report.diagnostics)


def program_of(text: str) -> str:
    component: dict[str, Any] = YAML(typ="safe").load(text)
    program: str = component["implementation"]["container"]["command"][3]
    return program.replace("$$", "$")


@settings(max_examples=examples(600), deadline=5000, suppress_health_check=[HealthCheck.too_slow])
@given(damaged(), st.integers(0, 30))
def test_any_damaged_file(data: bytes, chosen: int) -> None:
    assert_sound(data, chosen)


@settings(max_examples=examples(600), deadline=5000, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.binary(max_size=200), st.lists(FRAGMENTS, max_size=30).map(b"".join)))
@example(b"def f(a: 'Optional[') -> 'int':\n    return a")
@example(b"def f(a: int) -> int: # -> :\n    return a;;")
def test_any_bytes(data: bytes) -> None:
    assert_sound(data, 0)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=examples(400), deadline=5000)
@given(VALUES)
def test_any_constant_is_a_default_or_a_diagnostic(value: Any) -> None:
    kind = "str" if value is None else type(value).__name__
    report = Report()
    source = f"def f(a: {kind} = {value!r}) -> {kind}:\n    return a\n"
    module = read_module("steps.py", source.encode("utf-8", "surrogatepass"), report)
    if module is None:
        assert {each.code for each in report.diagnostics} == {"not-utf8"}
        return
    text = component_text(module.functions()["f"], module, Settings(), report)
    if text is None:
        assert {each.code for each in report.diagnostics} <= {"argo-tag", "control-character"}
        return
    [given_input] = YAML(typ="safe").load(text)["inputs"]
    default = given_input.get("default")
    if isinstance(value, (list, dict)):
        assert json.loads(default) == value
    else:
        assert default == (None if value is None else str(value))


@pytest.mark.parametrize("indent", [0, 4, 8])
@settings(max_examples=150, deadline=5000)
@given(value=st.text(alphabet=st.sampled_from("ab \t\n\\'\"{}$#ü"), max_size=30))
def test_any_string_in_the_body_stays(indent: int, value: str) -> None:
    margin = " " * indent
    body = value.replace("\\", "\\\\").replace('"', '\\"')
    opening = "".join(f"{' ' * (4 * level)}if True:\n" for level in range(indent // 4))
    source = f'{opening}{margin}def f() -> str:\n{margin}    x = """{body}"""\n{margin}    return x\n'
    report = Report()
    module = read_module("steps.py", source.encode(), report)
    assert module is not None
    text = component_text(module.functions()["f"], module, Settings(), report)
    assert text is not None
    namespace: dict[str, Any] = {}
    exec(program_of(text).split("\n\n\n_result")[0], namespace)
    assert namespace["f"]() == value
