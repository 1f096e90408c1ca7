"""`transpile diff`: manifests, folders and Git revisions, on real repositories."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.repositories import committed, git
from tests.conftest import Transpile

Write = Callable[[dict[str, str]], Path]

COMPONENT = """\
name: Train
inputs:
  - {name: table, type: String}
  - {name: rate, type: Float, default: '0.1'}
outputs:
  - {name: model, type: String}
implementation:
  container:
    image: alpine:3.20
    command: [sh, -c, 'echo "$0" "$1" > "$2"']
    args: [{inputValue: table}, {inputValue: rate}, {outputPath: model}]
"""
PIPELINE = """\
name: churn
inputs:
  day: "2026-01-31"
  rows: 1000
tasks:
  load:
    component: components/train
    arguments: {table: "${{ inputs.day }}"}
    retry: 2
  train:
    component: components/train
    arguments: {table: "${{ tasks.load.output }}", rate: 0.5}
    resources: {cpu: 1, memory: 1Gi}
    env: {MODE: dev, LEVEL: info}
outputs:
  model: ${{ tasks.train.output }}
"""
OTHER = """\
name: other
tasks:
  nested:
    pipeline: pipeline.yaml
"""


@pytest.fixture
def repository(write: Write, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a pipeline, another that calls it, and their component; the working folder."""
    folder = write({"pipeline.yaml": PIPELINE, "other.yaml": OTHER, "components/train/component.yaml": COMPONENT})
    monkeypatch.chdir(committed(folder))
    return folder


