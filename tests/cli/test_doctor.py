"""`transpile doctor`: what it sees of this machine and of a cluster, and its exit codes."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.clusters import alone, cluster, programs
from tests.conftest import REPOSITORY, Result, Transpile
from tests.support.api_server import Cluster
from tests.support.stand_in import StandIn
from transpiler import __version__

__all__ = ["alone", "cluster", "programs"]
ADD = REPOSITORY / "samples" / "add" / "pipeline.yaml"
Write = Callable[[dict[str, str]], Path]
Programs = Callable[..., StandIn]
KINDS = ("workflows", "workflowtemplates", "cronworkflows", "clusterworkflowtemplates", "workflowtaskresults")
MINIMAL = {"type": "object", "x-kubernetes-map-type": "atomic", "x-kubernetes-preserve-unknown-fields": True}


def with_argo(cluster: Cluster, spec: dict[str, Any] | None = None, image: str = "v4.0.7", ready: int = 1) -> None:
    """Argo as its quick start installs it: definitions, a controller, the files of both in `argo`."""
    for kind in KINDS:
        schema = {"properties": {"spec": MINIMAL if spec is None else {"properties": spec}}}
        versions = [{"name": "v1alpha1", "schema": {"openAPIV3Schema": schema}}]
        node = {"metadata": {"name": f"{kind}.argoproj.io"}, "spec": {"group": "argoproj.io", "versions": versions}}
        kept = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", **node}
        cluster.put("customresourcedefinitions", kept)
    containers = [{"name": "workflow-controller", "image": f"quay.io/argoproj/workflow-controller:{image}"}]
    deployment = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "workflow-controller", "namespace": "argo"},
        "spec": {"template": {"spec": {"containers": containers}}},
        "status": {"readyReplicas": ready} if ready else {},
    }
    cluster.put("deployments", deployment)
    repository = (
        "s3:\n  bucket: my-bucket\n  endpoint: minio:9000\n  accessKeySecret: {name: my-minio, key: accesskey}\n"
    )
    config = {"metadata": {"name": "workflow-controller-configmap", "namespace": "argo"}}
    data = {"artifactRepository": repository}
    cluster.put("configmaps", {"apiVersion": "v1", "kind": "ConfigMap", **config, "data": data})


def lines(done: Result) -> dict[str, tuple[str, str, str]]:
    """What was looked at → state, what was seen, what to do."""
    return {each["name"]: (each["state"], each["seen"], each["hint"]) for each in json.loads(done.stdout)}


def test_a_cluster_where_all_is_well(cluster: Cluster, transpile: Transpile) -> None:
    with_argo(cluster)
    done = transpile("doctor", "--cluster")
    assert done.code == 0, done.stdout
    shown = " ".join(done.stdout.split())
    assert "This machine ok transpile " + __version__ in shown
    assert "ok cluster Kubernetes v1.31.4 at http://127.0.0.1:" in shown
    for each in (
        "ok Argo's resources minimal definitions",
        "ok controller workflow-controller 4.0.7 in namespace argo",
        "ok artifact repository s3, by the controller in argo",
        "ok namespace argo",
        "ok you may create Workflows in argo",
        "ok service account default",
        "ok pods of a run may store their results, as default",
    ):
        assert each in shown
    assert "my-minio" not in shown
    assert "secret-token-of-ann" not in done.stdout + done.stderr
    assert not cluster.posted


def test_a_cluster_where_nothing_is_set_up(cluster: Cluster, transpile: Transpile) -> None:
    """Each line says what to do. What nobody asks for fails nothing."""
    cluster.refused = {("system:serviceaccount:ml:runner", verb, "workflowtaskresults") for verb in ("create", "patch")}
    done = transpile("doctor", "-n", "ml", "--service-account", "runner", "--format", "json")
    assert done.code == 1
    found = lines(done)
    assert found["Argo's resources"][:2] == ("problem", "there are none")
    assert "quick-start" in found["Argo's resources"][2]
    assert found["service account"][0] == "problem"
    assert found["service account"][2] == "`kubectl create serviceaccount runner -n ml`"
    assert found["pods of a run"][:2] == (
        "problem",
        "may not create or patch workflowtaskresults, as runner: every task would fail",
    )
    assert "--verb=create,patch --resource=workflowtaskresults.argoproj.io -n ml" in found["pods of a run"][2]
    assert "--serviceaccount=ml:runner" in found["pods of a run"][2]
    assert found["artifact repository"][0] == "warning"
    assert found["controller"][0] == "unknown"
    assert transpile("doctor").code == 0
    cluster.has_argo = False
    without = lines(transpile("doctor", "--format", "json"))
    assert without["Argo's resources"][0] == "problem"
    assert (without["you"][0], without["pods of a run"][0]) == ("unknown", "unknown")


@pytest.mark.parametrize(
    ("fields", "seen"),
    [
        ({"podPriority": {}, "synchronization": {"properties": {"mutex": {}}}}, "full definitions of 3.6 or older"),
        ({"synchronization": {"properties": {"mutex": {}, "mutexes": {}}}}, "full definitions of 3.7"),
        ({"synchronization": {"properties": {"mutexes": {}}}}, "full definitions of 4.0 or newer"),
    ],
)
def test_which_argo_its_definitions_are_of(
    fields: dict[str, Any], seen: str, cluster: Cluster, transpile: Transpile
) -> None:
    with_argo(cluster, fields)
    assert lines(transpile("doctor", "--format", "json"))["Argo's resources"][1] == seen


def test_an_older_argo_than_the_target(cluster: Cluster, transpile: Transpile) -> None:
    with_argo(cluster, image="v3.6.2")
    done = transpile("doctor", "--argo", "4.0", "--format", "json")
    assert done.code == 0
    state, seen, hint = lines(done)["controller"]
    assert (state, seen) == ("warning", "workflow-controller 3.6.2 in namespace argo")
    assert hint == "Workflows are written for Argo 4.0; compile and submit with `--argo 3.6`"
    assert lines(transpile("doctor", "--argo", "3.6", "--format", "json"))["controller"][0] == "ok"
    state, _, hint = lines(transpile("doctor", "--format", "json"))["controller"]
    assert (state, hint[:49]) == ("warning", "Workflows are written for Argo 4.0 and newer; com")


def test_a_controller_that_does_not_run(cluster: Cluster, transpile: Transpile) -> None:
    with_argo(cluster, ready=0)
    done = transpile("doctor", "--cluster", "--format", "json")
    assert done.code == 1
    assert lines(done)["controller"][:2] == ("problem", "workflow-controller 4.0.7 in namespace argo is not ready")


def test_a_user_who_may_look_at_little(cluster: Cluster, transpile: Transpile) -> None:
    """What cannot be looked at is unknown, and no problem."""
    with_argo(cluster)
    resources = ("customresourcedefinitions", "namespaces", "configmaps", "serviceaccounts")
    cluster.forbidden = {("get", each) for each in resources} | {("list", "deployments")}
    done = transpile("doctor", "--cluster", "--format", "json")
    assert done.code == 0, done.stdout
    found = lines(done)
    assert found["Argo's resources"][:2] == ("ok", "served")
    assert {found[name][0] for name in ("controller", "namespace", "service account", "artifact repository")} == {
        "unknown"
    }
    assert found["you"][0] == "ok"


def test_a_user_who_may_not_create_runs(cluster: Cluster, transpile: Transpile) -> None:
    with_argo(cluster)
    cluster.forbidden.add(("create", "workflows"))
    assert lines(transpile("doctor", "--format", "json"))["you"][0] == "problem"


def test_a_repository_of_the_namespace(cluster: Cluster, transpile: Transpile) -> None:
    with_argo(cluster)
    annotation = {"workflows.argoproj.io/default-artifact-repository": "mine"}
    metadata = {"name": "artifact-repositories", "namespace": "ml", "annotations": annotation}
    data = {"mine": "gcs:\n  bucket: b\n", "other": "s3: {}"}
    cluster.put("configmaps", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data})
    found = lines(transpile("doctor", "-n", "ml", "--format", "json"))
    assert found["artifact repository"][:2] == ("ok", "gcs, by artifact-repositories in ml")


FILES = """\
name: files
namespace: ml
serviceAccountName: runner
tasks:
  make:
    component:
      outputs: [{name: table, type: CSV}]
      implementation: {container: {image: 'alpine:3.20', command: [touch, {outputPath: table}]}}
  read:
    component:
      inputs: [{name: table, type: CSV}]
      implementation: {container: {image: 'alpine:3.20', command: [cat, {inputPath: table}]}}
    arguments: {table: "${{ tasks.make.output }}"}
