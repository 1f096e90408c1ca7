"""`--only`, `--from` and `--using`: a part of a pipeline, with what earlier runs have of the rest."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Result, Transpile

MANIFEST = """\
name: parts
inputs: {text: one, rate: {type: String, default: "1"}}
components:
  write:
    inputs: [{name: text}]
    outputs: [{name: file, type: TXT}, {name: size, type: Integer}]
    implementation:
      container:
        image: none
        command: [sh, -ec, 'mkdir -p "${1%/*}" "${2%/*}"; echo "$0" > "$1"; wc -c < "$1" > "$2"']
        args: [{inputValue: text}, {outputPath: file}, {outputPath: size}]
  join:
    inputs: [{name: file, type: TXT}, {name: text, type: String}]
    outputs: [{name: file, type: TXT}]
    implementation:
      container:
        image: none
        command: [sh, -ec, 'mkdir -p "${2%/*}"; cat "$0" > "$2"; echo "$1" >> "$2"; echo "joined $1"']
        args: [{inputPath: file}, {inputValue: text}, {outputPath: file}]
tasks:
  load: {component: write, arguments: {text: "${{ inputs.text }}"}}
  beside: {component: write, arguments: {text: beside}}
  group:
    tasks:
      clean: {component: join, arguments: {file: "${{ tasks.load.outputs.file }}", text: clean}}
      each:
        component: join
        arguments: {file: "${{ tasks.clean.output }}", text: "${{ item }}"}
        forEach: [x, y]
        retry: 1
  train:
    component: join
    arguments: {file: "${{ tasks.load.outputs.file }}", text: "${{ inputs.rate }}"}
    after: [group]
  report: {component: write, arguments: {text: "${{ tasks.load.outputs.size }}"}, after: [train]}
onExit:
  tasks: {bye: {component: write, arguments: {text: bye}}}
