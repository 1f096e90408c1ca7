"""`transpile run`: from a manifest or a Workflow to its outputs, on this machine."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.executors.bench import processes_of
from transpiler.cli.main import main
from transpiler.cli.run_times import Times
from transpiler.cluster.progress import Step
from transpiler.local.unused import unused
from transpiler.runs.nodes import nodes_of

ADD = REPOSITORY / "samples" / "add" / "pipeline.yaml"
ML = REPOSITORY / "samples" / "ml" / "pipeline.yaml"
Run = Callable[..., subprocess.CompletedProcess[str]]

HAND = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {{generateName: hand-}}
spec:
  entrypoint: main
  arguments: {{parameters: [{{name: who, value: me}}, {{name: "n"}}]}}
  templates:
  - name: main
    steps:
    - - name: a
        template: sh
        arguments: {{parameters: [{{name: t, value: "echo {{{{workflow.parameters.who}}}}"}}]}}
    {more}
  - name: wait
    suspend: {{}}
  - name: ask
    inputs: {{parameters: [{{name: go, default: "no", enum: ["yes", "no"]}}]}}
    suspend: {{}}
    outputs: {{parameters: [{{name: go, valueFrom: {{supplied: {{}}}}}}]}}
  - name: sh
    inputs: {{parameters: [{{name: t}}]}}
    script: {{image: alpine, command: [sh], source: "{{{{inputs.parameters.t}}}}"}}
"""


def step(name: str, text: str, template: str = "sh") -> str:
    value = json.dumps(text)
    return f"- - {{name: {name}, template: {template}, arguments: {{parameters: [{{name: t, value: {value}}}]}}}}"


def words(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "transpiler", *map(str, arguments)]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
        return subprocess.run(
            words(*arguments), capture_output=True, text=True, check=False, timeout=120, cwd=tmp_path,
            env=environment, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    return run


@pytest.fixture
def hand(tmp_path: Path) -> Callable[..., Path]:
    def write(*more: str) -> Path:
        path = tmp_path / "hand.yaml"
        path.write_text(HAND.format(more="\n    ".join(more)))
        return path

    return write


def only(folder: Path) -> Path:
    """The folder of the only run."""
    (found,) = [each for each in (folder / ".transpile" / "runs").iterdir() if each.is_dir()]
    return found


def lines(text: str) -> list[str]:
    return [re.sub(r"\s+", " ", line).strip() for line in text.splitlines()]


def test_the_add_sample_prints_its_product(run: Run, tmp_path: Path) -> None:
    done = run("run", ADD, "--run-dir", tmp_path / "runs", "-p", "a=6")
    assert (done.returncode, lines(done.stdout)[-1]) == (0, "result: 11")
    assert {"Succeeded sum (0 s)", "Running product"} & set(lines(done.stdout))
    (folder,) = [each for each in (tmp_path / "runs").iterdir() if each.is_dir()]
    status = folder / "status.json"
    assert {node["phase"] for node in nodes_of(json.loads(status.read_bytes())).values()} == {"Succeeded"}
    drawn = run("graph", ADD, "--run", status)
    assert drawn.returncode == 0
    assert "Succeeded" in drawn.stderr + drawn.stdout


def test_the_ml_sample_trains_and_predicts(run: Run, tmp_path: Path) -> None:
    done = run("run", ML, "--run-dir", tmp_path / "runs", "-p", "rows=60", "-p", "epochs=20")
    assert done.returncode == 0, done.stderr
    metrics, model = lines(done.stdout)[-2:]
    assert json.loads(metrics.removeprefix("metrics: ")).keys() == {"rmse", "baseline"}
    assert json.loads((tmp_path / model.removeprefix("model: ")).read_bytes())


def test_a_workflow_of_argo_runs(run: Run, tmp_path: Path, hand: Callable[..., Path]) -> None:
    done = run("run", hand(step("b", "echo {{steps.a.outputs.result}} again")), "-p", "n=1", "-p", "who=you", "-v")
    assert done.returncode == 0, done.stderr
    assert {"a | you", "b | you again"} <= set(lines(done.stdout))
    assert (tmp_path / ".transpile" / "runs" / ".gitignore").read_text() == "*\n"
    assert only(tmp_path).name.startswith("hand-")


def test_mistakes_are_told_before_anything_starts(run: Run, tmp_path: Path, hand: Callable[..., Path]) -> None:
    done = run("run", hand(), "-p", "whom=1")
    assert done.returncode == 1
    assert "the Workflow has no parameter `whom`" in done.stderr
    assert "did you mean `who`?" in done.stderr
    assert "the parameter `n` has no value" in done.stderr
    done = run("run", ADD, "-p", "a=x", "--run-dir", tmp_path / "runs")
    assert (done.returncode, "error[wrong-literal]" in done.stderr or "Integer" in done.stderr) == (1, True)
    text = hand().read_text() + "    daemon: true\n    volumes: [{name: v, hostPath: {path: /}}]\n"
    hand().write_text(text)
    done = run("run", "hand.yaml", "-p", "n=1")
    assert done.returncode == 1
    assert "--> hand.yaml:23:5" in done.stderr
    assert "a volume of the kind `hostPath` needs a cluster" in done.stderr
    assert not (tmp_path / ".transpile").exists()
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name a manifest, or a run to go on with"),
        ([ADD, "--resume", "r"], "name a manifest, or a run to go on with, not both"),
        (["x.yaml"], "cannot read `x.yaml`"),
        (["--resume", "nobody"], "there is no run `nobody`"),
        ([ADD, "--store", "nowhere"], "there is no folder `nowhere`"),
        ([ADD, "--secret", "db"], "--secret: `db` needs a file or a folder"),
        ([ADD, "--supply", "x"], "--supply takes NAME=VALUE"),
        ([ADD, "--max-parallel", "0"], "a whole number from 1"),
    ],
)
def test_usage(run: Run, tmp_path: Path, arguments: list[object], message: str) -> None:
    done = run("run", *arguments, "--run-dir", tmp_path / "runs")
    assert done.returncode in {1, 2}
    assert message in done.stderr


