"""`transpile build`, in a copy of the sample project: what it writes, what it finds out of date, what it deletes."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, Transpile
from transpiler.cli.batch import pool
from transpiler.cli.usage import USAGE

Write = Callable[[dict[str, str]], Path]
SAMPLE = REPOSITORY / "samples" / "project"
ONE = "name: {}\ntasks:\n  a: {{component: {{implementation: {{container: {{image: alpine, command: [echo]}}}}}}}}\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample as a Git repository of its own, and the working folder."""
    folder = tmp_path / "repository"
    shutil.copytree(SAMPLE, folder)
    for command in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def small(write: Write, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project, and the working folder."""
    folder = write(
        {
            ".git/HEAD": "",
            "transpile.yaml": "",
            "a/pipeline.yaml": ONE.format("first"),
            "b/pipeline.yaml": ONE.format("second"),
        }
    )
    monkeypatch.chdir(folder)
    return folder


def outputs(folder: Path) -> dict[str, str]:
    """The files of a folder, as paths and texts."""
    return {each.relative_to(folder).as_posix(): each.read_text() for each in folder.rglob("*") if each.is_file()}


# ------------------------------------------------------------------ the sample


def test_the_committed_outputs_of_the_sample_are_up_to_date(project: Path, transpile: Transpile) -> None:
    result = transpile("build", "--check")
    assert (result.code, result.stdout, result.stderr) == (0, "", "all files are up to date\n")
    committed = outputs(project / "deploy")
    shutil.rmtree(project / "deploy")
    assert transpile("build").code == 0
    assert outputs(project / "deploy") == committed
    assert subprocess.run(["git", "status", "--porcelain"], capture_output=True, check=True).stdout == b""


def test_a_summary_counts_and_says_what_a_run_needs(project: Path, transpile: Transpile) -> None:
    first = project / "deploy" / "report.yaml"
    path = first if first.exists() else project / "deploy" / "dev" / "report.yaml"
    path.unlink()
    before = {each: each.stat().st_mtime_ns for each in (project / "deploy").rglob("*.yaml")}
    lines = transpile("build").stderr.splitlines()
    assert lines[0] == f"wrote {path.relative_to(project)}"
    assert lines[1] == f"{len(before) + 1} files from 3 manifests: 1 written, {len(before)} unchanged"
    assert lines[2] == "inputs to give with each run: orders (day); report (day)"
    assert lines[3].startswith("files in the artifact repository of the cluster: demand (load, clean); orders (load")
    assert before == {each: each.stat().st_mtime_ns for each in before}, "what is unchanged is not touched"
    assert transpile("build", "-q").stderr == ""


def test_a_hand_edit_is_shown_as_a_diff(project: Path, transpile: Transpile) -> None:
    path = next(iter(sorted((project / "deploy").rglob("demand.yaml"))))
    text = path.read_text()
    number = next(number for number, line in enumerate(text.splitlines(), 1) if "value: '1.0'" in line)
    path.write_text(text.replace("value: '1.0'", "value: '2.0'", 1))
    name = path.relative_to(project).as_posix()
    result = transpile("build", "--check")
    assert result.code == 1
    assert "error[stale-output]: the file is not what is built from `pipelines/demand/pipeline.yaml`" in result.stdout
    assert f"--> {name}:{number}:" in result.stdout
    assert f"--- {name}\n+++ {name}\n@@ " in result.stdout
    assert "\n-      value: '2.0'\n+      value: '1.0'\n" in result.stdout
    assert path.read_text() != text, "nothing is written"
    assert "\x1b[31m-      value" in transpile("build", "--check", "--color", "always").stdout
    (problem,) = transpile("build", "--check", "--format", "json").problems
    assert (problem["code"], problem["file"], problem["line"]) == ("stale-output", name, number)
    assert transpile("build").code == 0
    assert path.read_text() == text


def test_an_edit_of_a_shared_component_makes_every_output_stale(project: Path, transpile: Transpile) -> None:
    component = project / "components" / "load-orders" / "component.yaml"
    component.write_text(component.read_text().replace("python:3.12-slim", "python:3.13-slim"))
    stale = {each["file"] for each in transpile("build", "--check", "--format", "json").problems}
    assert stale == {each.relative_to(project).as_posix() for each in (project / "deploy").rglob("*.yaml")}


def test_it_builds_from_any_folder_of_the_project(
    project: Path, transpile: Transpile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project / "pipelines" / "orders")
    assert transpile("build", "--check").code == 0
    (project / "pipelines" / "orders" / "pipeline.yaml").write_text("name: orders\ntasks: 1\n")
    result = transpile("build")
    assert result.code == 1
    assert "--> pipeline.yaml:2:" in result.stdout
    assert "nothing was written: 1 of 3 manifests failed: pipeline.yaml" in result.stderr


# ------------------------------------------------------------------ what it writes


def test_without_keys_every_manifest_goes_to_deploy(small: Path, transpile: Transpile) -> None:
    assert transpile("build").code == 0
    made = outputs(small / "deploy")
    assert sorted(made) == ["first.yaml", "second.yaml"]
    assert made["first.yaml"].startswith("# Made from ../a/pipeline.yaml by transpile; edit that, not this.\n")


def test_paths_narrow_a_build(small: Path, transpile: Transpile) -> None:
    assert transpile("build", "b").code == 0
    assert sorted(outputs(small / "deploy")) == ["second.yaml"]
    result = transpile("build", "c")
    assert (result.code, result.stderr.splitlines()[0]) == (USAGE, "transpile: error: there is no file or folder `c`")
    (small / "c").mkdir()
    assert "is not a manifest of the project" in transpile("build", "c").stderr


def test_a_mistake_in_one_manifest_writes_nothing(small: Path, transpile: Transpile) -> None:
    (small / "b" / "pipeline.yaml").write_text(ONE.format("second").replace("image", "imgae"))
    result = transpile("build")
    assert result.code == 1
    assert "error[unknown-key]" in result.stdout
    assert not (small / "deploy").exists()


def test_two_manifests_with_one_output_are_a_mistake(small: Path, transpile: Transpile) -> None:
    (small / "b" / "pipeline.yaml").write_text(ONE.format("First"))
    for command in (["build"], ["compile", "a", "b", "-o", "deploy"]):
        result = transpile(*command, "--format", "json")
        (problem,) = result.problems
        assert result.code == 1
        assert (problem["code"], problem["file"], problem["line"]) == ("same-output", "b/pipeline.yaml", 1)
        assert problem["message"] == "`deploy/First.yaml` is the output of `a/pipeline.yaml` too"
        assert problem["related"][0]["file"] == "a/pipeline.yaml"
        assert not (small / "deploy").exists()


def test_a_file_of_the_user_is_not_overwritten(small: Path, transpile: Transpile) -> None:
    (small / "deploy").mkdir()
    (small / "deploy" / "second.yaml").write_text("precious: 1\n")
    result = transpile("build")
    assert (result.code, (small / "deploy" / "second.yaml").read_text()) == (USAGE, "precious: 1\n")
    assert not (small / "deploy" / "first.yaml").exists()
    assert transpile("build", "--force").code == 0


def test_force_overwrites_no_input_of_any_manifest(small: Path, transpile: Transpile) -> None:
    (small / "transpile.yaml").write_text("output: '{name}/pipeline.yaml'\n")
    (small / "a" / "pipeline.yaml").write_text(ONE.format("b"))
    result = transpile("build", "--force")
    assert (result.code, result.stderr) == (
        USAGE,
        "transpile: error: `b/pipeline.yaml` is an input of a pipeline: choose another --output\n",
    )


@pytest.mark.parametrize("flags", [[], ["--force"]])
def test_no_pipeline_overwrites_the_project_file(flags: list[str], small: Path, transpile: Transpile) -> None:
    (small / "a" / "pipeline.yaml").write_text(ONE.format("transpile"))
    (small / "b" / "pipeline.yaml").unlink()
    text = "output: '{name}.yaml'\n"
    (small / "transpile.yaml").write_text(text)
    result = transpile("build", *flags)
    assert (result.code, (small / "transpile.yaml").read_text()) == (USAGE, text)
    assert "is an input of a pipeline" in result.stderr


def test_environments_that_differ_in_case_are_told_apart_in_words(small: Path, transpile: Transpile) -> None:
    (small / "transpile.yaml").write_text("environments: [dev, Dev]\n")
    problems = transpile("build", "--format", "json").problems
    assert {each["code"] for each in problems} == {"same-output"}
    assert all("rename one of them" in each["hint"] for each in problems)


def test_several_processes_give_the_same(small: Path, transpile: Transpile, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(12):
        (small / f"{number}").mkdir()
        text = ONE.format(f"name{number}")
        (small / f"{number}" / "pipeline.yaml").write_text(text if number % 3 else text.replace("tasks", "taks"))
    forked: list[int] = []
    real = os.fork

    def fork() -> int:
        forked.append(1)
        return real()

    monkeypatch.setattr(os, "fork", fork)
    monkeypatch.setattr(pool, "_TRIAL", 0.0)
    monkeypatch.setattr(pool, "_WORTH", 0.0)
    several = transpile("build", "--jobs", "2", "--format", "json")
    assert len(forked) == 2
    one = transpile("build", "--jobs", "1", "--format", "json")
    assert len(forked) == 2
    assert several == one
    assert len(one.problems) == 4
    for number in range(0, 12, 3):
        shutil.rmtree(small / f"{number}")
    assert transpile("build", "--jobs", "2").code == 0
    written = outputs(small / "deploy")
    shutil.rmtree(small / "deploy")
    assert transpile("build", "--jobs", "1").code == 0
    assert outputs(small / "deploy") == written


# ------------------------------------------------------------------ drift and orphans


def test_line_ends_of_git_are_no_drift(small: Path, transpile: Transpile) -> None:
    transpile("build")
    path = small / "deploy" / "first.yaml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert transpile("build", "--check").code == 0


@pytest.mark.usefixtures("small")
def test_a_file_that_is_missing_is_named(transpile: Transpile) -> None:
    transpile("build", "a")
    result = transpile("build", "--check")
    assert result.code == 1
    assert "error[stale-output]: the file does not exist; it is built from `b/pipeline.yaml`" in result.stdout
    assert "--- /dev/null\n+++ deploy/second.yaml\n@@ -0,0 +1," in result.stdout


def test_a_diff_has_a_limit(small: Path, transpile: Transpile) -> None:
    transpile("build")
    path = small / "deploy" / "first.yaml"
    path.write_text(path.read_text() + "# \x1b[2Jmore\n" * 10_000)
    result = transpile("build", "--check")
    assert len(result.stdout.splitlines()) < 300
    assert "too many to compare" in result.stdout
    path.write_text("\n".join(f"# {number}" for number in range(1000)))
    result = transpile("build", "--check")
    assert "more lines; `transpile build`, then `git diff` shows all" in result.stdout
    assert "\x1b" not in result.stdout


def test_orphans_are_named_and_pruned_and_nothing_else(small: Path, transpile: Transpile) -> None:
    transpile("build")
    deploy = small / "deploy"
    made = (deploy / "second.yaml").read_text()
    for name in ("old/gone.yaml", ".hidden.yaml", "notes.txt"):
        (deploy / name).parent.mkdir(exist_ok=True)
        (deploy / name).write_text(made)
    (deploy / "own.yaml").write_text("kind: ConfigMap\n")
    (deploy / "link.yaml").symlink_to("second.yaml")
    shutil.rmtree(small / "b")
    result = transpile("build", "--check", "--format", "json")
    assert result.code == 1
    assert [(each["code"], each["file"]) for each in result.problems] == [
        ("orphaned-output", "deploy/old/gone.yaml"),
        ("orphaned-output", "deploy/second.yaml"),
    ]
    assert (
        "no manifest makes these files any more: deploy/old/gone.yaml, deploy/second.yaml" in transpile("build").stderr
    )
    assert (deploy / "second.yaml").exists()
    assert "1 unchanged, 2 removed" in transpile("build", "--prune").stderr
    assert sorted(path.name for path in deploy.iterdir()) == [
        ".hidden.yaml", "first.yaml", "link.yaml", "notes.txt", "own.yaml"
    ]  # fmt: skip


def test_nothing_is_deleted_behind_a_link(small: Path, transpile: Transpile, tmp_path: Path) -> None:
    transpile("build")
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    (small / "deploy").rename(outside)
    (small / "deploy").symlink_to(outside)
    shutil.rmtree(small / "b")
    result = transpile("build", "--prune")
    assert result.code == USAGE
    assert (outside / "second.yaml").exists()
    shutil.rmtree(outside)


def test_a_comparison_shows_no_file_outside_the_root(small: Path, transpile: Transpile, tmp_path: Path) -> None:
    secret = tmp_path.parent / f"{tmp_path.name}-secret"
    secret.write_text("top secret\n")
    (small / "deploy").mkdir()
    (small / "deploy" / "first.yaml").symlink_to(secret)
    result = transpile("build", "--check")
    assert (result.code, "leads out of" in result.stderr) == (USAGE, True)
    assert "top secret" not in result.stdout + result.stderr


def test_without_a_fixed_folder_files_of_others_are_left_alone(small: Path, transpile: Transpile) -> None:
    (small / "transpile.yaml").write_text("pipelines: [a/pipeline.yaml]\noutput: '{folder}/workflow.yaml'\n")
    assert transpile("compile", "b/pipeline.yaml", "-o", "b/workflow.yaml").code == 0
    assert transpile("build").code == 0
    assert transpile("build", "--check").code == 0, "b/workflow.yaml belongs to b/pipeline.yaml, which is not built"
    (small / "b" / "pipeline.yaml").unlink()
    assert [each["file"] for each in transpile("build", "--check", "--format", "json").problems] == ["b/workflow.yaml"]


@pytest.mark.usefixtures("small")
def test_a_part_of_a_project_has_no_orphans(transpile: Transpile) -> None:
    transpile("build")
    assert transpile("build", "a", "--check").code == 0
    result = transpile("build", "a", "--prune")
    assert (result.code, "--prune needs the whole project" in result.stderr) == (USAGE, True)


# ------------------------------------------------------------------ several manifests without a project


def test_compile_takes_manifests_and_folders(small: Path, transpile: Transpile) -> None:
    (small / "transpile.yaml").unlink()
    result = transpile("compile", "a", "b/pipeline.yaml", "a/pipeline.yaml", "-o", "out")
    assert (result.code, sorted(outputs(small / "out"))) == (0, ["first.yaml", "second.yaml"])
    assert result.stderr.splitlines()[-1] == "2 files from 2 manifests: 2 written, 0 unchanged"
    printed = transpile("compile", "a", "b").stdout
    assert [line for line in printed.splitlines() if line.startswith(("kind", "---"))] == [
        "kind: Workflow", "---", "kind: Workflow"
    ]  # fmt: skip
    assert transpile("compile", "a", "-", "-o", "out").code == USAGE


def test_compile_of_several_needs_a_folder(small: Path, transpile: Transpile) -> None:
    (small / "file").write_text("")
    result = transpile("compile", "a", "b", "-o", "file")
    assert (result.code, result.stderr) == (
        USAGE,
        "transpile: error: --output: `file` is a file; several manifests need a folder\n",
    )


def test_a_single_compile_says_what_a_run_needs(project: Path, transpile: Transpile) -> None:
    result = transpile("compile", "pipelines/orders/pipeline.yaml", "-o", "out/")
    assert result.stderr.splitlines()[1:] == [
        "inputs to give with each run: day",
        "files in the artifact repository of the cluster: load, clean",
    ]
    assert (project / "out" / "orders.yaml").exists()


# ------------------------------------------------------------------ environments


def test_an_output_says_which_values_it_has(project: Path) -> None:
    first = (project / "deploy" / "prod" / "demand.yaml").read_text().partition("\n")[0]
    made = "../../pipelines/demand/pipeline.yaml with ../../shared/prod.yaml, pipeline.prod.yaml"
    assert first == f"# Made from {made} by transpile; edit that, not this."


@pytest.mark.parametrize("file", ["pipelines/demand/pipeline.prod.yaml", "shared/prod.yaml"])
@pytest.mark.parametrize("command", ["build", "check"])
def test_a_mistake_in_values_is_shown_at_its_line(command: str, file: str, project: Path, transpile: Transpile) -> None:
    text = (project / file).read_text()
    line = 1 + len(text.splitlines())
    (project / file).write_text(f"{text}retyr: 1\n")
    before = outputs(project / "deploy")
    result = transpile(command, "--format", "json")
    assert result.code == 1
    assert {(each["code"], each["file"], each["line"]) for each in result.problems} == {("unknown-key", file, line)}
    assert outputs(project / "deploy") == before


def test_a_build_of_one_environment(project: Path, transpile: Transpile) -> None:
    before = outputs(project / "deploy")
    shutil.rmtree(project / "deploy")
    assert transpile("build", "--env", "prod").code == 0
    assert outputs(project / "deploy") == {name: text for name, text in before.items() if name.startswith("prod/")}
    result = transpile("build", "--env", "pord")
    assert (result.code, "did you mean `prod`?" in result.stderr) == (USAGE, True)


def test_compile_in_an_environment_gives_what_a_build_gives(project: Path, transpile: Transpile) -> None:
    path = project / "deploy" / "prod" / "demand.yaml"
    before = path.read_text()
    path.unlink()
    assert transpile("compile", "pipelines/demand/pipeline.yaml", "--env", "prod", "-o", path).code == 0
    assert path.read_text() == before
    assert transpile("compile", "pipelines", "--each-env", "-o", "made").code == 0
    made = {name: text.partition("\n")[2] for name, text in outputs(project / "made").items()}
    assert made == {name: text.partition("\n")[2] for name, text in outputs(project / "deploy").items()}


def test_environments_beside_manifests_need_no_key(small: Path, transpile: Transpile) -> None:
    (small / "a" / "pipeline.prod.yaml").write_text("timeout: 1h\n")
    assert transpile("build").code == 0
    assert sorted(outputs(small / "deploy")) == ["prod/first.yaml", "second.yaml"]
    (small / "transpile.yaml").write_text("environments: [dev]\n")
    result = transpile("build")
    assert sorted(outputs(small / "deploy")) == ["dev/first.yaml", "dev/second.yaml", "prod/first.yaml", "second.yaml"]
    assert "note: no manifest makes these files any more: deploy/prod/first.yaml, deploy/second.yaml" in result.stderr
    assert "note: `environments` does not name those of these files: a/pipeline.prod.yaml" in result.stderr


def test_environments_with_one_output_are_a_mistake_of_the_project(small: Path, transpile: Transpile) -> None:
    (small / "transpile.yaml").write_text("environments: [dev, prod]\noutput: 'out/{name}.yaml'\n")
    problems = transpile("build", "a", "--format", "json").problems
    assert [(each["code"], each["file"], each["line"]) for each in problems] == [("same-output", "transpile.yaml", 2)]
    assert problems[0]["message"] == "`out/first.yaml` is the output for `prod` and for `dev`"
    assert not (small / "out").exists()
