"""Pods as containers of podman and docker: real ones where they run."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.executors.bench import MAKE, OUT, Bench, file, pod, shell, value
from tests.judges.containers import SMALL
from transpiler.engine.protocol import InputFile, Pod
from transpiler.executors.executor import Executor
from transpiler.executors.images.engine import Engine
from transpiler.executors.images.executor import ImageExecutor
from transpiler.executors.images.options import Options
from transpiler.executors.supplies import Supplies


@pytest.fixture
def bench(engine: str, tmp_path: Path) -> Iterator[Bench]:
    options = Options(("--env", "OF_ALL=1"), (("task", "--env"), ("task", "OF_TASK=2"), ("other", "--no-such-option")))

    def make(bench: Bench) -> Executor:
        return ImageExecutor(engine, bench.folder, bench.store, bench.supplies, options, grace=1, log_bytes=100_000)

    supplies = Supplies(tmp_path / "run" / "claims", secrets={"db": {"key": b"hush"}})
    made = Bench(tmp_path / "run", make, supplies)
    yield made
    made.executor.close()
    assert listed(engine, "--all") == []
    assert not list((tmp_path / "run" / "work").iterdir())


def listed(engine: str, *options: str) -> list[str]:
    """The ids of the containers of an engine."""
    done = subprocess.run([engine, "ps", "--quiet", *options], capture_output=True, text=True, check=True)
    return done.stdout.split()


def inside(text: str, **more: object) -> Pod:
    return shell(text, image=SMALL, **more)


def test_a_container_gets_its_inputs_and_leaves_its_outputs(bench: Bench) -> None:
    text = f"{MAKE} echo $A $0 > {OUT}; echo out$OF_ALL$OF_TASK; echo err >&2"
    first = inside(text, files=[file()], values=[value()], result=True,
                   env=[{"name": "A", "value": "a b"}, {"name": "PATH", "value": "/bin"}])  # fmt: skip
    end = bench.run(first)
    assert (end.phase, end.values, end.files, end.result) == (
        "Succeeded", {"x": "a b sh"}, {"x": "p/x"}, "out12"
    ), end.message  # fmt: skip
    assert sorted(bench.printed().splitlines()) == ["err", "out12"]
    given = [InputFile("i", "/in/data", {"key": "p/x"}), InputFile("r", "/tmp/raw", {"raw": {"data": "raw"}})]
    end = bench.run(
        inside("cat /in/data /tmp/raw; stat -c %a /tmp; echo changed > /in/data", inputs=given, result=True)
    )
    assert end.result == "a b sh\nraw1777"
    assert bench.stored().read_text() == "a b sh\n"
    assert bench.stored().stat().st_uid == os.getuid()


def test_folders_scripts_and_working_folders(bench: Bench) -> None:
    text = "mkdir -p /out/sub; echo 1 > /out/a; ln -s a /out/link; ln -s /etc/passwd /out/away; echo 2 > /out/sub/b"
    assert bench.run(inside(text, files=[file("/out")])).phase == "Succeeded"
    assert (bench.stored() / "sub" / "b").read_text() == "2\n"
    assert (bench.stored() / "away").is_symlink()
    script = pod(["sh"], image=SMALL, source="pwd; cat in/a in/sub/b; echo 3 > made", workingDir="/work", result=True,
                 inputs=[InputFile("i", "/work/in", {"key": "p/x"})], values=[value("made")])  # fmt: skip
    end = bench.run(script)
    assert (end.phase, end.result, end.values) == ("Succeeded", "/work\n1\n2", {"x": "3"}), end.message


def test_failures_and_missing_outputs(bench: Bench) -> None:
    end = bench.run(inside("echo 1; exit 3"))
    assert (end.phase, end.exit_code, end.message) == ("Failed", 3, "main: Error (exit code 3)")
    end = bench.run(inside("true", files=[file()]))
    assert (end.phase, "has written no file" in end.message) == ("Error", True)
    assert bench.run(inside("true", values=[value(default="d")])).values == {"x": "d"}
    end = bench.run(pod(["no-such-program"], image=SMALL))
    assert (end.phase, "no-such-program" in end.message) == ("Error", True), end.message
    end = bench.run(shell("true", image="localhost/no-such-image:1"))
    assert (end.phase, end.message.startswith(f"{bench.executor.name} create: ")) == ("Error", True)
    end = bench.run(inside(f"{MAKE} ln -s /etc/passwd {OUT}", values=[value()]))
    assert (end.phase, end.values) == ("Error", {})  # podman looks where the link leads in the container


def test_volumes_and_secrets(bench: Bench) -> None:
    volumes = [
        {"name": "s", "secret": {"secretName": "db"}},
        {"name": "c", "persistentVolumeClaim": {"claimName": "c"}},
        {"name": "e", "emptyDir": {}},
    ]
    mounts = [{"name": name, "mountPath": f"/v/{name}"} for name in "sce"]
    env = [{"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "db", "key": "key"}}}]
    more = {"volumeMounts": mounts, "spec": {"volumes": volumes}, "env": env, "result": True}
    end = bench.run(inside("cat /v/s/key; echo $KEY; echo 1 >> /v/c/kept; echo 1 > /v/e/x; cat /v/c/kept", **more))
    assert (end.phase, end.result) == ("Succeeded", "hushhush\n1"), end.message
    assert bench.run(inside("echo 2 >> /v/c/kept; cat /v/c/kept; ls /v/e", **more)).result == "1\n2"


def test_a_deadline_and_a_stop_end_the_container(bench: Bench) -> None:
    end = bench.run(inside("sleep 300", deadline=1))
    assert (end.phase, end.exit_code in {137, 143}) == ("Failed", True)
    assert end.message == "Pod was active on the node longer than the specified deadline"
    bench.began.clear()
    assert bench.stop(inside("trap '' TERM; sleep 300"), "enough", kills=True).message == "enough"


def test_a_container_that_vanishes_has_not_succeeded(bench: Bench) -> None:
    inbox, end = bench.start(inside("sleep 300"))
    while not bench.began:
        time.sleep(0.02)
    (running,) = listed(bench.executor.name)
    Engine(bench.executor.name, bench.executor.name).remove(running)
    assert end().phase == "Error"
    assert inbox.empty()


def test_a_flood_is_kept_in_part(bench: Bench) -> None:
    end = bench.run(inside("seq 1 200000", result=True))
    assert end.phase == "Succeeded"
    assert (end.result or "").endswith("199999\n200000")
    assert len(bench.printed()) < 200_000
    assert bench.printed().startswith("1\n2\n")


def test_100_mb_come_out_and_what_is_left_running_ends(bench: Bench) -> None:
    end = bench.run(inside(f"{MAKE} setsid sleep 300 & head -c 100000000 /dev/zero > {OUT}", files=[file()]))
    assert end.phase == "Succeeded", end.message
    assert bench.stored().stat().st_size == 100_000_000