def edit(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def found(transpile: Transpile, *arguments: str, code: int = 1) -> list[dict[str, Any]]:
    result = transpile("diff", *arguments, "--format", "json")
    assert result.code == code, result.stdout + result.stderr
    changes: list[dict[str, Any]] = json.loads(result.stdout)
    return changes


def told(changes: list[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    return [(each["level"], each["change"], each["task"] or each["component"], each["message"]) for each in changes]


# ---------------------------------------------------------------------- what is told


CASES: list[tuple[str, list[tuple[str, str]], list[tuple[str, str, str, str]]]] = [
    (
        "setting",
        [("memory: 1Gi", "memory: 2Gi")],
        [("notice", "setting-changed", "train", "`resources.memory` is `2Gi`, not `1Gi`")],
    ),
    (
        "setting added",
        [("    retry: 2\n", "    retry: 2\n    timeout: 1h\n")],
        [("notice", "setting-added", "load", "`timeout` is new: `1h`")],
    ),
    (
        "setting removed",
        [("    retry: 2\n", "")],
        [("notice", "setting-removed", "load", "`retry` was removed; it was `2`")],
    ),
    (
        "variable",
        [("MODE: dev", "MODE: prod")],
        [("notice", "setting-changed", "train", "`env.MODE` is `prod`, not `dev`")],
    ),
    (
        "order of variables",
        [("{MODE: dev, LEVEL: info}", "{LEVEL: info, MODE: dev}")],
        [("notice", "setting-changed", "train", "`env` changed")],
    ),
    (
        "condition",
        [("    env:", "    when: inputs.rows > 5\n    env:"), ("tasks.train.output }}", "tasks.train.output ?? '' }}")],
        [
            ("notice", "setting-added", "train", "`when` is new: `inputs.rows > 5`"),
            ("notice", "output-changed", "", "output `model` is `${{ tasks.train.output ?? '' }}`"),
        ],
    ),
    (
        "loop",
        [("rate: 0.5}", 'rate: "${{ item }}"}\n    forEach: [0.1, 0.2]')],
        [
            ("notice", "argument-changed", "train", "argument `rate` is `${{ item }}`, not `0.5`"),
            ("notice", "setting-added", "train", "`forEach` is new: `[0.1, 0.2]`"),
        ],
    ),
    (
        "schedule",
        [("name: churn\n", "name: churn\nschedule: 0 3 * * *\n")],
        [
            ("notice", "kind-changed", "", "it compiles to a CronWorkflow, not a Workflow"),
            ("notice", "setting-added", "", "`schedule` is new: `0 3 * * *`"),
        ],
    ),
    (
        "default",
        [("rows: 1000", "rows: 2000")],
        [("notice", "default-changed", "", "the default of input `rows` is `2000`, not `1000`")],
    ),
    (
        "type and default",
        [("rows: 1000", "rows: many")],
        [
            ("breaking", "input-type-changed", "", "the type of input `rows` is String, not Integer"),
            ("notice", "default-changed", "", "the default of input `rows` is `many`, not `1000`"),
        ],
    ),
    (
        "required input",
        [("rows: 1000", "rows: {type: Integer}")],
        [("breaking", "input-required", "", "input `rows` is now required: its default was removed")],
    ),
    (
        "choices of an input",
        [("rows: 1000", "rows: {default: 1000, enum: [1000, 2000]}")],
        [("notice", "setting-added", "", "`inputs.rows.enum` is new: `[1000, 2000]`")],
    ),
    (
        "output removed",
        [("outputs:\n  model: ${{ tasks.train.output }}\n", "")],
        [("breaking", "output-removed", "", "output `model` was removed")],
    ),
    (
        "task added, in between",
        [
            (
                "  train:\n",
                '  clean: {component: components/train, arguments: {table: "${{ tasks.load.output }}"}}\n  train:\n',
            ),
            ('{table: "${{ tasks.load.output }}", rate', '{table: "${{ tasks.clean.output }}", rate'),
        ],
        [
            ("notice", "task-added", "clean", "the task is new"),
            (
                "notice",
                "argument-changed",
                "train",
                "argument `table` is `${{ tasks.clean.output }}`, not `${{ tasks.load.output }}`",
            ),
            ("notice", "edge-removed", "train", "it no longer waits for `load`"),
        ],
    ),
    (
        "order",
        [('{table: "${{ tasks.load.output }}", rate: 0.5}', "{table: x, rate: 0.5}\n    after: [load]")],
        [
            ("notice", "argument-changed", "train", "argument `table` is `x`, not `${{ tasks.load.output }}`"),
            ("notice", "setting-added", "train", "`after` is new: `[load]`"),
        ],
    ),
    (
        "renamed task",
        [("  load:\n", "  fetch:\n"), ("tasks.load.output", "tasks.fetch.output")],
        [("notice", "task-renamed", "fetch", "the task was renamed: it was `load`")],
    ),
    (
        "name",
        [("name: churn", "name: churn-2")],
        [("notice", "name-changed", "", "the name is `churn-2`, not `churn`")],
    ),
    (
        "description",
        [("name: churn\n", "name: churn\ndescription: who leaves\n")],
        [("safe", "setting-added", "", "`description` is new: `who leaves`")],
    ),
]


@pytest.mark.parametrize(("changes", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_each_change_is_told_once(
    changes: list[tuple[str, str]],
    expected: list[tuple[str, str, str, str]],
    repository: Path,
    transpile: Transpile,
) -> None:
    edit(repository / "pipeline.yaml", *changes)
    got = told(found(transpile, "pipeline.yaml"))
    assert len(got) == len(expected), got
    for one, other in zip(sorted(got), sorted(expected), strict=True):
        assert one[:3] == other[:3]
        assert one[3].startswith(other[3])


@pytest.mark.parametrize(
    "changes",
    [
        [("    retry: 2\n", "    retry: 2  # enough\n")],
        [("    retry: 2\n", "    retry: {limit: 2}\n")],
        [("  day:", "  'day':"), ("rows: 1000", "rows: {type: Integer, default: 1000}")],
        [("${{ inputs.day }}", "${{inputs.day}}")],
        [("{cpu: 1, memory: 1Gi}", "{memory: 1Gi, cpu: '1'}")],
        [("components/train", "./components/train/component.yaml")],
        [("  load:\n", "  # first\n  load:\n"), ("outputs:", "\n\noutputs:")],
    ],
)
def test_what_leaves_the_workflow_alone_is_no_change(
    changes: list[tuple[str, str]], repository: Path, transpile: Transpile
) -> None:
    edit(repository / "pipeline.yaml", *changes)
    assert found(transpile, "pipeline.yaml", code=0) == []


def test_places_are_those_of_both_files(repository: Path, transpile: Transpile) -> None:
    edit(
        repository / "pipeline.yaml", ("name: churn\n", "# a line more\nname: churn\n"), ("memory: 1Gi", "memory: 2Gi")
    )
    (change,) = found(transpile, "HEAD:pipeline.yaml")
    assert change["old"] == {"file": "HEAD:pipeline.yaml", "line": 13, "column": 33}
    assert change["new"] == {"file": "pipeline.yaml", "line": 14, "column": 33}
    assert change["pipeline"] == "pipeline.yaml"


def test_text(repository: Path, transpile: Transpile) -> None:
    edit(repository / "pipeline.yaml", ("memory: 1Gi", "memory: 2Gi"), ("rows: 1000", "rows: 2000"))
    edit(repository / "components/train/component.yaml", ("alpine:3.20", "alpine:3.21"))
    result = transpile("diff", "pipeline.yaml")
    assert result.code == 1
    assert result.stdout == (
        "pipeline.yaml\n"
        "  notice    the default of input `rows` is `2000`, not `1000`\n"
        "            HEAD:pipeline.yaml:4:9 -> pipeline.yaml:4:9\n"
        "\n"
        "pipeline.yaml: task `train`\n"
        "  notice    `resources.memory` is `2Gi`, not `1Gi`\n"
        "            HEAD:pipeline.yaml:13:33 -> pipeline.yaml:13:33\n"
        "\n"
        "pipeline.yaml: component `components/train`\n"
        "  notice    the image is `alpine:3.21`, not `alpine:3.20`\n"
        "            HEAD:components/train/component.yaml:9:12 -> components/train/component.yaml:9:12\n"
        "\n"
        "3 notices\n"
    )
    assert "\x1b[" in transpile("diff", "pipeline.yaml", "--color", "always").stdout


def test_the_interface_and_the_program_of_a_component(repository: Path, transpile: Transpile) -> None:
    component = repository / "components/train/component.yaml"
    edit(component, ("type: Float, default: '0.1'", "type: Float, default: '0.2'"), ('"$0" "$1"', '"$1" "$0"'))
    got = told(found(transpile, "pipeline.yaml"))
    assert [each[1:3] for each in got] == [
        ("default-changed", "components/train"),
        ("setting-changed", "components/train"),
    ]
    assert got[1][3].startswith("`command[2]` is")


def test_a_sub_pipeline_is_compared_inside(repository: Path, transpile: Transpile) -> None:
    edit(repository / "pipeline.yaml", ("memory: 1Gi", "memory: 2Gi"))
    (change,) = found(transpile, "other.yaml")
    assert (change["pipeline"], change["task"]) == ("other.yaml", "nested/train")
    assert change["new"]["file"] == "pipeline.yaml"


# ---------------------------------------------------------------------- what is compared


def test_folders_by_revision(repository: Path, transpile: Transpile) -> None:
    (repository / "new.yaml").write_text(PIPELINE.replace("churn", "fresh"), encoding="utf-8")
    edit(repository / "other.yaml", ("name: other", "name: another"))
    (repository / "gone.yaml").write_text(PIPELINE, encoding="utf-8")
    committed(repository)
    (repository / "gone.yaml").rename(repository / "moved.yaml")
    changes = found(transpile, "HEAD~1:", ".")
    assert {(each["pipeline"], each["change"]) for each in changes} == {
        ("moved.yaml", "pipeline-added"),
        ("new.yaml", "pipeline-added"),
        ("other.yaml", "name-changed"),
    }
    assert found(transpile, "HEAD:", "HEAD:", code=0) == []
    assert transpile("diff").code == 0, "the file has moved, and nothing else"
    result = transpile("diff", "HEAD~1:", "HEAD:")
    assert result.code == 1
    assert "compared 4 pipelines: 3 differ" in result.stderr
    (repository / "moved.yaml").unlink()
    assert [each["change"] for each in found(transpile)] == ["pipeline-removed"]


def test_two_manifests(repository: Path, transpile: Transpile) -> None:
    (repository / "two").mkdir()
    moved = PIPELINE.replace("components/train", "../components/train")
    (repository / "two/pipeline.yaml").write_text(moved, encoding="utf-8")
    assert found(transpile, "pipeline.yaml", "two/pipeline.yaml", code=0) == []
    edit(repository / "two/pipeline.yaml", ("retry: 2", "retry: 3"))
    (change,) = found(transpile, "pipeline.yaml", "two/pipeline.yaml")
    assert change["pipeline"] == "pipeline.yaml -> two/pipeline.yaml"
    assert (change["old"]["file"], change["new"]["file"]) == ("pipeline.yaml", "two/pipeline.yaml")


def test_paths_start_at_the_working_folder(
    repository: Path, transpile: Transpile, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(repository / "components/train/component.yaml", ("alpine:3.20", "alpine:3.21"))
    monkeypatch.chdir(repository / "components")
    (change,) = found(transpile, "HEAD:../pipeline.yaml")
    assert change["old"]["file"] == "HEAD:train/component.yaml"
    assert change["new"]["file"] == "train/component.yaml"
    assert "no manifest below" in transpile("diff", "HEAD:").stderr


def test_a_manifest_that_does_not_compile(repository: Path, transpile: Transpile) -> None:
    edit(repository / "pipeline.yaml", ("tasks.load.output", "tasks.lod.output"))
    result = transpile("diff", "HEAD:")
    assert result.code == 1
    assert "breaking  the new version does not compile" in result.stdout
    assert "error[unknown-task]" in result.stderr
    assert "--> pipeline.yaml:12:" in result.stderr
    committed(repository)
    git(repository, "checkout", "-q", "HEAD~1", "--", ".")
    result = transpile("diff", "HEAD:pipeline.yaml")
    assert result.code == 1
    assert "notice    the old version does not compile" in result.stdout
    assert "--> HEAD:pipeline.yaml:12:" in result.stderr
    assert str(Path("/tmp")) not in result.stdout.replace(str(repository), "")
    assert "transpile-" not in result.stderr


def test_texts_in_files_and_names_of_catalogs(
    write: Write, transpile: Transpile, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = "template: {script: {image: alpine, command: [sh], source: {file: steps/clean.sh}}}"
    manifest = f"name: x\ncatalogs: [catalog]\ntasks:\n  a: {{{script}}}\n  b: {{component: tables/load}}\n"
    component = "implementation: {container: {image: alpine, command: [echo, a]}}\n"
    folder = write(
        {
            "pipeline.yaml": manifest,
            "steps/clean.sh": "echo one\necho two\n",
            "steps/unused.sh": "",
            "catalog/tables/load/component.yaml": component,
        }
    )
    monkeypatch.chdir(committed(folder))
    edit(folder / "steps/clean.sh", ("echo two", "echo three"))
    edit(folder / "catalog/tables/load/component.yaml", ("[echo, a]", "[echo, b]"))
    changes = found(transpile, "pipeline.yaml")
    assert [(each["task"] or each["component"], each["subject"]) for each in changes] == [
        ("a", "template.script.source"),
        ("tables/load", "command[1]"),
    ]
    assert changes[0]["new"] == {"file": "steps/clean.sh", "line": 2, "column": 1}
    assert changes[0]["old"]["file"] == "HEAD:steps/clean.sh"


# ---------------------------------------------------------------------- wrong usage


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--", "--output=x:pipeline.yaml"], "`--output=x` is not a revision: it starts with `-`"),
        (["nothing:pipeline.yaml"], "there is no revision `nothing`"),
        (["HEAD:nothing.yaml"], "there is no `nothing.yaml` in the revision `HEAD`"),
        (["nothing"], "there is no `nothing` in the revision `HEAD`"),
        (["pipeline.yaml", "nothing"], "there is no file or folder `nothing`"),
        (["HEAD:../../x.yaml"], "is outside the Git repository"),
        (["pipeline.yaml", "components"], "compare two manifests, or two folders"),
        (["HEAD:components"], "no manifest below"),
        (["--impact", "nothing"], "--impact: there is no file or folder `nothing`, on either side"),
    ],
)
def test_wrong_usage(arguments: list[str], message: str, repository: Path, transpile: Transpile) -> None:
    assert repository.is_dir()
    result = transpile("diff", *arguments)
    assert result.code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_without_a_repository(write: Write, transpile: Transpile, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write({"pipeline.yaml": "name: x\ntasks: {a: {template: {suspend: {}}}}\n"})
    monkeypatch.chdir(folder)
    result = transpile("diff", "pipeline.yaml")
    assert result.code == 2
    assert "there is no Git repository" in result.stderr
    assert transpile("diff", "pipeline.yaml", "pipeline.yaml").code == 0


# ---------------------------------------------------------------------- --impact


def test_impact(repository: Path, transpile: Transpile) -> None:
    (repository / "third.yaml").write_text("name: third\ntasks: {a: {template: {suspend: {}}}}\n", encoding="utf-8")
    committed(repository)
    edit(repository / "components/train/component.yaml", ("alpine:3.20", "alpine:3.21"))
    edit(repository / "pipeline.yaml", ("retry: 2", "retry: 5"))
    result = transpile("diff", "--impact", "components/train")
    assert result.code == 1
    assert result.stdout == (
        "components/train\n"
        "  notice    the image is `alpine:3.21`, not `alpine:3.20`\n"
        "            HEAD:components/train/component.yaml:9:12 -> components/train/component.yaml:9:12\n"
        "\n"
        "used by\n"
        "  changed   other.yaml: tasks `nested/load`, `nested/train`\n"
        "  changed   pipeline.yaml: tasks `load`, `train`\n"
        "\n"
        "0 broken, 2 changed, 0 the same\n"
    )
    assert result.stderr == "2 pipelines use `components/train`\n"
    git(repository, "checkout", "-q", "--", "components")
    result = transpile("diff", "HEAD:", "--impact", "components/train/component.yaml")
    assert result.code == 0
    assert "0 broken, 0 changed, 2 the same" in result.stdout


def test_impact_that_breaks(repository: Path, transpile: Transpile) -> None:
    edit(repository / "components/train/component.yaml", ("name: rate", "name: ratio"), (": rate}", ": ratio}"))
    result = transpile("diff", "--impact", "components")
    assert result.code == 1
    assert "breaking  input `rate` was renamed to `ratio`" in result.stdout
    assert "broken    pipeline.yaml: tasks `load`, `train`" in result.stdout
    assert "error[unknown-argument]" in result.stderr
    impacts = json.loads(transpile("diff", "--impact", "components", "--format", "json").stdout)
    assert [(each["pipeline"], each["compiles"], each["tasks"]) for each in impacts] == [
        ("other.yaml", False, ["nested/load", "nested/train"]),
        ("pipeline.yaml", False, ["load", "train"]),
    ]
    assert {change["change"] for each in impacts for change in each["changes"]} > {"input-renamed", "pipeline-broken"}


def test_impact_of_a_component_that_is_gone(
    write: Write, transpile: Transpile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The place of its old version does not depend on the root that pipelines are compiled with."""
    folder = write({"sub/pipeline.yaml": PIPELINE, "sub/components/train/component.yaml": COMPONENT})
    monkeypatch.chdir(committed(folder))
    (folder / "sub/components/train/component.yaml").unlink()
    (folder / "sub/components/train").rmdir()
    for root in ((), ("--root", "sub")):
        result = transpile("diff", "--impact", "sub/components/train", *root)
        assert result.code == 1, result.stderr
        assert "broken    sub/pipeline.yaml: tasks `load`, `train`" in result.stdout


# ---------------------------------------------------------------------- environments


@pytest.fixture
def environments(repository: Path) -> Path:
    """The repository with two environments of one manifest, and one of another that calls it."""
    values = {
        "pipeline.dev.yaml": "inputs: {rows: 10}\ntasks: {train: {resources: {memory: 2Gi}}}\n",
        "pipeline.prod.yaml": 'inputs: {rows: 99}\nnamespace: prod\nimages: {alpine: "registry.prod/alpine"}\n',
        "other.prod.yaml": "tasks:\n  nested/train: {resources: {memory: 8Gi}}\n",
    }
    for name, text in values.items():
        (repository / name).write_text(text, encoding="utf-8")
    return committed(repository)


def test_two_environments(environments: Path, transpile: Transpile) -> None:
    assert environments.is_dir()
    changes = found(transpile, "pipeline.yaml", "--env", "dev", "--env", "prod")
    assert {each["pipeline"] for each in changes} == {"pipeline.yaml (dev -> prod)"}
    assert sorted(told(changes)) == [
        ("notice", "default-changed", "", "the default of input `rows` is `99`, not `10`"),
        ("notice", "setting-added", "", "`images.alpine` is new: `registry.prod/alpine`"),
        ("notice", "setting-added", "", "`namespace` is new: `prod`"),
        ("notice", "setting-changed", "train", "`resources.memory` is `1Gi`, not `2Gi`"),
    ]
    (memory,) = (each for each in changes if each["task"])
    assert memory["old"] == {"file": "pipeline.dev.yaml", "line": 2, "column": 37}
    assert memory["new"] == {"file": "pipeline.yaml", "line": 13, "column": 33}
    assert found(transpile, "pipeline.yaml", "--env", "prod", "--env", "prod", code=0) == []


def test_an_environment_and_the_manifest_alone(environments: Path, transpile: Transpile) -> None:
    assert environments.is_dir()
    (change,) = found(transpile, "other.yaml", "--env", "-", "--env", "prod")
    assert (change["task"], change["message"]) == (
        "nested",
        "`tasks.train` is new: `{resources: {memory: 8Gi}}`",
    )
    changes = found(transpile, "pipeline.yaml", "--env", "-", "--env", "./pipeline.dev.yaml")
    assert [each["subject"] for each in changes] == ["rows", "resources.memory"]


def test_folders_in_all_environments(environments: Path, transpile: Transpile) -> None:
    edit(environments / "pipeline.prod.yaml", ("rows: 99", "rows: 98"))
    (environments / "pipeline.test.yaml").write_text("inputs: {rows: 1}\n", encoding="utf-8")
    (environments / "pipeline.dev.yaml").unlink()
    edit(environments / "pipeline.yaml", ("retry: 2", "retry: 7"))
    changes = found(transpile)
    assert [(each["pipeline"], each["task"], each["change"]) for each in changes] == [
        ("other.yaml", "nested/load", "setting-changed"),
        ("pipeline.yaml", "load", "setting-changed"),
        ("pipeline.yaml (dev)", "", "pipeline-removed"),
        ("pipeline.yaml (prod)", "", "default-changed"),
        ("pipeline.yaml (test)", "", "pipeline-added"),
    ]
    assert changes[3]["old"]["file"] == "HEAD:pipeline.prod.yaml"
    assert [each["change"] for each in found(transpile, "HEAD:", "--env", "prod")].count("default-changed") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["pipeline.yaml", "--env", "dev", "--env", "prdo"], "has no environment `prdo`: did you mean `prod`?"),
        (["pipeline.yaml", "--env", "a", "--env", "b", "--env", "c"], "compare two environments"),
        (["pipeline.prod.yaml", "pipeline.yaml"], "`pipeline.prod.yaml` is a values file"),
        (["pipeline.yaml", "--env", "-", "--env", "no/such.yaml"], "there is no file `no/such.yaml`"),
    ],
)
def test_wrong_environments(arguments: list[str], message: str, environments: Path, transpile: Transpile) -> None:
    assert environments.is_dir()
    result = transpile("diff", *arguments)
    assert result.code == 2, result.stdout + result.stderr
    assert message in result.stderr


def test_manifests_without_the_environment_are_left_out(environments: Path, transpile: Transpile) -> None:
    (environments / "third.yaml").write_text("name: third\ntasks: {a: {template: {suspend: {}}}}\n", encoding="utf-8")
    edit(environments / "pipeline.dev.yaml", ("rows: 10", "rows: 11"))
    assert [each["pipeline"] for each in found(transpile, "HEAD:", "--env", "dev")] == ["pipeline.yaml (dev)"]
    result = transpile("diff", "HEAD:", "--env", "nothing")
    assert (result.code, result.stderr) == (2, "transpile: error: no manifest has an environment `nothing`\n")


# ---------------------------------------------------------------------- the project of each side


PROJECT = "environments: {dev: {}, prod: {values: [shared/prod.yaml]}}\nexclude: [old]\n"


@pytest.fixture
def project(repository: Path) -> Path:
    """The repository as a project with an environment whose values all pipelines share."""
    (repository / "transpile.yaml").write_text(PROJECT, encoding="utf-8")
    for name, text in {"shared/prod.yaml": "namespace: a\n", "old/p.yaml": "name: old\ntasks: {}\n"}.items():
        (repository / name).parent.mkdir()
        (repository / name).write_text(text, encoding="utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "--message", "a project")
    return repository


@pytest.mark.parametrize("chosen", [(), ("HEAD:",), ("HEAD:", "--env", "prod"), ("--impact", "shared/prod.yaml")])
def test_values_that_a_project_shares_are_those_of_each_side(
    chosen: tuple[str, ...], transpile: Transpile, project: Path
) -> None:
    assert found(transpile, *(each for each in chosen if "shared" not in each and each != "--impact"), code=0) == []
    edit(project / "shared/prod.yaml", ("namespace: a", "namespace: b"))
    changes = found(transpile, *chosen)
    if "--impact" in chosen:
        assert {each["pipeline"] for each in changes} == {"other.yaml (prod)", "pipeline.yaml (prod)"}
        changes = [change for each in changes for change in each["changes"]]
    assert {(each["pipeline"], each["message"]) for each in changes} == {
        (f"{name} (prod)", "`namespace` is `b`, not `a`") for name in ("other.yaml", "pipeline.yaml")
    }
    assert changes[0]["old"]["file"] == "HEAD:shared/prod.yaml"
    assert changes[0]["new"]["file"].endswith("shared/prod.yaml")


def test_an_environment_of_the_project_does_not_come_and_go_with_a_file(transpile: Transpile, project: Path) -> None:
    (project / "pipeline.dev.yaml").write_text("namespace: c\n", encoding="utf-8")
    assert told(found(transpile)) == [("notice", "setting-added", "", "`namespace` is new: `c`")]
    (project / "pipeline.test.yaml").write_text("namespace: d\n", encoding="utf-8")  # the project does not build it
    assert len(found(transpile)) == 1


def test_what_the_project_excludes_is_not_compared(transpile: Transpile, project: Path) -> None:
    edit(project / "old/p.yaml", ("name: old", "name: older"))
    assert found(transpile, code=0) == []
    assert found(transpile, "--no-project") != []


def test_a_change_of_the_project_file_is_a_change_of_its_pipelines(transpile: Transpile, project: Path) -> None:
    edit(project / "transpile.yaml", ("dev: {}", "test: {}"), ("exclude", "kind: WorkflowTemplate\nexclude"))
    changes = {(each["pipeline"], each["change"]) for each in found(transpile)}
    assert ("pipeline.yaml (dev)", "pipeline-removed") in changes
    assert ("pipeline.yaml (test)", "pipeline-added") in changes
    assert ("pipeline.yaml", "kind-changed") in changes
    git(project, "commit", "--quiet", "--all", "--message", "another")
    assert found(transpile, code=0) == []
