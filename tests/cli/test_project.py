"""The project file: where it is found, what each of its keys does, and its mistakes, each at its line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.conftest import Transpile
from transpiler.cli.usage import USAGE
from transpiler.workspace.globs import matches

Write = Callable[[dict[str, str]], Path]
COMPONENT = "implementation: {container: {image: alpine, command: [echo]}}\n"
MANIFEST = "name: {}\ntasks:\n  a: {{component: {}}}\n"
WARNED = (
    "name: w\ninputs: {unused: 1}\ntasks: {a: {component: {implementation: {container: {image: a, command: [b]}}}}}\n"
)


@pytest.fixture
def folder(write: Write, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with a catalog and two manifests that use it, and the working folder."""
    made = write(
        {
            ".git/HEAD": "",
            "catalog/say/component.yaml": COMPONENT,
            "one/pipeline.yaml": MANIFEST.format("one", "say"),
            "deep/two/pipeline.yaml": MANIFEST.format("two", "say"),
            "transpile.yaml": "catalogs: [catalog]\n",
        }
    )
    monkeypatch.chdir(made)
    return made


def project(folder: Path, text: str) -> None:
    (folder / "transpile.yaml").write_text(text, encoding="utf-8")


# ------------------------------------------------------------------ where it is found


def test_every_command_knows_its_catalogs(folder: Path, transpile: Transpile) -> None:
    assert transpile("compile", "one/pipeline.yaml").workflow["kind"] == "Workflow"
    assert transpile("check").code == 0
    assert transpile("lock").code == 0
    assert transpile("lock", "--check").code == 0
    assert transpile("upgrade-check", "catalog", "catalog").code == 0
    assert transpile("check", "--no-project").code == 1
    (folder / "transpile.yaml").unlink()
    assert transpile("check").code == 1


def test_it_is_found_up_to_the_checkout_and_no_further(
    folder: Path, transpile: Transpile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder / "deep" / "two")
    assert transpile("compile", "pipeline.yaml").code == 0
    (folder / "deep" / "two" / ".git").mkdir()
    assert transpile("compile", "pipeline.yaml").code == 1
    assert transpile("compile", "pipeline.yaml", "--project", "../../transpile.yaml", "--root", folder).code == 0


def test_the_project_of_a_file_counts_from_wherever_a_command_is_called(
    write: Write, transpile: Transpile, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = write(
        {
            ".git/HEAD": "",
            "team/catalog/say/component.yaml": COMPONENT,
            "team/one/pipeline.yaml": MANIFEST.format("one", "say"),
            "team/transpile.yaml": "catalogs: [catalog]\n",
        }
    )
    monkeypatch.chdir(made)
    assert transpile("compile", "team/one/pipeline.yaml").code == 0
    assert transpile("build", "team").code == 0
    assert [path.name for path in (made / "team" / "deploy").iterdir()] == ["one.yaml"]


def test_each_file_is_checked_as_its_own_project_says(
    write: Write, transpile: Transpile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*words: str) -> tuple[int, int]:
        """The exit code, and the number of problems."""
        done = transpile(*words, "--format", "json")
        return done.code, len(json.loads(done.stdout))

    made = write(
        {
            ".git/HEAD": "",
            "strict/w.yaml": WARNED,
            "strict/transpile.yaml": "strict: true\n",
            "lenient/one.yaml": MANIFEST.format("one", "say"),
            "lenient/w.yaml": WARNED,
            "lenient/old/broken.yaml": "name: broken\ntasks: {}\n",
            "lenient/catalog/say/component.yaml": COMPONENT,
            "lenient/transpile.yaml": "catalogs: [catalog]\nexclude: [old]\n",
        }
    )
    monkeypatch.chdir(made)
    assert run("check", "lenient") == (0, 1)
    assert run("check", "strict") == (1, 1)
    assert run("check") == (1, 2)
    assert run("check", "--no-strict") == (0, 2)
    assert run("check", "lenient", "--strict") == (1, 1)


def test_a_project_file_can_be_named(folder: Path, transpile: Transpile) -> None:
    (folder / "transpile.yaml").rename(folder / "other.yaml")
    assert transpile("check").code == 1
    assert transpile("check", "--project", "other.yaml").code == 0
    for words, message in (
        (["--project", "none.yaml"], "--project: there is no file `none.yaml`"),
        (["--project", "one"], "--project: name the file, such as `one/transpile.yaml`"),
        (["--project", "other.yaml", "--no-project"], "exclude each other"),
    ):
        result = transpile("check", *words)
        assert (result.code, message in result.stderr) == (USAGE, True)


def test_a_build_needs_one(folder: Path, transpile: Transpile) -> None:
    (folder / "transpile.yaml").unlink()
    (folder / "pyproject.toml").write_text("[tool.transpiler]\n[project]\nname = 'transpile'\n")
    result = transpile("build")
    assert (result.code, "hint: an empty transpile.yaml builds every manifest" in result.stderr) == (USAGE, True)


def test_pyproject_has_the_same_keys(folder: Path, transpile: Transpile) -> None:
    (folder / "transpile.yaml").unlink()
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "x"\n\n[tool.transpile]\ncatalogs = ["catalog"]\npipelines = ["one/*.yaml"]\n'
        'output = "made/{name}.yaml"\nkind = "WorkflowTemplate"\n'
    )
    assert transpile("build").code == 0
    assert [path.name for path in (folder / "made").iterdir()] == ["one.yaml"]
    assert "kind: WorkflowTemplate" in (folder / "made" / "one.yaml").read_text()