"""


def test_what_a_manifest_needs(cluster: Cluster, transpile: Transpile, write: Write) -> None:
    """Its namespace, its account, and a repository only if files travel."""
    with_argo(cluster)
    del cluster.objects["configmaps", "argo", "workflow-controller-configmap"]
    folder = write({"pipeline.yaml": FILES, "wrong.yaml": "name: wrong\ntasks: {a: {component: nowhere}}\n"})
    done = transpile("doctor", folder / "pipeline.yaml", "--format", "json")
    assert done.code == 1
    found = lines(done)
    assert found["namespace"][:2] == ("ok", "ml")
    assert found["service account"][:2] == ("problem", "there is no service account runner in ml")
    assert found["artifact repository"][:2] == ("problem", "there is none")
    done = transpile("doctor", ADD, "--format", "json")
    assert (done.code, lines(done)["artifact repository"][:2]) == (0, ("ok", "there is none"))
    wrong = transpile("doctor", folder / "wrong.yaml")
    assert (wrong.code, wrong.stdout) == (1, "")
    assert "missing-component" in wrong.stderr


def test_a_manifest_from_a_pipe(cluster: Cluster, transpile: Transpile) -> None:
    """It can be read once only, as `<(command)` of a shell makes it."""
    with_argo(cluster)
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb") as pipe:
        pipe.write(b"name: a\nnamespace: ml\ntasks: {a: {template: {container: {image: a, command: [a]}}}}\n")
    with os.fdopen(reader, "rb"):
        done = transpile("doctor", f"/dev/fd/{reader}", "--format", "json")
    assert lines(done)["namespace"][:2] == ("ok", "ml")


NAMES = """\
name: names
tasks:
  a:
    component: {implementation: {container: {image: 'alpine:3.20', command: [echo]}}}
    secrets: {TOKEN: shop/token, OTHER: {secret: maybe, key: k, optional: true}}
    volumes: {/data: {claim: data}, /etc/app: {configMap: settings}}
  b: {templateRef: {name: shared, template: report}}