outputs: {model: "${{ tasks.train.output }}"}
"""
Lines = list[str]
Run = Callable[..., tuple[Result, Lines]]
ALL = ["beside", "bye", "group / clean", "group / each(0:x)", "group / each(1:y)", "load", "report", "train"]


@pytest.fixture
def run(transpile: Transpile, tmp_path: Path) -> Run:
    (tmp_path / "p.yaml").write_text(MANIFEST)

    def run(*arguments: str, code: int = 0) -> tuple[Result, Lines]:
        options = ("--executor", "process", "--run-dir", tmp_path / "runs")
        done = transpile("run", tmp_path / "p.yaml", *options, *arguments)
        assert done.code == code, done.stderr
        return done, steps(done)

    return run


def steps(done: Result) -> Lines:
    """What was told of each task at its end, without times and the run."""
    found = [re.sub(r"\s+", " ", line) for line in done.stdout.splitlines()]
    found = [re.sub(r" \(\d+ s\)$", "", line) for line in found if not line.startswith((" ", "Running"))]
    return sorted(line for line in found if not re.match(r"Succeeded parts-\w{5}$", line))


def names(lines: Lines, phase: str) -> Lines:
    return [line.removeprefix(f"{phase} ").partition(": ")[0] for line in lines if line.startswith(phase)]


def name_of(done: Result) -> str:
    found = re.search(r"^run (\S+):", done.stderr, re.MULTILINE)
    assert found is not None
    return found[1]


def test_a_task_runs_alone_with_what_the_last_run_has(run: Run) -> None:
    done, lines = run("-p", "text=two")
    assert names(lines, "Succeeded") == ALL
    first = name_of(done)
    done, lines = run("--only", "train", "-p", "rate=5")
    assert f"inputs as in the run {first}: text\n" in done.stderr
    assert names(lines, "Succeeded") == ["train"]
    assert [line for line in lines if line.startswith("Reused")] == [
        f"Reused {each}: of {first}" for each in ("group / clean", "group / each(0:x)", "group / each(1:y)", "load")
    ]
    (path,) = re.findall(r"^ +train\.file: (.*)", done.stdout, re.MULTILINE)
    assert Path(path).read_text() == "two\n5\n"
    done, lines = run("--only", "group/each")
    assert names(lines, "Succeeded") == ["group / each(0:x)", "group / each(1:y)"]
    assert names(lines, "Reused") == ["group / clean", "load"]
    assert len(re.findall(r"group / each\(\d:\w\)\.file: ", done.stdout)) == 2


def test_a_task_runs_with_all_that_comes_after_it(run: Run) -> None:
    run()
    _, lines = run("--from", "train")
    assert names(lines, "Reused") == ["beside", "group / clean", "group / each(0:x)", "group / each(1:y)", "load"]
    assert names(lines, "Succeeded") == ["bye", "report", "train"]
    _, lines = run("--from", "group/clean")
    assert names(lines, "Reused") == ["beside", "load"]
    _, lines = run("--from", "group/each", "--from", "beside")
    assert names(lines, "Reused") == ["group / clean", "load"]
    _, lines = run("--from", "train", "-p", "text=three")
    (why,) = [line for line in lines if line.startswith("Again load")]
    assert re.fullmatch(r"Again load: its input `text` has changed since the run parts-\w{5}", why)
    assert "Again group / clean: its input `file` was made anew" in lines
    assert names(lines, "Reused") == ["beside"]


def test_what_is_reused_is_of_one_mind(run: Run) -> None:
    """A file counts for a task only if it is the one that its own end came of."""
    run("-p", "text=one")
    done, _ = run("--only", "load", "-p", "text=two")
    _, lines = run("--only", "beside")
    assert lines == ["Succeeded beside"]
    _, lines = run("--only", "group/clean")  # of the newest load
    assert lines == [f"Reused load: of {name_of(done)}", "Succeeded group / clean"]
    done, _ = run("--only", "train", code=1)
    assert "  group / each(0:x), try 1: its input `file` was made anew since the run parts-" in done.stderr
    assert "hint: run all, or this and all that comes after it: --from group/each" in done.stderr


def test_only_asks_for_nothing_that_other_tasks_need(run: Run, tmp_path: Path) -> None:
    path, values = tmp_path / "p.yaml", tmp_path / "s.env"
    values.write_text("k=v\n")

    def needs_a_secret(task: str) -> None:
        line = f"  {task}: {{component: write,"
        path.write_text(MANIFEST.replace(line, f"{line} secrets: {{K: db/k}},"))

    needs_a_secret("beside")
    run("--only", "load")
    refused, _ = run("--only", "beside", code=1)
    assert "no values are given for the Secret `db`" in refused.stderr
    needs_a_secret("load")
    run("--secret", f"db={values}")
    done, told = run("--only", "group/clean")
    assert names(told, "Succeeded") == ["group / clean"], done.stderr
    run("--only", "load", code=1)


def test_logs_are_found_by_the_names_of_tasks(run: Run, transpile: Transpile, tmp_path: Path) -> None:
    done, _ = run()
    for task, log in {
        "group/each": "joined x\njoined y\n",
        "group/each(1:y)": "joined y\n",
        "train": "joined 1\n",
    }.items():
        shown = transpile("runs", "show", name_of(done), "--log", task, "--run-dir", tmp_path / "runs")
        assert shown.stdout == log
    shown = transpile("runs", "show", name_of(done), "--run-dir", tmp_path / "runs")
    assert names(steps(shown), "Succeeded") == ALL


HOSTILE = """\
name: timed
timeout: 2h
components:
  say:
    inputs: [{name: text}]
    outputs: [{name: text}]
    implementation:
      container:
        image: none
        command: [sh, -ec, 'mkdir -p "${1%/*}"; echo "$0" > "$1"']
        args: [{inputValue: text}, {outputPath: text}]
tasks:
  load:
    component: say
    arguments: {text: load}
    timeout: 1h
    retry: {limit: 1, backoff: {duration: 1h}}
    hooks: {started: {when: tasks.load.status == 'Running', component: say, arguments: {text: started}}}
  each: {component: say, arguments: {text: "${{ item }}"}, forEach: [a, "${{ workflow.name }}"], after: [load]}
  last: {component: say, arguments: {text: "${{ string(len(tasks.each.outputs.text)) }}"}}
onExit:
  tasks: {bye: {component: say, arguments: {text: bye}}}