@pytest.mark.parametrize("words", [
    "--dry-run", "--watch", "--only x", "--from x", "--using x", "-p a=1", "--parameter-file x", "--env x",
    "--values x", "--set a=1", "--argo 3.6", "--no-cache", "--catalog .", "--strict", "--no-strict", "--locked",
    "--no-locked", "--stdin-filename x",
])  # fmt: skip
def test_what_is_for_a_new_run_does_not_go_with_resume(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--resume", "nobody", *words.split()]) == 2
    option = words.partition(" ")[0]
    option = "--parameter" if option == "-p" else option
    assert f"{option}: --resume goes on with a run as it was started" in capsys.readouterr().err


def test_what_would_run_is_printed(run: Run, tmp_path: Path) -> None:
    done = run("run", ADD, "--dry-run", "-p", "a=3")
    assert (done.returncode, done.stderr) == (0, "")
    assert [line for line in lines(done.stdout) if ":" not in line] == ["difference", "sum", "product"]
    assert "lines more) 3 5 /tmp/outputs/Output/data" in done.stdout
    assert "'{{tasks.sum.outputs.parameters.Output}}'" in done.stdout
    assert [line for line in lines(done.stdout) if line.startswith("level")] == ["level 1:", "level 2:"]
    assert not (tmp_path / ".transpile").exists()


def test_as_json_standard_output_is_one_object(run: Run, hand: Callable[..., Path]) -> None:
    done = run("run", hand(), "-p", "n=1", "--format", "json", "-v")
    assert json.loads(done.stdout)["phase"] == "Succeeded"
    assert "a | me" in lines(done.stderr)
    assert "[]" not in done.stderr


def test_a_failed_run_goes_on(run: Run, tmp_path: Path, hand: Callable[..., Path]) -> None:
    ready = tmp_path / "claims-to-be"
    done = run("run", hand(step("b", "test -e /work-of-run/ok || exit 3")), "-p", "n=1")
    assert done.returncode == 1
    assert "main: Error (exit code 3)" in done.stdout
    name = only(tmp_path).name
    assert f"to go on: transpile run --resume {name}" in done.stderr
    assert not ready.exists()
    done = run("run", "--resume", name)
    assert done.returncode == 1
    assert f"Reused a: of {name}" in lines(done.stdout)
    assert "Again b: it had ended as Failed: main: Error (exit code 3)" in lines(done.stdout)
    assert run("runs", "show", name, "--log", "a").stdout == "me\n"


def test_a_run_that_goes_on_tells_which_files_have_changed(run: Run, tmp_path: Path, hand: Callable[..., Path]) -> None:
    values = tmp_path / "values.yaml"
    values.write_text("n: 1\n")
    path = hand(step("b", "exit 3"))
    run("run", path, "--parameter-file", values)
    name = only(tmp_path).name
    assert "changed since" not in run("run", "--resume", name).stderr
    hand(step("b", "exit 0"))
    done = run("run", "--resume", name)
    assert "warning: `hand.yaml` has changed since this run was started" in done.stderr
    assert "`transpile run hand.yaml --from TASK`" in done.stderr
    assert done.returncode == 1
    values.unlink()
    assert "`hand.yaml`, `values.yaml` have changed since" in run("run", "--resume", name).stderr


def test_a_run_that_has_succeeded_does_not_go_on(run: Run, tmp_path: Path, hand: Callable[..., Path]) -> None:
    assert run("run", hand(), "-p", "n=1").returncode == 0
    done = run("run", "--resume", only(tmp_path).name)
    assert done.returncode == 1
    assert "has succeeded: there is nothing to go on with" in done.stderr


def test_questions(run: Run, tmp_path: Path, hand: Callable[..., Path]) -> None:
    wait = "- - {name: wait, template: wait}"
    ask = "- - {name: ask, template: ask}"
    path = hand(wait, ask, step("b", "echo {{steps.ask.outputs.parameters.go}}"))
    done = run("run", path, "-p", "n=1")
    assert done.returncode == 1
    assert "waits for an answer: --yes" in done.stderr
    name = only(tmp_path).name
    done = run("run", "--resume", name, "--yes", "--supply", "go=maybe")
    assert done.returncode == 2
    assert "`go` is one of yes, no, not `maybe`" in done.stderr
    done = run("run", "--resume", name, "--yes", "--supply", "go=yes", "-v")
    assert (done.returncode, "b | yes" in lines(done.stdout)) == (0, True), done.stderr
    assert run("run", path, "-p", "n=1", "--yes", "-v", "--run-dir", "other").stdout.count("b | no") == 1


def test_what_nobody_uses_is_told(run: Run, tmp_path: Path, hand: Callable[..., Path]) -> None:
    (tmp_path / "x.env").write_text("k=v\n")
    done = run("run", hand(), "-p", "n=1", "--supply", "og=1")
    assert done.returncode == 2
    assert "--supply: no task waits for `og`" in done.stderr
    assert "the values that tasks wait for are `go`" in done.stderr
    assert not (tmp_path / ".transpile").exists()
    given = ["--secret", "db=x.env", "--config-map", "m=x.env", "--dry-run", "--supply", "go=yes", "-p", "n=1"]
    done = run("run", hand(), *given)
    assert done.returncode == 0
    assert "warning: --secret: nothing uses a Secret `db`" in done.stderr
    assert "warning: --config-map: nothing uses a ConfigMap `m`" in done.stderr


@pytest.mark.parametrize(("field", "used"), [
    ({"env": [{"name": "K", "valueFrom": {"secretKeyRef": {"name": "db", "key": "k"}}}]}, True),
    ({"envFrom": [{"secretRef": {"name": "db"}}]}, True),
    ({"volumes": [{"name": "v", "secret": {"secretName": "db"}}]}, True),
    ({"volumes": [{"name": "v", "projected": {"sources": [{"secret": {"name": "db"}}]}}]}, True),
    ({"imagePullSecrets": [{"name": "db"}]}, True),
    ({"s3": {"key": "k", "accessKeySecret": {"name": "db", "key": "k"}}}, True),
    ({"podSpecPatch": '{"containers": [{"envFrom": [{"secretRef": {"name": "db"}}]}]}'}, True),
    ({"envFrom": [{"secretRef": {"name": "{{inputs.parameters.x}}"}}]}, True),
    ({"envFrom": [{"configMapRef": {"name": "db"}}], "name": "db", "inputs": {"parameters": [{"name": "db"}]}}, False),
])  # fmt: skip
def test_what_uses_a_secret(field: dict[str, object], used: bool) -> None:
    assert unused([{"spec": {"templates": [field]}}], "secret", ["db"]) == ([] if used else ["db"])


def test_ctrl_c_stops_the_tasks_and_the_run_goes_on(run: Run, tmp_path: Path, hand: Callable[..., Path]) -> None:
    marker = f"6{os.getpid()}"
    path = hand(step("b", f"test -e /etc/never || sleep {marker}"))
    process = subprocess.Popen(
        words("run", path, "-p", "n=1"), cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )  # fmt: skip
    for _ in range(500):
        if processes_of(f"sleep {marker}"):
            break
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "stopping what runs; press Ctrl-C again to kill it" in errors
    assert f"to go on: transpile run --resume {only(tmp_path).name}" in errors
    assert not processes_of(f"sleep {marker}")
    listed = run("runs", "list")
    assert lines(listed.stdout)[0].split(" ")[1] == "Interrupted"
    name = only(tmp_path).name
    plan = only(tmp_path) / "run.json"
    plan.write_text(plan.read_text().replace(f"sleep {marker}", "echo on"))  # another machine, on which it goes faster
    done = run("run", "--resume", name)
    assert done.returncode == 0, done.stderr
    assert "Again b: it was running when the run was interrupted" in lines(done.stdout)


def test_a_secret_is_in_no_file_of_the_run(run: Run, tmp_path: Path, hand: Callable[..., Path]) -> None:
    secret = "hush-5f3a9"
    (tmp_path / "db.env").write_text(f"key={secret}\n")
    text = hand().read_text().replace(
        "{image: alpine, command: [sh],",
        "{image: alpine, command: [sh], env: [{name: K, valueFrom: {secretKeyRef: {name: db, key: key}}}],",
    )  # fmt: skip
    hand().write_text(text.replace("echo {{workflow.parameters.who}}", "echo ${#K}; test -n $K"))
    done = run("run", "hand.yaml", "-p", "n=1")
    assert done.returncode == 1
    assert "no values are given for the Secret `db`: --secret db=FILE" in done.stderr
    done = run("run", "hand.yaml", "-p", "n=1", "--secret", "db=db.env", "-v")
    assert (done.returncode, f"a | {len(secret)}" in lines(done.stdout)) == (0, True), done.stderr
    assert secret not in done.stdout + done.stderr
    kept = [each for each in only(tmp_path).rglob("*") if each.is_file()]
    assert len(kept) > 3
    assert not [each for each in kept if secret.encode() in each.read_bytes()]


def test_what_a_task_prints_reaches_no_terminal_as_it_is(run: Run, hand: Callable[..., Path]) -> None:
    done = run("run", hand(step("b", r"printf '\033]0;title\007 \342\200\256 red\r\n'; exit 1")), "-p", "n=1", "-v")
    assert done.returncode == 1
    assert "\x1b" not in done.stdout + done.stderr
    assert r"\x1b]0;title\x07 \u202e red" in done.stdout


def test_runs_are_listed_shown_and_removed(run: Run, tmp_path: Path, hand: Callable[..., Path]) -> None:
    assert "there are no runs" in run("runs", "list").stderr
    run("run", hand(), "-p", "n=1")
    name = only(tmp_path).name
    (told,) = json.loads(run("runs", "list", "--format", "json").stdout)
    assert (told["name"], told["phase"], told["manifest"]) == (name, "Succeeded", "hand.yaml")
    shown = run("runs", "show", name)
    assert lines(shown.stdout)[0].startswith("Succeeded a")
    assert run("runs", "show", name, "--log", "none").returncode == 1
    assert run("runs", "remove").returncode == 2
    assert run("runs", "remove", "../../etc").returncode == 1
    assert run("runs", "remove", name).stdout == f"removed {name}\n"
    assert not (tmp_path / ".transpile" / "runs" / name).exists()


@pytest.mark.skipif(os.getuid() != 0, reason="mounting a small disk needs the rights of root")
@pytest.mark.parametrize("size", ["64k", "160k"])
def test_a_full_disk_ends_a_run_as_it_says(size: str, run: Run, tmp_path: Path, hand: Callable[..., Path]) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("no small disk can be mounted")
    try:
        path = hand(*[step(f"s{number}", "head -c 20000 /dev/zero | tr '\\0' x") for number in range(8)])
        done = run("run", path, "-p", "n=1", "--run-dir", disk)
        has_succeeded = done.returncode == 0
        assert done.returncode in {0, 1}
        assert "Traceback" not in done.stderr
        subprocess.run(["mount", "-o", "remount,size=8m", str(disk)], check=True)
        (folder,) = [each for each in disk.iterdir() if each.is_dir()]
        done = run("run", "--resume", folder)
        assert ("has succeeded: there is nothing to go on with" in done.stderr) == has_succeeded
        assert done.returncode == int(has_succeeded), done.stderr
        assert lines(run("runs", "list", "--run-dir", disk).stdout)[0].split(" ")[1] == "Succeeded"
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


AROUND = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: around-}
spec:
  entrypoint: main
  templates:
"""


def test_what_runs_beside_the_tasks_has_a_name_and_one_pod_one_end(run: Run, tmp_path: Path) -> None:
    text = AROUND.replace(
        "entrypoint: main", "entrypoint: main\n  onExit: bye\n  hooks: {hi: {template: bye, expression: 'true'}}"
    )
    one = """
  - name: main
    script: {image: x, command: [sh], source: "true"}
  - name: bye
    retryStrategy: {limit: 1}
    script: {image: x, command: [sh], source: "exit 1"}
"""
    (tmp_path / "one.yaml").write_text(text + one)
    done = run("run", "one.yaml", "--executor", "process")
    told = lines(done.stdout)
    name = only(tmp_path).name
    assert len([each for each in told if re.match(rf"\w+ {name}\b", each) and "Running" not in each]) == 1
    assert not [each for each in told if re.search(r"-\d{8,}", each)], done.stdout
    assert {"onExit, try 1", "hi, try 1"} <= {each.partition(" ")[2].partition(" (")[0] for each in told}


def test_the_time_of_a_task_is_without_its_wait_for_room() -> None:
    times = Times({"a": 10.0, "b": 14.0}, {"a": 12.0, "b": 15.0})
    assert (times.seconds(["a"]), times.seconds(["a", "b"]), times.seconds(["c"])) == (2, 5, None)
    waited = Step("b", "Succeeded", seconds=9)
    assert (times.of(waited, ["b"]).seconds, times.of(waited, ["c"]).seconds) == (1, 9)
    assert times.of(Step("b", "Skipped"), ["b"]).seconds is None


def test_a_file_is_found_at_the_location_where_a_task_has_stored_it(run: Run, tmp_path: Path) -> None:
    place = "{bucket: b, endpoint: e, key: my/k}"
    (tmp_path / "own.yaml").write_text(
        AROUND
        + f"""
  - name: main
    steps: [[{{name: a, template: make}}], [{{name: b, template: take}}]]
  - name: make
    script: {{image: x, command: [sh], source: "echo hi > /tmp/f"}}
    outputs: {{artifacts: [{{name: f, path: /tmp/f, s3: {place}}}]}}
  - name: take
    inputs:
      artifacts:
      - {{name: f, path: /tmp/g, s3: {place}}}
      - {{name: "no", path: /tmp/no, optional: true, s3: {{key: z}}}}
    script: {{image: x, command: [sh], source: "cat /tmp/g; test ! -e /tmp/no"}}
