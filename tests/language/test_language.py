"""docs/language.md: each YAML example compiles without a diagnostic, and each link leads to a heading."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import REPOSITORY, Transpile

DOCUMENT: Final = (REPOSITORY / "docs" / "language.md").read_text(encoding="utf-8")
EXAMPLES: Final = re.findall(r"^```yaml\n(.*?)^```$", DOCUMENT, re.DOTALL | re.MULTILINE)
COMPONENT: Final = """\
name: {name}
inputs: [{inputs}]
outputs: [{outputs}]
implementation:
  container:
    image: ghcr.io/example/{name}:1.0
    command: [{name}, {words}]
"""
PROGRAMS: Final = {
    "components/load": ("rows: Integer, query: String", "table: CSV"),
    "components/count": ("<table: CSV", "rows: Integer"),
    "components/notify": ("text: String", ""),
    "components/train": (
        "<table: CSV, epochs: Integer, rate: Float, columns: JsonArray",
        "model: Model, accuracy: Float",
    ),
    "train": ("<Orders table: CSV, rate: Float, columns: JsonArray", "model: Model"),
    "catalog/tables/load": ("source: String, rows: Integer", "table: CSV"),
}
"""The components of the examples: inputs (`<` for a file) and outputs."""
REQUIRED: Final = {"text", "source", "Orders table", "table"}
PREPARE: Final = """\
name: prepare
inputs: {day: {type: String}}
tasks:
  load: {component: components/load, arguments: {query: "${{ inputs.day }}"}}
"""

CLUSTER: Final = """\
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata: {name: shared}
spec: {templates: [{name: report, suspend: {}}]}
"""
"""The template of the cluster that an example runs."""


def ports(text: str) -> list[tuple[str, str, str]]:
    """Name, type and placeholder of each input."""
    pairs = [part.split(": ") for part in text.split(", ") if part]
    return [(name.lstrip("<"), kind, "inputPath" if name[0] == "<" else "inputValue") for name, kind in pairs]


def component(path: str) -> str:
    takes, yields = map(ports, PROGRAMS[path])
    defaults = {"Integer": '"10"', "Float": '"0.1"', "String": "all", "JsonArray": '"[]"'}
    inputs = [
        f"{{name: {name}, type: {kind}" + ("}" if name in REQUIRED else f", default: {defaults[kind]}}}")
        for name, kind, _ in takes
    ]
    outputs = [f"{{name: {name}, type: {kind}}}" for name, kind, _ in yields]
    words = [f"{{{how}: {name}}}" for name, _, how in takes] + [f"{{outputPath: {name}}}" for name, _, _ in yields]
    return COMPONENT.format(
        name=path.rpartition("/")[2], inputs=", ".join(inputs), outputs=", ".join(outputs), words=", ".join(words)
    )


@pytest.mark.parametrize("text", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_compiles(text: str, tmp_path: Path, transpile: Transpile) -> None:
    for path in PROGRAMS:
        (tmp_path / path).mkdir(parents=True)
        (tmp_path / path / "component.yaml").write_text(component(path))
    (tmp_path / "components" / "divide.yaml").write_bytes(
        (REPOSITORY / "samples/features/compiled-components/divide.yaml").read_bytes()
    )
    (tmp_path / "prepare.pipeline.yaml").write_text(PREPARE)
    (tmp_path / "steps").mkdir()
    for script in ("clean.py", "orders.sql"):
        (tmp_path / "steps" / script).touch()
    if "templateRef" in text:
        (tmp_path / "cluster.yaml").write_text(CLUSTER)
    name = "" if re.search(r"^name:", text, re.MULTILINE) else "name: example\n"
    tasks = "" if re.search(r"^tasks:", text, re.MULTILINE) else "tasks: {load: {component: components/load}}\n"
    (tmp_path / "pipeline.yaml").write_text(name + tasks + text)
    result = transpile("compile", tmp_path / "pipeline.yaml", "--root", tmp_path, "--format", "json")
    problems = [each for each in result.problems if each["code"] != "unused-input"]
    assert (problems, result.code) == ([], 0)


def test_every_link_leads_to_a_heading() -> None:
    headings = re.findall(
        r"^#+ (.*)$", re.sub(r"^```.*?^```$", "", DOCUMENT, flags=re.DOTALL | re.MULTILINE), re.MULTILINE
    )
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    links = set(re.findall(r"\]\(#([^)]+)\)", DOCUMENT))
    assert links
    assert links <= anchors
    contents = re.findall(r"\]\(#([^)]+)\)", DOCUMENT.split("**Contents**")[1].split("\n## ")[0])
    sections = re.findall(r"^## (.*)$", DOCUMENT, re.MULTILINE)
    assert [each for each in contents if each in {s.lower().replace(" ", "-") for s in sections}] == [
        s.lower().replace(" ", "-") for s in sections
    ]
