"""What cannot run on this machine is refused where the manifest says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, Transpile

FEATURES = REPOSITORY / "samples" / "features"
KEYS = {
    # field of Argo's → its key in the manifest
    "argo-4-1": ["orders", "executorPlugins"],
    "compiled-platforms": ["keyToEnv"],  # in the component
    "daemon": ["daemon"],
    "http": ["http", "http"],
    "images": ["container", "container"],
    "locks": ["database", "database", "{configMapKeyRef: {name: limits, key: pipelines}, namespace: shop}"],
    "pass-through": ["sidecars"],
    "resources": ["resource", "jsonPath", "jqFilter", "resource"],
    "run-volumes": ["secret"],
    "s3": ["orders", "stock"],
    "secrets": ["load", "api/token", "{secret: database, prefix: DB_}", "/etc/tokens", "/etc/app"],
    "volumes": ["/etc/app", "/etc/tokens", "/mnt/nas"],
}


@pytest.mark.parametrize("sample", KEYS)
def test_a_refusal_stands_at_the_key_that_says_it(sample: str, transpile: Transpile, tmp_path: Path) -> None:
    options = ("--executor", "process", "--run-dir", tmp_path / "runs", "--format", "json")
    done = transpile("run", FEATURES / sample / "pipeline.yaml", *options)
    assert done.code == 1
    told = [each for each in done.problems if each["severity"] == "error"]
    assert {each["code"] for each in told} == {"not-here"}
    assert [marked(each) for each in told] == KEYS[sample]
    assert not (tmp_path / "runs").exists()


def marked(told: dict[str, object]) -> str:
    """The text that a diagnostic marks."""
    line = Path(str(told["file"])).read_text(encoding="utf-8").split("\n")[int(str(told["line"])) - 1]
    return line[int(str(told["column"])) - 1 : int(str(told["endColumn"])) - 1]


TASKS = """\
name: p
presets:
  slow: {argo: {template: {daemon: true}}}
defaults: {env: {TOKEN: {valueFrom: {fieldRef: {fieldPath: status.podIP}}}}}
components:
  say: {implementation: {container: {image: alpine}}}
tasks:
  a: {component: say}
  b: {component: say}
  group:
    tasks:
      c: {component: say, use: slow, forEach: [1, 2], retry: 1}
onExit:
  tasks: {bye: {template: {http: {url: "http://x"}}}}
"""


TOLD = """\
3 daemon: pods that go on in the background need a cluster; the task 12
8 a: `TOKEN` is the pod's `status.podIP`, and there is no pod on this machine; the task 9
8 a: there is no `command`, so the image `alpine` says what runs: use --executor docker or podman; the task 9; \
the component 6
12 c: `TOKEN` is the pod's `status.podIP`, and there is no pod on this machine
12 c: there is no `command`, so the image `alpine` says what runs: use --executor docker or podman; the component 6
14 http: http templates need a cluster
"""


def test_a_refusal_names_all_its_tasks(transpile: Transpile, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(TASKS)
    done = transpile("run", tmp_path / "p.yaml", "--executor", "process", "--format", "json")
    found = []
    for each in done.problems:
        related = [f"; {other['message']} {other['line']}" for other in each["related"]]
        message = each["message"].removeprefix("it cannot run on this machine: ")
        found.append(f"{each['line']} {marked(each)}: {message}{''.join(related)}\n")
    assert (done.code, "".join(each for each in found if "the component has no" not in each)) == (1, TOLD)


def test_a_dry_run_tells_what_would_be_refused(transpile: Transpile, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(TASKS)
    done = transpile("run", tmp_path / "p.yaml", "--dry-run", "--executor", "process")
    assert done.code == 1
    assert done.stdout.startswith("level 1:\n  a\n    alpine:")
    assert f"--> {tmp_path / 'p.yaml'}:14:28" in done.stderr
