"""`transpile init`: what it writes passes every check, and what is there already stays."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.conftest import EmittedWorkflows, Transpile

WRITTEN = {
    ".gitignore",
    "README.md",
    "components/count/component.yaml",
    "components/count/count.py",
    "components/greet/component.yaml",
    "deploy/prod/hello.yaml",
    "pipeline.prod.yaml",
    "pipeline.yaml",
    "transpile.yaml",
}


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def project(tmp_path: Path, transpile: Transpile, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new project, in the working folder."""
    folder = tmp_path / "new project"
    result = transpile("init", folder)
    assert (result.code, result.stdout) == (0, "")
    assert "next:" in result.stderr
    monkeypatch.chdir(folder)
    return folder


def test_it_compiles_and_passes_every_check(project: Path, transpile: Transpile, emitted: EmittedWorkflows) -> None:
    assert files(project) == WRITTEN
    result = transpile("check", "--strict")
    assert (result.code, result.stdout) == (0, "")
    assert transpile("build", "--check").code == 0
    workflow = transpile("compile", "pipeline.yaml").workflow
    assert (workflow["kind"], workflow["metadata"]["generateName"]) == ("Workflow", "hello-")
    assert "artifacts" not in str(workflow), "it runs without an artifact repository"
    emitted.add((project / "deploy/prod/hello.yaml").read_text(encoding="utf-8"))


def test_the_component_is_that_of_the_function(project: Path, transpile: Transpile) -> None:
    words = next(
        line for line in (project / "README.md").read_text(encoding="utf-8").splitlines() if "from-function" in line
    ).split()
    before = (project / "components/count/component.yaml").read_bytes()
    assert transpile(*words[1:]).code == 0
    assert (project / "components/count/component.yaml").read_bytes() == before


def test_the_programs_do_what_they_say(project: Path, tmp_path: Path) -> None:
    greeting = tmp_path / "out" / "greeting"
    parts = YAML(typ="safe").load(project / "components/greet/component.yaml")["implementation"]["container"]["command"]
    subprocess.run([*parts, "you", str(greeting)], check=True, capture_output=True)
    assert greeting.read_text() == "Hello you\n"


def test_nothing_is_overwritten(project: Path, transpile: Transpile) -> None:
    (project / "pipeline.yaml").write_text("mine", encoding="utf-8")
    result = transpile("init")
    assert result.code == 2
    assert "`pipeline.yaml`" in result.stderr
    assert (project / "pipeline.yaml").read_text(encoding="utf-8") == "mine"


def test_a_readme_and_a_gitignore_stay(tmp_path: Path, transpile: Transpile) -> None:
    (tmp_path / "README.md").write_text("mine", encoding="utf-8")
    assert transpile("init", tmp_path).code == 0
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == "mine"
    assert files(tmp_path) == WRITTEN


def test_a_link_leads_nowhere(tmp_path: Path, transpile: Transpile) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "project" / "components").symlink_to(tmp_path / "elsewhere")
    result = transpile("init", tmp_path / "project")
    assert result.code == 2
    assert files(tmp_path) == set()


def test_list(tmp_path: Path, transpile: Transpile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = transpile("init", "--list", "--ci", "gitlab")
    assert result.code == 0
    assert set(result.stdout.split()) == (WRITTEN - {"deploy/prod/hello.yaml"}) | {".gitlab-ci.yml"}
    assert files(tmp_path) == set()
    assert transpile("init", "x/y", "-q").stderr == ""
    assert files(tmp_path / "x/y") == WRITTEN
    (tmp_path / "file").touch()
    assert transpile("init", "file").code == 2


@pytest.mark.parametrize(
    ("host", "path"), [("github", ".github/workflows/pipelines.yaml"), ("gitlab", ".gitlab-ci.yml")]
)
def test_the_steps_of_ci_pass(
    host: str, path: str, tmp_path: Path, transpile: Transpile, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert transpile("init", tmp_path, "--ci", host).code == 0
    monkeypatch.chdir(tmp_path)
    document = YAML(typ="safe").load(tmp_path / path)
    steps = document["jobs"]["check"]["steps"] if host == "github" else document["pipelines"]["script"]
    lines = [step if isinstance(step, str) else step.get("run", "") for step in steps]
    commands = [line.split()[1:] for line in lines if line.startswith("transpile ")]
    assert [command[0] for command in commands] == ["check", "build"]
    for command in commands:
        assert transpile(*command).code == 0
    shutil.rmtree(tmp_path / "deploy")
    assert transpile(*commands[1]).code == 1
