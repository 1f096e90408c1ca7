"""A pipeline that one can hold: `transpiler.analyze`, as scripts and editors use it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import transpiler
from tests.conftest import REPOSITORY
from transpiler import Analysis, Kind, analyze_bytes, compile_analysis

PAGE = REPOSITORY / "docs" / "python.md"

MANIFEST = """\
name: nightly
inputs:
  day: {type: String}
  names: {type: JsonArray, default: '["a"]'}
components:
  say:
    inputs: [{name: text, type: String}, {name: file, type: Data, optional: true}]
    outputs: [{name: said, type: String}, {name: log, type: Data}]
    implementation:
      container:
        image: alpine
        command: [say, {inputValue: text}, {inputPath: file}, {outputPath: said}, {outputPath: log}]
tasks:
  first: {component: say, arguments: {text: "${{ inputs.day }}"}}
  group:
    after: [first]
    when: ${{ tasks.first.outputs.said != 'x' }}
    tasks:
      inner:
        component: say
        arguments: {text: "${{ tasks.first.outputs.said }}!", file: "${{ tasks.first.outputs.log }}"}
      second:
        component: say
        arguments: {text: "${{ tasks.inner.outputs.said }}", file: "${{ tasks.inner.outputs.log }}"}
    outputs: {log: "${{ tasks.second.outputs.log }}"}
  loop:
    forEach: {in: "${{ inputs.names }}", as: name}
    parallelism: 2
    component: say
    arguments: {text: "${{ name }}", file: "${{ tasks.group.outputs.log ?? tasks.first.outputs.log }}"}
    onExit: {component: say, arguments: {text: "${{ tasks.loop.status }} ${{ tasks.first.outputs.said }}"}}
  last:
    depends: loop.Succeeded || loop.Failed
    component: say
    arguments: {text: "${{ workflow.name }} ${{ inputs.day }}"}
