"""Compiled components of KFP v2: what comes out of them is run here, and does what kfp 2.17.0 does itself."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.conftest import REPOSITORY, Result, Transpile
from tests.judges import argo, kfp2
from tests.samples.test_samples_run import OF_THE_RUN, Run, container_words

V2 = Path(__file__).parent / "v2"
COMPILED = V2 / "compiled"
Json = Any

TEXTS = [
    "plain", "", " ", "true", "3", "null", '["a"]', "it's \"quoted\" \\ \\n", "two\nlines\tand a tab",
    "Grüße 😀 \u2028", "{{ user }} {{- x -}} {%", "{", "}}", "$$ $(HOME) $HOME $", "<a href='x'>&amp;</a>", "-e", "%s",
]  # fmt: skip
PYTHON: dict[str, tuple[str, dict[str, Any], dict[str, str]]] = {
    "divide": ("divide", {"a": 7, "b": 0.5}, {}),
    "divide-default": ("divide", {"a": -7}, {}),
    **{f"echo-{number}": ("echo", {"text": text}, {}) for number, text in enumerate(TEXTS)},
    "pack": (
        "pack",
        {"text": "a\nb", "count": 3, "rate": 1e-9, "flag": False, "items": [1, "{{x}}", None], "table": {"é": [{}]}},
        {},
    ),
    "pack-zero": ("pack", {"text": "", "count": 0, "rate": 0.0, "flag": True, "items": [], "table": {}}, {}),
    "defaults": ("defaults", {}, {}),
    "left-out": ("left_out", {}, {}),
    "all-passed": ("left_out", {"text": "", "count": 0, "table": {"k": None}, "word": "x"}, {"file": "in the\nfile"}),
    "train": ("train", {"rate": 0.25}, {"table": "a b\nc\n"}),
    "copy_paths": ("copy_paths", {}, {"source": "one\ntwo\n"}),
    "elsewhere": ("elsewhere", {"text": "made\nelsewhere"}, {}),
    "folder": ("folder", {"names": ["a.txt", "b.txt"]}, {}),
    "special_text": ("special_text", {}, {}),
}
"""Case → (component, values, files)."""
CONTAINERS: dict[str, tuple[str, dict[str, Any], dict[str, str]]] = {
    "copy_file": ("copy_file", {}, {"table": "a\nb\n"}),
    "print_all": ("print_all", {"text": "it's {{ x }} $$"}, {}),
    "print_all-full": (
        "print_all",
        {"text": "\n", "count": -5, "rate": 1e-05, "flag": False, "items": ["e", {}], "table": {"a": 1}, "word": "{w}"},
        {"file": "content"},
    ),
    "print_run": ("print_run", {}, {}),
}


@pytest.fixture
def kfp_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container whose Python has kfp, as the command of a lightweight component makes sure itself."""
    python = kfp2.python()
    if python is None:
        pytest.skip("kfp 2.17.0 is not at hand: set TRANSPILE_KFP2_PYTHON, or run .ci/run")
    monkeypatch.setenv("PATH", str(python.parent), prepend=":")


def declared(component: str, side: str, kind: str) -> Json:
    document = compiled(component)
    (found,) = document["components"].values()
    return found.get(f"{side}Definitions", {}).get(kind, {})


def compiled(component: str) -> Json:
    return YAML(typ="safe", pure=True).load(COMPILED / f"{component}.yaml")


def compile_one(component: str, arguments: Json, folder: Path, transpile: Transpile) -> Result:
    """A manifest with one task, which exports all that it yields."""
    (folder / "component.yaml").write_bytes((COMPILED / f"{component}.yaml").read_bytes())
    outputs = {**declared(component, "output", "parameters"), **declared(component, "output", "artifacts")}
    manifest = {
        "name": "one",
        "tasks": {"the-task": {"component": "./component.yaml", "arguments": arguments}},
        "outputs": {name: f"${{{{ tasks.the-task.outputs.{name} }}}}" for name in outputs},
    }
    (folder / "pipeline.yaml").write_text(json.dumps(manifest))
    return transpile("compile", folder / "pipeline.yaml")


@pytest.mark.usefixtures("kfp_first")
@pytest.mark.parametrize("case", PYTHON)
def test_a_python_component_yields_what_its_function_yields(case: str, transpile: Transpile, tmp_path: Path) -> None:
    component, parameters, files = PYTHON[case]
    workflow = compile_one(component, {**parameters, **files}, tmp_path, transpile).workflow
    run = Run(workflow, made(tmp_path / "run"))
    direct = made(tmp_path / "direct")
    for name, text in files.items():
        (direct / f"in-{name}").write_text(text)
    places = {name: str(direct / name) for name in annotated(component)}
    request = kfp2.Request(
        str(V2 / "components.py"), component, parameters, {name: str(direct / f"in-{name}") for name in files}, places,
        str(direct),
    )  # fmt: skip
    answer = kfp2.call(request)
    for name in declared(component, "output", "parameters"):
        expected = answer["parameters"].get(name)
        expected = (direct / name).read_text() if expected is None else expected
        assert run.parameters[name] == text_of(expected), name
    for name in declared(component, "output", "artifacts"):
        found = content(run.artifacts[name])
        if (direct / name).exists():
            assert found == content(direct / name), name
        else:
            metadata = answer["metadata"].get(name)
            assert found == (answer["parameters"][name] if metadata is None else json.dumps(metadata)), name


def annotated(component: str) -> list[str]:
    """Outputs that are arguments of the function: it writes to their paths itself."""
    every = {**declared(component, "output", "parameters"), **declared(component, "output", "artifacts")}
    return [name for name in every if name != "Output" and component != "pack"]


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def text_of(value: Any) -> str:
    """A value as this project writes it into a file."""
    return value if isinstance(value, str) else str(value) if isinstance(value, bool) else json.dumps(value)


