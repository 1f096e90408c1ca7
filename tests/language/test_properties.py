"""What holds for every input: no exception, bounded time, diagnostics inside the file, text that arrives unchanged."""

from __future__ import annotations

import json
import string
import time
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml as pyyaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.conftest import REPOSITORY, EmittedWorkflows
from tests.support.containers import kubelet
from tests.support.examples import examples
from transpiler import check_component, compile_bytes
from transpiler.argo.kubelet import doubled, escaped
from transpiler.cli.arguments.shared import FORMATS
from transpiler.diagnostics import Diagnostic
from transpiler.render.scalars import block, scalar
from transpiler.report.findings import Findings
from transpiler.report.formats import render

SAMPLE = (REPOSITORY / "samples" / "add" / "pipeline.yaml").read_bytes()
SAMPLES = REPOSITORY / "samples" / "add"
COMPONENT = (REPOSITORY / "tests" / "components" / "kfp" / "placeholders.yaml").read_bytes()
FRAGMENTS = st.sampled_from(
    [
        *[b"\n", b"  ", b"\t", b"\xff", b"\0", b"\xe2\x80\xa8", b"\xef\xbb\xbf", b"---\n", b"%YAML 1.1\n"],
        *b"{ } [ ] &a *a <<: ' \" | !!x ? # ${{ }} {{ 0755 .nan 1e99 null".split(),
        *b"inputs.a tasks.sum.output tasks component components/add arguments inputs concat if isPresent".split(),
        *[b": ", b"- ", b"name: x", b"after: [a]", b"|\n", b"implementation: {graph: {tasks: {}}}"],
    ]
)


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """A good file with a few pieces cut out, put in or moved."""
    data = whole
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 40)))
        data = data[:start] + b"".join(draw(st.lists(FRAGMENTS, max_size=3))) + data[end:]
    return data


def assert_inside(diagnostics: tuple[Diagnostic, ...]) -> None:
    for found in diagnostics:
        for span in (found.span, *(related.span for related in found.related)):
            lines = span.source.text.split("\n")
            assert 1 <= span.line <= len(lines)
            assert 1 <= span.column <= len(lines[span.line - 1]) + 1
            assert (span.end_line, span.end_column) >= (span.line, span.column)
            assert span.end_line <= len(lines)
            assert span.end_column <= len(lines[span.end_line - 1]) + 1


many = settings(max_examples=examples(1200), deadline=5000, suppress_health_check=[HealthCheck.too_slow])


@many
@given(st.one_of(st.binary(max_size=300), st.lists(FRAGMENTS, max_size=40).map(b"".join), damaged(SAMPLE)))
@example(b"name: x\ntasks: {a: {component: {implementation: {container: {image: [1], command: [{if: 1}]}}}}}")
@example(b"name: x\ntasks: {a: {component: {inputs: [1, null], implementation: {graph: 3}}, after: [[]]}}")
@example(b"{? {a: b} : c}")
def test_any_bytes_as_a_manifest(data: bytes) -> None:
    compilation = compile_bytes("pipeline.yaml", data, SAMPLES)
    assert_inside(compilation.diagnostics)
    assert (compilation.text is None) == any(each.severity == "error" for each in compilation.diagnostics)


@many
@given(st.one_of(st.binary(max_size=300), st.lists(FRAGMENTS, max_size=40).map(b"".join), damaged(COMPONENT)))
def test_any_bytes_as_a_component(data: bytes) -> None:
    assert_inside(check_component(Path("component.yaml"), data))


ODD: list[Any] = [
    *(
        None,
        [],
        {},
        [[]],
        [None],
        {"": 1},
        "",
        0,
        -1.5,
        True,
        "x",
        10**30,
        "a" * 300,
        "a\nb",
        "\u202e\x1b",
        {"a": {"b": []}},
    ),
    *(
        "${{ inputs.a }}",
        "${{",
        "$${{ x",
        "{{item}}",
        "{{",
        "{{inputs.",
        "$$(X)",
        "..",
        "~",
        "/etc/passwd",
        "a@b",
        "@sha256:0",
    ),
    *({"inputValue": "a"}, {"if": {"cond": {"isPresent": "x"}, "then": []}}, {"concat": []}, {"graphInput": "a"}),
    *({"implementation": None}, {"implementation": {"container": {}}}, {"implementation": {"graph": {"tasks": {}}}}),
    *({"name": "x", "tag": "../.."}, {"executorInput": None}, {"inputUri": "x"}, {"GCSPath": {"a": [1]}}),
]
GOOD = [
    (path, next(iter(YAML(typ="safe", pure=True).load_all(path.read_bytes()))))
    for folder in ("tests/language/cases", "tests/components/kfp", "samples")
    for path in sorted((REPOSITORY / folder).rglob("*.yaml"))
    if path.name != "workflow.yaml"
]


