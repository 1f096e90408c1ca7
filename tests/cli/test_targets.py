"""`--argo VERSION`: the older forms of what that version does not know, and refusals where there are none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, Transpile
from transpiler.argo.versions import VERSIONS, is_before
from transpiler.cli.main import main

Write = Callable[[dict[str, str]], Path]
SAMPLES = REPOSITORY / "samples"
ECHO = """\
components:
  echo:
    inputs: [{name: t, type: String}]
    outputs: [{name: o, type: String}]
    implementation: {container: {image: alpine, command: [echo, {inputValue: t}, {outputPath: o}]}}
"""


# ------------------------------------------------------------------ the option


@pytest.mark.parametrize("version", ["4.1", "v4.1.2"])
def test_the_newest_version_is_the_default(version: str, transpile: Transpile) -> None:
    manifest = SAMPLES / "features" / "retries" / "pipeline.yaml"
    assert transpile("compile", manifest, "--argo", version).stdout == transpile("compile", manifest).stdout


@pytest.mark.parametrize("command", ["compile", "check"])
def test_an_unknown_version_is_wrong_usage(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exited:
        main([command, str(SAMPLES / "add" / "pipeline.yaml"), "--argo", "3.5"])
    assert exited.value.code == 2
    said = capsys.readouterr().err
    assert all(version in said for version in ("'3.5'", *VERSIONS))


# ------------------------------------------------------------------ refusals


FIELDS = {
    "defaults: {retry: {limit: 2, backoff: {duration: 10s, cap: 1m}}}": ("cap", "3.7"),
    "argo: {spec: {synchronization: {mutexes: [{name: a, database: true}]}}}": ("database", "3.7"),
    "defaults: {argo: {template: {annotations: {team: a}}}}": ("annotations", "3.7"),
    "outputs: {}\nargo: {spec: {artifactGC: {strategy: Never}, podResources: {}}}": ("podResources", "4.1"),
    "argo: {spec: {templates: [{name: x, pendingTimeout: 1m, suspend: {}}]}}": ("pendingTimeout", "4.1"),
}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("text", FIELDS)
def test_a_field_of_a_later_version_is_refused_at_its_place(
    text: str, version: str, transpile: Transpile, write: Write
) -> None:
    manifest = write(
        {"pipeline.yaml": f"name: p\ntasks: {{a: {{component: echo, arguments: {{t: a}}}}}}\n{ECHO}{text}\n"}
    )
    result = transpile("check", manifest / "pipeline.yaml", "--argo", version, "--format", "json")
    field, since = FIELDS[text]
    found = [(each["code"], each["message"]) for each in result.problems]
    if not is_before(version, since):
        assert found == []
        return
    assert found == [("needs-newer-argo", f"`{field}` needs Argo {since} or newer, and this is for {version}")]
    (problem,) = result.problems
    lines = (manifest / "pipeline.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[problem["line"] - 1][problem["column"] - 1 :].startswith(f"{field}:")
    assert f"`--argo {since}`" in problem["hint"]


def test_so_is_one_in_a_manifest_that_is_called(transpile: Transpile, write: Write) -> None:
    task = "{component: echo, arguments: {t: a}, retry: {backoff: {duration: 1s, cap: 1m}}}"
    called = f"name: q\ntasks:\n  a: {task}\n{ECHO}"
    folder = write({"pipeline.yaml": "name: p\ntasks: {a: {pipeline: called.yaml}}\n", "called.yaml": called})
    result = transpile("compile", folder / "pipeline.yaml", "--argo", "3.6", "--format", "json")
    assert [(Path(each["file"]).name, each["line"]) for each in result.problems] == [("called.yaml", 3)]
    assert transpile("compile", folder / "pipeline.yaml", "--argo", "3.7").code == 0


RUNS = {
    "the status of a loop": """\
  a: {component: echo, arguments: {t: "${{ item }}"}, forEach: [x, y], mayFail: true}
  b: {component: echo, arguments: {t: "${{ tasks.a.status }}"}}
parallelism: 4
""",
    "an `onExit` beside a limit on pods": """\
  a: {component: echo, arguments: {t: a}, onExit: {component: echo, arguments: {t: end}}}
  b: {component: echo, arguments: {t: b}}
parallelism: 1
""",
}


@pytest.mark.parametrize("what", RUNS)
def test_what_an_older_controller_does_otherwise_is_refused(what: str, transpile: Transpile, write: Write) -> None:
    manifest = write({"pipeline.yaml": f"name: p\n{ECHO}tasks:\n{RUNS[what]}"}) / "pipeline.yaml"
    result = transpile("compile", manifest, "--argo", "3.6", "--format", "json")
    (problem,) = result.problems
    assert problem["code"] == "needs-newer-argo"
    assert problem["message"].startswith(f"{what} needs Argo 3.7")
    assert transpile("compile", manifest, "--argo", "3.7").code == 0


# ------------------------------------------------------------------ older forms


def test_what_may_be_absent_is_found_by_an_open_path(transpile: Transpile, write: Write) -> None:
    tasks = """\
  a: {component: echo, arguments: {t: a}, when: inputs.m == 'x'}
  b: {component: echo, arguments: {t: "${{ tasks.a.output ?? 'none' }}"}}
inputs: {m: String}
"""
    manifest = write({"pipeline.yaml": f"name: p\n{ECHO}tasks:\n{tasks}"}) / "pipeline.yaml"
    forms = {version: transpile("compile", manifest, "--argo", version).stdout for version in VERSIONS}
    assert "tasks['a'].outputs.parameters['o'] ?? 'none'" in forms["3.7"].replace("''", "'")
    assert "tasks['a'].outputs?.parameters?.['o'] ?? 'none'" in forms["3.6"].replace("''", "'")
    assert forms["3.7"] == forms["4.0"] == forms["4.1"]


def test_descriptions_of_tasks_are_left_out(transpile: Transpile) -> None:
    manifest = SAMPLES / "features" / "display-names" / "pipeline.yaml"
    older = transpile("compile", manifest, "--argo", "3.6").workflow
    newer = transpile("compile", manifest, "--argo", "3.7").workflow
    assert any("annotations" in template for template in newer["spec"]["templates"])
    assert not any("annotations" in template for template in older["spec"]["templates"])
    assert older["metadata"] == newer["metadata"]


def test_what_an_environment_adds_is_refused_in_its_file(transpile: Transpile, write: Write) -> None:
    values = "defaults:\n  retry: {limit: 2, backoff: {duration: 1s, cap: 1m}}\n"
    manifest = f"name: p\ntasks: {{a: {{component: echo, arguments: {{t: a}}}}}}\n{ECHO}"
    folder = write({"pipeline.yaml": manifest, "pipeline.prod.yaml": values})
    result = transpile("check", folder, "--argo", "3.6", "--format", "json")
    found = [(Path(each["file"]).name, each["line"], each["code"]) for each in result.problems]
    assert found == [("pipeline.prod.yaml", 2, "needs-newer-argo")]
