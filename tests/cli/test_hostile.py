"""Files that lead elsewhere, are no files, or are not text: refused with a diagnostic, never opened."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Transpile

Write = Callable[[dict[str, str]], Path]
COMPONENT = "implementation: {container: {image: alpine, command: [echo]}}\n"


def manifest(reference: str) -> str:
    return f'name: x\ntasks:\n  a: {{component: "{reference}"}}\n'


def codes(transpile: Transpile, folder: Path, *options: str) -> list[str]:
    result = transpile("compile", folder / "pipeline.yaml", "--format", "json", *options)
    assert result.code == 1
    assert all(each["line"] == 3 for each in result.problems)
    return [each["code"] for each in result.problems]


@pytest.fixture
def inside(write: Write) -> Path:
    """A folder with a manifest in `root`, and a component that it must not reach in `outside`."""
    return (
        write({"outside/component.yaml": COMPONENT, "root/.git/HEAD": "", "root/a/component.yaml": COMPONENT}) / "root"
    )


@pytest.mark.parametrize(
    "reference",
    ["../outside", "../outside/component.yaml", "./a/../../outside", "a/../../outside", "../outside/nothing",
     "/etc/passwd", "~/component.yaml", "..\\\\outside", "../../../../../../dev/zero"],
)  # fmt: skip
def test_paths_outside_the_root(reference: str, inside: Path, transpile: Transpile) -> None:
    (inside / "pipeline.yaml").write_text(manifest(reference))
    assert codes(transpile, inside) == ["outside-root"]


def test_root_and_catalog_open_a_way(inside: Path, transpile: Transpile) -> None:
    (inside / "pipeline.yaml").write_text(manifest("../outside"))
    assert transpile("compile", inside / "pipeline.yaml", "--root", inside.parent).code == 0
    (inside / "pipeline.yaml").write_text(manifest("outside"))
    assert transpile("compile", inside / "pipeline.yaml", "--catalog", inside.parent).code == 0


def test_links_are_followed_before_they_are_judged(inside: Path, transpile: Transpile) -> None:
    (inside / "link").symlink_to(inside.parent / "outside")
    (inside / "file.yaml").symlink_to(inside.parent / "outside" / "component.yaml")
    (inside / "good").symlink_to(inside / "a")
    for reference, expected in (("link", ["outside-root"]), ("./file.yaml", ["outside-root"])):
        (inside / "pipeline.yaml").write_text(manifest(reference))
        assert codes(transpile, inside) == expected
    (inside / "pipeline.yaml").write_text(manifest("good"))
    assert transpile("compile", inside / "pipeline.yaml").code == 0


def test_things_that_are_no_files(inside: Path, transpile: Transpile) -> None:
    (inside / "loop").symlink_to(inside / "loop")
    os.mkfifo(inside / "pipe")
    (inside / "empty").mkdir()
    for reference, expected in (("./loop", "cannot-read"), ("./pipe", "cannot-read"), ("./empty", "missing-component")):
        (inside / "pipeline.yaml").write_text(manifest(reference))
        assert codes(transpile, inside) == [expected], reference


def test_a_component_that_is_too_large_or_no_text(inside: Path, transpile: Transpile) -> None:
    (inside / "large.yaml").write_bytes(b"#" * 5_000_000)
    (inside / "pipeline.yaml").write_text(manifest("./large.yaml"))
    assert codes(transpile, inside) == ["too-large"]
    (inside / "latin.yaml").write_bytes(b"name: caf\xe9\n")
    (inside / "pipeline.yaml").write_text(manifest("./latin.yaml"))
    result = transpile("compile", inside / "pipeline.yaml", "--format", "json")
    assert [(each["code"], Path(each["file"]).name, each["line"], each["column"]) for each in result.problems] == [
        ("not-utf8", "latin.yaml", 1, 10)
    ]
    assert [Path(each["file"]).name for each in result.problems[0]["related"]] == ["pipeline.yaml"]


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", "empty-manifest", 1),
        (b"# only a comment\n", "empty-manifest", 1),
        (b"name: x\xff\n", "not-utf8", 1),
        ("name: x".encode("utf-16"), "not-utf8", 1),
        (b"name: a\0b\n", "control-character", 1),
        (b"name: x\ntasks:\n\ta: 1\n", "yaml-syntax", 3),
        (b"a: b: c\n", "yaml-syntax", 1),
        (b'name: x\ntasks: {a: "open\n\n', "yaml-syntax", 2),
        (b"name: [a\ntasks: {a: {component: c}}\n", "yaml-syntax", 1),
        (b"name: x\n---\nname: y\n", "several-documents", 2),
        (b"- a\n", "wrong-type", 1),
        (b"42\n", "wrong-type", 1),
        (b"%YAML 1.1\n---\nname: x\ntasks: {a: {component: c}}\n", "yaml-directive", 1),
        (b"&a [*a]\n", "recursive-alias", 1),
        (b"<<<<<<< HEAD\nname: x\n=======\n>>>>>>> other\n", "yaml-syntax", 1),
    ],
)
def test_what_is_no_manifest(data: bytes, code: str, line: int, tmp_path: Path, transpile: Transpile) -> None:
    (tmp_path / "pipeline.yaml").write_bytes(data)
    result = transpile("compile", tmp_path / "pipeline.yaml", "--format", "json")
    found = [(each["code"], each["line"]) for each in result.problems if each["code"] != "missing-component"]
    assert found == [(code, line)]
    assert result.problems[0]["hint"] or result.problems[0]["related"]


def test_check_follows_no_link_out_of_the_root(inside: Path, transpile: Transpile) -> None:
    (inside.parent / "secret.txt").write_text("password: [hunter2\n")
    (inside / "b").mkdir()
    (inside / "b" / "component.yaml").symlink_to(inside.parent / "secret.txt")
    os.mkfifo(inside / "pipe.yaml")
    result = transpile("check", inside)
    assert result.code == 0
    assert "hunter2" not in result.stdout + result.stderr


def test_graph_components_that_multiply(write: Write, transpile: Transpile) -> None:
    names = "abcdef"
    files = {"pipeline.yaml": manifest("./c0.yaml")}
    for level in range(25):
        inputs = "".join(f"  - {{name: {name}, optional: true}}\n" for name in names)
        tasks = "".join(
            f"      t{number}:\n        componentRef: {{name: ./c{level + 1}.yaml}}\n        arguments: {{"
            + ", ".join(f"{to}: {{graphInput: {source}}}" for to, source in zip(names, shifted, strict=False))
            + (f", {names[(level + number) % 6]}: 'x'" if number else "")
            + "}\n"
            for number, shifted in enumerate((names[1:], names[2:]))
        )
        files[f"c{level}.yaml"] = f"inputs:\n{inputs}implementation:\n  graph:\n    tasks:\n{tasks}"
    inputs = ", ".join(f"{{name: {name}, optional: true}}" for name in names)
    files["c25.yaml"] = f"inputs: [{inputs}]\nimplementation: {{container: {{image: alpine, command: [echo]}}}}\n"
    folder = write({name: text.replace("name: ./", "name: ") for name, text in files.items()})
    assert transpile("compile", folder / "pipeline.yaml", "--format", "json").code in {0, 1}


def test_injection_stays_text(tmp_path: Path, transpile: Transpile) -> None:
    evil = 'x\n    - name: evil\n  kind: "Pod" # &a *b !c'
    component = {
        "inputs": [{"name": "i"}],
        "implementation": {"container": {"image": "a", "command": [{"inputValue": "i"}], "env": {"E": evil}}},
    }
    document = {"name": "x", "description": evil, "tasks": {"a": {"component": component, "arguments": {"i": evil}}}}
    (tmp_path / "pipeline.yaml").write_text(json.dumps(document))
    workflow = transpile("compile", tmp_path / "pipeline.yaml").workflow
    assert workflow["kind"] == "Workflow"
    assert workflow["metadata"]["annotations"]["workflows.argoproj.io/description"] == evil
    assert workflow["spec"]["templates"][1]["container"]["env"] == [{"name": "E", "value": evil}]
    assert workflow["spec"]["templates"][0]["dag"]["tasks"][0]["arguments"]["parameters"][0]["value"] == evil


def test_no_escape_of_a_file_name_reaches_the_terminal(
    transpile: Transpile, write: Callable[[dict[str, str]], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    container = "{image: alpine, command: [ls]}"
    manifest = f"name: x\ntasks: {{t: {{component: {{implementation: {{container: {container}}}}}}}}}\n"
    folder = write({"x.yaml": manifest, "components/component.yaml": f"implementation: {{container: {container}}}\n"})
    monkeypatch.chdir(folder)
    odd = "a\x1b[31mb\nc.yaml"
    for words in (
        ("compile", "x.yaml", "-o", odd),
        ("component", "new", "K", "-o", f"2{odd}"),
        ("catalog", "docs", "components", "-o", f"3{odd}"),
        ("catalog", "search", odd, "components"),
    ):
        result = transpile(*words)
        assert "\x1b" not in result.stdout + result.stderr, words
        assert "b\nc" not in result.stderr, words