@st.composite
def changed(draw: st.DrawFn) -> tuple[Path, Any]:
    """A good file in which a node or two are replaced by something odd, or are gone."""
    path, whole = draw(st.sampled_from(GOOD))
    whole = deepcopy(whole)
    for _ in range(draw(st.integers(1, 2))):
        parent: Any = None
        node = whole
        while isinstance(node, (dict, list)) and node and (parent is None or draw(st.integers(0, 4))):
            parent, key = node, draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
            node = node[key]
        if parent is not None and draw(st.booleans()):
            parent[key] = deepcopy(draw(st.sampled_from(ODD)))
        elif parent is not None:
            del parent[key]
    return path, whole


@settings(many, max_examples=examples(1500))
@given(changed())
def test_any_change_of_a_good_file(given_file: tuple[Path, Any]) -> None:
    path, document = given_file
    data = json.dumps(document).encode()
    if "implementation" in document:
        found = check_component(path, data)
    else:
        found = compile_bytes(str(path), data, path.parent).diagnostics
    assert_inside(found)
    for form in FORMATS:
        shown = render(Findings(found), form, color=False)
        assert not any(character in shown for character in "\x1b\u202e\0")


def manifest(task: bytes) -> bytes:
    return b"name: x\ntasks: {a: " + task + b"}\n"


BOMBS = {
    "brackets": b"[" * 100_000,
    "braces": b"{a: " * 50_000,
    "dashes": b"- " * 50_000,
    "questions": b"? " * 20_000,
    "aliases": b"a0: &a0 [x, x]\n" + b"".join(b"a%d: &a%d [*a%d, *a%d]\n" % (i, i, i - 1, i - 1) for i in range(1, 30)),
    "merges": b"a0: &a0 {x0: 1}\n"
    + b"".join(b"a%d: &a%d {<<: [*a%d, *a%d], x%d: 1}\n" % (i, i, i - 1, i - 1, i) for i in range(1, 30)),
    "digits": b"name: " + b"9" * 1_000_000,
    "scalar": b"name: '" + b"x" * 3_000_000 + b"'",
    "keys": b"".join(b"k%d: 1\n" % i for i in range(200_000)),
    "large": b"#" * 5_000_000,
    "references": b"name: x\ntasks: {a: {component: a, arguments: {x: '" + b"${{ inputs.a }}" * 20_000 + b"'}}}",
    "openings": b"name: x\ntasks: {a: {component: a, arguments: {x: '" + b"${{" * 50_000 + b"'}}}",
    "braces in text": b"name: x\ninputs: {a: '" + b"{{" * 50_000 + b"'}\ntasks: {a: {component: a}}",
    "blank lines": b"\n" * 5_000 + b"name: x",
    "inputs": b"name: x\ninputs: {"
    + b"".join(b"i%d: 1, " % i for i in range(20_000))
    + b"}\ntasks: {a: {component: a}}",
    "catalogs": b"name: x\ncatalogs: [" + b"./, " * 20_000 + b"]\ntasks: {a: {component: a}}",
    "unknown tasks": b"name: x\ntasks: {"
    + b"".join(b"t%d: {component: a, after: [u%d]}, " % (i, i) for i in range(900))
    + b"}",
    "missing components": b"name: x\ntasks: {"
    + b"".join(b"t%d: {component: c%d}, " % (i, i) for i in range(900))
    + b"}",
    "long reference": manifest(
        b"{component: {inputs: [{name: x}], implementation: {container: {image: a, command: [a]}}}, "
        b"arguments: {x: inputs." + b"a" * 100_000 + b"!}, oops: 1}"
    ),
    "octal": b"name: 0o" + b"7" * 6_000,
    "infinite": b"name: x\ninputs: {a: [.inf], b: {default: {a: .nan}}, c: {type: {G: {x: .inf}}}}\n"
    + manifest(b"{component: a}")[8:],
    "surrogate": manifest(b'{component: {implementation: {container: {image: a:1, command: ["\\ud800"]}}}}'),
    "too high": manifest(b'{component: {implementation: {container: {image: a:1, command: ["\\U00110000"]}}}}'),
    "long catalog": b"name: x\ncatalogs: [" + b"a" * 300 + b"]\ntasks: {a: {component: a}}",
    "quotes": b'name: x\ntasks: {a: {component: a, arguments: {x: "' + b"${{ '" * 20_000 + b'"}}}',
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_answered_in_bounded_time(name: str) -> None:
    started = time.process_time()
    compilation = compile_bytes("pipeline.yaml", BOMBS[name], SAMPLES)
    assert compilation.text is None
    assert_inside(compilation.diagnostics)
    assert time.process_time() - started < 20, "a bound against hanging, not a measure of speed"


TRAPS = "on y NO 0o17 1e3 12:30:45 0x1F .5 +.5 1_000 2024-01-01 null ~ << = --- ... \ufeff \x85".split()
SPACES = ["", "a: b", "a #b", "\u2028", "a\n\n\n", "\n", " a\nb", "\ta\nb", "a\n b ", "a\tb\nc", "\n a\nb\n"]
texts = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=" \n\t-:#'\"{}[]&*!|>%@`,?abc0=~", max_size=40),
    st.text(alphabet="yYnNoOfFeEsStTrRuUaAlL01.+-_:xX", max_size=8),
    st.sampled_from(TRAPS + SPACES),
)


