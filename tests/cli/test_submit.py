"""`transpile submit`: what it refuses, what it sends, and what it says of a run.

The real kubectl sends it to a small API server of our own; stand-ins answer where a test needs an odd answer.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.cli.clusters import alone, cluster, programs
from tests.conftest import REPOSITORY, EmittedWorkflows, Transpile
from tests.judges import kubectl
from tests.support.api_server import Cluster
from tests.support.stand_in import StandIn, stand_in
from transpiler.cluster.access import Access
from transpiler.cluster.client import Kubectl
from transpiler.cluster.refusals import ClusterError

__all__ = ["alone", "cluster", "programs"]
ADD = REPOSITORY / "samples" / "add" / "pipeline.yaml"
Write = Callable[[dict[str, str]], Path]
Programs = Callable[..., StandIn]
ECHO = (
    "{implementation: {container: {image: 'alpine:3.20', command: [echo, {inputValue: text}]}}, inputs: [{name: text}]}"
)
INPUTS = f"""\
name: typed
inputs:
  day: {{type: String}}
  rows: 10
  rate: 0.5
  fast: true
  mode: {{default: dev, enum: [dev, prod]}}
  days: [1, 2]
  options: {{type: JsonObject, default: {{depth: 3}}}}
  note: {{type: String, optional: true}}
  most: {{type: Integer, optional: true}}
  debug: {{default: false, hidden: true}}
  region: {{default: eu, valueFrom: {{configMapKeyRef: {{name: settings, key: region}}}}}}
  orders: {{type: CSV, artifact: {{s3: {{key: orders.csv}}}}}}
tasks:
  tell:
    component: {ECHO}
    arguments:
      text: >-
        ${{{{ inputs.day }}}} ${{{{ inputs.rows }}}} ${{{{ inputs.rate }}}} ${{{{ inputs.fast }}}}
        ${{{{ inputs.mode }}}}
        ${{{{ inputs.days }}}} ${{{{ inputs.options }}}} ${{{{ inputs.note }}}} ${{{{ inputs.most ?? 0 }}}}
        ${{{{ inputs.debug }}}} ${{{{ inputs.region }}}}
  read:
    component:
      inputs: [{{name: table, type: CSV}}]
      implementation: {{container: {{image: 'alpine:3.20', command: [cat, {{inputPath: table}}]}}}}
    arguments: {{table: "${{{{ inputs.orders }}}}"}}
