"""`podSpecPatch` changes what runs, as Kubernetes' strategic merge does; what cannot be done here is refused."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from tests.executors.bench import Bench, pod, shell
from transpiler.executors.patch import OF_RUN, faults, patched

MAIN = frozenset(["main"])


def env(*pairs: str) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, _, value in (each.partition("=") for each in pairs)]


def main(**fields: Any) -> str:
    return json.dumps({"containers": [{"name": "main", **fields}]})


def test_lists_are_merged_as_kubernetes_does() -> None:
    """The orders are those that strategicpatch.StrategicMergePatch gives for the same objects."""
    before = pod(
        ["x"], args=["1"], env=env("A=1", "B=2"), volumeMounts=[{"name": "v", "mountPath": "/a"}],
        spec={
            "volumes": [{"name": "v", "emptyDir": {}}],
            "podSpecPatch": main(
                args=["x"], env=env("N=9", "B=3", "M=9"), volumeMounts=[{"name": "w", "mountPath": "/b"}]
            ),
        },
    )  # fmt: skip
    container = patched(before).spec["container"]
    assert container["args"] == ["x"]
    assert container["env"] == env("N=9", "A=1", "B=3", "M=9")
    assert [each["mountPath"] for each in container["volumeMounts"]] == ["/b", "/a"]
    gone = pod(["x"], args=["1"], env=env("A=1"), spec={"podSpecPatch": main(env=None)})
    assert patched(gone).spec["container"] == {"image": "alpine:3.20", "command": ["x"], "args": ["1"]}


def test_the_patch_of_the_workflow_comes_first(bench: Bench) -> None:
    spec = {
        OF_RUN: main(env=env("A=run", "B=run"), image="other"),
        "podSpecPatch": "containers: [{name: main, env: [{name: A, value: task}]}]\nactiveDeadlineSeconds: 50",
    }
    end = bench.run(shell('echo "$A $B"', env=env("A=0", "C=0"), spec=spec, result=True))
    assert (end.phase, end.result) == ("Succeeded", "task run"), end.message
    assert patched(pod(["x"], spec=spec)).deadline == 50


def test_a_script_gets_its_path_as_the_last_argument(bench: Bench) -> None:
    source = "import sys\nprint(sys.argv[1:])\n"
    spec = {"podSpecPatch": main(command=[sys.executable])}
    assert bench.run(pod(["false"], source=source, spec=spec, result=True)).result == "[]"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("hostPID: true", "a patch of `hostPID` needs a cluster"),
        ("initContainers: [{name: mine}]", "there is no container `mine` to patch"),
        ("containers: [{name: side, image: x}]", "there is no container `side` to patch"),
        ("containers: [{image: x}]", "there is no container `None` to patch"),
        (main(lifecycle={}), "a patch of `lifecycle` of a container needs a cluster"),
        ("containers: [{name: main, env: [{$patch: replace}]}]", "directives such as `$patch`"),
        ("containers: 3", "there is no container"),
        ("[1]", "is not a text that contains a YAML mapping"),
        ("a: [", "is not a text that contains a YAML mapping"),
    ],
)
def test_what_cannot_be_done_here_is_refused(bench: Bench, text: str, told: str) -> None:
    assert any(told in each for each in faults(text, MAIN))
    end = bench.run(shell("true", spec={"podSpecPatch": text}))
    assert (end.phase, told in end.message) == ("Error", True), end.message


@pytest.mark.parametrize(
    "text",
    [
        main(resources={"limits": {"memory": "1Gi"}}, securityContext={"runAsUser": 0}),
        "containers: [{name: wait, resources: {}}]\ninitContainers: [{name: init, resources: {}}]",
        "terminationGracePeriodSeconds: 30\nnodeSelector: {a: b}\nenableServiceLinks: false",
        "terminationGracePeriodSeconds: {{inputs.parameters.grace}}",
        "{{inputs.parameters.patch}}",
    ],
)
def test_what_only_a_cluster_has_means_nothing_here(text: str) -> None:
    assert list(faults(text, MAIN)) == []
