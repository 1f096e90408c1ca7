"""What a run lacks on this machine is told before anything starts, with its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from transpiler.executors.errors import TaskError
from transpiler.executors.needs import unmet
from transpiler.executors.supplies import Supplies

NONE = Supplies(Path("claims"))


def template(**fields: Any) -> dict[str, Any]:
    return {"name": "t", "container": {"image": "a", "command": ["b"], **fields.pop("container", {})}, **fields}


def told(node: dict[str, Any], supplies: Supplies = NONE, *, has_images: bool = False) -> list[str]:
    found = unmet([{"spec": {"templates": [node]}}], supplies, has_images=has_images)
    return [f"{'.'.join(map(str, each.path[3:]))}: {each.message}" for each in found]


def env(**source: Any) -> dict[str, Any]:
    return template(container={"env": [{"name": "A", "valueFrom": source}]})


AT_C = {"configMapKeyRef": {"name": "c", "key": "k"}}


def task(**fields: Any) -> dict[str, Any]:
    return {"name": "t", "dag": {"tasks": [{"name": "a", **fields}]}}


@pytest.mark.parametrize(
    ("node", "message"),
    [
        (env(secretKeyRef={"name": "s", "key": "k"}), "no values are given for the Secret `s`: --secret s=FILE"),
        (env(configMapKeyRef={"name": "c", "key": "k"}), "the ConfigMap `c`: --config-map c=FILE"),
        (env(fieldRef={"fieldPath": "status.podIP"}), "container.env.0.valueFrom: `A` is the pod's `status.podIP`"),
        (env(resourceFieldRef={"resource": "limits.cpu"}), "`A` is the pod's `limits.cpu`, and there is no pod"),
        (template(container={"envFrom": [{"secretRef": {"name": "s"}}]}), "container.envFrom.0: no values are given"),
        (template(volumes=[{"name": "v", "hostPath": {"path": "/"}}]), "volumes.0.hostPath: a volume of the kind"),
        (template(volumes=[{"name": "v", "secret": {"secretName": "s"}}]), "volumes.0.secret: no values are given"),
        (template(container={"command": []}), "container: there is no `command`, so the image `a` says what runs"),
        (
            {"name": "t", "containerSet": {"containers": [{"name": "main", "image": "i"}]}},
            "containers.0: there is no `c",
        ),
        (template(inputs={"artifacts": [{"name": "x", "http": {"url": "https://a/b"}}]}), "--store FOLDER"),
        (template(inputs={"artifacts": [{"name": "x", "s3": {"key": "not-made-here"}}]}), "--store FOLDER"),
        (template(inputs={"artifacts": [{"name": "x", "plugin": {"name": "p"}}]}), "no folder can stand in"),
        (template(outputs={"artifacts": [{"name": "x", "plugin": {"name": "p"}}]}), "no folder can stand in"),
        (template(inputs={"parameters": [{"name": "x", "valueFrom": AT_C}]}), "the ConfigMap `c`: --config-map c=FILE"),
        (template(synchronization={"semaphores": [AT_C]}), "the ConfigMap `c`: --config-map c=FILE"),
        (task(inline=template(container={"command": []})), "dag.tasks.0.inline.container: there is no `command`"),
        (task(arguments={"artifacts": [{"name": "x", "git": {"repo": "r"}}]}), "dag.tasks.0.arguments.artifacts.0.git"),
        (task(hooks={"exit": {"arguments": {"artifacts": [{"name": "x", "s3": {"key": "k"}}]}}}), "--store FOLDER"),
    ],
)
def test_what_is_missing_is_told(node: dict[str, Any], message: str) -> None:
    (found,) = told(node)
    assert message in found


@pytest.mark.parametrize(
    "node",
    [
        template(),
        env(secretKeyRef={"name": "s", "key": "k", "optional": True}),
        env(secretKeyRef={"name": "{{inputs.parameters.s}}", "key": "k"}),
        env(fieldRef={"fieldPath": "metadata.name"}),
        template(volumes=[{"name": "v", "emptyDir": {}}, {"name": "c", "persistentVolumeClaim": {"claimName": "c"}}]),
        template(inputs={"artifacts": [{"name": "x", "raw": {"data": "a"}}, {"name": "y", "path": "/y"}]}),
        template(
            inputs={"artifacts": [{"name": "x", "s3": {"key": "a/b"}}]},
            outputs={"artifacts": [{"name": "y", "path": "/y", "s3": {"key": "a/b"}}]},
        ),
    ],
)
def test_what_is_there_passes(node: dict[str, Any]) -> None:
    assert told(node) == []


def test_what_is_given_passes_key_by_key() -> None:
    given = Supplies(Path("claims"), secrets={"s": {"k": b"v"}}, locations=Path("store"))
    assert told(env(secretKeyRef={"name": "s", "key": "k"}), given) == []
    assert "has no key `other`" in told(env(secretKeyRef={"name": "s", "key": "other"}), given)[0]
    assert told(template(inputs={"artifacts": [{"name": "x", "http": {"url": "https://a/b"}}]}), given) == []
    assert told(template(container={"command": []}), given, has_images=True) == []


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ({"s3": {"bucket": "b", "key": "a/c.csv"}}, "s3/b/a/c.csv"),
        ({"s3": {"key": "/a//c.csv"}}, "s3/a/c.csv"),
        ({"http": {"url": "https://user:pass@example.org/a/b?c"}}, "http/example.org/a/b?c"),
        ({"git": {"repo": "git@github.com:a/b.git"}}, "git/github.com:a/b.git"),
        ({"azure": {"container": "c", "blob": "b"}}, "azure/c/b"),
    ],
)
def test_a_folder_stands_in_for_a_store(tmp_path: Path, location: dict[str, Any], path: str) -> None:
    assert Supplies(tmp_path, locations=tmp_path).stored(location) == tmp_path / path


@pytest.mark.parametrize("key", ["../../etc/passwd", "a/../../b", "a\0b"])
def test_no_location_leads_out_of_that_folder(tmp_path: Path, key: str) -> None:
    with pytest.raises(TaskError):
        Supplies(tmp_path, locations=tmp_path).stored({"s3": {"key": key}})
