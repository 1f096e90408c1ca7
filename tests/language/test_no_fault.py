"""No mistake in a manifest or component is a fault of the tool: exit code 3 and tracebacks never happen.

A sample or case that is right has one or two arguments, types, keys or references replaced by other plausible ones,
and goes through the commands. TRANSPILE_NEW_EXAMPLES tries others, and more.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.conftest import REPOSITORY
from tests.support.examples import examples
from transpiler.cli.main import main

EXAMPLES: Final = examples(150)
PLACES: Final = ("samples", "tests/language/cases")
TYPES: Final = (
    *("String", "Integer", "Float", "Boolean", "JsonArray", "JsonObject", "Any", "CSV", "int", "", None, "Artifact"),
    *({"GCSPath": {"data_type": "CSV"}}, {"type": "String"}, ["String"]),
)
KEYS: Final[dict[str, Any]] = {
    "when": ("inputs.X == 'a'", "tasks.X.output > 1", "item > 1", "tasks.X.status == 'Failed'", "false", True),
    "forEach": ([1, 2], ["a", "b"], [{"k": 1}], "${{ inputs.X }}", "${{ tasks.X.output }}", {"range": 3}, {"range": 0},
                {"start": 3, "end": 1}, {"in": [1, 2], "as": "day"}, [], [[1], [2]], {"range": "${{ inputs.X }}"}),
    "retry": (2, 0, "${{ inputs.X }}", {"limit": "inputs.X"}, {"limit": 1, "policy": "Always"}, None),
    "onExit": ({"component": "C"}, {"component": "C", "arguments": {"X": "${{ tasks.X.output }}"}}, {"tasks": {}}),
    "hooks": ({"h": {"component": "C", "when": "tasks.X.status == 'Running'"}}, {"h": {"when": "true"}}),
    "after": (["X"], [], "X", ["X", "X"]),
    "depends": ("X", "X.Succeeded || X.Failed", "!X", "X.AnySucceeded", "X &&"),
    "arguments": ({}, {"X": 1}, {"X": "${{ inputs.X }}"}, {"X": None}, [], "x"),
    "cache": ("1h", {"maxAge": "1h", "key": "${{ inputs.X }}"}, False, "inputs.X"),
    "resources": ({"cpu": 1}, {"memory": "${{ inputs.X }}"}, {"limits": {"cpu": "1"}}, {"cpu": "inputs.X"}, {}),
    "env": ({"A": "${{ inputs.X }}"}, {"A": "inputs.X"}, {"A": {"value": 1}}, {"A": None}, {}),
    "volumes": ({"/d": {"claim": "c"}}, {"/d": {"size": "1Gi"}}, {"/d": {"emptyDir": {}}}, {"d": {}}, {}),
    "secrets": ({"T": "a/b"}, {"T": "${{ inputs.X }}/b"}, {"T": "a"}),
    "outputs": ({"X": "${{ tasks.X.output }}"}, {"X": {"globalName": "g"}}, {"o": {}}, {"o": {"s3": {"key": "k"}}}, {}),
    "parallelism": (1, 0, "inputs.X", 2**70), "failFast": (True, False, "x"), "timeout": ("30m", 5, "${{ inputs.X }}s"),
    "argo": ({"spec": {"shutdown": "Stop"}}, {"template": {"daemon": True}}, {"task": {"when": "x"}},
             {"container": {"args": ["{{workflow.name}}"]}}, {"template": {"retryStrategy": {"limit": "1"}}}),
    "component": ("C", "./nowhere", "C@v1", {"name": "C"}, {"implementation": {"container": {"image": "a"}}}),
    "pipeline": ("./pipeline.yaml", "./nowhere"), "tasks": ({}, {"t": {"component": "C"}}),
    "template": ({"suspend": {}}, {"script": {"image": "a", "command": ["sh"], "source": "x"}}, {"dag": {"tasks": []}}),
    "templateRef": ({"name": "n", "template": "t"}, {"name": "n"}),
    "schedule": ({"cron": ["* * * * *"]}, "* * * * *"), "artifacts": ({"claim": "c"}, {"size": "1Gi"}, {}),
    "defaults": ({"retry": 1}, {"env": {"A": "inputs.X"}}, {"argo": {"container": {"image": "x"}}}, {}),
    "inputs": ({}, {"X": 1}, {"X": {"type": "Integer"}}, {"X": {"optional": True}}, []),
    "step": (1, -1, 0, "x"), "format": ("%02d", "%s", ""), "type": ("file", "Integer"), "size": ("1Gi", "x"),
    "default": ("x", 1, None, "inputs.X", [], {}, "${{ inputs.X }}"), "optional": (True, False),
    "enum": (["a"], [1], []), "annotations": ({"a": "${{ inputs.X }}"}, {"a": None}), "nodeSelector": (None, {}),
    "workflowTemplateRef": ({"name": "n"},), "labels": ({"a": "${{ inputs.X }}"}, {"a": 1}),
}  # fmt: skip
"""Keys of manifests and components, with values; X stands for a name of the document, C for a component of it."""
BARE: Final = (
    "inputs.X",
    "${inputs.X}",
    "tasks.X.output",
    "tasks.X.outputs.X",
    "item",
    "item.k",
    "workflow.name",
    "$(inputs.X)",
)
LITERALS: Final[tuple[Any, ...]] = (
    *(0, 1, -1, 2.5, 10**30, True, False, None, "", " ", "a", "5", "-1", "nan", "[]", "{}", "null", "[1, 2]", [], {}),
    *(
        [1, "a"],
        {"a": 1},
        [None],
        "a\nb",
        "s3://b/k.csv",
        "./data.csv",
        "512m",
        {"taskOutput": {"taskId": "X"}},
        "0755",
    ),
)
ODD: Final[tuple[Any, ...]] = (
    *(
        ["${{ inputs.X }}"],
        {"k": "inputs.X"},
        "$(A) $$",
        "{{x}}",
        "{{workflow.name}}",
        "x ${{ inputs.X }}",
        "{{inputs.X}}",
    ),
    *("{{tasks.X.outputs.parameters.X}}", "{{=1 + 1}}", "$${{ x }}", "${{ inputs.X", "x ${{ tasks.X.output }} y"),
)
REFERENCES: Final = (
    *(
        "inputs.X",
        "inputs.X",
        "tasks.X.output",
        "tasks.X.output",
        "tasks.X.outputs.X",
        "tasks.X.status",
        "item",
        "item.k",
    ),
    *(
        "workflow.name",
        "workflow.scheduledTime",
        "workflow.failures",
        "workflow.outputs.parameters.X",
        "env.A",
        "env.X",
    ),
)
EXPRESSIONS: Final = (
    *(
        "inputs.X + 1",
        "-inputs.X",
        "!inputs.X",
        "inputs.X % 2",
        "inputs['X']",
        "tasks['X'].output",
        "inputs",
        "tasks.X",
    ),
    *("inputs.X ?? 'a'", "tasks.X.output ?? tasks.X.output", "tasks.X.output ?? inputs.X", "json(inputs.X).a"),
    *("inputs.X ? 1 : 'a'", "len(tasks.X.output)", "first(inputs.X)", "inputs.X[0]", "inputs.X in inputs.X"),
    *("matches(inputs.X, '(')", "inputs.X == inputs.X", "tasks.X.exitCode == 0", "join(inputs.X, ',')", "item + 1"),
    *("item == 1", "toJson(inputs.X)", "inputs.X.a.b ?? 'c'", "tasks.X.outputs.X[0].a", "string(inputs.X)"),
    *(
        "float(inputs.X) / 0",
        "keys(inputs.X)",
        "split(inputs.X, '')",
        "tasks.X.output.a ?? item",
        "tasks.X.output == 1",
    ),
)
VALUES: Final[tuple[Any, ...]] = (
    *(LITERALS, BARE, ODD),
    *(tuple(f"${{{{ {each} }}}}" for each in family) for family in (REFERENCES, REFERENCES, EXPRESSIONS)),
)
"""What may stand for a value, by families that are as likely."""
REFERENCE: Final = re.compile(r"\b(inputs|tasks|outputs)\.[\w-]+")
TASK_KEYS: Final = (
    *("when", "forEach", "retry", "onExit", "hooks", "after", "depends", "cache", "resources", "env", "volumes"),
    *("secrets", "outputs", "parallelism", "failFast", "timeout", "argo", "component", "arguments", "labels"),
    *("template", "templateRef", "tasks", "pipeline", "annotations", "nodeSelector"),
)


def load(path: Path) -> Any:
    """The first document of a file: what kfp 2 compiles can have a second one."""
    return next(iter(YAML(typ="safe", pure=True).load_all(path)))


def documents() -> list[tuple[str, str]]:
    """Manifest → each file of its folder that may be changed."""
    found = []
    for place in PLACES:
        for manifest in sorted((REPOSITORY / place).rglob("pipeline.yaml")):
            near = [
                path for path in manifest.parent.rglob("*.yaml") if path.name not in {"workflow.yaml", "cluster.yaml"}
            ]
            names = [manifest, manifest, *(path for path in sorted(near) if path != manifest)]
            found += [(str(manifest.relative_to(REPOSITORY)), str(path.relative_to(REPOSITORY))) for path in names]
    return found


DOCUMENTS: Final = documents()


def places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a document: the mapping or list, and the key or index."""
    for key in node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
        yield node, key
        yield from places(node[key])