@settings(max_examples=examples(1500), deadline=None)
@given(st.lists(texts, min_size=1, max_size=6), st.integers(0, 6))
def test_every_reader_gets_the_same_text_back(values: list[str], depth: int) -> None:
    values = [value for value in values if not any(0xD800 <= ord(character) <= 0xDFFF for character in value)]
    lines, indent = [], 0
    for level in range(depth):
        lines += [" " * indent + f"k{level}:"]
        indent += 2
    margin = " " * indent
    lines += [f"{margin}- {block(value, indent)}" for value in values]
    lines.append(f"{margin}- {scalar('end')}")
    text = "\n".join(lines) + "\n"
    expected: Any = [*values, "end"]
    for level in reversed(range(depth)):
        expected = {f"k{level}": expected}
    assert pyyaml.safe_load(text) == expected
    assert YAML(typ="safe", pure=True).load(text) == expected
    assert YAML(typ="safe").load(text) == expected
    keys = "".join(f"{scalar(value)}: {scalar(value)}\n" for value in dict.fromkeys(values) if len(value) < 60)
    assert (pyyaml.safe_load(keys) or {}) == {value: value for value in values}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(texts, min_size=1, max_size=8))
@example(values=["\x85", " \u2028 x", "\u2029\n\x85 "])
def test_argo_reads_back_every_text(values: list[str], emitted: EmittedWorkflows) -> None:
    """The same through the CLI's own path: literals of a manifest, judged by Argo's Go parser."""
    manifest = {
        "name": "texts",
        "annotations": {f"a{number}": value for number, value in enumerate(values)},
        "tasks": {
            "show": {
                "component": {
                    "inputs": [{"name": f"i{number}"} for number in range(len(values))],
                    "implementation": {
                        "container": {
                            "image": "alpine",
                            "command": ["echo", *({"inputValue": f"i{number}"} for number in range(len(values)))],
                        }
                    },
                },
                "arguments": {f"i{number}": value for number, value in enumerate(values)},
            }
        },
    }
    compilation = compile_bytes("p.yaml", json.dumps(manifest, ensure_ascii=False).encode("utf-8", "replace"), SAMPLES)
    if compilation.text is None:
        return
    emitted.add(compilation.text)
    workflow = YAML(typ="safe", pure=True).load(compilation.text)
    assert workflow == pyyaml.safe_load(compilation.text)
    passed = workflow["spec"]["templates"][0]["dag"]["tasks"][0].get("arguments", {"parameters": []})["parameters"]
    given_values = [value.encode("utf-8", "replace").decode() for value in values]
    assert [each["value"] for each in passed] == given_values


@given(st.text(alphabet="$(){}ab" + string.ascii_uppercase[:3], max_size=30))
def test_dollars_survive_the_kubelet(text: str) -> None:
    assert kubelet(escaped(text)) == text
    assert kubelet(doubled(text) + doubled(text)) == text + text
