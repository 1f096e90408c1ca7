"""Two versions of components, and a manifest that uses the old one: `catalog diff` and `upgrade-check`.

A case is a folder with `components` (what is there), `new` (what would take its place) and `pipeline.yaml`. A line ends
in `# ~ level:change` for each change expected there, at its new place or, where it has none, its old one; and in
`# ! code` for each diagnostic that would be new. Cases are found from disk: to add one, add a folder.
"""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Transpile

CASES = sorted((Path(__file__).parent / "upgrades").iterdir())
Write = Callable[[dict[str, str]], Path]


@pytest.fixture(params=CASES, ids=lambda path: path.name)
def case(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A case, in the working folder."""
    shutil.copytree(request.param, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def announced(folder: Path, mark: str) -> Iterator[tuple[str, int, str]]:
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for word in "".join(re.findall(rf"# {mark} (.+)$", line)).split():
                yield path.relative_to(folder).as_posix(), number, word


def test_each_change_at_its_line(case: Path, transpile: Transpile) -> None:
    result = transpile("catalog", "diff", "components", "new", "--format", "json")
    changes = json.loads(result.stdout)
    places = [(each["new"] or each["old"], f"{each['level']}:{each['change']}") for each in changes]
    found = Counter((place["file"], place["line"], word) for place, word in places)
    expected = Counter(announced(case, "~"))
    moved = {key for key in expected if key[0].startswith("components/") and key[2] == "breaking:component-moved"}
    expected -= Counter(moved)  # the mark makes the bytes of both versions equal
    assert (sorted(found - expected), sorted(expected - found)) == ([], []), "(unexpected, missing)"
    assert result.code == any(each["level"] == "breaking" for each in changes)
    assert result.stderr == ""


def test_each_new_diagnostic_at_its_line_with_the_change_that_is_why(case: Path, transpile: Transpile) -> None:
    assert transpile("compile", "pipeline.yaml").code == 0, "the manifest is right before the upgrade"
    changes = json.loads(transpile("catalog", "diff", "components", "new", "--format", "json").stdout)
    result = transpile("upgrade-check", "components", "new", "pipeline.yaml", "--format", "json")
    found = Counter((each["file"], each["line"], each["code"]) for each in result.problems)
    expected = Counter(announced(case, "!"))
    assert (sorted(found - expected), sorted(expected - found)) == ([], []), "(unexpected, missing)"
    assert result.code == bool(expected)
    reasons = {each["message"] for each in changes if each["level"] == "breaking" or each["change"] == "output-added"}
    for problem in result.problems:
        related = {each["message"] for each in problem["related"]}
        assert related & reasons or problem["code"] == "wrong-digest", problem


def test_nothing_is_changed(case: Path, transpile: Transpile) -> None:
    before = {path: path.read_bytes() for path in case.rglob("*") if path.is_file()}
    transpile("upgrade-check", "components", "new", ".")
    assert {path: path.read_bytes() for path in case.rglob("*") if path.is_file()} == before


def test_a_version_is_no_change_from_itself(case: Path, transpile: Transpile) -> None:
    assert case.is_dir()
    same = transpile("catalog", "diff", "components", "components")
    assert (same.code, same.stdout) == (0, "nothing changed\n")
    result = transpile("upgrade-check", "components", "components")
    assert (result.code, result.stdout) == (0, "")
    assert result.stderr == "nothing changed\n1 manifest: 0 use a changed component, 0 would break\n"


def test_what_breaks_comes_back_the_other_way_around(case: Path, transpile: Transpile) -> None:
    """What one direction adds, the other removes."""
    assert case.is_dir()
    there = json.loads(transpile("catalog", "diff", "components", "new", "--format", "json").stdout)
    back = json.loads(transpile("catalog", "diff", "new", "components", "--format", "json").stdout)
    opposite = {"removed": "added", "added": "removed", "required": "optional", "optional": "required"}
    for kind in ("input", "output", "component"):
        for end, other in opposite.items():
            assert names(there, f"{kind}-{end}") == names(back, f"{kind}-{other}")


def names(changes: list[dict[str, str]], kind: str) -> list[tuple[str, str]]:
    return sorted((each["component"], each["subject"]) for each in changes if each["change"] == kind)


# ------------------------------------------------------------------ in words


SAY = "name: Say\ninputs: [{name: text, type: String}]\nimplementation: {container: {image: a, command: [b, %s]}}\n"
OLD = SAY % "{inputValue: text}"
NEW = OLD.replace("{name: text,", "{name: words,").replace("inputValue: text", "inputValue: words")
USE = "name: x\ntasks: {a: {component: ./say.yaml, arguments: {text: hello}}}\n"


def test_two_files_in_words(transpile: Transpile, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write({"say.yaml": OLD, "new/louder.yaml": NEW}))
    result = transpile("catalog", "diff", "say.yaml", "new/louder.yaml")
    assert result.code == 1
    assert result.stdout == (
        "say.yaml\n"
        "  breaking  input `text` was removed\n"
        "            say.yaml:2:17\n"
        "  breaking  input `words` is new and required\n"
        "            new/louder.yaml:2:17\n"
        "  notice    its implementation changed\n"
        "            say.yaml:1:1 -> new/louder.yaml:1:1\n"
        "\n"
        "2 breaking changes, 1 notice\n"
    )


def test_colours_and_no_other_escape(transpile: Transpile, write: Write) -> None:
    evil = SAY.replace("text", '"evil\\e[31m\\u202E"') % "b"
    folder = write({"a/x/component.yaml": OLD, "b/x/component.yaml": evil, "p.yaml": USE.replace("say.yaml", "a/x")})
    plain = transpile("catalog", "diff", folder / "a", folder / "b")
    colored = transpile("catalog", "diff", folder / "a", folder / "b", "--color", "always")
    upgrade = transpile("upgrade-check", folder / "a", folder / "b", folder / "p.yaml")
    assert plain.stdout == re.sub(r"\x1b\[[0-9;]*m", "", colored.stdout)
    for result in (plain, upgrade):
        assert r"evil\x1b[31m\u202e" in result.stdout
        assert not {"\x1b", "\u202e"} & set(result.stdout + result.stderr)
    assert "\x1b[1;31mbreaking" in colored.stdout
    assert "\u202e" not in colored.stdout


def test_an_upgrade_in_words(transpile: Transpile, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(
        write({"say.yaml": OLD, "new/louder.yaml": NEW, "p/pipeline.yaml": USE.replace("./say", "../say")})
    )
    result = transpile("upgrade-check", "say.yaml", "new/louder.yaml", "--root", ".")
    assert result.code == 1
    assert "error[unknown-argument]: component `Say` has no input `text`\n --> p/pipeline.yaml:2:" in result.stdout
    assert "| ---- input `text` was removed" in " ".join(result.stdout.split())
    assert result.stderr == "2 breaking changes, 1 notice\n1 manifest: 1 use a changed component, 1 would break\n"


def test_errors_that_are_there_already_are_no_news(transpile: Transpile, write: Write) -> None:
    folder = write({"say.yaml": OLD, "new.yaml": NEW, "p.yaml": USE.replace("{text: hello}", "{text: hello, loud: 1}")})
    result = transpile("upgrade-check", folder / "say.yaml", folder / "new.yaml", folder / "p.yaml", "--format", "json")
    assert [each["message"] for each in result.problems] == [
        "task `a` does not pass `words`",
        "component `Say` has no input `text`",
    ]
    said = transpile("upgrade-check", folder / "say.yaml", folder / "new.yaml", folder / "p.yaml").stderr
    assert "1 manifest already with errors" in said


def test_a_manifest_that_does_not_use_it_is_left_alone(transpile: Transpile, write: Write) -> None:
    folder = write(
        {"say.yaml": OLD, "new.yaml": NEW, "other.yaml": OLD, "p.yaml": USE.replace("say.yaml", "other.yaml")}
    )
    result = transpile("upgrade-check", folder / "say.yaml", folder / "new.yaml", folder / "p.yaml")
    assert (result.code, result.stdout) == (0, "")
    assert "0 use a changed component" in result.stderr


def test_names_are_looked_up_in_the_old_catalog(transpile: Transpile, write: Write) -> None:
    folder = write(
        {"c/say/component.yaml": OLD, "n/say/component.yaml": NEW, "p.yaml": USE.replace("./say.yaml", "say")}
    )
    result = transpile("upgrade-check", folder / "c", folder / "n", folder / "p.yaml", "--format", "json")
    assert {each["code"] for each in result.problems} == {"missing-argument", "unknown-argument"}


def test_a_broken_new_version_is_reported_once(transpile: Transpile, write: Write) -> None:
    broken = OLD.replace("image", "imge")
    folder = write({"c/say.yaml": OLD, "n/say.yaml": broken, "p.yaml": USE.replace("./say", "./c/say"), "q.yaml": USE})
    for command in (("catalog", "diff"), ("upgrade-check",)):
        targets = (folder / "c", folder / "n", *(() if "diff" in command else (folder / "p.yaml",)))
        result = transpile(*command, *targets, "--format", "json")
        problems = json.loads(result.stderr if "diff" in command else result.stdout)
        assert [(each["code"], Path(each["file"]).parent.name) for each in problems] == [("unknown-key", "n")]
        assert result.code == 1
        assert "diff" not in command or result.stdout == "[]\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("catalog", "diff", "c", "say.yaml"), "two component files, or two folders"),
        (("catalog", "diff", "c", "nowhere"), "two component files, or two folders"),
        (("catalog", "diff", "nowhere.yaml", "say.yaml"), "cannot read `nowhere.yaml`"),
        (("catalog", "diff", "empty", "c"), "no component below `empty`"),
        (("upgrade-check", "say.yaml", "say.yaml", "empty"), "no manifest below `empty`"),
        (("upgrade-check", "say.yaml", "say.yaml", "nowhere"), "cannot read `nowhere`"),
    ],
)
def test_usage(
    arguments: tuple[str, ...], words: str, transpile: Transpile, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write({"say.yaml": OLD, "c/say.yaml": OLD, "empty/readme.md": ""}))
    result = transpile(*arguments)
    assert (result.code, result.stdout) == (2, "")
    assert words in result.stderr
