"""Containers of one pod: their order, their common volumes, how they end, and what of it the pod has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.executors.bench import Bench, pod, shell, value
from tests.judges.containers import SMALL
from transpiler.argo.kubelet import doubled
from transpiler.engine.protocol import Inputs, Outputs, Pod
from transpiler.executors.executor import Executor
from transpiler.executors.images.executor import ImageExecutor
from transpiler.executors.needs import unmet
from transpiler.executors.supplies import Supplies


def container(name: str, text: str, *after: str, **more: Any) -> dict[str, Any]:
    command = ["sh", "-c", doubled(text)]
    return {"name": name, "image": SMALL, "command": command, "dependencies": [*after], **more}


def several(*containers: dict[str, Any], deadline: float | None = None, **more: Any) -> Pod:
    spec = {
        "name": "t",
        "volumes": [{"name": "work", "emptyDir": {}}],
        "containerSet": {
            "volumeMounts": [{"name": "work", "mountPath": "/work"}], "containers": [*containers], **more
        },
    }  # fmt: skip
    return Pod(
        "p-1", "p.task", "t", "containerSet", spec, Inputs(), Outputs((value("/out", default="none"),)),
        wants_result=True, deadline=deadline,
    )  # fmt: skip


def test_they_run_in_their_order_and_share_volumes(bench: Bench) -> None:
    pod = several(
        container("main", "cat /work/a /work/b; echo left > /out", "a", "b"),
        container("a", "echo 1 > /work/a; echo other > /out; echo said"),
        container("b", "cat /work/a > /work/b", "a"),
    )
    end = bench.run(pod)
    assert (end.phase, end.result, end.values, end.exit_code) == ("Succeeded", "1\n1", {"x": "left"}, 0), end.message
    assert end.containers == {"main": 0, "a": 0, "b": 0}
    assert bench.printed() == "said\n1\n1\n"
    assert [each.name for each in bench.log().parent.iterdir()] == ["p-1.log"]
    assert len(bench.began) == 1


def test_those_without_an_order_run_at_the_same_time(bench: Bench) -> None:
    wait = "while [ ! -e /work/{} ]; do sleep 0.02; done"
    other = container("s", f"{wait.format('m')}; echo 1 > /work/s")
    pod = several(container("main", f"echo 1 > /work/m; {wait.format('s')}"), other)
    assert bench.run(pod).phase == "Succeeded"


def test_the_others_end_when_one_fails(bench: Bench) -> None:
    pod = several(
        container("main", "echo 1", "bad"), container("bad", "sleep 0.1; exit 3"), container("c", "sleep 300")
    )
    end = bench.run(pod)
    assert (end.phase, end.message, end.exit_code) == ("Failed", "bad: Error (exit code 3)", 64)
    assert end.containers == {"main": 64, "bad": 3, "c": 143}
    end = bench.run(several({**container("main", ""), "command": ["no-such-program"]}))
    assert (end.phase, end.containers) == ("Error", {"main": 64})


def test_a_deadline_and_a_stop_end_all(bench: Bench) -> None:
    both = (container("main", "sleep 300"), container("c", "sleep 300"), container("d", "echo 1", "c"))
    end = bench.run(several(*both, deadline=0.3))
    assert (end.phase, end.message) == ("Failed", "Pod was active on the node longer than the specified deadline")
    assert end.containers == {"main": 143, "c": 143, "d": 143}
    bench.began.clear()
    assert bench.stop(several(*both), "enough", kills=True).message == "enough"


def test_a_container_tries_again_by_itself(bench: Bench) -> None:
    text = "echo 1 >> /work/n; test $(cat /work/n | wc -l) = 3"
    end = bench.run(several(container("main", text), retryStrategy={"retries": "3", "duration": "10ms"}))
    assert end.phase == "Succeeded", end.message
    assert bench.run(several(container("main", text), retryStrategy={"retries": 2})).exit_code == 1


@pytest.mark.parametrize("source", [None, "cat /v/a; echo 3 > /out"])
def test_init_containers_run_before_the_program(bench: Bench, source: str | None) -> None:
    first = [
        container("one", "sleep 0.1; echo 1 > /v/a", mirrorVolumeMounts=True),
        container("two", "echo 2 >> /w/a; echo other > /out", volumeMounts=[{"name": "v", "mountPath": "/w"}]),
    ]
    more = {"initContainers": first, "volumes": [{"name": "v", "emptyDir": {}}]}
    script: dict[str, Any] = {} if source is None else {"source": source}
    text = ["sh"] if script else ["sh", "-c", "cat /v/a; echo 3 > /out"]
    mounts = [{"name": "v", "mountPath": "/v"}]
    program = pod(text, volumeMounts=mounts, values=[value("/out")], result=True, spec=more, **script)
    end = bench.run(program)
    assert (end.phase, end.result, end.values, end.exit_code) == ("Succeeded", "1\n2", {"x": "3"}, 0), end.message
    assert end.containers == {}
    end = bench.run(shell("true", spec={**more, "initContainers": [container("one", "exit 4")]}))
    assert (end.phase, end.message, end.exit_code) == ("Failed", "one: Error (exit code 4)", None)


@pytest.fixture
def images(engine: str, tmp_path: Path) -> Iterator[Bench]:
    def make(bench: Bench) -> Executor:
        return ImageExecutor(engine, bench.folder, bench.store, bench.supplies, grace=1)

    made = Bench(tmp_path / "run", make)
    yield made
    made.executor.close()


def test_images_get_the_volumes_one_after_the_other(images: Bench) -> None:
    end = images.run(several(container("main", "cat /work/a; echo 2 > /out", "a"), container("a", "echo 1 > /work/a")))
    assert (end.phase, end.result, end.values) == ("Succeeded", "1", {"x": "2"}), end.message


def test_copies_of_a_volume_are_not_used_at_the_same_time() -> None:
    spec = several(container("main", ""), container("a", "")).spec
    found = unmet([{"spec": {"templates": [spec]}}], Supplies(Path("claims")), has_images=True)
    assert ["have the volume `work`" in each.message for each in found] == [True]
    assert not unmet([{"spec": {"templates": [spec]}}], Supplies(Path("claims")), has_images=False)
