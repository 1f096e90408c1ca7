"""`transpile catalog list`, `search` and `show`."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import CATALOG, REPOSITORY, Transpile
from transpiler.report.safe import width

SAMPLES = REPOSITORY / "samples" / "catalog" / "catalog"
Write = Callable[[dict[str, str]], Path]
CONTAINER = "implementation: {container: {image: alpine, command: [echo]}}\n"
EVIL = "evil\x1b[31m\u202e\x9b"


def listed(result: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


# ------------------------------------------------------------------ list


def test_a_table_for_people(transpile: Transpile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    result = transpile("catalog", "list", SAMPLES)
    assert result.code == 0
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["PATH", "NAME", "INPUTS", "OUTPUTS", "IMAGE", "DESCRIPTION"]
    assert [line.split()[0] for line in lines[1:]] == ["statistics/describe", "tables/create", "tables/filter"]
    assert "Input table, Column, [Statistics], [Minimum], [Sort rows], [Limit]" in lines[3]
    assert "Keep the rows whose value in a column is above a minimum" in lines[3]


@pytest.mark.parametrize("columns", [20, 60, 80, 100, 137, 400])
def test_a_table_fits_the_terminal(columns: int, transpile: Transpile, write: Write, monkeypatch: Any) -> None:
    folder = write({"学习/训练/component.yaml": f"name: 训练一个非常大的模型\ndescription: {'学' * 90}\n{CONTAINER}"})
    monkeypatch.setenv("COLUMNS", str(columns))
    for catalog in (SAMPLES, folder):
        lines = transpile("catalog", "list", catalog).stdout.splitlines()
        assert max(map(width, lines)) <= columns
        if columns < 100:
            assert all("…" in line for line in lines[1:])


def test_a_path_keeps_its_end(transpile: Transpile, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write({f"{'deep/' * 20}{name}/component.yaml": CONTAINER for name in ("to_csv", "from_csv")})
    monkeypatch.setenv("COLUMNS", "80")
    lines = transpile("catalog", "list", folder).stdout.splitlines()
    assert [line.split()[0].rpartition("/")[2] for line in lines[1:]] == ["from_csv", "to_csv"]


def test_every_kind_of_file(transpile: Transpile, write: Write) -> None:
    folder = write(
        {
            "component.yaml": CONTAINER,
            "a/component.yaml": CONTAINER,
            "a/versions/tags/1.0": CONTAINER,
            "a/versions/tags/2.0/component.yaml": CONTAINER,
            "a/versions/sha256/" + sha256(CONTAINER.encode()).hexdigest(): CONTAINER,
            "b/say.yml": CONTAINER,
            "b/deployment.yaml": "kind: Deployment\n",
            "b/pipeline.yaml": "name: x\ntasks: {}\n",
            "x@y/component.yaml": CONTAINER,
            ".hidden/component.yaml": CONTAINER,
            "node_modules/x/component.yaml": CONTAINER,
        }
    )
    entries = listed(transpile("catalog", "list", folder, "--format", "json"))
    digest = sha256(CONTAINER.encode()).hexdigest()
    assert [entry["path"] for entry in entries] == [
        "a", "a@1.0", "a@2.0", f"a@sha256:{digest}", "b/say.yml", "component.yaml", "x@y/component.yaml",
    ]  # fmt: skip
    assert {entry["digest"] for entry in entries} == {f"sha256:{digest}"}
    tasks = "".join(f"  t{number}: {{component: '{entry['path']}'}}\n" for number, entry in enumerate(entries))
    (folder / "p").mkdir()
    (folder / "p" / "pipeline.yaml").write_text(f"name: x\ntasks:\n{tasks}")
    assert transpile("compile", folder / "p" / "pipeline.yaml", "--catalog", folder).code == 0, (
        "each path is a reference"
    )


def test_a_broken_component_is_reported_and_the_rest_comes(transpile: Transpile, write: Write) -> None:
    folder = write(
        {
            "good/component.yaml": CONTAINER,
            "key/component.yaml": CONTAINER.replace("image", "imge"),
            "syntax/component.yaml": "implementation: {",
            "name/component.yaml": CONTAINER.replace("echo", "{inputValue: nothing}"),
            "empty/component.yaml": "",
        }
    )
    result = transpile("catalog", "list", folder, "--format", "json")
    assert result.code == 1
    assert [entry["path"] for entry in listed(result)] == ["good"]
    found = {(Path(each["file"]).parent.name, each["code"]) for each in json.loads(result.stderr)}
    assert found == {
        ("empty", "empty-component"), ("key", "unknown-key"), ("name", "unknown-input"), ("syntax", "yaml-syntax"),
    }  # fmt: skip
    said = transpile("catalog", "list", folder)
    assert said.stdout.count("\n") == 2
    assert "4 errors" in said.stderr


def test_what_leads_elsewhere_or_is_no_file_is_passed_over(transpile: Transpile, write: Write) -> None:
    folder = write({"c/good/component.yaml": CONTAINER, "outside/component.yaml": CONTAINER})
    for name in ("file", "folder", "pipe", "loop"):
        (folder / "c" / name).mkdir()
    (folder / "c" / "file" / "component.yaml").symlink_to(folder / "outside" / "component.yaml")
    (folder / "c" / "folder" / "link").symlink_to(folder / "outside")
    (folder / "c" / "loop" / "component.yaml").symlink_to("component.yaml")
    os.mkfifo(folder / "c" / "pipe" / "component.yaml")
    result = transpile("catalog", "list", folder / "c", "--format", "json")
    assert (result.code, [entry["path"] for entry in listed(result)]) == (0, ["good"])


def test_escapes_are_made_safe(transpile: Transpile, write: Write) -> None:
    text = json.dumps(EVIL)
    folder = write(
        {
            "a/component.yaml": f"name: {text}\ndescription: {text}\nmetadata: {{annotations: {{x: {text}}}}}\n"
            f"inputs: [{{name: {text}, type: {text}, default: {text}, description: {text}}}]\n"
            f"outputs: [{{name: {text}, description: {text}}}]\n"
            f"implementation: {{container: {{image: {text}, command: [{{outputPath: {text}}}]}}}}\n"
        }
    )
    for command in (("list",), ("search", "evil"), ("show", "a")):
        for form in ("text", "json"):
            result = transpile("catalog", *command, folder, "--format", form)
            assert "evil" in result.stdout
            assert not set(EVIL[4:]) - set("[31m") & set(result.stdout + result.stderr)


def test_json_holds_all_that_is_known(transpile: Transpile) -> None:
    entries = {entry["path"]: entry for entry in listed(transpile("catalog", "list", SAMPLES, "--format", "json"))}
    entry = entries["tables/filter"]
    file = SAMPLES / "tables" / "filter" / "component.yaml"
    assert entry["digest"] == f"sha256:{sha256(file.read_bytes()).hexdigest()}"
    assert (entry["name"], entry["kind"], entry["image"]) == ("Filter table", "container", "python:3.12-slim")
    assert entry["inputs"][3] == {
        "name": "Minimum",
        "type": "Float",
        "default": "0",
        "optional": False,
        "required": False,
        "description": "Counts when there are no statistics.",
    }
    assert entry["outputs"] == [{"name": "Output table", "type": "CSV", "description": ""}]
    assert entry["annotations"] == {"example.com/group": "tables"}


# ------------------------------------------------------------------ search


@pytest.mark.parametrize(
    ("words", "paths"),
    [
        ("filter", ["tables/filter"]),
        ("CSV", ["statistics/describe", "tables/create", "tables/filter"]),
        ("column table", ["statistics/describe", "tables/filter"]),
        ("describe statistics", ["statistics/describe"]),
        ("ColumnStatistics", ["statistics/describe", "tables/filter"]),
        ("sort", ["tables/filter"]),
        ("tables/", ["tables/create", "tables/filter"]),
    ],
)
def test_search(words: str, paths: list[str], transpile: Transpile) -> None:
    entries = listed(transpile("catalog", "search", words, SAMPLES, "--format", "json"))
    assert sorted(entry["path"] for entry in entries) == paths


def test_the_best_comes_first(transpile: Transpile, write: Write) -> None:
    folder = write(
        {
            "a/component.yaml": f"name: Other\ndescription: It can train.\n{CONTAINER}",
            "b/component.yaml": f"name: Other\ninputs: [{{name: train}}]\n{CONTAINER}",
            "c/component.yaml": f"name: Constrain\n{CONTAINER}",
            "train/component.yaml": f"name: Other\n{CONTAINER}",
            "z/component.yaml": f"name: Train model\n{CONTAINER}",
        }
    )
    found = listed(transpile("catalog", "search", "train", folder, "--format", "json"))
    assert [entry["path"] for entry in found] == ["z", "train", "b", "c", "a"]


def test_search_without_result(transpile: Transpile) -> None:
    result = transpile("catalog", "search", "filtr tabel", SAMPLES)
    assert (result.code, result.stdout) == (0, "")
    assert result.stderr == "no component has all of these words: filtr tabel; did you mean `filter table`?\n"
    assert transpile("catalog", "search", "qqqq", SAMPLES, "--format", "json").stdout == "[]\n"


# ------------------------------------------------------------------ show


@pytest.mark.parametrize("reference", ["tables/filter", "filter table", "filter", "sha256"])
def test_show_finds_it_by_any_name(reference: str, transpile: Transpile) -> None:
    file = SAMPLES / "tables" / "filter" / "component.yaml"
    digest = f"sha256:{sha256(file.read_bytes()).hexdigest()}"
    shown = json.loads(
        transpile("catalog", "show", reference.replace("sha256", digest), SAMPLES, "--format", "json").stdout
    )
    assert shown["path"] == "tables/filter"
    assert shown["digest"] == digest


def test_show_a_file_or_its_folder(transpile: Transpile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY / "samples" / "add")
    by_file = transpile("catalog", "show", "components/add/component.yaml")
    assert transpile("catalog", "show", "components/add").stdout == by_file.stdout
    for words in (
        "Add two integers.",
        "image   python:3.12-slim",
        "  a  Integer  required",
        "component: components/add",
    ):
        assert words in by_file.stdout


def test_show_what_is_not_there(transpile: Transpile, write: Write) -> None:
    folder = write({"a/x/component.yaml": CONTAINER, "b/x/component.yaml": CONTAINER, "c/component.yaml": "name: 1"})
    missing = transpile("catalog", "show", "tables/filtre", SAMPLES)
    assert (missing.code, missing.stdout) == (2, "")
    assert missing.stderr == (
        "transpile: error: there is no component `tables/filtre`\n  hint: did you mean `tables/filter`?\n"
    )
    several = transpile("catalog", "show", "x", folder)
    assert several.code == 2
    assert "`x` may be any of `a/x`, `b/x`" in several.stderr
    broken = transpile("catalog", "show", "c", folder)
    assert (broken.code, broken.stdout) == (1, "")
    assert "missing-key" in broken.stderr


@pytest.mark.parametrize(
    "catalog",
    [SAMPLES, *sorted((REPOSITORY / "samples").glob("*/components")), CATALOG],
    ids=lambda path: path.parent.name,
)
def test_every_example_compiles(catalog: Path, transpile: Transpile, tmp_path: Path) -> None:
    if not catalog.is_dir():
        pytest.skip("no copy of the public catalog is at hand")
    for entry in listed(transpile("catalog", "list", catalog, "--format", "json")):
        (tmp_path / "pipeline.yaml").write_text(entry["example"], encoding="utf-8")
        result = transpile("compile", tmp_path / "pipeline.yaml", "--catalog", catalog, "--format", "json")
        errors = {each["code"] for each in result.problems if each["severity"] == "error"} if result.code else set()
        assert errors <= {"remote-reference"}, (entry["path"], result.stderr)
        assert not errors or entry["kind"] == "graph"


def test_examples_of_odd_names_compile(transpile: Transpile, write: Write) -> None:
    names = ["a b", "a_b", "1st", "on", "it's", 'the "best"', "x: y", "{z}", "#", "Größe", "é", "n" * 100, "}} x"]
    inputs = "".join(
        f"  - {{name: {json.dumps(name)}, type: {kind}}}\n" for name, kind in zip(names, ODD_TYPES, strict=False)
    )
    outputs = "".join(f"  - {{name: {json.dumps(name)}}}\n" for name in names)
    used = "".join(
        f"      - {{{part}: {json.dumps(name)}}}\n" for name in names for part in ("inputPath", "outputPath")
    )
    run = f"implementation:\n  container:\n    image: a\n    command:\n{used}"
    text = f"name: '5: odd'\ninputs:\n{inputs}outputs:\n{outputs}{run}"
    folder = write({"odd/component.yaml": text})
    example = listed(transpile("catalog", "list", folder, "--format", "json"))[0]["example"]
    (folder / "pipeline.yaml").write_text(example, encoding="utf-8")
    assert transpile("compile", folder / "pipeline.yaml").code == 0
    assert example.count("inputs.") == len(names)
    assert example.count(".outputs") == len(names)


ODD_TYPES = [
    "CSV",
    "Integer",
    "'on'",
    "'a, b'",
    "{GCSPath: {data_type: CSV}}",
    "'null'",
    "'{x}'",
    "'# y'",
    "Any",
    "str",
] * 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("list", "nowhere"), "there is no folder `nowhere`"),
        (("list", "benchmarks", "docs"), "no component below `benchmarks` or `docs`"),
        (("search", " ", "samples"), "the search words are missing"),
        (("search", "train", "csv"), "there is no folder `csv`"),
    ],
)
def test_usage(arguments: tuple[str, ...], words: str, transpile: Transpile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)
    result = transpile("catalog", *arguments)
    assert (result.code, result.stdout) == (2, "")
    assert words in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["catalog"], "COMMAND"),
        (["catalog", "lst"], "did you mean `list`?"),
        (["catalog", "docs", "samples"], "--output"),
        (["upgrade-chek"], "did you mean `upgrade-check`?"),
    ],
)
def test_usage_of_the_parser(
    arguments: list[str], words: str, transpile: Transpile, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        transpile(*arguments)
    assert words in capfdbinary.readouterr().err.decode()


@pytest.mark.parametrize(
    "command", [*(f"catalog {name}" for name in "list search show docs diff".split()), "upgrade-check"]
)
def test_help_has_examples(command: str, transpile: Transpile, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with pytest.raises(SystemExit, match="0"):
        transpile(*command.split(), "--help")
    assert f"examples:\n  transpile {command}" in capfdbinary.readouterr().out.decode()