def test_two_project_files_in_a_folder_are_a_mistake(folder: Path, transpile: Transpile) -> None:
    (folder / "pyproject.toml").write_text("[tool.transpile]\n")
    (problem,) = transpile("check", "--format", "json").problems
    assert (problem["code"], problem["file"]) == ("conflicting-keys", "transpile.yaml")
    assert transpile("check", "--project", "transpile.yaml").code == 1


# ------------------------------------------------------------------ what its keys do


@pytest.mark.parametrize(
    ("keys", "built"),
    [
        ("", ["one", "two"]),
        ("pipelines: [one/pipeline.yaml]", ["one"]),
        ("pipelines: [deep]", ["two"]),
        ("pipelines: ['*/pipeline.yaml']", ["one"]),
        ("pipelines: ['**/pipeline.yaml', one]", ["one", "two"]),
        ("pipelines: ['**']\nexclude: [deep]", ["one"]),
        ("exclude: ['*/two/*']", ["one"]),
    ],
)
def test_pipelines_and_exclude_choose(keys: str, built: list[str], folder: Path, transpile: Transpile) -> None:
    project(folder, f"catalogs: [catalog]\n{keys}\n")
    assert transpile("build").code == 0
    assert sorted(path.stem for path in (folder / "deploy").iterdir()) == built


@pytest.mark.parametrize(
    ("output", "files"),
    [
        ("{name}/{environment}.yaml", ["one/.yaml", "two/.yaml"]),
        ("deploy/{environment}/{name}.yaml", ["deploy/one.yaml", "deploy/two.yaml"]),
        ("out/{folder}/{name}-wf.yaml", ["out/deep/two/two-wf.yaml", "out/one/one-wf.yaml"]),
        ("./{folder}/workflow.yaml", ["deep/two/workflow.yaml", "one/workflow.yaml"]),
    ],
)
def test_output_says_where(output: str, files: list[str], folder: Path, transpile: Transpile) -> None:
    project(folder, f"catalogs: [catalog]\noutput: '{output}'\n")
    assert transpile("build").code == 0
    before = {"catalog/say/component.yaml", "one/pipeline.yaml", "deep/two/pipeline.yaml", "transpile.yaml"}
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*.yaml")}
    assert sorted(found - before) == files
    assert transpile("build", "--check").code == 0


def test_flags_win(folder: Path, transpile: Transpile) -> None:
    project(folder, "catalogs: [catalog]\nkind: WorkflowTemplate\nstrict: true\nlocked: true\n")
    assert transpile("compile", "one/pipeline.yaml", "--no-locked").workflow["kind"] == "WorkflowTemplate"
    found = transpile("compile", "one/pipeline.yaml", "--no-locked", "--kind", "Workflow").workflow
    assert found["kind"] == "Workflow"
    result = transpile("compile", "one/pipeline.yaml", "--format", "json")
    assert (result.code, result.problems[0]["code"]) == (1, "stale-lock")
    (folder / "one" / "pipeline.yaml").write_text(WARNED)
    assert transpile("check", "one", "--no-locked").code == 1
    assert transpile("check", "one", "--no-locked", "--no-strict").code == 0