"""


def values_of(workflow: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each.get("value") for each in workflow["spec"]["arguments"]["parameters"]}


# ---------------------------------------------------------------------- what is sent


def test_a_run_is_created_by_the_real_kubectl(
    cluster: Cluster, transpile: Transpile, emitted: EmittedWorkflows
) -> None:
    done = transpile("submit", ADD, "-p", "a=9")
    assert (done.code, done.stdout) == (0, "workflow/add-example-00001 created in namespace argo\n")
    assert "follow it: kubectl get workflow add-example-00001 -n argo --watch\n" in done.stderr
    assert "/workflows/argo/add-example-00001" in done.stderr
    (sent,) = cluster.posted
    assert values_of(sent) == {"a": "9", "b": "5"}
    compiled = transpile("compile", ADD).workflow
    assert sent["spec"]["templates"] == compiled["spec"]["templates"]
    assert sent["spec"]["arguments"]["parameters"][1]["description"] == "right operand"
    emitted.add(json.dumps(sent))


def test_the_namespace_of_the_command_line_wins(cluster: Cluster, transpile: Transpile, write: Write) -> None:
    folder = write({"pipeline.yaml": f"namespace: elsewhere\n{INPUTS}"})
    done = transpile("submit", folder / "pipeline.yaml", "-p", "day=monday", "-n", "ml", "--format", "json")
    assert done.code == 0, done.stderr
    assert json.loads(done.stdout)["namespace"] == "ml"
    assert cluster.asked[-1] == ("POST", "/apis/argoproj.io/v1alpha1/namespaces/ml/workflows")


def test_values_are_written_as_defaults_are(cluster: Cluster, transpile: Transpile, write: Write) -> None:
    """The same characters, as a default and as `-p`, give the same text."""
    passed = {
        "day": "007", "rows": "5", "rate": "1e-3", "fast": "false", "mode": "prod", "days": "[3,  x]",
        "options": "{b: 1, a: [true]}", "note": "a: b # c", "most": "3", "debug": "true", "region": "us",
    }  # fmt: skip
    changed = INPUTS
    for old, name in (("10", "rows"), ("0.5", "rate"), ("true", "fast"), ("[1, 2]", "days")):
        changed = changed.replace(f"  {name}: {old}\n", f"  {name}: {passed[name]}\n")
    changed = changed.replace("default: {depth: 3}", f"default: {passed['options']}")
    folder = write({"pipeline.yaml": INPUTS, "changed.yaml": changed})
    words = [word for name, value in passed.items() for word in ("-p", f"{name}={value}")]
    assert transpile("submit", folder / "pipeline.yaml", *words).code == 0
    sent = values_of(cluster.posted[0])
    as_defaults = values_of(transpile("compile", folder / "changed.yaml").workflow)
    for name in ("rows", "rate", "fast", "days", "options"):
        assert (
            sent[name] == as_defaults[name] != values_of(transpile("compile", folder / "pipeline.yaml").workflow)[name]
        )
    texts = {"day": "007", "mode": "prod", "note": "a: b # c", "most": "3", "debug": "True", "region": "us"}
    assert {name: sent[name] for name in texts} == texts
    region = next(each for each in cluster.posted[0]["spec"]["arguments"]["parameters"] if each["name"] == "region")
    assert region == {"name": "region", "value": "us"}


def test_files_of_parameters(cluster: Cluster, transpile: Transpile, write: Write) -> None:
    """Later files win over earlier ones, and `-p` over all."""
    one = "day: 2026-01-31\nrows: 0x10\ndays: [1, {a: 2}]\nmost:\n"
    folder = write({"pipeline.yaml": INPUTS, "one.yaml": one, "two.json": '{"rows": 7, "rate": 2, "fast": false}'})
    files = ["--parameter-file", folder / "one.yaml", "--parameter-file", folder / "two.json"]
    assert transpile("submit", folder / "pipeline.yaml", *files, "-p", "rate=3").code == 0
    sent = values_of(cluster.posted[0])
    assert {name: sent[name] for name in ("day", "rows", "rate", "fast", "days", "most")} == {
        "day": "2026-01-31", "rows": "7", "rate": "3", "fast": "False", "days": '[1, {"a": 2}]', "most": "",
    }  # fmt: skip


def test_an_optional_input_can_be_passed_empty(cluster: Cluster, transpile: Transpile, write: Write) -> None:
    folder = write({"pipeline.yaml": INPUTS})
    assert transpile("submit", folder / "pipeline.yaml", "-p", "day=", "-p", "most=").code == 0
    assert (values_of(cluster.posted[0])["day"], values_of(cluster.posted[0])["most"]) == ("", "")


def test_a_pipeline_of_several_objects(cluster: Cluster, transpile: Transpile, write: Write) -> None:
    """The templates come first; a second run finds them, since their names have a digest of what is in them."""
    script = "x" * 4000
    task = "{template: {container: {image: a, command: [sh, -c, %s], args: ['%d']}}}"
    tasks = "".join(f"  t{number}: {task % (script, number)}\n" for number in range(420))
    folder = write({"pipeline.yaml": f"name: large\ntasks:\n{tasks}"})
    done = transpile("submit", folder / "pipeline.yaml")
    assert done.code == 0, done.stderr
    kinds = [each["kind"] for each in cluster.posted]
    assert len(kinds) > 2
    assert kinds == ["WorkflowTemplate"] * (len(kinds) - 1) + ["Workflow"]
    assert f"workflowtemplate/{cluster.posted[0]['metadata']['name']} created" in done.stderr
    again = transpile("submit", folder / "pipeline.yaml")
    assert again.code == 0
    assert f"workflowtemplate/{cluster.posted[0]['metadata']['name']} is there already" in again.stderr
    assert [each["kind"] for each in cluster.posted[len(kinds) :]] == ["Workflow"]


def test_a_schedule_is_run_once(cluster: Cluster, transpile: Transpile) -> None:
    """And the warning that a Workflow has no schedule is not of interest, not even with --strict."""
    done = transpile("submit", REPOSITORY / "samples" / "features" / "schedule" / "pipeline.yaml", "--strict", "-q")
    assert done.code == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout == f"{cluster.posted[0]['metadata']['name']}\n"
    assert cluster.posted[0]["kind"] == "Workflow"


def test_files_that_only_callers_pass_are_refused(cluster: Cluster, transpile: Transpile, write: Write) -> None:
    task = "{template: {inputs: {artifacts: [{name: a, path: /a}]}, container: {image: a, command: [a]}}"
    task = f"{task}, arguments: {{a: '${{{{ inputs.f }}}}'}}}}"
    text = f"name: one\ninputs: {{f: {{artifact: {{}}}}}}\ntasks:\n  a: {task}\n"
    folder = write({"pipeline.yaml": text})
    done = transpile("submit", folder / "pipeline.yaml")
    assert done.code == 1
    assert "compile to a WorkflowTemplate, whose callers pass it" in done.stderr
    assert not cluster.posted


def test_what_would_be_sent(cluster: Cluster, transpile: Transpile) -> None:
    done = transpile("submit", ADD, "-p", "a=9", "--dry-run")
    assert done.stdout == transpile("compile", ADD).stdout.replace("value: '7'", "value: '9'")
    assert not cluster.asked


def test_the_project_of_the_manifest_counts_wherever_the_command_runs(transpile: Transpile) -> None:
    """Its catalogs are found; the working folder has no project file."""
    manifest = REPOSITORY / "samples" / "project" / "pipelines" / "demand" / "pipeline.yaml"
    result = transpile("submit", manifest, "--dry-run")
    assert "kind: Workflow" in result.stdout, result.stderr


def test_a_manifest_is_named_as_for_compile(
    transpile: Transpile, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Standard input has the environments of the file that it is named after; a values file, or none, is refused."""
    text = f"name: one\ninputs: {{text: a}}\ntasks: {{a: {{component: {ECHO}, arguments: {{text: b}}}}}}\n"
    monkeypatch.chdir(write({"p.yaml": text, "p.prod.yaml": "namespace: prod\n"}))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    done = transpile("submit", "-", "--stdin-filename", "p.yaml", "--env", "prod", "--dry-run")
    assert "namespace: prod" in done.stdout
    for name, said in (
        ("p.prod.yaml", "name its manifest: p.yaml --env prod"),
        ("none.yaml", "cannot read `none.yaml`"),
    ):
        done = transpile("submit", name, "--env", "prod", "--dry-run")
        assert (done.code, said in done.stderr) == (2, True)