"""


def test_the_objects_that_a_manifest_names(cluster: Cluster, transpile: Transpile, write: Write) -> None:
    """All that are missing in one line, and no content of those that are there."""
    with_argo(cluster)
    folder = write({"pipeline.yaml": NAMES})
    missing = lines(transpile("doctor", folder / "pipeline.yaml", "--format", "json"))["named objects"]
    assert missing[:2] == (
        "problem",
        "missing in argo: ConfigMap settings, PersistentVolumeClaim data, Secret shop, WorkflowTemplate shared",
    )
    for resource, kind, name in (
        ("configmaps", "ConfigMap", "settings"),
        ("persistentvolumeclaims", "PersistentVolumeClaim", "data"),
        ("secrets", "Secret", "shop"),
        ("workflowtemplates", "WorkflowTemplate", "shared"),
    ):
        api = "argoproj.io/v1alpha1" if kind == "WorkflowTemplate" else "v1"
        metadata = {"name": name, "namespace": "argo"}
        cluster.put(
            resource, {"apiVersion": api, "kind": kind, "metadata": metadata, "data": {"token": "aHVudGVyMg=="}}
        )
    done = transpile("doctor", folder / "pipeline.yaml", "--format", "json")
    assert (done.code, lines(done)["named objects"][0]) == (0, "ok")
    assert "aHVudGVyMg" not in done.stdout + done.stderr
    cluster.forbidden.add(("get", "secrets"))
    assert lines(transpile("doctor", folder / "pipeline.yaml", "--format", "json"))["named objects"][0] == "unknown"


def test_a_cluster_that_does_not_answer(cluster: Cluster, alone: Path, transpile: Transpile) -> None:
    """It fails nothing unless it is asked for, and nothing more is asked."""
    assert cluster.has_argo
    config = json.loads((alone / "kubeconfig").read_text())
    config["clusters"][0]["cluster"]["server"] = "http://127.0.0.1:9"
    (alone / "kubeconfig").write_text(json.dumps(config))
    done = transpile("doctor", "--format", "json")
    assert done.code == 0
    state, _, hint = lines(done)["cluster"]
    assert (state, hint[:42]) == ("problem", "check that the cluster runs and can be rea")
    assert [each["place"] for each in json.loads(done.stdout)].count("cluster") == 1
    assert transpile("doctor", "--cluster").code == 1
    assert transpile("doctor", "--context", "nowhere").code == 1


def test_no_cluster_is_chosen(cluster: Cluster, alone: Path, transpile: Transpile) -> None:
    assert cluster.has_argo
    (alone / "kubeconfig").write_text("{}")
    done = transpile("doctor", "--format", "json")
    assert (done.code, lines(done)["cluster"][0]) == (0, "unknown")
    assert transpile("doctor", "--cluster").code == 1


# ---------------------------------------------------------------------- this machine


def test_a_machine_without_programs(programs: Programs, transpile: Transpile) -> None:
    """Compiling needs none of them."""
    done = transpile("doctor", "--format", "json")
    assert done.code == 0
    found = lines(done)
    assert [found[name][0] for name in ("transpile", "Python", "YAML reader")] == ["ok"] * 3
    assert [found[name][:2] for name in ("git", "kubectl")] == [("warning", "not on PATH")] * 2
    assert found["cluster"][:2] == ("unknown", "not looked at: there is no kubectl on PATH")
    assert transpile("doctor", "--cluster").code == 1
    assert transpile("doctor", "--with", "argo").code == 1
    programs("git", {("--version",): [{"stdout": "git version 2.30.2\n"}]})
    state, seen, hint = lines(transpile("doctor", "--format", "json"))["git"]
    assert (state, seen) == ("warning", "2.30.2")
    assert hint.startswith("update git to 2.37")


def test_versions(programs: Programs, transpile: Transpile) -> None:
    programs("git", {("--version",): [{"stdout": "git version 2.39.5 (Apple Git-154)\n"}]})
    programs("argo", {("version", "--short"): [{"stdout": "argo: v3.6.2\n"}]})
    version = {"clientVersion": {"major": "1", "gitVersion": "v1.31.0\x1b[31m"}, "kustomizeVersion": "v5.4.2"}
    refused = {"stderr": "error: current-context must exist in order to minify\n", "code": 1}
    answers = {("version", "--client"): [{"stdout": json.dumps(version)}], (): [refused]}
    programs("kubectl", answers)
    done = transpile("doctor")
    assert done.code == 0
    shown = " ".join(done.stdout.split())
    assert "ok git 2.39.5 ok kubectl v1.31.0\\x1b[31m ok argo v3.6.2" in shown
    assert "\x1b" not in transpile("doctor", "--color", "never").stdout
    assert transpile("doctor", "-q").stdout.startswith("Cluster\n")


def test_programs_that_hang_do_not_hold_it_up_one_after_the_other(
    programs: Programs, transpile: Transpile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transpiler.cluster.doctor.machine._SECONDS", 1.0)
    monkeypatch.setattr("transpiler.cluster.doctor.queries._SECONDS", 1.0)
    for name in ("git", "kubectl", "argo"):
        programs(name, {(): [{"seconds": 60}]})
    started = time.monotonic()
    done = transpile("doctor", "--format", "json")
    assert time.monotonic() - started < 20
    assert lines(done)["cluster"][:2] == ("problem", "`kubectl` has not ended after 1 seconds")
    assert lines(done)["git"][1] == "it does not tell its version"