"""


def test_deadlines_and_names_of_runs_in_items(transpile: Transpile, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(HOSTILE)
    told = []
    for words in ((), ("--only", "load"), ("--only", "last"), ("--from", "last")):
        done = transpile("run", tmp_path / "p.yaml", "--executor", "process", "--run-dir", tmp_path / "runs", *words)
        assert done.code == 0, done.stderr
        told.append([re.sub(r"timed-\w{5}", "RUN", line) for line in steps(done) if "started" not in line])
    run = "Succeeded RUN"
    assert told[1:] == [
        ["Succeeded load", run],
        ["Reused each(0:a): of RUN", "Reused each(1:RUN): of RUN", "Reused load: of RUN", "Succeeded last", run],
        [
            "Reused each(0:a): of RUN", "Reused each(1:RUN): of RUN", "Reused load: of RUN", "Succeeded bye",
            "Succeeded last", run,
        ],
    ]  # fmt: skip


def test_what_is_missing_is_told_before_anything_runs(run: Run, tmp_path: Path) -> None:
    done, _ = run("--only", "report", code=1)
    assert "  load: no earlier run has an end of it that counts\n" in done.stderr
    assert "--from load" in done.stderr
    done, _ = run("--from", "train", code=1)
    assert "there is no earlier run of" in done.stderr
    assert not list((tmp_path / "runs").glob("parts-*"))
    first, _ = run("-p", "rate=3")
    second, _ = run()
    done, _ = run("--only", "train", "--using", name_of(first))
    (path,) = re.findall(r"^ +train\.file: (.*)", done.stdout, re.MULTILINE)
    assert Path(path).read_text() == "one\n3\n"
    (tmp_path / "runs" / name_of(second)).joinpath("files").rename(tmp_path / "gone")
    done, _ = run("--only", "train", "--using", name_of(second), code=1)
    assert f"load: its files of the run {name_of(second)} are gone" in done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--only", "trian"], "--only: there is no task `trian`\n  hint: did you mean `train`?"),
        (["--only", "group/clen"], "did you mean `group/clean`?"),
        (["--only", "clean"], "--only: there is no task `clean`"),
        (["--only", "train", "--from", "load"], "--only and --from do not go together"),
        (["--using", "x"], "--using names the run from which"),
        (["--only", "train", "--using", "nobody"], "there is no run `nobody`"),
    ],
)
def test_words_that_mean_nothing(words: list[str], message: str, transpile: Transpile, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(MANIFEST)
    (tmp_path / "runs" / "p-1").mkdir(parents=True)
    done = transpile("run", tmp_path / "p.yaml", "--run-dir", tmp_path / "runs", *words)
    assert done.code in {1, 2}
    assert message in done.stderr


VOLUMES = """\
name: kept
components:
  base:
    outputs: [{name: text}]
    implementation:
      container: {image: none, command: [sh, -ec, 'mkdir -p "${0%/*}"; echo base > "$0"', {outputPath: text}]}
tasks:
  base: {component: base}
  fill:
    template: {script: {image: none, command: [sh], source: "echo text > /vol/a"}}
    volumes: {/vol: {size: 1Gi}}
    after: [base]
  count:
    template: {script: {image: none, command: [sh], source: "test $(ls /vol | wc -l) = 1"}}
    volumes: {/vol: {size: 1Gi}}
    after: [fill]
"""


def test_what_is_on_a_volume_is_made_again(transpile: Transpile, tmp_path: Path) -> None:
    """It is no part of what a task yields, and without it the next one would read an empty folder."""
    (tmp_path / "p.yaml").write_text(VOLUMES)
    words = ("run", tmp_path / "p.yaml", "--executor", "process", "--run-dir", tmp_path / "runs")
    why = "its volume at /vol was made anew since the run kept-"
    assert transpile(*words).code == 0
    done = transpile(*words, "--from", "count")
    assert done.code == 0, done.stdout
    lines = steps(done)
    assert names(lines, "Reused") == ["base"]
    assert any(line.startswith(f"Again fill: {why}") for line in lines)
    alone = transpile(*words, "--only", "count")
    assert alone.code == 1
    assert f"  fill: {why}" in alone.stderr
    assert "--from fill" in alone.stderr
    assert transpile(*words, "--only", "base").code == 0