def test_the_cluster_judges_without_keeping(cluster: Cluster, transpile: Transpile) -> None:
    if kubectl.version() < (1, 27):
        pytest.skip("this kubectl looks in OpenAPI v2 for what can be tried; 1.27 and newer look in v3, which we serve")
    done = transpile("submit", ADD, "--dry-run=server")
    assert (done.code, done.stdout) == (0, "the cluster would accept it: workflow/add-example-00001\n")
    assert cluster.asked[-1][0] == "POST"
    assert not cluster.posted
    cluster.has_argo = False
    assert transpile("submit", ADD, "--dry-run=server").code == 1


# ---------------------------------------------------------------------- what is not sent


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rows=abc"], ["type-mismatch", "the string `abc` is not of type Integer", "1 | -p rows=abc", "rows: 10"]),
        (["rows=1.5"], ["type-mismatch", "`1.5` is not of type Integer"]),
        (["rows="], ["type-mismatch", "the empty string is not of type Integer"]),
        (["rows=99999999999999999999"], ["type-mismatch", "not a valid Integer for Argo"]),
        (["rate=fast"], ["type-mismatch", "is not of type Float", "write a number, such as 0.5"]),
        (["rate=nan"], ["not a valid Float for Argo"]),
        (["fast=yes"], ["is not of type Boolean", "write `true` or `false`"]),
        (["days=1"], ["is not of type JsonArray"]),
        (["options=[1]"], ["a list is not of type JsonObject"]),
        (["options={a: 1"], ["is not of type JsonObject"]),
        (["mode=prd"], ["wrong-value", "`prd` is not in the `enum` of input `mode`", "did you mean `prod`?"]),
        (["row=1"], ["unknown-input", "has no input `row`", "did you mean `rows`?"]),
        (["orders=a.csv"], ["type-mismatch", "`orders` is a file"]),
        (["note={{workflow.name}}"], ["argo-tag", "{{workflow.name}}"]),
        (["rows=1", "rows=2"], ["duplicate-name", "`rows` is passed twice", "2 | -p rows=2", "1 | -p rows=1"]),
        (["rows"], ["wrong-value", "`-p` takes NAME=VALUE"]),
        (["=1"], ["wrong-value", "`-p` takes NAME=VALUE"]),
    ],
)  # fmt: skip
def test_wrong_values(words: list[str], said: list[str], cluster: Cluster, transpile: Transpile, write: Write) -> None:
    folder = write({"pipeline.yaml": INPUTS})
    given = [part for word in ["day=monday", *words] for part in ("-p", word)]
    done = transpile("submit", folder / "pipeline.yaml", *given[2:], *given[:2])
    assert done.code == 1
    assert done.stdout == ""
    for each in said:
        assert each in done.stderr
    assert done.stderr.endswith("\n1 error\n")
    assert not cluster.asked