outputs: {log: "${{ tasks.first.outputs.log }}"}
"""

EDGES = """\
inputs.day → first.arguments.text: String parameter
first → group.after:  order
first.outputs.said → group.when: String parameter
first.outputs.said → group.inner.arguments.text: String parameter
first.outputs.log → group.inner.arguments.file: Data artifact
group.inner.outputs.said → group.second.arguments.text: String parameter
group.inner.outputs.log → group.second.arguments.file: Data artifact
group.second.outputs.log → group.outputs.log: Data artifact
inputs.names → loop.forEach: JsonArray parameter
item.name → loop.arguments.text:  parameter
group.outputs.log → loop.arguments.file: Data artifact
first.outputs.log → loop.arguments.file: Data artifact
loop.status → loop.exit.arguments.text: String parameter
first → loop.onExit:  order
first.outputs.said → loop.exit.arguments.text: String parameter
loop.Succeeded → last.depends:  order
loop.Failed → last.depends:  order
inputs.day → last.arguments.text: String parameter
first.outputs.log → outputs.log: Data artifact
"""


def analyzed(text: str = MANIFEST) -> Analysis:
    return analyze_bytes("pipeline.yaml", text.encode(), Path("/"))


def edges(analysis: Analysis) -> str:
    """Every edge as a line."""
    lines = []
    for edge in analysis.edges:
        source, target = (".".join(filter(None, (*end.task, end.port))) for end in (edge.source, edge.target))
        lines.append(f"{source} → {target}: {edge.type.name if edge.type else ''} {edge.how}\n")
    return "".join(lines)


def test_the_on_exit_of_a_pipeline_takes_outputs_of_its_tasks() -> None:
    on_exit = 'onExit: {component: say, arguments: {text: "${{ tasks.first.outputs.said ?? 1 }}"}}'
    taken = analyzed(MANIFEST + on_exit.replace("1", "'none'"))
    assert not taken.failed
    assert "first.outputs.said → on-exit.arguments.text: String parameter" in edges(taken)
    definition = taken.bindings.find(Kind.TASK, "first", ())
    assert definition is not None
    assert [use.span.line for use in taken.bindings.uses_of(definition)][-2:] == [36, 37]


def test_the_page_names_what_is_exported() -> None:
    assert {name for name in transpiler.__all__ if not hasattr(transpiler, name)} == set()
    assert "analyze" in dir(transpiler)
    with pytest.raises(AttributeError):
        _ = transpiler.analyse  # type: ignore[attr-defined]


def test_edges_are_in_the_terms_of_the_manifest() -> None:
    """Also into groups, out of them, and for a task around which the compiler puts a DAG."""
    assert edges(analyzed()) == EDGES


def test_a_mistake_leaves_the_other_edges() -> None:
    broken = analyzed(MANIFEST.replace("tasks.first.outputs.said }}!", "tasks.first.outputs.sad }}!"))
    known = EDGES.replace(" artifact", " unknown").replace(" parameter", " unknown").splitlines()
    gone = "first.outputs.said → group.inner.arguments.text: String unknown"
    assert [code.code for code in broken.diagnostics if code.severity == "error"] == ["unknown-output"]
    assert [line for line in edges(broken).splitlines() if "outputs.sad" not in line] == [
        line for line in known if line != gone
    ]


@pytest.mark.parametrize(
    ("kind", "name", "path", "lines"),
    [
        (Kind.INPUT, "day", (), [14, 35]),
        (Kind.INPUT, "text", ("components", "say"), [14, 21, 24, 30, 31, 35]),
        (Kind.TASK, "first", (), [16, 17, 21, 21, 30, 31, 36]),
        (Kind.TASK, "inner", ("group",), [24, 24]),
        (Kind.TASK, "loop", (), [31, 33, 33]),
        (Kind.OUTPUT, "log", ("group",), [30]),
        (Kind.OUTPUT, "log", (), []),
        (Kind.OUTPUT, "log", ("components", "say"), [21, 24, 25, 30, 36]),
        (Kind.ITEM, "name", (), [30]),
        (Kind.COMPONENT, "say", (), [14, 20, 23, 29, 31, 34]),
        (Kind.VARIABLE, "workflow.name", (), [35]),
    ],
)
def test_every_use_of_a_name_is_found(kind: Kind, name: str, path: tuple[str, ...], lines: list[int]) -> None:
    bindings = analyzed().bindings
    definition = bindings.find(kind, name, path)
    assert definition is not None
    assert [use.span.line for use in bindings.uses_of(definition)] == lines


def test_a_place_has_the_name_that_stands_there() -> None:
    bindings = analyzed().bindings
    text = MANIFEST.splitlines()
    for use in bindings.uses:
        name = use.definition.name
        found = bindings.at(use.span.line, use.span.column + 1)
        assert found == use.definition, (text[use.span.line - 1], name)
    assert bindings.at(1, 1) is None
    assert bindings.at(10_000, 1) is None


def test_an_entry_of_a_library_is_defined_like_a_task(tmp_path: Path) -> None:
    text = (
        "name: lib\n"
        "components: {show: {template: {inputs: {parameters: [{name: a}]}, container: {image: a, command: [b]}}}}\n"
        "entries:\n  one: {component: show}\n  two: {component: show}\n"
    )
    bindings = analyze_bytes("pipeline.yaml", text.encode(), tmp_path).bindings
    assert [each.name for each in bindings.definitions if each.kind is Kind.ENTRY] == ["one", "two"]
    show = bindings.find(Kind.COMPONENT, "show")
    assert show is not None
    assert [use.span.line for use in bindings.uses_of(show)] == [4, 5]
    assert bindings.find(Kind.INPUT, "a", ("components", "show")) is not None


@pytest.mark.parametrize("tasks", [3, 450])
def test_compiling_leaves_an_analysis_as_it_is(tasks: int) -> None:
    """Splitting, lanes and DAGs around tasks are made of copies."""
    more = "".join(
        f'  t{n}: {{component: say, retry: 2, arguments: {{text: "${{{{ tasks.{f"t{n - 1}" if n else "first"}'
        f'.outputs.said }}}}"}}, onExit: {{component: say, arguments: {{text: x}}}}}}\n'
        for n in range(tasks)
    )
    analysis = analyzed(MANIFEST.replace("  last:\n", more + "  last:\n"))
    before = _snapshot(analysis.program)
    first = compile_analysis(analysis)
    assert first.text is not None
    assert _snapshot(analysis.program) == before
    assert compile_analysis(analysis).text == first.text


def _snapshot(program: Any) -> list[object]:
    """All that scopes and calls hold, by value; what they refer to by identity."""
    return [
        [(name, id(value)) for name in one.__struct_fields__ for value in [getattr(one, name)]]
        for scope in program.scopes
        for one in (scope, *scope.calls.values())
    ]


def test_an_analysis_cannot_be_changed() -> None:
    analysis = analyzed()
    program: Any = analysis.program
    for subject, name in (
        (analysis, "pipeline"),
        (program, "tasks"),
        (program.tasks, "calls"),
        (program.tasks.calls["first"], "task"),
        (analysis.pipeline, "name"),
    ):
        with pytest.raises(AttributeError):
            setattr(subject, name, None)
