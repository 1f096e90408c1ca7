"""The plugin of Argo CD: its files, and its commands run as Argo CD runs them.

`plugin_server` is Argo CD's own server and client, see `tests/judges/hosts.py`. Without it, the same steps run here:
in a copy of the repository, with the environment that the repo server passes, twice at once.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.conftest import REPOSITORY, EmittedWorkflows
from tests.judges import hosts

FILES: Final = REPOSITORY / "deploy" / "argocd"
PLUGIN: Final = yaml.safe_load((FILES / "plugin.yaml").read_text(encoding="utf-8"))
REPO_SERVER: Final = yaml.safe_load((FILES / "repo-server.yaml").read_text(encoding="utf-8"))
CONTAINER: Final = REPO_SERVER["spec"]["template"]["spec"]["containers"][0]
Parameters = list[dict[str, Any]]


def environment(path: str, parameters: Parameters | None = None, **variables: str) -> dict[str, str]:
    """What the repo server passes: Argo CD's build environment, variables and parameters of the Application."""
    given = {f"ARGOCD_ENV_{name}": text for name, text in variables.items()}
    return given | {
        "ARGOCD_APP_NAME": "ml",
        "ARGOCD_APP_NAMESPACE": "ml",
        "ARGOCD_APP_PROJECT_NAME": "default",
        "ARGOCD_APP_REVISION": "906b338c2ea3",
        "ARGOCD_APP_SOURCE_PATH": path,
        "ARGOCD_APP_SOURCE_REPO_URL": "https://github.com/shop/pipelines.git",
        "ARGOCD_APP_SOURCE_TARGET_REVISION": "main",
        "KUBE_VERSION": "1.34",
        "KUBE_API_VERSIONS": "v1,argoproj.io/v1alpha1",
        "ARGOCD_APP_PARAMETERS": json.dumps(parameters),  # `null` without any
    }


