"""The command: streams, exit codes, files that it writes and leaves alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import CATALOG, REPOSITORY, Transpile
from transpiler.catalog.files import Unreadable
from transpiler.cli.main import main

ADD = REPOSITORY / "samples" / "add" / "pipeline.yaml"
Write = Callable[[dict[str, str]], Path]
ONE = "name: one\ntasks:\n  a: {component: {implementation: {container: {image: alpine, command: [echo]}}}}\n"


def run(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "transpiler", *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        timeout=60,
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
    )


def test_workflow_on_stdout_and_nothing_else() -> None:
    done = run("compile", str(ADD))
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"apiVersion: argoproj.io/v1alpha1\nkind: Workflow\n")
    assert done.stdout.endswith(b"data\n")


def test_stdin() -> None:
    done = run("compile", "-", stdin=ONE.encode())
    assert done.returncode == 0
    failed = run("compile", "-", "--stdin-filename", "mine.yaml", stdin=b"name: x\n")
    assert failed.returncode == 1
    assert failed.stdout == b""
    assert b"--> mine.yaml:1:1" in failed.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["compile", "no-such-file.yaml"], 2, "No such file"),
        (["compile", "transpiler"], 2, "no manifest below `transpiler`"),
        (["compile", str(ADD), "--catalog", "nowhere"], 2, "no folder `nowhere`"),
        (["compile", str(ADD), "--root", "nowhere"], 2, "no folder `nowhere`"),
        (["compile", str(ADD), "--knd", "Workflow"], 2, "did you mean `--kind`"),
        (["compile", str(ADD), "--kind", "Pod"], 2, "Pod"),
        (["compile"], 2, "MANIFEST"),
        (["compiel", str(ADD)], 2, "did you mean `compile`"),
        (["lint", str(ADD)], 2, "`transpile check` reports mistakes"),
        (["build", "--jobs", "0"], 2, "jobs are a whole number from 1 to 256, not `0`"),
        (["compile", str(ADD), "--param", "a=1"], 2, "`transpile submit FILE -p NAME=VALUE`"),
        ([], 2, "COMMAND"),
        (["check", "benchmarks"], 2, "no manifest or component below"),
        (["explain", "cicle"], 2, "there is no code `cicle`\n  hint: did you mean `cycle`?"),
        (["component"], 2, "ACTION"),
        (["component", "nwe", "x"], 2, "did you mean `new`"),
        (["component", "from-function", "x.py:f", "--pakage", "x"], 2, "did you mean `--package`"),
        (["compile", str(ADD), "-o", str(ADD)], 2, "is an input of this pipeline"),
        (["compile", str(ADD), "-o", "README.md/w.yaml"], 2, "cannot write"),
        (["compile", str(ADD), "-o", "README.md/"], 2, "cannot write"),
        (["compile", str(ADD), "-o", ""], 2, "name a file"),
    ],
)
def test_usage(arguments: list[str], code: int, words: str) -> None:
    done = run(*arguments)
    assert done.returncode == code
    assert done.stdout == b""
    assert words in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


@pytest.mark.parametrize(
    "command",
    [
        *([], ["compile"], ["check"], ["lock"], ["vendor"], ["explain"], ["schema"]),
        *(["component"], ["component", "from-function"], ["component", "new"]),
    ],
)
def test_help(command: list[str]) -> None:
    done = run(*command, "--help")
    assert done.returncode == 0
    assert b"usage: transpile" in done.stdout


def test_version() -> None:
    assert run("--version").stdout.startswith(b"transpile 0.")


def test_output_file(transpile: Transpile, tmp_path: Path) -> None:
    target = tmp_path / "workflow.yaml"
    first = transpile("compile", ADD, "-o", target)
    assert (first.code, first.stdout) == (0, "")
    assert first.stderr == f"wrote {target} (3 tasks)\n"
    os.utime(target, (1, 1))
    assert transpile("compile", ADD, "-o", target).stderr == f"unchanged: {target} (3 tasks)\n"
    assert target.stat().st_mtime == 1
    assert transpile("compile", ADD, "-o", target, "-q").stderr == ""
    assert list(tmp_path.iterdir()) == [target], "no temporary file stays"


@pytest.mark.parametrize(
    ("words", "command", "hint"),
    [
        (["explain", "--format", "json"], "transpile explain", ""),
        (["explain", "--format=json"], "transpile explain", ""),
        (["schema", "pipeline", "b.yaml"], "transpile schema", ""),
        (["schema", "pipeline", "check"], "transpile schema", ""),
        (["component", "new", "x", "--forse"], "transpile component new", "did you mean `--force`?"),
        (["--versoin", "compile", "a.yaml"], "transpile compile", "did you mean `--version`?"),
    ],
)
def test_an_unknown_word_leads_to_the_help_of_its_command(
    words: list[str], command: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    lines = capsys.readouterr().err.splitlines()
    assert stopped.value.code == 2
    assert lines[1:] == [*([f"  hint: {hint}"] if hint else []), f"  see: {command} --help"]


def test_a_failed_compile_leaves_the_old_file(transpile: Transpile, write: Write) -> None:
    folder = write({"pipeline.yaml": "name: x\n", "workflow.yaml": "old"})
    assert transpile("compile", folder / "pipeline.yaml", "-o", folder / "workflow.yaml").code == 1
    assert (folder / "workflow.yaml").read_text() == "old"


def test_a_component_is_not_overwritten(transpile: Transpile, write: Write) -> None:
    component = "implementation: {container: {image: alpine, command: [echo]}}\n"
    folder = write({"p.yaml": "name: x\ntasks: {a: {component: ./c.yaml}}\n", "c.yaml": component})
    assert transpile("compile", folder / "p.yaml", "-o", folder / "c.yaml").code == 2
    assert (folder / "c.yaml").read_text() == component


@pytest.mark.parametrize("kind", ["WorkflowTemplate", "ClusterWorkflowTemplate"])
def test_kinds(kind: str, transpile: Transpile) -> None:
    workflow = transpile("compile", ADD, "--kind", kind).workflow
    assert workflow["kind"] == kind
    assert workflow["metadata"]["name"] == "add-example"
    assert "generateName" not in workflow["metadata"]


@pytest.mark.parametrize(
    ("kind", "unheard"),
    [
        ("CronWorkflow", []),
        ("Workflow", [2, 4]),
        ("WorkflowTemplate", [2, 4, 6]),
        ("ClusterWorkflowTemplate", [2, 3, 4, 6]),
    ],
)
def test_what_a_kind_has_no_place_for_is_told(
    kind: str, unheard: list[int], transpile: Transpile, write: Write
) -> None:
    task = "tasks: {a: {template: {suspend: {}}}}\n"
    extra = 'schedule: {cron: "0 2 * * *"}\nnamespace: jobs\nargo: {cron: {suspend: true}}\nannotations: {a: b}\n'
    extra += "priority: 5\n"
    folder = write({"p.yaml": f"name: x\n{extra}{task}"})
    problems = transpile("compile", folder / "p.yaml", "--kind", kind, "--format", "json").problems
    assert [(each["code"], each["line"]) for each in problems] == [("ignored-field", line) for line in unheard]
    spec = transpile("compile", folder / "p.yaml", "--kind", kind).workflow["spec"]
    of_runs = spec.get("workflowSpec", spec).get("workflowMetadata", {})
    assert of_runs == ({} if kind == "Workflow" else {"annotations": {"a": "b"}})


@pytest.mark.parametrize(("kind", "is_right"), [("", True), ("ClusterWorkflowTemplate", True), ("Workflow", False)])
def test_only_callers_of_a_template_can_pass_a_file(
    kind: str, is_right: bool, transpile: Transpile, write: Write
) -> None:
    image = "implementation: {container: {image: alpine, command: [cat, {inputPath: d}]}}"
    task = f"tasks: {{a: {{component: {{inputs: [{{name: d}}], {image}}}, arguments: {{d: '${{{{ inputs.d }}}}'}}}}}}\n"
    folder = write({"p.yaml": f"name: x\ninputs: {{d: {{type: CSV, artifact: {{}}}}}}\n{task}"})
    result = transpile("compile", folder / "p.yaml", *(["--kind", kind] if kind else []))
    assert (result.code == 0) is is_right, result.stderr
    if is_right:
        assert result.workflow["kind"] == (kind or "WorkflowTemplate")
        assert result.workflow["spec"]["templates"][0]["inputs"] == {"artifacts": [{"name": "d"}]}
    else:
        assert "error[missing-argument]: nobody can pass the file `d` to a Workflow" in result.stderr


@pytest.mark.parametrize(
    ("kind", "metadata", "is_right"),
    [
        ("CronWorkflow", {"name": "n" * 52}, True),
        ("CronWorkflow", {"name": "n" * 53}, False),
        ("CronWorkflow", {"generateName": "n" * 46 + "-"}, True),
        ("CronWorkflow", {"generateName": "n" * 47 + "-"}, False),
        ("Workflow", {"name": "n" * 63}, True),
        ("Workflow", {"name": "n" * 64}, False),
        ("WorkflowTemplate", {"name": "n" * 64}, False),
    ],
)
def test_the_names_of_kinds(
    kind: str, metadata: dict[str, str], is_right: bool, transpile: Transpile, write: Write
) -> None:
    manifest = {
        "name": "x",
        "tasks": {"a": {"template": {"suspend": {}}}},
        "argo": {"metadata": metadata},
        **({"schedule": {"cron": "0 2 * * *"}} if kind == "CronWorkflow" else {}),
    }
    folder = write({"p.yaml": json.dumps(manifest)})
    problems = transpile("compile", folder / "p.yaml", "--kind", kind, "--format", "json").problems
    assert [each["code"] for each in problems] == ([] if is_right else ["invalid-name"])


@pytest.mark.parametrize("key", ["annotations", "description"])
@pytest.mark.parametrize(("size", "is_right"), [(200_000, True), (262_145, False)])
def test_annotations_have_a_limit(key: str, size: int, is_right: bool, transpile: Transpile, write: Write) -> None:
    text = "x" * size
    given = {"annotations": {"a": text}} if key == "annotations" else {"description": text}
    folder = write({"p.yaml": json.dumps({"name": "x", "tasks": {"a": {"template": {"suspend": {}}}}, **given})})
    problems = transpile("check", folder / "p.yaml", "--format", "json").problems
    assert [each["code"] for each in problems] == ([] if is_right else ["too-large"])


def test_json_goes_to_the_stream_of_diagnostics(transpile: Transpile, write: Write) -> None:
    folder = write({"pipeline.yaml": "name: x\ntsks: {}\n"})
    compiled = transpile("compile", folder / "pipeline.yaml", "--format", "json")
    assert compiled.stdout == ""
    assert {each["code"] for each in json.loads(compiled.stderr)} == {"unknown-key"}
    checked = transpile("check", folder / "pipeline.yaml", "--format", "json")
    assert checked.stderr == ""
    assert json.loads(checked.stdout) == json.loads(compiled.stderr)
    assert set(json.loads(checked.stdout)[0]) == {
        "code", "severity", "message", "hint", "file", "line", "column", "endLine", "endColumn", "related", "fix",
    }  # fmt: skip
    assert json.loads(transpile("check", ADD, "--format", "json").stdout) == []


def test_check_searches_folders(transpile: Transpile, write: Write) -> None:
    folder = write(
        {
            "a/pipeline.yaml": ONE,
            "b/component.yaml": "implementation: {container: {image: alpine, comand: [echo]}}\n",
            "c/values.yaml": "replicas: 3\n",
            "d/deployment.yaml": "kind: Deployment\nmetadata: {name: x}\n",
            ".hidden/component.yaml": "nonsense",
            "node_modules/x/component.yaml": "nonsense",
        }
    )
    result = transpile("check", folder, "--format", "json")
    assert [(each["code"], Path(each["file"]).parent.name) for each in result.problems] == [("unknown-key", "b")]
    assert result.code == 1


def test_check_knows_what_is_written_as_json(transpile: Transpile, write: Write) -> None:
    component = {"implementation": {"container": {"image": "alpine", "command": ["echo"], "arsg": []}}}
    manifest = {"name": "p", "tasks": {"a": {"component": component}, "b": {"componnet": "x"}}}
    files = {"manifest.json": json.dumps(manifest), "component.json": json.dumps(component)}
    folder = write(files | {"flow.yaml": "{name: p, tasks: {a: 1}}", "other.yaml": "{a: 1}"})
    found = {
        name: [each["code"] for each in transpile("check", folder / name, "--format", "json").problems]
        for name in ("manifest.json", "component.json", "flow.yaml")
    }
    assert found == {
        "manifest.json": ["unknown-key", "unknown-key"],
        "component.json": ["unknown-key"],
        "flow.yaml": ["wrong-type"],
    }
    checked = transpile("check", folder).stderr
    assert "checked 3 files: 4 errors; skipped 1 that are neither a manifest nor a component" in checked


def test_check_finds_what_is_nearly_a_manifest_or_component(transpile: Transpile, write: Write) -> None:
    tasks = "\n  a: {component: x}\n"
    near = {
        "a.yaml": f"name: p\ntaks:{tasks}",
        "b.yaml": f"name: p\nTasks:  # all{tasks}",
        "c.yaml": f"nme: p\ntasks:{tasks}",
        "d.yaml": "name: p\nimplementaton:\n  container: {image: alpine}\n",
        "e.json": '{"name": "p", "taks": {"a": {"component": "x"}}}',
        "f.json": '{"name": "p", "tasks": {"a": ',
    }
    others = {
        "deno.json": '{"name": "p", "tasks": {"dev": "deno run"}}',
        "k.yaml": "apiVersion: v1\nkind: X\nname: p\ntask: {}\n",
        "l.yaml": "name: p\ntags:\n  - a\n",
        "m.yaml": "name: p\ntask: classification\n",
        "n.json": '{"name": "p", "task": "lint"}',
        "o.yaml": "name: p\nimplements: {a: b}\n",
        "p.json": "[1]",
    }
    folder = write({**near, **others})
    result = transpile("check", folder, "--format", "json")
    assert sorted({Path(each["file"]).name for each in result.problems}) == sorted(near)
    assert "checked 6 files: 7 errors; skipped 6 that" in transpile("check", folder).stderr
    (folder / "d.yaml").unlink()
    locked = transpile("lock", "--check", folder, "--format", "json").problems
    assert {"a.yaml", "b.yaml", "c.yaml", "e.json", "f.json"} <= {Path(each["file"]).name for each in locked}


def test_check_names_files_that_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch, transpile: Transpile, write: Write
) -> None:
    def read(path: Path) -> bytes:
        if path.name == "mine.yaml":
            raise Unreadable("cannot-read", f"cannot read `{path.name}`: Permission denied")
        return path.read_bytes()

    monkeypatch.setattr("transpiler.workspace.search.read_regular_file", read)
    folder = write({"a.pipeline.yaml": ONE, "mine.yaml": ONE})
    result = transpile("check", folder)
    assert (result.code, "Permission denied" in result.stdout) == (1, True)
    assert "mine.yaml" in result.stdout
    locked = transpile("lock", "--check", folder)
    assert (locked.code, "Permission denied" in locked.stderr) == (2, True)


def test_catalog_at_hand_passes(transpile: Transpile) -> None:
    if not CATALOG.is_dir():
        pytest.skip("no copy of the public catalog is at hand")
    result = transpile("check", CATALOG, "--format", "json")
    assert [each for each in result.problems if each["severity"] == "error"] == []
    assert result.code == 0


def test_color_only_when_asked_or_on_a_terminal() -> None:
    bad = b"name: x\n"
    assert b"\x1b[" not in run("compile", "-", stdin=bad).stderr
    assert b"\x1b[" in run("compile", "-", "--color", "always", stdin=bad).stderr
    assert b"\x1b[" in run("compile", "-", stdin=bad, FORCE_COLOR="1", NO_COLOR="").stderr
    assert b"\x1b[" not in run("compile", "-", stdin=bad, FORCE_COLOR="1", NO_COLOR="1").stderr


@pytest.mark.parametrize("form", ["text", "concise", "json"])
def test_no_escape_reaches_the_terminal(form: str, write: Write) -> None:
    evil = "evil\x1b[31m\u202e\x9b"
    folder = write({"pipeline.yaml": 'name: x\ntasks: {a: {component: "./\\e[31m\\u202e", "\\x9bkey": 1}}\n'})
    done = run("check", str(folder / "pipeline.yaml"), "--format", form)
    named = run("compile", "-", "--stdin-filename", evil, "--format", form, stdin=b"name: x\n")
    for text in (done.stdout.decode(), named.stderr.decode()):
        assert text
        assert not any(character in text for character in evil[4:] if not character.isascii() or character == "\x1b")


def test_a_closed_pipe_is_quiet() -> None:
    command = f"{sys.executable} -m transpiler compile {ADD} | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False, cwd=REPOSITORY, timeout=60)
    assert done.stderr == b""


@pytest.mark.parametrize(
    "command", ["compile samples/add/pipeline.yaml", "explain", "schema pipeline", "catalog list samples", "--version"]
)
def test_output_that_cannot_be_written(command: str) -> None:
    tool = f"{sys.executable} -m transpiler {command}"
    for output, why in ((">/dev/full", "No space left on device"), (">&-", "Bad file descriptor")):
        done = subprocess.run(["bash", "-c", tool + output], capture_output=True, check=False, cwd=REPOSITORY)
        assert done.stderr.decode() == f"transpile: error: cannot write to standard output: {why}\n"
        assert done.returncode == 2


def test_closed_streams() -> None:
    tool = f"{sys.executable} -m transpiler compile"
    for command, code in (
        (f"{tool} {ADD} 2>&- >/dev/null", 0),
        (f"{tool} {ADD} 2>/dev/full >/dev/full", 2),
        (f"echo 'name: x' | {tool} - 2>&-", 1),
        (f"{tool} - <&- 2>&1 | grep 'cannot read standard input' >/dev/null", 0),
    ):
        assert subprocess.run(["bash", "-c", command], check=False, cwd=REPOSITORY).returncode == code, command


def test_a_fault_of_the_tool_is_told_apart(monkeypatch: pytest.MonkeyPatch, transpile: Transpile) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("transpiler.cli.compile.compile_bytes", fail)
    result = transpile("compile", ADD)
    assert result.code == 3
    assert "fault of transpile" in result.stderr
    assert "Traceback" not in result.stderr


def test_schemas_are_valid_and_explain_every_key(transpile: Transpile) -> None:
    from jsonschema import Draft202012Validator  # noqa: PLC0415

    for name in ("pipeline", "component"):
        schema = json.loads(transpile("schema", name).stdout)
        Draft202012Validator.check_schema(schema)
        schema["$defs"].pop("argoFile", None)  # Argo's documentation explains its fields
        assert without_words(schema, "") == []


def without_words(schema: object, path: str) -> list[str]:
    """Properties without a description or an example, wherever they are."""
    if isinstance(schema, list):
        return [found for each in schema for found in without_words(each, path)]
    if not isinstance(schema, dict):
        return []
    found = []
    properties = schema.get("properties", {})
    for key, value in properties.items() if isinstance(properties, dict) else ():
        has_words = "$ref" in value or ("description" in value and "examples" in value) or "then" in path
        found += [] if has_words else [f"{path}.{key}"]
    for key, value in schema.items():
        if key not in {"examples", "enum", "required"}:
            found += without_words(value, f"{path}.{key}")
    return found


def test_a_file_that_nobody_takes_is_told_once(transpile: Transpile) -> None:
    case = REPOSITORY / "tests" / "language" / "cases" / "kept_files" / "pipeline.yaml"
    said = transpile("compile", case).stderr
    assert said.count("note: ") == 1
    assert "none.model, none.log, one.log;" in said
    assert "note" not in transpile("compile", case, "-q").stderr
    assert "note" not in transpile("check", case).stdout
    assert "note" not in transpile("compile", case, "--format", "json").stderr


def test_a_secret_is_named_but_never_shown(transpile: Transpile, write: Write) -> None:
    component = (
        "{inputs: [{name: password}], implementation: {container: {image: alpine, command: [{inputValue: password}]}}}"
    )
    folder = write(
        {"p.yaml": f"name: x\ntasks:\n  a:\n    component: {component}\n    arguments: {{password: hunter2}}\n"}
    )
    for form in ("text", "concise", "json"):
        said = transpile("compile", folder / "p.yaml", "--format", form).stderr
        assert "secret-in-manifest" in said
        assert "hunter2" not in said