def test_all_mistakes_in_one_run(transpile: Transpile, write: Write) -> None:
    """Those of the manifest, of a file and of the command line."""
    folder = write(
        {
            "pipeline.yaml": INPUTS.replace("rows: 10", "rows: ten\n  rows2: {type: Integer, default: x}"),
            "p.yaml": "rate: x\nmodus: dev\n",
        }
    )
    done = transpile(
        "submit", folder / "pipeline.yaml", "--parameter-file", folder / "p.yaml", "-p", "fast=1", "--format", "json"
    )
    assert done.code == 1
    found = {(each["code"], Path(each["file"]).name, each["line"]) for each in done.problems}
    assert found >= {
        ("wrong-default", "pipeline.yaml", 5),
        ("type-mismatch", "p.yaml", 1),
        ("unknown-input", "p.yaml", 2),
        ("type-mismatch", "command line", 1),
        ("missing-argument", "pipeline.yaml", 3),
    }


@pytest.mark.parametrize("text", ["- a\n", "a: {\n", "a"])
def test_a_file_that_maps_nothing(text: str, transpile: Transpile, write: Write) -> None:
    folder = write({"p.yaml": text})
    done = transpile("submit", ADD, "--parameter-file", folder / "p.yaml", "--format", "concise")
    assert done.code == 1
    assert "p.yaml:1:" in done.stderr
    assert transpile("submit", ADD, "--parameter-file", folder / "none.yaml").code == 2


def test_a_secret_is_not_shown(transpile: Transpile, write: Write) -> None:
    folder = write({"pipeline.yaml": INPUTS.replace("day: ", "password: ").replace("inputs.day", "inputs.password")})
    done = transpile("submit", folder / "pipeline.yaml", "-p", "password=hunter2-X9", "--dry-run", "--strict")
    assert done.code == 1
    assert "secret-in-manifest" in done.stderr
    assert "hunter2" not in done.stderr + done.stdout


def test_the_name_of_a_secret_is_none(transpile: Transpile, write: Write) -> None:
    """Wherever it is used: what `check` does not warn of as a default is not warned of as a value of a run."""
    name = "{valueFrom: {secretKeyRef: {name: '${{ inputs.db_secret }}', key: k}}}"
    text = f"""\
name: one
inputs: {{db_secret: {{type: String, default: shop-Team_X9}}}}
tasks: {{a: {{component: {ECHO}, arguments: {{text: b}}}}}}
onExit: {{b: {{component: {ECHO}, arguments: {{text: b}}, env: {{P: {name}}}}}}}
"""
    path = write({"pipeline.yaml": text}) / "pipeline.yaml"
    assert transpile("check", path, "--strict").code == 0
    done = transpile("submit", path, "-p", "db_secret=shop-Team_X9", "--dry-run", "--strict")
    assert (done.code, done.stderr) == (0, "")


def test_values_that_a_cluster_cannot_store(transpile: Transpile, write: Write) -> None:
    folder = write({"p.yaml": f"day: {'x' * 1_048_000}\n", "pipeline.yaml": INPUTS})
    done = transpile("submit", folder / "pipeline.yaml", "--parameter-file", folder / "p.yaml", "--dry-run")
    assert done.code == 1
    assert "too-large" in done.stderr
    assert "store the value of `day` as a file" in done.stderr


# ---------------------------------------------------------------------- what a cluster refuses


