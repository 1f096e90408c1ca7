"""The composite action: its steps as GitHub's runner runs them, on a repository whose branch breaks a pipeline."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.conftest import REPOSITORY
from tests.hosts.github import Ran, Runner
from tests.hosts.page import written
from tests.hosts.repositories import BROKEN, build, commit_all, copy_of_ours, users
from tests.judges import ci

pytestmark = pytest.mark.skipif(ci.python() is None, reason=ci.MISSING)
ACTION = YAML(typ="safe").load(REPOSITORY / "action.yml")
Act = Callable[..., Ran]


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = copy_of_ours(tmp_path_factory.mktemp("transpile"))
    commit_all(folder, "release")
    return folder


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a job: the action installs into it once, and finds it installed after that."""
    return tmp_path_factory.mktemp("runner")


@pytest.fixture
def act(ours: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch) -> Act:
    monkeypatch.delenv("TRANSPILE_FORMAT", raising=False)

    def run(workspace: Path, **given: str) -> Ran:
        named = {name.replace("_", "-"): value for name, value in given.items()}
        found = {"steps.python.outputs.python-path": sys.executable}
        return Runner(ACTION, ours, workspace, temporary, named, found).run()

    return run


def test_the_schema_of_github_accepts_the_action() -> None:
    command = ("check-jsonschema", "--builtin-schema", "vendor.github-actions", REPOSITORY / "action.yml")
    assert ci.complaints(*command) == ""


def test_a_broken_branch_is_annotated(act: Act, tmp_path: Path) -> None:
    done = act(users(tmp_path, BROKEN))
    assert done.codes == {"Install transpile": 0, "Check": 1}
    assert re.search(r"^::error title=type-mismatch,file=pipelines/nightly\.yaml,line=5,", done.log, re.MULTILINE)
    assert [each["uses"].partition("@")[0] for each in done.called] == ["actions/setup-python"]


def test_a_good_branch_passes(act: Act, tmp_path: Path) -> None:
    done = act(users(tmp_path), upload_sarif="true")
    assert not done.failed, done.log
    assert "::" not in done.log
    assert json.loads(Path(done.called[-1]["sarif_file"]).read_text())["runs"][0]["results"] == []


def test_a_log_is_uploaded_though_the_check_fails(act: Act, tmp_path: Path) -> None:
    folder = users(tmp_path / "a", BROKEN)
    done = act(tmp_path, upload_sarif="true", working_directory="a", paths="pipelines\ncomponents\n")
    assert done.codes == {"Install transpile": 0, "Check": 1, "Write a SARIF log": 0}
    assert done.called[-1]["uses"].startswith("github/codeql-action/upload-sarif@")
    run = json.loads(Path(done.called[-1]["sarif_file"]).read_text())["runs"][0]
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert (folder / place).is_file()


def test_options_and_paths_are_words_and_no_commands(act: Act, tmp_path: Path) -> None:
    folder = users(tmp_path, BROKEN)
    assert not act(folder, options="--exclude pipe*").failed
    hostile = act(folder, paths="$(touch evil)\n--help", options="`touch evil` $(touch evil) ; touch evil")
    assert hostile.codes["Check"] == 2
    assert not (folder / "evil").exists()


def test_wrong_usage_fails_every_step(act: Act, tmp_path: Path) -> None:
    done = act(users(tmp_path), options="--unheard-of", upload_sarif="true")
    assert done.codes == {"Install transpile": 0, "Check": 2, "Write a SARIF log": 1}
    assert [each["uses"].partition("@")[0] for each in done.called] == ["actions/setup-python"]


def test_what_is_committed_is_compared_with_a_build(act: Act, tmp_path: Path) -> None:
    folder = users(tmp_path)
    made = build(folder)
    assert act(folder, build_check="true").codes == {"Install transpile": 0, "Check": 0, "Compare with a build": 0}
    made.write_text(made.read_text() + "# by hand\n")
    done = act(folder, build_check="true")
    assert done.codes["Compare with a build"] == 1
    assert "::error title=stale-output,file=deploy/nightly.yaml,line=" in done.log


def test_the_workflow_of_ci_uses_the_action_on_samples(act: Act, ours: Path) -> None:
    jobs = YAML(typ="safe").load(ours / ".github" / "workflows" / "ci.yml")["jobs"]
    used = [step["with"] for step in jobs["action"]["steps"] if step["uses"] == "./"]
    assert len(used) == 2
    for given in used:
        done = act(ours, **{name: written(value) for name, value in given.items()})
        assert not done.failed, done.log