class Copy:
    """The copy of a repository that the server makes for one request, without `.git`; nothing may change in it."""

    def __init__(self, repository: Path, folder: Path, command: Path) -> None:
        self.folder = folder / "_cmp_server" / "9d8a5c3f-8f1e-4ad0-9c1b-57f1b8e0a001"
        shutil.copytree(repository, self.folder, ignore=shutil.ignore_patterns(".git"))
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        self.command = command
        for path in (self.folder, *self.folder.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        self.before = self.state()

    def state(self) -> dict[str, tuple[int, bytes]]:
        return {
            str(path): (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
            for path in (self.folder, *self.folder.rglob("*"), self.temporary, *self.temporary.rglob("*"))
        }

    def run(self, command: list[str], path: str, given: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Run a command of plugin.yaml in the folder of an Application, with no home, and nothing to write to."""
        around = {"PATH": f"{self.command}:/usr/bin:/bin", "HOME": "/home/argocd", "TMPDIR": str(self.temporary)}
        return subprocess.run(
            command,
            cwd=self.folder / path,
            env={**around, **given},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    def generate(self, path: str, parameters: Parameters | None = None, **variables: str) -> Any:
        return self.run(PLUGIN["spec"]["generate"]["command"], path, environment(path, parameters, **variables))


@pytest.fixture
def copy(repository: Path, tmp_path_factory: pytest.TempPathFactory, command: Path) -> Copy:
    return Copy(repository, tmp_path_factory.mktemp("argocd"), command)


def objects(done: subprocess.CompletedProcess[str]) -> list[tuple[str, str]]:
    assert done.returncode == 0, done.stderr
    return [(each["kind"], each["metadata"]["name"]) for each in yaml.safe_load_all(done.stdout)]


# ------------------------------------------------------------------ the steps of the protocol


def test_two_runs_at_once_print_the_same_and_write_nothing(copy: Copy, emitted: EmittedWorkflows) -> None:
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(copy.generate, ["pipelines", "pipelines"])
    assert objects(one) == [("WorkflowTemplate", "train"), ("CronWorkflow", "nightly")]
    assert one.stdout == other.stdout
    assert (one.stderr, other.stderr) == ("", "")
    assert copy.state() == copy.before
    assert not Path("/home/argocd").exists()
    emitted.add(one.stdout)


def test_parameters_are_announced_without_compiling(copy: Copy) -> None:
    (copy.folder / "pipelines/train/pipeline.yaml").chmod(0o644)
    (copy.folder / "pipelines/train/pipeline.yaml").write_text("name: a\ntasks: {x: {component: none}}\n", "utf-8")
    done = copy.run(PLUGIN["spec"]["parameters"]["dynamic"]["command"], "pipelines", environment("pipelines"))
    announced = {each["name"]: each for each in json.loads(done.stdout)}
    static = {each["name"]: each for each in PLUGIN["spec"]["parameters"]["static"]}
    assert announced["environment"].pop("tooltip") == f"{static['environment'].pop('tooltip')}: prod"
    assert announced == static


def test_parameters_of_an_application(copy: Copy, emitted: EmittedWorkflows) -> None:
    done = copy.generate(
        "pipelines",
        [
            {"name": "manifests", "array": ["train/pipeline.yaml"]},
            {"name": "environment", "string": "prod"},
            {"name": "set", "map": {"inputs.who": "me"}},
            {"name": "kind", "string": "ClusterWorkflowTemplate"},
            {"name": "values", "array": []},
        ],
    )
    assert objects(done) == [("ClusterWorkflowTemplate", "train")]
    assert "value: '100000'" in done.stdout
    emitted.add(done.stdout)


def test_a_project_file_above_the_folder_counts(copy: Copy) -> None:
    (copy.folder / "transpile.yaml").write_text("kind: ClusterWorkflowTemplate\n", "utf-8")
    assert objects(copy.generate("pipelines/train")) == [("ClusterWorkflowTemplate", "train")]


def test_parameters_win_over_variables(copy: Copy) -> None:
    assert "`dev`" in copy.generate("pipelines", None, ENVIRONMENT="dev", OTHER="x").stderr
    assert objects(copy.generate("pipelines", [{"name": "environment", "string": "prod"}], ENVIRONMENT="dev"))


@pytest.mark.parametrize("path", ["pipelines/train", ".", ""])
def test_components_above_the_folder_are_found_without_git(copy: Copy, path: str) -> None:
    assert ("WorkflowTemplate", "train") in objects(copy.generate(path))


def test_a_part_of_the_repository_is_a_root(copy: Copy) -> None:
    """With the annotation manifest-generate-paths Argo CD copies only the folder above those paths."""
    done = copy.run(["transpile", "argocd", "generate"], "pipelines/train", environment("a/b/pipelines/train"))
    assert objects(done) == [("WorkflowTemplate", "train")]


@pytest.mark.parametrize("path", ["../..", "elsewhere", "/", "9d8a5c3f/pipelines/x"])
def test_a_path_that_is_not_the_folder_opens_nothing_above(copy: Copy, path: str) -> None:
    done = copy.run(["transpile", "argocd", "generate"], "pipelines/train", environment(path))
    assert done.returncode == 1
    assert "error[outside-root]" in done.stderr


def test_a_mistake_stands_in_the_message_that_argo_cd_shows(copy: Copy) -> None:
    manifest = copy.folder / "pipelines/train/pipeline.yaml"
    manifest.chmod(0o644)
    manifest.write_text(manifest.read_text("utf-8").replace("inputs.rows", "inputs.row"), "utf-8")
    done = copy.generate("pipelines")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("train/pipeline.yaml:6:46: error[unknown-input]: ")


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ([{"name": "enviroment", "string": "prod"}], "there is no parameter `enviroment`: did you mean `environment`?"),
        ([{"name": "environment", "array": ["prod"]}], "the parameter `environment` is not a `string`"),
        ([{"name": "set", "map": {"a": 1}}], "the parameter `set` is not a `map` of texts"),
        ([{"name": "manifests", "array": ["/etc"]}], "leads outside the root folder"),
        ([{"name": "manifests", "array": ["../../../x"]}], "leads outside the root folder"),
        ([{"name": "environment", "string": "../x"}], "is not a name of an environment"),
        ([{"name": "kind", "string": "Workflow"}], "is a Workflow whose name is made for each run"),
        ([{"name": "kind", "string": "\x1b[31m"}], "there is no kind `\\x1b[31m`"),
        (["a"], "ARGOCD_APP_PARAMETERS is not a list of parameters"),
    ],
)
def test_parameters_that_are_wrong(copy: Copy, parameters: Any, message: str) -> None:
    done = copy.generate("pipelines", parameters)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


def test_a_workflow_that_argo_cd_starts_at_each_sync(copy: Copy) -> None:
    """A hook may have a name that is made for each run."""
    manifest = copy.folder / "pipelines/train/pipeline.yaml"
    manifest.chmod(0o644)
    manifest.write_text(
        manifest.read_text("utf-8") + "annotations: {argocd.argoproj.io/hook: PostSync}\n", encoding="utf-8"
    )
    done = copy.generate("pipelines/train", [{"name": "kind", "string": "Workflow"}])
    (made,) = yaml.safe_load_all(done.stdout)
    assert made["metadata"]["generateName"] == "train-"


# ------------------------------------------------------------------ Argo CD's own server


@pytest.fixture
def server(repository: Path, tmp_path_factory: pytest.TempPathFactory, command: Path) -> Callable[..., dict[str, Any]]:
    """Send a repository to Argo CD's server for plugins, which runs the commands of plugin.yaml."""

    def ask(path: str, plugin: str = "", **given: Any) -> dict[str, Any]:
        config, work = tmp_path_factory.mktemp("config"), tmp_path_factory.mktemp("work")
        (config / "plugin.yaml").write_text(plugin or (FILES / "plugin.yaml").read_text("utf-8"), "utf-8")
        asked = {
            "Config": str(config),
            "Socket": str(work),
            "Repository": str(repository),
            "Application": str(repository / path),
            "Env": [f"{name}={text}" for name, text in environment(path, **given).items()],
            "Runs": 2,
        }
        home = {"HOME": "/home/argocd", "PATH": f"{command}:{os.environ['PATH']}", "ARGOCD_CMP_WORKDIR": str(work)}
        answer = hosts.plugin_server(asked, home)
        assert not list((work / "_cmp_server").iterdir()), "each request has a folder, and ends with it"
        return answer

    return ask


def test_argo_cd_runs_the_plugin(server: Callable[..., dict[str, Any]], emitted: EmittedWorkflows) -> None:
    answer = server("pipelines", parameters=[{"name": "environment", "string": "prod"}])
    assert answer["Error"] == ""
    assert (answer["IsMatch"], answer["IsDiscovering"]) == (False, False), "an Application names the plugin"
    one, other = answer["Runs"]
    assert (one["Error"], one) == ("", other)
    assert [json.loads(each)["kind"] for each in one["Manifests"]] == ["WorkflowTemplate", "CronWorkflow"]
    assert [each["name"] for each in answer["Announcements"]] == [
        *"manifests environment values set kind argo".split()
    ] * 2
    emitted.add(yaml.safe_dump_all(map(json.loads, one["Manifests"]), sort_keys=False))


def test_argo_cd_shows_what_is_wrong(server: Callable[..., dict[str, Any]], repository: Path) -> None:
    manifest = repository / "pipelines/train/pipeline.yaml"
    manifest.write_text(manifest.read_text("utf-8").replace("inputs.rows", "inputs.row"), "utf-8")
    one, _ = server("pipelines")["Runs"]
    assert "train/pipeline.yaml:6:46: error[unknown-input]" in one["Error"]


def test_argo_cd_can_find_manifests_by_their_names(server: Callable[..., dict[str, Any]]) -> None:
    plugin = yaml.safe_dump({**PLUGIN, "spec": {**PLUGIN["spec"], "discover": {"find": {"glob": "**/pipeline.yaml"}}}})
    assert server("pipelines", plugin)["IsMatch"]
    assert not server("components", plugin)["IsMatch"]


# ------------------------------------------------------------------ the files


def test_the_sidecar_fits_the_plugin() -> None:
    mounts = {each["mountPath"]: each for each in CONTAINER["volumeMounts"]}
    assert mounts["/home/argocd/cmp-server/config/plugin.yaml"]["subPath"] == "plugin.yaml"
    assert {"/var/run/argocd", "/home/argocd/cmp-server/plugins", "/tmp"} < mounts.keys()
    assert CONTAINER["command"] == ["/var/run/argocd/argocd-cmp-server"]
    security = CONTAINER["securityContext"]
    assert (security["runAsUser"], security["readOnlyRootFilesystem"]) == (999, True)
    volumes = {each["name"] for each in REPO_SERVER["spec"]["template"]["spec"]["volumes"]}
    assert {each["name"] for each in mounts.values()} == volumes | {"var-files", "plugins"}, "Argo CD has the others"
