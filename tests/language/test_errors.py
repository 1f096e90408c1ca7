"""Bad input, one subject per case (a file or a folder): exactly the announced diagnostics, each with a way out.

A folder may have a values file, `pipeline.test.yaml`.

A line of a case ends in `# ! code` for each diagnostic expected on it; `# ! code` in a line of its own counts for
the line above. `NAME.out` beside the case holds the text that the user sees; `--update` writes it anew. Cases are
collected from disk: to add one, add a file.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, Transpile

CASES = Path(__file__).parent / "errors"
SEED = REPOSITORY / "samples" / "add" / "components"


def cases() -> list[Path]:
    return sorted(path for path in CASES.iterdir() if path.is_dir() or path.suffix == ".yaml")


def environment_of(case: Path) -> tuple[str, ...]:
    """The options for a case with a values file, `pipeline.test.yaml`."""
    return ("--env", "test") if (case / "pipeline.test.yaml").exists() else ()


def copy_case(case: Path, folder: Path) -> None:
    """Copy a case to a folder, with the components of `samples/add`."""
    shutil.copytree(SEED, folder / "components", dirs_exist_ok=True)
    if case.is_dir():
        shutil.copytree(case, folder, dirs_exist_ok=True)
    else:
        shutil.copy(case, folder / "pipeline.yaml")


@pytest.fixture
def enter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Copy a case to a fresh folder, with the components of `samples/add`, and make that the current folder."""

    def copy(case: Path) -> None:
        copy_case(case, tmp_path)
        monkeypatch.chdir(tmp_path)

    return copy


@pytest.mark.parametrize("case", cases(), ids=lambda path: path.stem)
def test_each_mistake_once_at_its_line(
    case: Path, enter: Callable[[Path], None], transpile: Transpile, tmp_path: Path
) -> None:
    enter(case)
    result = transpile("compile", "pipeline.yaml", *environment_of(case), "--format", "json")
    found = Counter((each["file"], each["line"], each["code"]) for each in result.problems)
    announced = Counter(expected(tmp_path))
    assert (sorted(found - announced), sorted(announced - found)) == ([], []), "(unexpected, missing)"
    assert result.code == (1 if any(each["severity"] == "error" for each in result.problems) else 0)
    for problem in result.problems:
        assert problem["hint"] or problem["related"], f"no way out: {problem}"
        assert problem["column"] >= 1
        assert (problem["endLine"], problem["endColumn"]) >= (problem["line"], problem["column"])


@pytest.mark.parametrize("case", cases(), ids=lambda path: path.stem)
def test_the_text_is_as_reviewed(
    case: Path, enter: Callable[[Path], None], transpile: Transpile, request: pytest.FixtureRequest
) -> None:
    enter(case)
    snapshot, text = case.with_suffix(".out"), transpile("compile", "pipeline.yaml", *environment_of(case)).stderr
    if request.config.getoption("--update"):
        snapshot.write_text(text, encoding="utf-8", newline="")
    assert snapshot.exists(), f"{snapshot.name} is missing: run pytest with --update, and read the file"
    assert text == snapshot.read_bytes().decode()


def test_every_snapshot_has_a_case() -> None:
    assert {path.stem for path in CASES.glob("*.out")} == {path.stem for path in cases()}


def expected(folder: Path) -> Iterator[tuple[str, int, str]]:
    for path in sorted(each for each in folder.rglob("*") if each.suffix in {".yaml", ".sh"}):
        lines = path.read_text(encoding="utf-8").splitlines()
        above = 0
        for number, line in enumerate(lines, 1):
            codes = re.findall(r"# ! ([a-z0-9 -]+)$", line)
            above = above if line.lstrip().startswith("# ! ") else number
            for code in codes[0].split() if codes else ():
                yield path.relative_to(folder).as_posix(), above, code


def test_all_formats_say_the_same(transpile: Transpile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(CASES / "keys.yaml", tmp_path / "pipeline.yaml")
    monkeypatch.chdir(tmp_path)
    problems = transpile("compile", "pipeline.yaml", "--format", "json").problems
    concise = transpile("compile", "pipeline.yaml", "--format", "concise").stderr
    text = transpile("compile", "pipeline.yaml").stderr
    assert concise.count("\n") == len(problems)
    for each in problems:
        place = f"{each['file']}:{each['line']}:{each['column']}"
        assert f"{place}: {each['severity']}[{each['code']}]: {each['message']}" in concise
        assert f"{each['severity']}[{each['code']}]: {each['message']}" in text
        assert f"--> {place}" in text
