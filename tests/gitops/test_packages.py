"""kpt and Kustomize drive the KRM function."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import REPOSITORY, EmittedWorkflows
from tests.gitops.conftest import run
from tests.judges import hosts

KPTFILE = """\
apiVersion: kpt.dev/v1
kind: Kptfile
metadata:
  name: pipelines
  annotations:
    config.kubernetes.io/local-config: "true"
"""
CONFIG_MAP = """\
# kept as it is
apiVersion: v1
kind: ConfigMap
metadata:
  name: limits
data:
  "yes": "no" # a comment
  n: |+
    text

"""
GENERATOR = """\
apiVersion: transpiler/v1
kind: PipelineGenerator
metadata:
  name: train
  annotations:
    config.kubernetes.io/local-config: "true"
spec:
  manifests:
  - train/pipeline.yaml
  environment: prod
  path: generated.yaml
"""


@pytest.fixture
def package(repository: Path) -> Path:
    """The pipelines as a package of kpt: manifests are no objects, so kpt must ignore them."""
    folder = repository / "pipelines"
    files = {"Kptfile": KPTFILE, ".krmignore": "pipeline.yaml\npipeline.*.yaml\n", "limits.yaml": CONFIG_MAP}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def state(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()}


def evaluate(command: Path, *words: str) -> Any:
    """`kpt fn eval`, with the command as its function."""
    function = f"{command / 'transpile'} krm pipelines"
    return run(hosts.kpt(), "fn", "eval", "pipelines", "--exec", function, *(("--", *words) if words else ()))


def test_kpt_writes_objects_and_a_second_run_changes_nothing(
    package: Path, command: Path, emitted: EmittedWorkflows
) -> None:
    before = state(package)
    words = ("manifests=.", "environment=prod", "path=generated.yaml")
    done = evaluate(command, *words)
    assert done.returncode == 0, done.stderr
    after = state(package)
    made = after.pop("generated.yaml")
    assert after == before, "kpt writes the files of others as they were"
    assert [each["kind"] for each in yaml.safe_load_all(made)] == ["WorkflowTemplate", "CronWorkflow"]
    assert "internal." not in made
    emitted.add(made)
    assert evaluate(command, *words).returncode == 0
    assert state(package) == {**before, "generated.yaml": made}


def test_kpt_prunes_what_the_generator_made_and_nothing_else(package: Path, command: Path) -> None:
    words = ("manifests=train,nightly", "path=generated.yaml")
    assert evaluate(command, *words).returncode == 0
    manifest = package / "nightly" / "pipeline.yaml"
    manifest.write_text(manifest.read_text("utf-8").replace("name: nightly", "name: daily"), "utf-8")
    assert evaluate(command, *words).returncode == 0
    made = yaml.safe_load_all((package / "generated.yaml").read_text("utf-8"))
    assert [each["metadata"]["name"] for each in made] == ["train", "daily"]
    assert (package / "limits.yaml").read_text("utf-8") == CONFIG_MAP


def test_kpt_shows_results_and_writes_nothing_after_a_mistake(package: Path, command: Path) -> None:
    manifest = package / "train" / "pipeline.yaml"
    manifest.write_text(manifest.read_text("utf-8").replace("inputs.rows", "inputs.row"), "utf-8")
    before = state(package)
    done = evaluate(command, "manifests=.", "path=generated.yaml")
    assert done.returncode != 0
    assert "line 6, column 46: there is no input `row`" in done.stdout + done.stderr
    assert "train/pipeline.yaml" in done.stdout + done.stderr
    assert state(package) == before


def test_kpt_compiles_the_generators_of_a_package(package: Path, command: Path) -> None:
    (package / "train.yaml").write_text(GENERATOR, "utf-8")
    pipeline = f"pipeline:\n  mutators:\n  - exec: {command / 'transpile'} krm pipelines\n"
    (package / "Kptfile").write_text(KPTFILE + pipeline, "utf-8")
    done = run(hosts.kpt(), "fn", "render", "pipelines", "--allow-exec")
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = yaml.safe_load_all((package / "generated.yaml").read_text("utf-8"))
    assert made["metadata"]["annotations"] == {"transpile.dev/generator": "train"}
    assert (package / "train.yaml").read_text("utf-8") == GENERATOR


# ------------------------------------------------------------------ Kustomize


@pytest.fixture
def kustomized(repository: Path, command: Path) -> Callable[..., Any]:
    """Build the pipelines with a generator in kustomization.yaml."""
    (command / "transpile-krm").write_text(f"#!/bin/sh\nexec {command / 'transpile'} krm\n", encoding="utf-8")
    (command / "transpile-krm").chmod(0o755)
    generator = yaml.safe_load(GENERATOR)
    function = "exec:\n  path: transpile-krm\n"
    generator["metadata"]["annotations"] = {"config.kubernetes.io/function": function}
    del generator["spec"]["path"]
    files = {
        "kustomization.yaml": "resources: [limits.yaml]\ngenerators: [train.yaml]\nnamespace: ml\n",
        "limits.yaml": CONFIG_MAP,
        "train.yaml": json.dumps(generator),
    }
    for name, text in files.items():
        (repository / "pipelines" / name).write_text(text, encoding="utf-8")

    def build() -> Any:
        path = f"{command}:/usr/bin:/bin"
        flags = ("--enable-alpha-plugins", "--enable-exec")
        return run(hosts.kustomize(), "build", *flags, repository / "pipelines", env={"PATH": path})

    return build


def test_kustomize_generates_objects(kustomized: Callable[..., Any], emitted: EmittedWorkflows) -> None:
    done = kustomized()
    assert done.returncode == 0, done.stderr
    limits, made = yaml.safe_load_all(done.stdout)
    assert limits["data"]["yes"] == "no"
    assert (made["kind"], made["metadata"]["name"], made["metadata"]["namespace"]) == (
        "WorkflowTemplate",
        "train",
        "ml",
    )
    emitted.add(yaml.safe_dump(made))


def test_kustomize_shows_what_is_wrong(kustomized: Callable[..., Any], repository: Path) -> None:
    manifest = repository / "pipelines" / "train" / "pipeline.yaml"
    manifest.write_text(manifest.read_text("utf-8").replace("inputs.rows", "inputs.row"), "utf-8")
    done = kustomized()
    assert done.returncode != 0
    assert "train/pipeline.yaml:6:46: error[unknown-input]" in done.stderr


REPO_SERVER = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: argocd-repo-server}
spec:
  selector: {matchLabels: {app: repo-server}}
  template:
    metadata: {labels: {app: repo-server}}
    spec:
      containers:
      - {name: argocd-repo-server, image: argocd, volumeMounts: [{name: tmp, mountPath: /tmp}]}
      volumes:
      - {name: var-files, emptyDir: {}}
      - {name: plugins, emptyDir: {}}
      - {name: tmp, emptyDir: {}}
"""


