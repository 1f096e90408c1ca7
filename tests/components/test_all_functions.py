"""`transpile component from-function FILE.py -o FOLDER`: every function that is meant as a component, or nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.conftest import Transpile
from tests.support.containers import Container

Write = Callable[[dict[str, str]], Path]
STEPS = """\
from kfp import dsl


def keep_lines(text: str) -> str:
    return text


def add(a: int, b: int) -> int:
    return a + b


def _helper(x):
    return x


@dsl.pipeline
def whole(text: str):
    keep_lines(text=text)


def main():
    print(add(1, 2))
"""


def made_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.yaml"))


def test_a_component_for_each_function(transpile: Transpile, write: Write) -> None:
    folder = write({"steps.py": STEPS})
    command = ("component", "from-function", folder / "steps.py", "-o", folder / "made")
    result = transpile(*command)
    assert (result.code, result.stdout) == (0, "")
    assert made_in(folder / "made") == ["add/component.yaml", "keep-lines/component.yaml"]
    for line in (
        f"wrote {folder / 'made' / 'add' / 'component.yaml'}",
        "skipped `_helper`: its name starts with `_`",
        "skipped `whole`: it is a pipeline; write that as a manifest",
        "skipped `main`: it starts the file as a program",
    ):
        assert line in result.stderr.splitlines()
    alone = transpile("component", "from-function", f"{folder / 'steps.py'}:add").stdout
    assert (folder / "made" / "add" / "component.yaml").read_text() == alone
    assert "unchanged:" in transpile(*command).stderr
    assert transpile(*command, "-q").stderr == ""


def test_where_some_are_marked_only_these_are_meant(transpile: Transpile, write: Write) -> None:
    folder = write({"steps.py": STEPS.replace("def add", "@dsl.component(base_image='python:3.13')\ndef add")})
    result = transpile("component", "from-function", folder / "steps.py", "-o", f"{folder / 'made'}/")
    assert made_in(folder / "made") == ["add/component.yaml"]
    assert "skipped `keep_lines`: it has no decorator such as `@component`, and others have" in result.stderr


@pytest.mark.parametrize(
    "more",
    [
        "def wrong(a) -> int:\n    return a\n",
        "def keep__lines(text: str) -> str:\n    return text\n",
        "def broken(:\n",
    ],
)
def test_nothing_is_written_when_one_is_wrong(more: str, transpile: Transpile, write: Write) -> None:
    folder = write({"steps.py": f"{STEPS}\n\n{more}"})
    result = transpile("component", "from-function", folder / "steps.py", "-o", folder / "made")
    assert result.code == 1
    assert "error[" in result.stderr
    assert not (folder / "made").exists()


def test_nothing_is_written_when_one_file_is_of_a_user(transpile: Transpile, write: Write) -> None:
    folder = write({"steps.py": STEPS, "made/keep-lines/component.yaml": "# mine\n"})
    command = ("component", "from-function", folder / "steps.py", "-o", folder / "made")
    refused = transpile(*command)
    assert (refused.code, "--force overwrites it" in refused.stderr) == (2, True)
    assert made_in(folder / "made") == ["keep-lines/component.yaml"]
    assert transpile(*command, "--force").code == 0
    assert made_in(folder / "made") == ["add/component.yaml", "keep-lines/component.yaml"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["steps.py"], "`steps.py -o FOLDER`"),
        (["steps.py", "-o", "steps.py"], "is a file"),
        (["steps.py", "-o", "made", "--name", "x"], "a single function"),
        (["none.py", "-o", "made"], "No such file"),
        (["empty.py", "-o", "made"], "has no function to make a component of (`_a`: its name starts with `_`)"),
    ],
)
def test_wrong_usage(
    words: list[str], says: str, transpile: Transpile, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write({"steps.py": STEPS, "empty.py": "def _a():\n    pass\n"}))
    result = transpile("component", "from-function", *words)
    assert (result.code, says in result.stderr) == (2, True), result.stderr
    assert not Path("made").exists()


ARTIFACTS = """\
from typing import Optional

from kfp.dsl import Artifact, Dataset, Input, Model, Output


def train(table: Input[Dataset], rate: float, model: Output[Model], log_path: Optional[Input[Artifact]] = None) -> int:
    with open(table.path) as source, open(model.path, "w") as target:
        target.write(f"{source.read()} {rate}")
    return 0 if log_path is None else len(open(log_path.path).read())
"""


@pytest.mark.parametrize(("given", "length"), [({}, "0"), ({"log_path": "abc"}, "3")])
def test_artifacts_of_kfp_2_are_files_with_a_path(
    given: dict[str, str], length: str, transpile: Transpile, write: Write, tmp_path: Path
) -> None:
    folder = write({"steps.py": ARTIFACTS})
    result = transpile("component", "from-function", f"{folder / 'steps.py'}:train")
    assert (result.code, result.stderr) == (0, "")
    component = YAML(typ="safe", pure=True).load(result.stdout)
    assert [(each["name"], each["type"]) for each in (*component["inputs"], *component["outputs"])] == [
        ("table", "Dataset"),
        ("rate", "Float"),
        ("log_path", "Artifact"),
        ("model", "Model"),
        ("Output", "Integer"),
    ]
    ran = Container(component, {"table": "rows", "rate": "0.5", **given}, tmp_path / "run").run(Path(sys.executable))
    assert ran.outputs == {"model": "rows 0.5", "Output": length}, ran.stderr