def content(path: Path) -> Any:
    """What a file holds, or each file of a folder."""
    return {each.name: each.read_text() for each in path.iterdir()} if path.is_dir() else path.read_text()


@pytest.mark.usefixtures("kfp_first")
@pytest.mark.parametrize("case", CONTAINERS)
def test_a_container_has_the_command_line_that_kfp_resolves(case: str, transpile: Transpile, tmp_path: Path) -> None:
    component, parameters, files = CONTAINERS[case]
    workflow = compile_one(component, {**parameters, **files}, tmp_path, transpile).workflow
    names = {**declared(component, "output", "parameters"), **declared(component, "output", "artifacts")}
    request = kfp2.Request(
        file=str(COMPILED / f"{component}.yaml"),
        parameters=parameters,
        artifacts={name: f"/tmp/inputs/{name}/data" for name in files},
        outputs={name: f"/tmp/outputs/{name}/data" for name in names},
    )
    wrapper, *expected = 3, *kfp2.words(request)
    entry, template = workflow["spec"]["templates"]
    passed = entry["dag"]["tasks"][0].get("arguments", {}).get("parameters", [])
    ours = container_words(template, {each["name"]: each["value"] for each in passed})
    tags = {f"{{{{{name}}}}}": value for name, value in OF_THE_RUN.items()}
    for tag, value in tags.items():
        expected = [word.replace(tag, value) for word in expected]
    assert ours[wrapper:] == expected


@pytest.mark.parametrize("case", CONTAINERS)
def test_a_container_runs(case: str, transpile: Transpile, tmp_path: Path) -> None:
    component, parameters, files = CONTAINERS[case]
    workflow = compile_one(component, {**parameters, **files}, tmp_path, transpile).workflow
    run = Run(workflow, made(tmp_path / "run"))
    if component == "copy_file":
        assert run.parameters["lines"].strip() == "2"
        assert run.artifacts["model"].read_text() == "a\nb\n"
    elif component == "print_run":
        values = list(OF_THE_RUN.values())
        assert run.parameters["out"] == f"{values[0]} job:{values[1]} {values[2]} {values[3]}"
    else:
        assert run.parameters["out"].startswith(
            f"--text\n{parameters['text']}\n--count\n{parameters.get('count', 3)}\n"
        )


@pytest.mark.usefixtures("kfp_first")
def test_components_of_both_versions_in_one_run(transpile: Transpile, tmp_path: Path) -> None:
    workflow = transpile(
        "compile", REPOSITORY / "tests" / "language" / "cases" / "v2_python" / "pipeline.yaml"
    ).workflow
    run = Run(workflow, tmp_path)
    text, count, table, file, word = ast.literal_eval(run.parameters["text"])
    assert (text, count, table, word) == ("(None, None, None, None, 'word')", 3, {"k": [1, 2]}, "word")
    assert ast.literal_eval(file)[-1] == "{{ x }} 'quoted' $(HOME)"
    assert content(run.artifacts["pages"]) == {"a.txt": "a.txt", "b.txt": "b.txt"}
    assert run.artifacts["model"].read_text() == "table 0.5 ['a', 'b', 'c']"
    assert "confusionMatrix" in json.loads(run.artifacts["roc"].read_text())


@pytest.mark.parametrize("case", [*PYTHON, *CONTAINERS])
def test_argo_puts_the_same_in_place_of_the_tags(case: str, transpile: Transpile, tmp_path: Path) -> None:
    """What is run above stands for what Argo starts: its own replacement, then the kubelet's."""
    if argo.build() is None:
        pytest.skip("Argo's validator is not at hand: install Go, or run .ci/run")
    component, parameters, files = (PYTHON | CONTAINERS)[case]
    entry, template = compile_one(component, {**parameters, **files}, tmp_path, transpile).workflow["spec"]["templates"]
    passed = entry["dag"]["tasks"][0].get("arguments", {}).get("parameters", [])
    values = {each["name"]: each["value"] for each in passed}
    given = template.get("inputs", {}).get("parameters", [])
    known = OF_THE_RUN | {f"inputs.parameters.{each['name']}": each.get("value", "") for each in given}
    known |= {f"inputs.parameters.{name}": value for name, value in values.items()}
    command = [*template["container"]["command"], *template["container"].get("args", [])]
    (received,) = argo.render([(command, known)])
    assert [told(word) for word in container_words(template, values, expand=False)] == [told(word) for word in received]
    for word in received:
        if isinstance(told(word), dict):
            arrived = told(word)["inputs"].get("parameterValues", {})
            assert {name: arrived[name] for name in parameters} == {
                name: doubled(value) for name, value in parameters.items()
            }


def told(word: str) -> Any:
    """What a word tells a program: the JSON text of `{{$}}` as its content, since JSON can be written in many ways."""
    return json.loads(word) if word.startswith('{\n  "inputs"') else word


def doubled(value: Any) -> Any:
    """A text as it stands before the kubelet, which then halves every `$$`."""
    return value.replace("$", "$$") if isinstance(value, str) else value


@pytest.mark.usefixtures("kfp_first")
def test_the_compiled_files_are_what_kfp_compiles(tmp_path: Path) -> None:
    kfp2.compile_all(V2 / "components.py", tmp_path)
    assert _without_comments(tmp_path) == _without_comments(COMPILED)


def _without_comments(folder: Path) -> dict[str, list[str]]:
    """The lines of each file, but for comments: kfp writes the keys of a default there in any order."""
    lines = {path.name: path.read_text(encoding="utf-8").splitlines() for path in folder.iterdir()}
    return {name: [line for line in each if not line.startswith("#")] for name, each in lines.items()}
