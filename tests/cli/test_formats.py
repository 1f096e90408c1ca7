"""Reports for CI: annotations of GitHub, SARIF, JUnit and GitLab's Code Quality, of a branch that breaks a pipeline."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from tests.cli.repositories import committed, git
from tests.conftest import Transpile
from tests.judges import ci, sarif
from transpiler.cli.arguments.shared import FORMATS

Write = Callable[[dict[str, str]], Path]
GOOD = """\
name: nightly
tasks:
  load:
    component: ../components/load
    arguments: {rows: 10}
  report:
    component: ../components/load
    arguments: {rows: 20}
"""
BROKEN = """\
name: nightly
tasks:
  load:
    component: ../components/load
    arguments: {rows: many}
  report:
    component: ../components/load
    argments: {rows: 20}
  count:
    component: ../components/load
    forEach: {start: 3, end: 1}
"""
LOAD = """\
name: Load
inputs: [{name: rows, type: Integer, default: "1"}]
implementation: {container: {image: alpine, command: [echo, {inputValue: rows}]}}
"""
CI_VARIABLES = ("TRANSPILE_FORMAT", "GITHUB_WORKSPACE", "CI_PROJECT_DIR", "WORKSPACE")


@pytest.fixture
def branch(write: Write, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose branch `work` breaks a pipeline; the working folder is below its root."""
    for name in CI_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    root = write({"pipelines/nightly.yaml": GOOD, "components/load/component.yaml": LOAD})
    git(committed(root), "switch", "-qc", "work")
    (root / "pipelines" / "nightly.yaml").write_text(BROKEN)
    git(root, "commit", "-qam", "broken")
    monkeypatch.chdir(root / "pipelines")
    return root


PLACES = [("type-mismatch", "many"), ("unknown-key", "argments"), ("empty-range", "1")]
"""What is wrong in BROKEN, and the text that each problem marks."""