def test_a_cluster_without_argo(cluster: Cluster, transpile: Transpile) -> None:
    cluster.has_argo = False
    done = transpile("submit", ADD)
    assert done.code == 1
    assert 'no matches for kind "Workflow"' in done.stderr
    assert "hint: Argo Workflows is not installed in this cluster" in done.stderr
    assert "`transpile doctor`" in done.stderr


@pytest.mark.usefixtures("cluster")
def test_a_namespace_that_is_not_there(transpile: Transpile) -> None:
    done = transpile("submit", ADD, "-n", "nowhere")
    assert done.code == 1
    assert "hint: create it: `kubectl create namespace nowhere`" in done.stderr


def test_what_the_user_may_not_do(cluster: Cluster, transpile: Transpile) -> None:
    cluster.forbidden.add(("create", "workflows"))
    done = transpile("submit", ADD)
    assert done.code == 1
    assert 'User "ann" cannot create resource "workflows"' in done.stderr
    assert "hint: ask for a role that allows it" in done.stderr
    assert "secret-token-of-ann" not in done.stderr


@pytest.mark.usefixtures("cluster")
def test_a_name_that_is_taken(transpile: Transpile, write: Write) -> None:
    folder = write({"pipeline.yaml": f"argo: {{metadata: {{name: fixed}}}}\n{INPUTS}"})
    assert transpile("submit", folder / "pipeline.yaml", "-p", "day=a").code == 0
    done = transpile("submit", folder / "pipeline.yaml", "-p", "day=a")
    assert done.code == 1
    assert '"fixed" already exists' in done.stderr
    assert "hint: choose another name, or delete the object" in done.stderr


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["--context", "staging"], "`kubectl config get-contexts` lists the contexts"),
        (["--kubeconfig", "/no/such/file"], "pass the file of the cluster with `--kubeconfig`"),
    ],
)
def test_a_cluster_that_is_not_there(words: list[str], hint: str, cluster: Cluster, transpile: Transpile) -> None:
    done = transpile("submit", ADD, *words)
    assert done.code == 1
    assert f"hint: {hint}" in done.stderr
    assert not cluster.asked


@pytest.mark.usefixtures("cluster")
def test_a_cluster_that_does_not_run(alone: Path, transpile: Transpile) -> None:
    config = json.loads((alone / "kubeconfig").read_text())
    config["clusters"][0]["cluster"]["server"] = "http://127.0.0.1:9"
    (alone / "kubeconfig").write_text(json.dumps(config))
    done = transpile("submit", ADD)
    assert done.code == 1
    assert "hint: check that the cluster runs and can be reached" in done.stderr


def test_no_program(programs: Programs, transpile: Transpile) -> None:
    done = transpile("submit", ADD)
    assert done.code == 1
    assert "there is no `kubectl or argo` on PATH" in done.stderr
    assert "--dry-run" in done.stderr
    programs("kubectl", {})
    assert "there is no `argo` on PATH" in transpile("submit", ADD, "--with", "argo").stderr


# ---------------------------------------------------------------------- odd answers, by stand-ins

CREATED = json.dumps({"kind": "Workflow", "metadata": {"name": "add-example-x7k2p", "namespace": "ml"}})


def test_argo_where_there_is_no_kubectl(programs: Programs, transpile: Transpile) -> None:
    argo = programs("argo", {("submit",): [{"stdout": CREATED}]})
    done = transpile("submit", ADD, "-p", "b=2", "--context", "staging", "-n", "ml", "--kubeconfig", "k.yaml")
    assert (done.code, done.stdout) == (0, "workflow/add-example-x7k2p created in namespace ml\n")
    assert "follow it: argo watch add-example-x7k2p -n ml --context=staging --kubeconfig=k.yaml\n" in done.stderr
    (call,) = argo.calls
    assert call["words"] == [
        "submit", "--output=json", "--context=staging", "--namespace=ml", "--kubeconfig=k.yaml", "-",
    ]  # fmt: skip
    assert values_of(YAML(typ="safe").load(call["stdin"])) == {"a": "7", "b": "2"}