def test_a_schedule_is_kept_whatever_the_kind_of_the_project(folder: Path, transpile: Transpile) -> None:
    """A template would lose it; `--kind` means what it says."""
    for written, other in (("WorkflowTemplate",) * 2, ("ClusterWorkflowTemplate",) * 2, ("Workflow", "Workflow")):
        project(folder, f"catalogs: [catalog]\nkind: {written}\nstrict: true\n")
        (folder / "one" / "pipeline.prod.yaml").write_text("schedule: 0 3 * * *\n")
        assert transpile("compile", "one/pipeline.yaml").workflow["kind"] == other
        assert transpile("compile", "one/pipeline.yaml", "--env", "prod").workflow["kind"] == "CronWorkflow"
        assert transpile("check", "one").code == 0
    assert transpile("build").code == 0
    assert "kind: CronWorkflow" in (folder / "deploy" / "prod" / "one.yaml").read_text()
    result = transpile(
        "compile", "one/pipeline.yaml", "--env", "prod", "--kind", "WorkflowTemplate", "--format", "json"
    )
    assert (result.code, result.problems[0]["code"]) == (1, "ignored-field")


# ------------------------------------------------------------------ its mistakes


@pytest.mark.parametrize(
    ("text", "code", "line", "said"),
    [
        ("pipelines: [one]\nouput: x", "unknown-key", 2, "did you mean `output`?"),
        ("strict: yes please", "wrong-type", 1, "strict"),
        ("kind: Workflw", "wrong-value", 1, "did you mean `Workflow`?"),
        ("kind: CronWorkflow", "wrong-value", 1, "`Workflow`"),
        ("argo: '2.9'", "wrong-value", 1, "3.6"),
        ("\npipelines:\n- one\n- ../x", "invalid-name", 4, "without `..`"),
        ("pipelines: ['/etc/*.yaml']", "invalid-name", 1, "below this folder"),
        ("pipelines: [one, tow/*.yaml]", "wrong-value", 1, "no manifest matches `tow/*.yaml`"),
        ("pipelines: [catalog]", "wrong-value", 1, "no manifest below `catalog`"),
        ("pipelines: [one/pipline.yaml]", "wrong-value", 1, "did you mean `pipeline.yaml`?"),
        ("catalogs: [catalogue]", "cannot-read", 1, "did you mean `catalog`?"),
        ("catalogs: [../..]", "outside-root", 1, "outside"),
        ("output: 'x/{nam}.yaml'", "wrong-value", 1, "did you mean `name`?"),
        ("output: x/all.yaml", "wrong-value", 1, "add {name}"),
        ("output: 'x/{name'", "wrong-value", 1, "not closed"),
        ("output: 'x/{name}/'", "wrong-value", 1, "is a folder"),
        ("output: '.git/hooks/{name}'", "wrong-value", 1, "Git"),
        ("output: '{name}/../../x'", "invalid-name", 1, "without `..`"),
        ("environments: [a b]", "invalid-name", 1, "environment"),
        ("environments: {prod: {values: [none.yaml]}}", "cannot-read", 1, "there is no file `none.yaml`"),
        ("environments: {prod: {vlues: []}}", "unknown-key", 1, "did you mean `values`?"),
        ("- a", "wrong-type", 1, "mapping"),
        ("a: [", "yaml-syntax", 1, ""),
    ],
)
def test_a_mistake_is_shown_at_its_line(
    text: str, code: str, line: int, said: str, folder: Path, transpile: Transpile
) -> None:
    project(folder, text)
    result = transpile("build", "--format", "json")
    (problem,) = result.problems
    assert (result.code, problem["code"], problem["file"], problem["line"]) == (1, code, "transpile.yaml", line)
    assert said in f"{problem['message']} {problem['hint']}"
    assert not (folder / "deploy").exists()


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("[tool.transpile]\nstrict = true\nouput = 'x'\n", "unknown-key", 3, 1),
        ("[project]\nname = 'x'\n[tool.transpile]\nkind = \"Workflw\"\n", "wrong-value", 4, 8),
        ("[tool.transpile]\ncatalogs = [\n  'catalog',\n  'catalogue',\n]\n", "cannot-read", 4, 3),
        ("[tool.transpile.environments.prod]\nvlues = []\n", "unknown-key", 2, 1),
        ("[tool.transpile]\nkind = 'Workflow\n", "toml-syntax", 2, 17),
        ("[tool]\ntranspile = {strict = 1}\n", "wrong-type", 2, 23),
    ],
)
def test_a_mistake_in_pyproject_too(
    text: str, code: str, line: int, column: int, folder: Path, transpile: Transpile
) -> None:
    (folder / "transpile.yaml").unlink()
    (folder / "pyproject.toml").write_text(text)
    result = transpile("check", "--format", "json")
    (problem,) = result.problems
    assert (result.code, problem["code"], problem["file"]) == (1, code, "pyproject.toml")
    assert (problem["line"], problem["column"]) == (line, column)