"""
    )
    done = run("run", "own.yaml", "--executor", "process")
    assert done.returncode == 0, done.stderr
    made = next(each for each in nodes_of(json.loads((only(tmp_path) / "status.json").read_bytes())).values()
                if each["displayName"] == "a")  # fmt: skip
    assert made["outputs"]["artifacts"][0]["s3"] == {"bucket": "b", "endpoint": "e", "key": "my/k"}


def test_a_parameter_and_a_limit_come_from_a_config_map(run: Run, tmp_path: Path) -> None:
    (tmp_path / "settings").write_text("who=world\nlimit=1\n")
    (tmp_path / "map.yaml").write_text(
        AROUND
        + """
  - name: main
    synchronization: {semaphores: [{configMapKeyRef: {name: settings, key: limit}}]}
    inputs: {parameters: [{name: who, valueFrom: {configMapKeyRef: {name: settings, key: who}}}]}
    script: {image: x, command: [sh], source: "echo hello {{inputs.parameters.who}}"}
"""
    )
    missing = run("run", "map.yaml", "--executor", "process")
    assert (missing.returncode, missing.stderr.count("--config-map settings=FILE")) == (1, 2)
    done = run("run", "map.yaml", "--executor", "process", "--config-map", "settings=settings", "-v")
    assert done.returncode == 0, done.stderr
    assert "hello world" in done.stdout + done.stderr


def test_a_template_that_nobody_has_given_is_missed_before_anything_starts(run: Run, tmp_path: Path) -> None:
    (tmp_path / "gone.yaml").write_text(
        AROUND
        + """
  - name: main
    dag:
      tasks:
      - {name: a, template: gone}
      - {name: b, templateRef: {name: library, template: x}}
      - {name: c, inline: {name: in, steps: [[{name: d, template: main, hooks: {exit: {template: lost}}}]]}}
"""
    )
    done = run("run", "gone.yaml")
    assert done.returncode == 1
    told = [line for line in done.stderr.splitlines() if line.startswith("error")]
    assert [re.findall("`(.*?)`", line)[0] for line in told] == ["gone", "library", "lost"], done.stderr
    assert not (tmp_path / ".transpile").exists()


def test_options_of_containers_are_for_tasks_that_are_there(run: Run) -> None:
    done = run("run", ADD, "--executor", "docker", "--task-option", "sun=--gpus=all")
    assert done.returncode == 1
    assert "--task-option: there is no task `sun`: did you mean `sum`?" in done.stderr
    done = run("run", ADD, "--executor", "docker", "--task-option", "sum")
    assert (done.returncode, "--task-option: `sum` needs a word" in done.stderr) == (2, True)
    done = run("run", ADD, "--executor", "process", "--container-option=--gpus=all")
    assert (done.returncode, "tasks run as processes" in done.stderr) == (1, True)