@pytest.mark.parametrize(
    "stderr",
    [
        """\
time=2026-01-31T03:00:00.662Z level=ERROR msg="Create request failed" error="namespaces \\"ml\\" not found"
Error: failed to submit workflow: rpc error: code = NotFound desc = namespaces "ml" not found
""",
        'time="2026-01-31T03:00:00.662Z" level=fatal msg="Failed to submit workflow: namespaces \\"ml\\" not found"\n',
    ],
)
def test_what_argo_says_of_an_error(stderr: str, programs: Programs, transpile: Transpile) -> None:
    """Of version 4, and of version 3."""
    programs("argo", {("submit",): [{"stderr": stderr, "code": 1}]})
    first, second = transpile("submit", ADD).stderr.splitlines()
    assert first.lower().startswith("transpile: error: argo: failed to submit workflow: ")
    assert first.endswith('namespaces "ml" not found')
    assert second.startswith("  hint: create it: `kubectl create namespace ml`")


def test_argo_where_it_has_a_server(programs: Programs, transpile: Transpile, monkeypatch: pytest.MonkeyPatch) -> None:
    argo, kubectl = programs("argo", {("submit",): [{"stdout": CREATED}]}), programs("kubectl", {})
    monkeypatch.setenv("ARGO_SERVER", "argo.example.com:443")
    done = transpile("submit", ADD)
    assert done.code == 0, done.stderr
    assert "in Argo's UI: https://argo.example.com:443/workflows/ml/add-example-x7k2p" in done.stderr
    assert (len(argo.calls), len(kubectl.calls)) == (1, 0)


def test_parts_through_argo(programs: Programs, transpile: Transpile, write: Write) -> None:
    exists = {
        "stderr": 'failed to create workflow template: workflowtemplates.argoproj.io "x" already exists',
        "code": 1,
    }
    argo = programs("argo", {("template", "create"): [{"stdout": CREATED}, exists], ("submit",): [{"stdout": CREATED}]})
    task = "{template: {container: {image: a, command: [sh, -c, %s], args: ['%d']}}}"
    tasks = "".join(f"  t{number}: {task % ('x' * 4000, number)}\n" for number in range(420))
    pipeline = write({"pipeline.yaml": f"name: large\ntasks:\n{tasks}"}) / "pipeline.yaml"
    tried = transpile("submit", pipeline, "--dry-run=server")
    assert (tried.code, argo.calls) == (1, [])
    assert "hint: use `--with kubectl`" in tried.stderr
    done = transpile("submit", pipeline)
    assert done.code == 0, done.stderr
    assert [call["words"][0] for call in argo.calls][-1] == "submit"
    assert done.stderr.count("is there already") == len(argo.calls) - 2 > 0


def test_text_of_a_cluster_does_not_reach_the_terminal(programs: Programs, transpile: Transpile) -> None:
    evil = json.dumps({"metadata": {"name": "a\x1b[2J\u202eb", "namespace": "\x1b]0;x\x07"}})
    programs("kubectl", {("create",): [{"stdout": evil}]})
    done = transpile("submit", ADD)
    assert done.code == 0
    assert "\x1b" not in done.stdout + done.stderr
    assert "\u202e" not in done.stdout + done.stderr
    programs("kubectl", {("create",): [{"stderr": "error: \x1b[31mno\x1b[0m\n", "code": 1}]})
    done = transpile("submit", ADD)
    assert (done.code, done.stderr.splitlines()[0]) == (1, "transpile: error: kubectl: \\x1b[31mno\\x1b[0m")


@pytest.mark.parametrize("stdout", ["", "created\n", "[]", '{"metadata"', "[" * 100_000])
def test_an_answer_that_is_none(stdout: str, programs: Programs, transpile: Transpile) -> None:
    programs("kubectl", {("create",): [{"stdout": stdout}]})
    done = transpile("submit", ADD)
    assert (done.code, done.stderr) == (1, "transpile: error: kubectl: the answer is not an object in JSON\n")


def test_a_program_that_hangs_is_ended(programs: Programs) -> None:
    stuck = programs("kubectl", {("create",): [{"seconds": 60}]})
    client = Kubectl(str(stuck.folder / "kubectl"), Access(), seconds=1.0)
    started = time.monotonic()
    with pytest.raises(ClusterError, match="has not ended after 1 seconds"):
        client.create({"kind": "Workflow", "metadata": {"generateName": "a-"}})
    assert time.monotonic() - started < 10


def test_options_are_not_words_of_their_own(programs: Programs, transpile: Transpile) -> None:
    """A value that looks like an option stays a value."""
    kubectl = programs("kubectl", {("create",): [{"stdout": CREATED}]})
    assert transpile("submit", ADD, "--context=--token=x", "--namespace=--all").code == 0
    assert kubectl.calls[0]["words"][-2:] == ["--context=--token=x", "--namespace=--all"]


