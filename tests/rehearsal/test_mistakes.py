"""Every mistake in a file of tests has a code, its line and column, and a hint; in `test` and in `check`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import REPOSITORY, Transpile
from tests.rehearsal.desk import Desk
from tests.rehearsal.test_cases import MORE, TASKS

SHAPE: Final = {
    "a list": (
        "- a\n",
        "1:1 wrong-type: the file must be a mapping, not a list; a file of tests needs at least `cases:`",
    ),
    "nothing": ("", "1:1 missing-key: the file is empty; a file of tests needs at least `cases:`"),
    "no cases": ("fakes: {}\n", "1:1 missing-key: the file has no `cases`; add `cases:`"),
    "a manifest": (
        "name: x\ntasks: {a: {component: say}}\n",
        ("2:1 wrong-type: this is a manifest, not a file of tests; a file of tests has `cases:`, and stands beside its "
        "manifest: pipeline.test.yaml beside pipeline.yaml"),
    ),
    "not YAML": ("cases: {a: [}\n", "1:13 yaml-syntax: "),
    "a case that is a list": ("cases: {a: []}\n", "1:12 wrong-type: `a` must be a mapping, not a list"),
    "a key of a case": (
        "cases: {a: {expects: Failed}}\n",
        "1:13 unknown-key: unknown key `expects`; did you mean `expect`?",
    ),
    "a phase": (
        "cases: {a: {expect: Fialed}}\n",
        "1:21 wrong-value: `Fialed` is not a valid value for `expect`; did you mean `Failed`?",
    ),
    "a phase of tasks alone": (
        "cases: {a: {expect: Omitted}}\n",
        "1:21 wrong-value: `Omitted` is not a valid value for `expect`; write Succeeded, Failed or Error",
    ),
    "a phase that no fake has": (
        "cases: {a: {fakes: {load: Skipped}}}\n",
        "1:27 wrong-value: `Skipped` is not a valid value for `load`; write Succeeded, Failed or Error",
    ),
    "an exit code": (
        "cases: {a: {fakes: {load: 300}}}\n",
        "1:27 wrong-value: `300` is out of range: `load` is at most 255; write at most 255",
    ),
    "no tries": (
        "cases: {a: {fakes: {load: []}}}\n",
        "1:27 wrong-value: `load` is empty; write what the task does in its first try, such as `[Failed, Succeeded]`",
    ),
    "a key of a fake": (
        "cases: {a: {fakes: {load: {exitcode: 3}}}}\n",
        "1:28 unknown-key: unknown key `exitcode`; did you mean `exitCode`?",
    ),
    "a duration": (
        "cases: {a: {fakes: {load: {duration: soon}}}}\n",
        "1:38 wrong-value: `soon` is not a valid duration; write a number with a unit, such as 30s, 30m or 1h30m",
    ),
    "tries": (
        "cases: {a: {expect: {tasks: {load: {tries: many}}}}}\n",
        "1:44 wrong-type: `tries` must be a whole number, not the string `many`; write a whole number",
    ),
    "nothing of a task": (
        "cases: {a: {expect: {tasks: {load: {}}}}}\n",
        "1:36 wrong-value: `load` is empty; write what to expect, such as `phase: Succeeded`",
    ),
}  # fmt: skip
"""What the file itself shows."""

NAMES: Final = {
    "an input": (
        "cases: {a: {inputs: {sise: 3}}}",
        "1:22 unknown-input: the pipeline `p` has no input `sise`; did you mean `size`?",
    ),
    "an input of the file": (
        "inputs: {sise: 3}\ncases: {a: {}}",
        "1:10 unknown-input: the pipeline `p` has no input `sise`; did you mean `size`?",
    ),
    "a value of an input": (
        "cases: {a: {inputs: {size: many}}}",
        "1:28 type-mismatch: input `size`: the string `many` is not of type Integer; write a whole number, such as 3",
    ),
    "an environment": (
        "cases: {a: {env: prod}}",
        "1:18 unknown-name: there is no environment `prod`; there are no environments",
    ),
    "a task": (
        "cases: {a: {fakes: {laod: Failed}}}",
        "1:21 unknown-task: there is no task `laod`; did you mean `load`?",
    ),
    "a task of the file": (
        "fakes: {laod: Failed}\ncases: {a: {}}",
        "1:9 unknown-task: there is no task `laod`; did you mean `load`?",
    ),
    "a task in a group": (
        "cases: {a: {expect: {tasks: {prepare/claen: Failed}}}}",
        "1:30 unknown-task: there is no task `claen` in `prepare`; did you mean `clean`?",
    ),
    "a group": (
        "cases: {a: {fakes: {prepare: Failed}}}",
        ("1:21 wrong-value: `prepare` runs other tasks, and nothing itself; "
        "fake the tasks in it: `prepare/clean`, `prepare/check`"),
    ),
    "a hook": (
        "cases: {a: {expect: {tasks: {late.exti: Skipped}}}}",
        "1:30 unknown-task: there is no task `late.exti`; did you mean `late.exit`?",
    ),
    "the end of the run": (
        "cases: {a: {expect: {tasks: {'@onExit': Skipped}}}}",
        "1:30 unknown-task: `@onExit` is no task; name a task in it: `@onExit/report`",
    ),
    "a part of a run": (
        "cases: {a: {expect: {tasks: {'@onexit/report': Skipped}}}}",
        "1:30 unknown-task: there is no task `@onexit`; did you mean `@onExit`?",
    ),
    "an item of no loop": (
        "cases: {a: {fakes: {'load[0]': Failed}}}",
        "1:21 wrong-value: `load` has no `forEach`, so it has no items; write `load`",
    ),
    "an open bracket": (
        "cases: {a: {fakes: {'fit[0': Failed}}}",
        ("1:21 wrong-value: `fit[0` does not say which item; close the bracket: "
        '`fit[0]`, `fit[a]`, or `fit["a]b"]`'),
    ),
    "a path": (
        "cases: {a: {fakes: {'a//b': Failed}}}",
        "1:21 wrong-value: `a//b` is no path of a task; write it like `prepare/clean[0]`",
    ),
    "an output": (
        "cases: {a: {fakes: {fit: {outputs: {lenght: 3}}}}}",
        "1:37 unknown-output: `fit` has no output `lenght`; did you mean `length`?",
    ),
    "a value of an output": (
        "cases: {a: {fakes: {fit: {outputs: {length: x}}}}}",
        "1:45 type-mismatch: output `length`: the string `x` is not of type Integer; write a whole number, such as 3",
    ),
    "an argument": (
        "cases: {a: {expect: {tasks: {big: {arguments: {stat: 3}}}}}}",
        "1:48 unknown-input: `big` has no input `stat`; did you mean `status`?",
    ),
    "an output of the pipeline": (
        "cases: {a: {expect: {outputs: {x: 1}}}}",
        "1:32 unknown-output: `p` has no output `x`; the outputs are `length`, `note`, `words`",
    ),
    "an order": (
        "cases: {a: {expect: {order: [load, pre]}}}",
        "1:36 unknown-task: there is no task `pre`; did you mean `prepare`?",
    ),
}  # fmt: skip
"""What only the manifest can tell."""


@pytest.fixture
def pipeline(desk: Desk) -> Desk:
    """The pipeline of the cases."""
    desk.manifest(TASKS, **MORE)
    return desk


@pytest.mark.parametrize("name", [*SHAPE, *NAMES])
def test_a_mistake_is_told_at_its_line(name: str, pipeline: Desk) -> None:
    text, told = {**SHAPE, **NAMES}[name]
    path = pipeline.tests(text)
    found = pipeline.transpile("test", path, "--root", pipeline.folder, "--format", "json")
    assert found.code == 1
    (problem,) = found.problems
    line = f"{problem['line']}:{problem['column']} {problem['code']}: {problem['message']}"
    assert f"{line}; {problem['hint']}".startswith(told)


@pytest.mark.parametrize("name", [*NAMES, "a phase", "a key of a fake", "a duration"])
def test_check_tells_the_same(name: str, pipeline: Desk) -> None:
    text, told = {**SHAPE, **NAMES}[name]
    assert pipeline.told(text, command="check") == [told]


def test_check_fixes_what_can_mean_one_thing(pipeline: Desk) -> None:
    path = pipeline.tests("cases: {a: {expect: {tasks: {Load: Succeeded}}}}\n")
    assert pipeline.run("--fix", command="check").code == 0
    assert path.read_text(encoding="utf-8") == "cases: {a: {expect: {tasks: {load: Succeeded}}}}\n"


def test_a_file_of_tests_is_no_environment(pipeline: Desk) -> None:
    pipeline.tests("cases: {a: {}}\n")
    assert pipeline.run(command="check").code == 0
    result = pipeline.transpile(
        "compile", pipeline.folder / "pipeline.yaml", "--root", pipeline.folder, "--env", "test"
    )
    assert result.code == 2
    assert "`pipeline.test.yaml` is a document of another kind, not a values file" in result.stderr


def test_the_values_of_an_environment_called_test_still_count(pipeline: Desk) -> None:
    pipeline.tests("inputs: {size: 1}\n")
    result = pipeline.transpile(
        "compile", pipeline.folder / "pipeline.yaml", "--root", pipeline.folder, "--env", "test"
    )
    assert result.code == 0


def test_an_input_without_a_value_is_told_at_the_case(desk: Desk) -> None:
    desk.manifest(
        {"a": {"component": "tell", "arguments": {"status": "${{ inputs.day }}"}}}, inputs={"day": {"type": "String"}}
    )
    assert desk.told("cases:\n  one: {}\n  two: {inputs: {day: x}}\n") == [
        ("2:3 missing-argument: the input `day` has no value in the case `one`; "
        "write `inputs: {day: …}` in the case, or for all cases at the top")
    ]  # fmt: skip


def test_a_manifest_with_mistakes_runs_no_case(desk: Desk) -> None:
    desk.manifest({"a": {"component": "tell", "arguments": {"stat": "x"}}})
    desk.tests("cases: {one: {}}\n")
    result = desk.run()
    assert result.code == 1
    assert "  NOT RUN  one\n" in result.stdout
    assert "error[unknown-argument]" in result.stdout
    assert result.stderr == "1 case: 1 not run\n"


def test_tests_without_a_manifest(desk: Desk) -> None:
    path = desk.tests("cases: {one: {}}\n")
    for command in ("test", "check"):
        result = desk.transpile(command, path, "--root", desk.folder, "--format", "json")
        assert [problem["code"] for problem in result.problems] == ["missing-manifest"]


def test_paths_that_name_no_tests(desk: Desk, transpile: Transpile) -> None:
    assert "no file of tests below" in desk.run().stderr
    desk.manifest(TASKS, **MORE)
    result = transpile("test", desk.folder / "pipeline.yaml")
    assert result.code == 2
    assert "write pipeline.test.yaml" in result.stderr
    assert transpile("test", desk.folder / "none.yaml").code == 2


def test_cases_of_an_environment(pipeline: Desk) -> None:
    (pipeline.folder / "pipeline.prod.yaml").write_text(json.dumps({"inputs": {"size": 1}}), encoding="utf-8")
    text = "cases: {dev: {expect: {tasks: {big: Succeeded}}}, prod: {env: prod, expect: {tasks: {big: Skipped}}}}"
    assert pipeline.told(text) == []
    assert pipeline.told(text.replace("env: prod", "env: prd")) == [
        "1:63 unknown-name: there is no environment `prd`; did you mean `prod`?"
    ]


@pytest.mark.parametrize("name", ["pipeline.test.json", "pipeline.test.yml"])
def test_other_forms_of_the_name(name: str, pipeline: Desk) -> None:
    Path(pipeline.folder / name).write_text('{"cases": {"one": {}}}', encoding="utf-8")
    assert pipeline.run().code == 0


@pytest.mark.parametrize(
    ("sample", "told"),
    [
        ("library", "1 it: the manifest has no tasks of its own: others call its entries"),
        ("run-template", "1 it: what it runs is in a template that only a cluster has"),
        ("locks", "14 it: locks in a database need a cluster; the task 6; the case 1"),
        ("daemon", "6 it: pods that go on in the background need a cluster; the task 4; the case 1"),
    ],
)
def test_what_cannot_be_run_is_refused_before_anything_starts(sample: str, told: str, desk: Desk) -> None:
    for name in (sample, "components"):
        shutil.copytree(REPOSITORY / "samples" / "features" / name, desk.folder / name)
    (desk.folder / sample / "pipeline.test.yaml").write_text("cases: {it: {}}\n", encoding="utf-8")
    problems = desk.run("--format", "json").problems
    found = set()
    for each in problems:
        related = [f"; {other['message']} {other['line']}" for other in each["related"]]
        found.add(f"{each['code']} {each['line']} {each['message']}{''.join(related)}")
    assert f"cannot-rehearse {told}" in found