class Names:
    """The names of a document, by what they name; each is as good as another of its kind."""

    def __init__(self, document: Any, draw: st.DrawFn) -> None:
        self.draw = draw
        self.inputs: set[str] = set()
        self.tasks: set[str] = set()
        self.outputs: set[str] = {"o"}
        self.components: set[str] = set()
        for parent, key in places(document):
            self._note(parent, key)

    def _note(self, parent: Any, key: Any) -> None:
        value = parent[key]
        for kind, names in (("inputs", self.inputs), ("outputs", self.outputs), ("tasks", self.tasks)):
            if key == kind and isinstance(value, dict):
                names |= {str(each) for each in value}
            elif key == kind and isinstance(value, list):
                names |= {str(each.get("name")) for each in value if isinstance(each, dict)}
        if key == "arguments" and isinstance(value, dict):
            self.inputs |= {str(each) for each in value}
        if key == "component" and isinstance(value, str):
            self.components.add(value)
        if key == "components" and isinstance(value, dict):
            self.components |= {str(each) for each in value}

    def one(self, names: set[str]) -> str:
        return str(self.draw(st.sampled_from(sorted(names) or ["x"])))

    def put(self, value: Any) -> Any:
        """A value with names for X and C."""
        if isinstance(value, dict):
            return {self.one(self.inputs) if key == "X" else key: self.put(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.put(each) for each in value]
        if value == "C":
            return self.one(self.components)
        return self.text(value) if isinstance(value, str) and "X" in value else value

    def text(self, value: str) -> str:
        value = re.sub(r"(?<=tasks\.)X|(?<=tasks\[')X|^!?X(?=\.| |$)", lambda _: self.one(self.tasks), value)
        value = re.sub(r"(?<=outputs\.)X|(?<=parameters\.)X", lambda _: self.one(self.outputs), value)
        return re.sub(r"\bX\b", lambda _: self.one(self.inputs), value)

    def reference(self, found: re.Match[str]) -> str:
        kinds = {"inputs": self.inputs, "tasks": self.tasks, "outputs": self.outputs}
        return f"{found[1]}.{self.one(kinds[found[1]])}"


def change(document: Any, draw: st.DrawFn) -> None:
    """Replace, add or take away one thing of a document."""
    all_places = list(places(document))
    names = Names(document, draw)
    kinds = {
        "argument": list(arguments(document)),
        "type": [(parent, key) for parent, key in all_places if key == "type" and isinstance(parent, dict)],
        "key": [(parent, key) for parent, key in all_places if key in KEYS and isinstance(parent, dict)],
        "reference": [(parent, key) for parent, key in all_places if REFERENCE.search(str(parent[key]))],
        "task": [(each, key) for parent, key in all_places if key == "tasks" for each, key in named(parent[key])],
        "input": [(each, key) for parent, key in all_places if key == "inputs" for each, key in named(parent[key])],
        "scalar": [(parent, key) for parent, key in all_places if not isinstance(parent[key], (dict, list))],
        "any": all_places,
    }
    kind = draw(
        st.sampled_from(["argument"] * 4 + ["task"] * 4 + ["reference"] * 2 + ["type", "key", "input", "scalar", "any"])
    )
    if not kinds[kind]:
        return
    parent, key = kinds[kind][draw(st.integers(0, len(kinds[kind]) - 1))]
    if kind in {"task", "input"} and isinstance(parent[key], dict):
        known = TASK_KEYS if kind == "task" else ("default", "type", "enum", "optional", "annotations")
        new = draw(st.sampled_from(known))
        parent[key][new] = names.put(deepcopy(draw(st.sampled_from(KEYS[new]))))
    elif kind == "type":
        parent[key] = deepcopy(draw(st.sampled_from(TYPES)))
    elif kind == "key":
        parent[key] = names.put(deepcopy(draw(st.sampled_from(KEYS[key]))))
    elif kind == "reference" and isinstance(parent[key], str):
        parent[key] = REFERENCE.sub(names.reference, parent[key])
    elif kind == "any" and draw(st.booleans()):
        del parent[key]
    else:
        parent[key] = names.put(deepcopy(draw(st.sampled_from(draw(st.sampled_from(VALUES))))))


def named(node: Any) -> list[tuple[Any, Any]]:
    """The entries of a mapping, or of a list."""
    keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    return [(node, key) for key in keys]


def arguments(document: Any) -> Iterator[tuple[Any, Any]]:
    """Every argument of a task, and each value that stands in it."""
    for parent, key in places(document):
        if key == "arguments" and isinstance(parent[key], dict) and "template" not in parent:
            yield from ((parent[key], each) for each in parent[key])


@st.composite
def mistakes(draw: st.DrawFn) -> tuple[str, str, Any]:
    """A manifest, the file that is changed, and what stands in it then."""
    manifest, file = draw(st.sampled_from(DOCUMENTS))
    document = deepcopy(load(REPOSITORY / file))
    for _ in range(draw(st.integers(1, 2))):
        change(document, draw)
    return manifest, file, document


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples and cases, in a checkout that may be written to."""
    root = tmp_path_factory.mktemp("copies")
    (root / ".git").mkdir()
    for place in PLACES:
        shutil.copytree(REPOSITORY / place, root / place, ignore=shutil.ignore_patterns("workflow.yaml"))
    return root


@contextmanager
def streams() -> Iterator[io.TextIOWrapper]:
    """Standard output and error, held."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    try:
        yield sys.stderr
    finally:
        sys.stdout, sys.stderr = before


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(mistakes())
def test_no_mistake_is_a_fault_of_the_tool(copies: Path, mistake: tuple[str, str, Any]) -> None:
    manifest, file, document = mistake
    changed = copies / file
    before = changed.read_bytes()
    folder = str((copies / manifest).parent)
    commands = [
        ["check", str(copies / manifest), str(changed), "--format", "concise"],
        ["compile", str(copies / manifest), "-o", os.devnull],
        ["lock", "--offline", str(copies / manifest)],
        ["catalog", "list", folder, "--format", "json"],
    ]
    try:
        changed.write_text(json.dumps(document, default=str, indent=1), encoding="utf-8")
        for command in commands:
            with streams() as said:
                code = main([*command, "--traceback"])
                said.seek(0)
                assert code in {0, 1, 2}, said.read()[-3000:]
    finally:
        changed.write_bytes(before)
        (copies / "transpile.lock").unlink(missing_ok=True)