# ---------------------------------------------------------------------- following a run


def node(name: str, phase: str, kind: str = "Pod", parent: str = "r", **others: Any) -> dict[str, Any]:
    times = {"startedAt": "2026-01-31T03:00:00Z"} | (
        {"finishedAt": "2026-01-31T03:01:05Z"} if phase not in ("Running", "Pending") else {}
    )
    return {
        "id": others.pop("key", name),
        "name": f"{'r' if parent == 'r' else 'r.inner'}.{name}",
        "displayName": name,
        "phase": phase,
        "type": kind,
        "boundaryID": parent,
        **times,
        **others,
    }


def status(phase: str, *nodes: dict[str, Any], outputs: dict[str, str] | None = None, **others: Any) -> dict[str, Any]:
    found = {each["id"]: each for each in nodes}
    values = [{"name": name, "value": value} for name, value in (outputs or {}).items()]
    found["r"] = {
        "id": "r",
        "name": "r",
        "displayName": "r",
        "type": "DAG",
        "phase": phase,
        "outputs": {"parameters": values},
    }
    ended = {"finishedAt": "2026-01-31T03:02:00Z"} if phase in ("Succeeded", "Failed", "Error") else {}
    return {"phase": phase, "startedAt": "2026-01-31T03:00:00Z", **ended, "nodes": found, **others}


def run_of(*steps: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"stdout": json.dumps({"metadata": {"name": "r", "namespace": "ml"}, "status": each})} for each in steps]


NAMED = f"""\
name: named
tasks:
  load_data: {{component: {ECHO}, arguments: {{text: a}}, retry: 2}}
  inner:
    tasks:
      fit_it: {{component: {ECHO}, arguments: {{text: a}}, forEach: [a, b]}}
"""
MADE = json.dumps({"kind": "Workflow", "metadata": {"name": "r", "namespace": "ml"}})


def test_a_run_is_followed_to_its_end(programs: Programs, transpile: Transpile, write: Write) -> None:
    """In the names of the manifest; a line for each task that starts or ends, tries only when they fail."""
    group = node("inner", "Running", "DAG", key="g")
    tries = {"type": "Retry", "children": ["load-0", "load-1"]}
    first = [node("load-data", "Running", "Retry", children=["load-0"]), node("load-data(0)", "Running", key="load-0")]
    second = [
        node("load-data", "Running", "Retry", children=["load-0", "load-1"]),
        node("load-data(0)", "Failed", key="load-0", message="OOMKilled (exit code 137)"),
        node("load-data(1)", "Running", key="load-1"),
    ]
    reason = {"message": "when 'x == y' evaluated false", "finishedAt": "2026-01-31T03:01:10Z"}
    third = [
        {**node("load-data", "Succeeded"), **tries},
        second[1],
        node("load-data(1)", "Succeeded", key="load-1"),
        group,
        node("fit-it(0:a)", "Running", parent="g", key="f0"),
        {**node("fit-it(1:b)", "Skipped", "Skipped", parent="g", key="f1"), **reason},
    ]
    last = [*third[:3], group, node("fit-it(0:a)", "Succeeded", parent="g", key="f0"), third[5]]
    steps = [status("Running"), status("Running", *first), status("Running", *second), status("Running", *third)]
    answers = run_of(*steps, status("Succeeded", *last, outputs={"score": "0.93"}))
    kubectl = programs("kubectl", {("create",): [{"stdout": MADE}], ("get",): answers})
    pipeline = write({"pipeline.yaml": NAMED}) / "pipeline.yaml"
    done = transpile("submit", pipeline, "--watch", "--poll", "0.01")
    assert done.code == 0, done.stderr
    assert done.stdout.splitlines() == [
        "workflow/r created in namespace ml",
        "Running    load_data",
        "Failed     load_data, try 1  (1 min 5 s): OOMKilled (exit code 137)",
        "Succeeded  load_data  (1 min 5 s)",
        "Skipped    inner / fit_it(1:b): when 'x == y' evaluated false",
        "Running    inner / fit_it(0:a)",
        "Succeeded  inner / fit_it(0:a)  (1 min 5 s)",
        "Succeeded  r  (2 min)",
        "           score: 0.93",
    ]
    assert kubectl.calls[1]["words"] == ["get", "workflows.argoproj.io", "--output=json", "--namespace=ml", "--", "r"]