def annotated(text: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Kind, properties and message, as GitHub's runner reads a line."""
    for line in text.splitlines():
        found = re.fullmatch(r"::(error|warning) ([^:]*)::(.*)", line)
        assert found, line
        properties = dict(each.split("=", 1) for each in found[2].split(","))
        yield found[1], {name: unescaped(value) for name, value in properties.items()}, unescaped(found[3])


def unescaped(text: str) -> str:
    for written, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(written, character)
    return text


def test_github_annotates_a_broken_branch(branch: Path, transpile: Transpile) -> None:
    result = transpile("check", "..", "--format", "github")
    assert result.code == 1
    assert result.stderr == "checked 2 files: 2 errors, 1 warning\n"
    changed = git(branch, "diff", "--name-only", "main...work").split()
    found = list(annotated(result.stdout))
    assert [(kind, properties["title"]) for kind, properties, _ in found] == [
        ("error", "type-mismatch"),
        ("error", "unknown-key"),
        ("warning", "empty-range"),
    ]
    for (_, properties, message), (_, marked) in zip(found, PLACES, strict=True):
        assert [properties["file"]] == changed
        line = (branch / properties["file"]).read_text().splitlines()[int(properties["line"]) - 1]
        assert properties["endLine"] == properties["line"]
        assert line[int(properties["col"]) - 1 : int(properties["endColumn"]) - 1] == marked
        assert message.startswith(f"pipelines/nightly.yaml:{properties['line']}:{properties['col']}: ")
        assert "\nhelp: " in message
    assert "components/load/component.yaml:2:" in found[0][2]


def log_of(transpile: Transpile, *words: str | Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(transpile("check", *words, "--format", "sarif").stdout)
    return loaded


def test_sarif_of_a_broken_branch(branch: Path, transpile: Transpile) -> None:
    run = log_of(transpile, "..")["runs"][0]
    assert run["columnKind"] == "unicodeCodePoints"
    rules = run["tool"]["driver"]["rules"]
    for result, (code, marked) in zip(run["results"], PLACES, strict=True):
        assert result["ruleId"] == rules[result["ruleIndex"]]["id"] == code
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"] == {"uri": "pipelines/nightly.yaml", "uriBaseId": "%SRCROOT%"}
        region = place["region"]
        line = (branch / "pipelines" / "nightly.yaml").read_text().splitlines()[region["startLine"] - 1]
        assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == marked
    assert [each["level"] for each in run["results"]] == ["error", "error", "warning"]
    related = run["results"][0]["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert related == "components/load/component.yaml"
    for rule in rules:
        assert rule["shortDescription"]["text"].endswith(".")
        assert len(rule["fullDescription"]["text"]) <= 1024
        assert "```yaml\n" in rule["help"]["markdown"]
        assert "```" not in rule["help"]["text"]


def test_the_fixes_of_sarif_mend_the_file(branch: Path, transpile: Transpile) -> None:
    results = log_of(transpile, "..")["runs"][0]["results"]
    fixes = [fix for each in results for fix in each.get("fixes", [])]
    assert fixes
    for fix in fixes:
        for change in fix["artifactChanges"]:
            path = branch / change["artifactLocation"]["uri"]
            for each in change["replacements"]:
                lines, region = path.read_text().split("\n"), each["deletedRegion"]
                assert region["startLine"] == region["endLine"]
                at = region["startLine"] - 1
                before, after = lines[at][: region["startColumn"] - 1], lines[at][region["endColumn"] - 1 :]
                lines[at] = before + each["insertedContent"]["text"] + after
                path.write_text("\n".join(lines))
    left = log_of(transpile, "..")["runs"][0]["results"]
    assert [each["ruleId"] for each in left] == ["type-mismatch", "empty-range"]


@pytest.mark.skipif(sarif.folder() is None, reason="the SARIF Multitool is not at hand; .ci/run fetches it")
def test_the_validator_of_sarif_and_of_github_accepts_logs(branch: Path, transpile: Transpile) -> None:
    schema = sarif.schema()
    odd = branch / "pipelines" / "odd ü%,[1].yaml"
    odd.write_text(BROKEN.replace("many", "'\\u202e\\x1b ünï'"))
    for words in (("..",), ("nightly.yaml", odd), ("../components",)):
        log = log_of(transpile, *words)
        jsonschema.validate(log, schema)
        written = branch / "log.sarif"
        written.write_text(transpile("check", *words, "--format", "sarif").stdout)
        # SARIF2005 asks for the version and the address of the tool: output depends on content alone
        assert sarif.complaints(written) <= {("warning", "SARIF2005")}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**log, "runs": [{**log["runs"][0], "results": [{"ruleId": "x"}]}]}, schema)


def prints(transpile: Transpile) -> dict[str, list[str]]:
    """The fingerprints of all formats."""
    results = log_of(transpile, "..")["runs"][0]["results"]
    quality = json.loads(transpile("check", "..", "--format", "gitlab").stdout)
    return {
        "GitHub": [each["partialFingerprints"]["primaryLocationLineHash"] for each in results],
        "ours": [each["partialFingerprints"]["transpile/v1"] for each in results],
        "GitLab": [each["fingerprint"] for each in quality],
    }


def test_fingerprints_stay_when_lines_are_inserted_above(branch: Path, transpile: Transpile) -> None:
    before = prints(transpile)
    path = branch / "pipelines" / "nightly.yaml"
    path.write_text(path.read_text().replace("tasks:", "description: more\n\n\n# a comment\ntasks:"))
    assert prints(transpile) == before
    path.write_text(path.read_text().replace("rows: many", "rows: few"))
    after = prints(transpile)
    for kind, found in after.items():
        assert len(set(found)) == 3, kind
        assert found[0] != before[kind][0], kind
        assert found[1:] == before[kind][1:], kind


def test_junit_has_a_case_for_each_problem_and_each_clean_file(branch: Path, transpile: Transpile) -> None:
    for words, failures in ((("..",), 2), (("..", "--strict"), 3)):
        text = transpile("check", *words, "--format", "junit").stdout
        root = ET.fromstring(text)
        assert (root.get("tests"), root.get("failures")) == ("4", str(failures))
        clean, broken = root.findall("testsuite")
        assert clean.get("name") == "components/load/component.yaml"
        assert [(each.get("name"), len(each)) for each in clean] == [("check", 0)]
        assert len(broken.findall("testcase/failure")) == failures == int(broken.get("failures") or 0)
        assert [each.get("file") for each in broken] == ["pipelines/nightly.yaml"] * 3
        assert [each.get("line") for each in broken] == ["5", "8", "11"]
        assert "    arguments: {rows: many}" in (broken[0][0].text or "")
    (branch / "pipelines" / "nightly.yaml").write_text(GOOD)
    root = ET.fromstring(transpile("check", "..", "--format", "junit").stdout)
    assert [each.get("name") for each in root.iter("testcase")] == ["check", "check"]


@pytest.mark.skipif(ci.python() is None, reason="junitparser is not at hand; .ci/run installs it")
def test_a_reader_of_junit_reads_it(branch: Path, transpile: Transpile) -> None:
    (branch / "junit.xml").write_text(transpile("check", "..", "--format", "junit").stdout)
    script = (
        "import json, sys; from junitparser import JUnitXml; suites = JUnitXml.fromfile(sys.argv[1])\n"
        "print(json.dumps([[s.name, s.tests, s.failures, [case.is_passed for case in s]] for s in suites]))"
    )
    command = [str(ci.python()), "-I", "-c", script, str(branch / "junit.xml")]
    suites = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert [each[:3] for each in suites] == [
        ["components/load/component.yaml", 1, 0],
        ["pipelines/nightly.yaml", 3, 2],
    ]
    assert suites[1][3] == [False, False, True]


def test_gitlab_shows_a_broken_branch(branch: Path, transpile: Transpile) -> None:
    found = json.loads(transpile("check", "..", "--format", "gitlab").stdout)
    assert [(each["check_name"], each["severity"], each["location"]["lines"]["begin"]) for each in found] == [
        ("type-mismatch", "major", 5),
        ("unknown-key", "major", 8),
        ("empty-range", "minor", 11),
    ]
    assert {each["location"]["path"] for each in found} == {"pipelines/nightly.yaml"}
    assert "did you mean `arguments`?" in found[1]["description"]
    assert (branch / found[0]["location"]["path"]).is_file()


EMPTY = {"text": "", "concise": "", "github": "", "json": "[]\n", "gitlab": "[]\n"}


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_wrong_is_a_valid_document(form: str, branch: Path, transpile: Transpile) -> None:
    (branch / "pipelines" / "nightly.yaml").write_text(GOOD)
    checked = transpile("check", "..", "--format", form)
    compiled = transpile("compile", "nightly.yaml", "-o", branch / "out.yaml", "--format", form, "-q")
    assert (checked.code, compiled.code, compiled.stdout) == (0, 0, "")
    for text in (checked.stdout, compiled.stderr):
        if form == "sarif":
            assert json.loads(text)["runs"][0]["results"] == []
        elif form == "junit":
            assert ET.fromstring(text).get("failures") == "0"
        else:
            assert text == EMPTY[form]


@pytest.mark.parametrize("form", ["json", "gitlab", "junit", "sarif"])
def test_documents_stand_alone(form: str, branch: Path, transpile: Transpile) -> None:
    """Of `compile`, the problems go to standard error: nothing may stand beside them there."""
    parse = ET.fromstring if form == "junit" else json.loads
    for text in (GOOD, BROKEN):
        (branch / "pipelines" / "nightly.yaml").write_text(text)
        assert transpile("check", "..", "--format", form).stderr == ""
        parse(transpile("compile", "nightly.yaml", "-o", branch / "out.yaml", "--format", form).stderr)


# ---------------------------------------------------------------------- where files lie


def files_of(transpile: Transpile, *words: str | Path) -> set[str]:
    found = transpile("check", *words, "--format", "github").stdout
    return {properties.get("file", "") for _, properties, _ in annotated(found)}


def test_paths_start_at_the_root_wherever_the_command_runs(
    branch: Path, transpile: Transpile, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder, word in ((branch, "."), (branch / "components", ".."), (Path("/"), branch), (branch.parent, branch)):
        monkeypatch.chdir(folder)
        assert files_of(transpile, word) == {"pipelines/nightly.yaml"}


def test_a_checkout_without_git_starts_at_the_workspace(
    branch: Path, transpile: Transpile, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(branch / ".git")
    for variable in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        monkeypatch.setenv(variable, str(branch))
        monkeypatch.chdir(branch / "components")
        assert files_of(transpile, "..", "--root", branch) == {"pipelines/nightly.yaml"}
        monkeypatch.delenv(variable)
    monkeypatch.chdir(branch)
    assert files_of(transpile, "pipelines", "--root", branch) == {"pipelines/nightly.yaml"}


def test_a_manifest_from_a_stream_has_no_place_unless_it_is_named(
    branch: Path, transpile: Transpile, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words, place in (((), {""}), (("--stdin-filename", "nightly.yaml"), {"pipelines/nightly.yaml"})):
        with (branch / "pipelines" / "nightly.yaml").open() as stream:
            monkeypatch.setattr(sys, "stdin", stream)
            found = transpile("compile", "-", "--format", "github", *words).stderr
        assert {properties.get("file", "") for _, properties, _ in annotated(found)} == place


# ---------------------------------------------------------------------- hostile content

EVIL = "a\x1b[31m\u202e%0A,b:c\n::set-output name=x::y.yaml"
EVIL_TASK = '"\\u202e\\x1b]0;\\x07<b>&\\"]]>\\n::stop-commands::x"'


@pytest.mark.parametrize("form", FORMATS)
def test_no_hostile_name_leaves_its_place(form: str, branch: Path, transpile: Transpile) -> None:
    hostile = BROKEN.replace("many", EVIL_TASK).replace("argments", EVIL_TASK)
    (branch / "pipelines" / EVIL.replace("/", "")).write_text(hostile)
    os.write(
        os.open(os.fsencode(str(branch / "pipelines")) + b"/\xff.yaml", os.O_CREAT | os.O_WRONLY), hostile.encode()
    )
    result = transpile("check", "..", "--format", form)
    assert result.code == 1
    shown = result.stdout + result.stderr
    assert not any(character in shown for character in "\x1b\u202e\x07\x00")
    assert not any(line.lstrip().startswith("::s") for line in shown.splitlines())
    if form == "github":
        assert len(list(annotated(result.stdout))) == 9
    elif form == "junit":
        assert len(list(ET.fromstring(result.stdout).iter("failure"))) == 6
    elif form not in {"text", "concise"}:
        json.loads(result.stdout)
    if form == "sarif":
        uris = [
            each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            for each in json.loads(result.stdout)["runs"][0]["results"]
        ]
        assert "pipelines/%FF.yaml" in uris
        assert "pipelines/a%1B%5B31m%E2%80%AE%250A%2Cb%3Ac%0A%3A%3Aset-output%20name%3Dx%3A%3Ay.yaml" in uris


@pytest.mark.parametrize("form", FORMATS)
def test_no_report_shows_a_secret(form: str, write: Write, transpile: Transpile) -> None:
    secret = "ghp_" + "a1B2c3D4e5" * 4
    folder = write({"pipeline.yaml": f"name: x\ntasks:\n  a:\n    component: ./c.yaml\n    env: {{TOKEN: {secret}}}\n"})
    (folder / "c.yaml").write_text("implementation: {container: {image: a, command: [b]}}\n")
    result = transpile("check", folder, "--format", form)
    assert "secret" in result.stdout
    assert secret not in result.stdout + result.stderr


# ---------------------------------------------------------------------- how a format is chosen, and where it goes


def test_a_variable_chooses_the_format(branch: Path, transpile: Transpile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRANSPILE_FORMAT", "github")
    assert transpile("check", "..").stdout.startswith("::error ")
    assert transpile("check", "..", "--format", "json").stdout.startswith("[")
    monkeypatch.setenv("TRANSPILE_FORMAT", "")
    assert transpile("check", "..").stdout.startswith("error[")
    assert branch.is_dir()


@pytest.mark.parametrize(("variable", "words"), [("sarf", ()), ("", ("--format", "sarf"))])
def test_an_unknown_format(
    variable: str, words: tuple[str, ...], branch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRANSPILE_FORMAT", variable)
    command = [sys.executable, "-m", "transpiler", "check", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=branch)
    assert done.returncode == 2
    assert "did you mean `sarif`?" in done.stderr
    assert ("TRANSPILE_FORMAT" in done.stderr) == bool(variable)


@pytest.mark.parametrize("form", FORMATS)
def test_a_report_goes_to_a_file_and_problems_to_the_log(form: str, branch: Path, transpile: Transpile) -> None:
    target = branch / "reports" / "report"
    expected = transpile("check", "..", "--format", form).stdout
    for _ in range(2):
        result = transpile("check", "..", "--format", form, "--output-file", target)
        assert (result.code, result.stdout) == (1, "")
        assert target.read_text() == expected
        assert "error[type-mismatch]" in result.stderr
        assert "checked 2 files: 2 errors, 1 warning" in result.stderr
        assert "report" in result.stderr
    (branch / "pipelines" / "nightly.yaml").write_text(GOOD)
    assert transpile("check", "..", "--format", form, "--output-file", target).code == 0
    assert "type-mismatch" not in target.read_text()


def test_a_report_overwrites_no_file_of_a_user(branch: Path, transpile: Transpile) -> None:
    for name in ("pipelines/nightly.yaml", "components/load/component.yaml", "notes.txt"):
        (branch / "notes.txt").write_text("mine\n")
        before = (branch / name).read_bytes()
        result = transpile("check", "..", "--format", "sarif", "--output-file", branch / name)
        assert result.code == 2
        assert "choose another --output-file" in result.stderr
        assert (branch / name).read_bytes() == before


def test_a_report_leaves_the_checkout_through_no_link(branch: Path, transpile: Transpile, tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    (branch / "reports").symlink_to(outside)
    result = transpile("check", "..", "--format", "sarif", "--output-file", "../reports/x.sarif")
    assert result.code == 2
    assert "out of" in result.stderr
    assert not list(outside.iterdir())


def test_a_report_may_go_to_standard_output_or_a_folder(branch: Path, transpile: Transpile) -> None:
    result = transpile("check", "..", "--format", "gitlab", "--output-file", "-")
    assert len(json.loads(result.stdout)) == 3
    assert transpile("check", "..", "--format", "junit", "--output-file", f"{branch / 'reports'}/").code == 1
    ET.parse(branch / "reports" / "transpile.xml")


def test_compile_writes_its_report_beside_the_workflow(branch: Path, transpile: Transpile) -> None:
    (branch / "pipelines" / "nightly.yaml").write_text(BROKEN.replace("many", "1").replace("argments", "arguments"))
    words = ("compile", "nightly.yaml", "--format", "sarif", "--output-file", "../x.sarif")
    result = transpile(*words, "-o", "../workflow.yaml")
    assert (result.code, result.stdout) == (0, "")
    assert "wrote ../workflow.yaml" in result.stderr
    log = json.loads((branch / "x.sarif").read_text())
    assert [each["ruleId"] for each in log["runs"][0]["results"]] == ["empty-range"]
    assert "kind: Workflow" in transpile(*words).stdout
