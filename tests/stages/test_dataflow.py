"""Dataflow: how each value travels, by what its component does with it, also through groups and loops."""

from __future__ import annotations

from pathlib import Path

import pytest

from transpiler import analyze_bytes

COMPONENTS = """
name: x
inputs: {day: monday, left: {optional: true}}
components:
  make: {outputs: [{name: o}], implementation: {container: {image: alpine, command: [make, {outputPath: o}]}}}
  value:
    inputs: [{name: i}]
    outputs: [{name: o}]
    implementation: {container: {image: alpine, command: [use, {inputValue: i}, {outputPath: o}]}}
  file: &file
    inputs: [{name: i}]
    outputs: [{name: o}]
    implementation: {container: {image: alpine, command: [use, {inputPath: i}, {outputPath: o}]}}
  both:
    inputs: [{name: i}]
    implementation: {container: {image: alpine, command: [use, {inputPath: i}, {inputValue: i}]}}
  graph:
    inputs: [{name: i}]
    outputs: [{name: o}]
    implementation:
      graph:
        tasks: {inner: {componentRef: {spec: *file}, arguments: {i: {graphInput: {inputName: i}}}}}
        outputValues: {o: {taskOutput: {taskId: inner, outputName: o}}}
tasks:
"""
PROGRAMS = {
    "by what the component reads": (
        """
  a: {component: make}
  b: {component: value, arguments: {i: "${{ tasks.a.output }}"}}
  c: {component: file, arguments: {i: "${{ tasks.a.output }}"}}
  d: {component: both, arguments: {i: "${{ tasks.a.output }}"}}
""",
        [
            "a.outputs.o → b.arguments.i: parameter",
            "a.outputs.o → c.arguments.i: artifact",
            "a.outputs.o → d.arguments.i: parameter and artifact",
        ],
    ),
    "in a text it is a value": (
        """
  a: {component: make}
  b: {component: file, arguments: {i: "of ${{ tasks.a.output }}"}}
""",
        ["a.outputs.o → b.arguments.i: parameter"],
    ),
    "what only orders": (
        """
  a: {component: make}
  b: {component: make, after: [a]}
  c: {component: make, depends: a.Failed || b}
""",
        ["a. → b.after: order", "a.Failed → c.depends: order", "b. → c.depends: order"],
    ),
    "conditions and loops take values": (
        """
  a: {component: make}
  b: {component: make, when: tasks.a.output == 'x'}
  c: {component: value, arguments: {i: "${{ item }}"}, forEach: "${{ tasks.a.output }}"}
""",
        [
            "a.outputs.o → b.when: parameter",
            ".item.item → c.arguments.i: parameter",
            "a.outputs.o → c.forEach: parameter",
        ],
    ),
    "through a group": (
        """
  a: {component: make}
  g:
    tasks: {b: {component: file, arguments: {i: "${{ tasks.a.output }}"}}}
    outputs: {o: "${{ tasks.b.output }}"}
  c: {component: value, arguments: {i: "${{ tasks.g.output }}"}}
""",
        [
            "a.outputs.o → g/b.arguments.i: artifact",
            "g/b.outputs.o → g.outputs.o: parameter",
            "g.outputs.o → c.arguments.i: parameter",
        ],
    ),
    "through a graph component": (
        """
  a: {component: make}
  b: {component: graph, arguments: {i: "${{ tasks.a.output }}"}}
  c: {component: file, arguments: {i: "${{ tasks.b.output }}"}}
""",
        [
            ".inputs.i → inner.arguments.i: artifact",
            "inner.outputs.o → .outputs.o: artifact",
            "a.outputs.o → b.arguments.i: artifact",
            "b.outputs.o → c.arguments.i: artifact",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
def test_transports(name: str) -> None:
    tasks, edges = PROGRAMS[name]
    analysis = analyze_bytes("x.yaml", (COMPONENTS + tasks).encode(), Path())
    assert [each.message for each in analysis.diagnostics if each.severity == "error"] == []
    found = [
        f"{'/'.join(edge.source.task)}.{edge.source.port} → {'/'.join(edge.target.task)}.{edge.target.port}: {edge.how}"
        for edge in analysis.edges
    ]
    assert found == edges