def test_a_failed_run_fails_the_command(programs: Programs, transpile: Transpile) -> None:
    evil = node("sum", "Failed", message="\x1b[2Jgone")
    programs(
        "kubectl",
        {("create",): [{"stdout": MADE}], ("get",): run_of(status("Failed", evil, message="child 'r' failed"))},
    )
    done = transpile("submit", ADD, "--watch", "--color", "always")
    assert done.code == 1
    assert "\x1b[31mFailed   \x1b[0m  sum  (1 min 5 s): \\x1b[2Jgone\n" in done.stdout
    assert done.stdout.endswith("r  (2 min): child 'r' failed\n")
    machine = transpile("submit", ADD, "--watch", "--format", "json")
    told = json.loads(machine.stdout)
    assert (machine.code, told["phase"], told["message"]) == (1, "Failed", "child 'r' failed")
    task = {"name": "sum", "phase": "Failed", "message": "\x1b[2Jgone", "seconds": 65, "outputs": {}}
    assert told["tasks"] == [task]
    assert "\x1b" not in machine.stdout


def test_nodes_that_argo_has_packed(programs: Programs, transpile: Transpile) -> None:
    whole = status("Succeeded", node("sum", "Succeeded"), outputs={"result": "24"})
    packed = base64.b64encode(gzip.compress(json.dumps(whole.pop("nodes")).encode())).decode()
    broken = {**whole, "compressedNodes": "AAAA"}
    programs(
        "kubectl", {("create",): [{"stdout": MADE}], ("get",): run_of({**whole, "compressedNodes": packed}, broken)}
    )
    assert "result: 24\n" in transpile("submit", ADD, "--watch").stdout
    assert transpile("submit", ADD, "--watch").stdout.endswith("Succeeded  r  (2 min)\n")


def test_a_cluster_that_is_away_for_a_moment(programs: Programs, transpile: Transpile) -> None:
    lost = {"stderr": "Unable to connect to the server: net/http: TLS handshake timeout\n", "code": 1}
    answers = [lost, lost, *run_of(status("Succeeded"))]
    kubectl = programs("kubectl", {("create",): [{"stdout": MADE}], ("get",): answers})
    assert transpile("submit", ADD, "--watch", "--poll", "0.01").code == 0
    assert len(kubectl.calls) == 4


def test_a_run_that_is_gone(programs: Programs, transpile: Transpile) -> None:
    gone = {"stderr": 'Error from server (NotFound): workflows.argoproj.io "r" not found\n', "code": 1}
    kubectl = programs("kubectl", {("create",): [{"stdout": MADE}], ("get",): [gone]})
    done = transpile("submit", ADD, "--watch")
    assert done.code == 1
    assert "to follow it again: kubectl get workflow r -n ml --watch" in done.stderr
    assert len(kubectl.calls) == 2


def test_ctrl_c_leaves_the_run_alive(alone: Path) -> None:
    stand_in(
        alone / "bin",
        "kubectl",
        {("create",): [{"stdout": MADE}], ("get",): run_of(status("Running", node("sum", "Running")))},
    )
    command = [sys.executable, "-m", "transpiler", "submit", str(ADD), "--watch"]
    environment = {**os.environ, "PATH": str(alone / "bin"), "PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "workflow/r created in namespace ml\n"
        assert process.stdout.readline() == "Running    sum\n"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "the run goes on; to follow it again: kubectl get workflow r -n ml --watch" in errors
    assert "Traceback" not in errors


def test_a_run_is_followed_with_the_real_kubectl(cluster: Cluster, transpile: Transpile) -> None:
    def now(_: dict[str, Any], time_asked: int) -> dict[str, Any]:
        return status("Running" if time_asked == 1 else "Succeeded", node("sum", "Succeeded"))

    cluster.status = now
    done = transpile("submit", ADD, "--watch", "--poll", "0.01")
    assert done.code == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("Succeeded  add-example-00001")
    assert [path for method, path in cluster.asked if "/workflows/" in path] == [
        "/apis/argoproj.io/v1alpha1/namespaces/argo/workflows/add-example-00001"
    ] * 2