def test_the_component_adds_the_plugin_to_argo_cd(tmp_path: Path) -> None:
    """`deploy/argocd` as users name it in the kustomization.yaml of their Argo CD."""
    (tmp_path / "argocd.yaml").write_text(REPO_SERVER, "utf-8")
    (tmp_path / "deploy").symlink_to(REPOSITORY / "deploy" / "argocd")
    (tmp_path / "kustomization.yaml").write_text(
        "namespace: argocd\nresources: [argocd.yaml]\ncomponents: [deploy]\n", "utf-8"
    )
    done = run(hosts.kustomize(), "build", "--load-restrictor", "LoadRestrictionsNone", tmp_path)
    assert done.returncode == 0, done.stderr
    found = {each["kind"]: each for each in yaml.safe_load_all(done.stdout)}
    spec = found["Deployment"]["spec"]["template"]["spec"]
    names = [each["name"] for each in spec["containers"]]
    assert sorted(names) == ["argocd-repo-server", "transpile"]
    plugin = next(each["configMap"]["name"] for each in spec["volumes"] if "configMap" in each)
    assert found["ConfigMap"]["metadata"]["name"] == plugin, "a change of plugin.yaml starts the server anew"
    assert yaml.safe_load(found["ConfigMap"]["data"]["plugin.yaml"])["kind"] == "ConfigManagementPlugin"