def test_a_link_leads_no_manifest_out_of_the_root(folder: Path, transpile: Transpile, tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside.yaml"
    outside.write_text(MANIFEST.format("secret", "say"))
    (folder / "one" / "link.yaml").symlink_to(outside)
    project(folder, "pipelines: [one/link.yaml]\ncatalogs: [catalog]\n")
    (problem,) = transpile("build", "--format", "json").problems
    assert (problem["code"], problem["file"], problem["line"]) == ("outside-root", "transpile.yaml", 1)
    project(folder, "pipelines: ['one/*']\ncatalogs: [catalog]\n")
    assert transpile("build").code == 0
    assert [path.name for path in (folder / "deploy").iterdir()] == ["one.yaml"]


def test_a_mistake_stops_compile_before_its_output(folder: Path, transpile: Transpile) -> None:
    project(folder, "kind: x\n")
    result = transpile("compile", "one/pipeline.yaml")
    assert (result.code, result.stdout) == (1, "")
    assert "error[wrong-value]" in result.stderr


# ------------------------------------------------------------------ its schema, and patterns


def test_the_schema_is_printed_for_editors(transpile: Transpile) -> None:
    schema = json.loads(transpile("schema", "project").stdout)
    Draft202012Validator.check_schema(schema)
    judge = Draft202012Validator(schema)
    for key, part in schema["properties"].items():
        assert part["description"].endswith("."), key
        for example in part.get("examples", ()):
            assert judge.is_valid({key: example}), key
    assert not judge.is_valid({"ouput": "x"})


@pytest.mark.parametrize(
    ("path", "pattern", "expected"),
    [
        ("a/p.yaml", "*/p.yaml", True),
        ("a/b/p.yaml", "*/p.yaml", False),
        ("p.yaml", "**/p.yaml", True),
        ("a/b/p.yaml", "**/p.yaml", True),
        ("a/b/p.yaml", "a/**", True),
        ("a/b/c/p.yaml", "a/**/c/*.yaml", True),
        ("a/c/p.yaml", "a/**/c/*.yaml", True),
        ("b.yaml", "[ab].yaml", True),
        ("c.yaml", "[!ab].yaml", True),
        ("x", "./x", True),
        ("a/" * 100 + "b", "**/" * 300 + "z", False),
    ],
)
def test_patterns_of_paths(path: str, pattern: str, expected: bool) -> None:
    assert matches(path, pattern) is expected


@pytest.mark.parametrize("written", ["'3.6'", "3.6"])
def test_the_version_of_argo_is_that_of_the_project(written: str, folder: Path, transpile: Transpile) -> None:
    text = MANIFEST.format("one", "say").replace("{", "{when: int(inputs.text) > 3, ")
    (folder / "one" / "pipeline.yaml").write_text(f"inputs: {{text: {{type: String, default: '4'}}}}\n{text}")
    newest = transpile("compile", "one/pipeline.yaml").stdout
    old = transpile("compile", "one/pipeline.yaml", "--argo", "3.6").stdout
    project(folder, f"catalogs: [catalog]\nargo: {written}\n")
    assert transpile("compile", "one/pipeline.yaml").stdout == old != newest
    assert transpile("compile", "one/pipeline.yaml", "--argo", "4.1").stdout == newest
    assert transpile("build", "one").code == 0
    assert (folder / "deploy" / "one.yaml").read_text().partition("\n")[2] == old
