"""Programs that misbehave: each ends as documented, and no process is left."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.executors.bench import MAKE, OUT, Bench, file, pod, processes, processes_of, shell, value
from transpiler.engine.protocol import InputFile
from transpiler.executors.process.executor import ProcessExecutor
from transpiler.executors.store import remove


def gone(marker: str) -> bool:
    """True once no process has the marker among its words."""
    for _ in range(200):
        if not processes_of(marker):
            return True
        time.sleep(0.02)
    return False


def sleeper(bench: Bench) -> str:
    """A number of seconds that nobody else sleeps."""
    return f"3{os.getpid()}{id(bench) % 10_000}"


def test_a_program_that_hangs_ends_at_its_deadline(bench: Bench) -> None:
    marker = sleeper(bench)
    end = bench.run(shell(f"sleep {marker}", deadline=0.3))
    late = "Pod was active on the node longer than the specified deadline"
    assert (end.phase, end.exit_code, end.message) == ("Failed", 143, late)
    assert gone(marker)


def test_a_program_that_ignores_the_signal_is_killed_after_the_grace_period(tmp_path: Path, bench: Bench) -> None:
    shared = isinstance(bench.executor, ProcessExecutor) and not bench.executor.is_private
    marker = sleeper(bench)
    with processes(tmp_path / "other", shared=shared, grace=0.3) as other:
        end = other.stop(shell(f"trap '' TERM; sleep {marker}; sleep {marker}"), "enough")
    assert (end.phase, end.exit_code, end.message) == ("Failed", 137, "enough")
    assert gone(marker)


def test_a_program_is_killed_at_once(bench: Bench) -> None:
    marker = sleeper(bench)
    assert bench.stop(shell(f"trap '' TERM; sleep {marker}"), kills=True).exit_code == 137
    assert gone(marker)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody adopts what a program leaves behind")
@pytest.mark.parametrize(
    "how", ["sleep {} & true", "setsid sleep {} & sleep 0.1", "(setsid sh -c 'sleep {} & sleep {}' &); sleep 0.1"]
)
def test_what_a_program_leaves_running_ends_with_it(bench: Bench, how: str) -> None:
    marker = sleeper(bench)
    end = bench.run(shell(how.replace("{}", marker) + "; echo done", result=True))
    assert (end.phase, end.result) == ("Succeeded", "done")
    assert gone(marker)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody adopts what a program leaves behind")
def test_a_program_that_kills_its_parent(bench: Bench) -> None:
    marker = sleeper(bench)
    end = bench.run(shell(f"setsid sleep {marker} & kill $PPID; kill -9 $PPID; sleep 0.3"))
    if isinstance(bench.executor, ProcessExecutor) and bench.executor.is_private:
        assert end.phase == "Succeeded"  # it cannot
    else:
        assert (end.phase, end.message) == ("Error", "the process that watched the program has been killed")
    assert gone(marker)
    assert bench.run(shell("true")).phase == "Succeeded"


def test_a_flood_is_kept_in_part(bench: Bench) -> None:
    text = "import sys\nfor n in range(400_000): print(n, 'flood')\nprint('last')"
    end = bench.run(pod([sys.executable, "-c", text], result=True))
    assert end.phase == "Succeeded"
    printed = bench.printed()
    assert printed.startswith("0 flood\n1 flood\n")
    assert printed.endswith("\nlast\n")
    assert "bytes more, of which the last 65,536 follow]" in printed
    assert len(printed) < 1.2 * (1 << 20)
    assert (end.result or "").endswith("399999 flood\nlast")


def test_100_mb_are_stored_without_a_copy(bench: Bench) -> None:
    end = bench.run(shell(f"{MAKE} head -c 100000000 /dev/zero > {OUT}; ls -i {OUT}", files=[file()], result=True))
    assert end.phase == "Succeeded", end.message
    found = bench.stored().stat()
    assert (found.st_size, str(found.st_ino)) == (100_000_000, (end.result or "").split()[0])


def test_a_value_that_no_cluster_stores_is_an_error(bench: Bench) -> None:
    end = bench.run(shell(f"{MAKE} head -c 2000000 /dev/zero > {OUT}", values=[value()]))
    assert end.phase == "Error"
    assert "larger than" in end.message


@pytest.mark.parametrize("target", ["/etc/passwd", "../../../../../../../../../etc/passwd", "/proc/self/environ"])
def test_a_link_out_of_the_folder_is_an_error(bench: Bench, target: str) -> None:
    end = bench.run(shell(f"{MAKE} ln -s {target} {OUT}", values=[value()], files=[file()]))
    assert (end.phase, end.values, end.files) == ("Error", {}, {})
    assert "where the task has nothing of its own" in end.message
    assert not bench.stored().exists()


def test_a_link_within_the_folder_is_followed(bench: Bench) -> None:
    text = f"{MAKE} cd /tmp/outputs; echo 1 > real; mkdir y; ln -s x/data y/z; ln -s ../real x/data; ln -s x w"
    end = bench.run(shell(text, values=[value("/tmp/outputs/w/data")], files=[file()]))
    assert (end.phase, end.values) == ("Succeeded", {"x": "1"}), end.message
    assert not bench.stored().is_symlink()
    end = bench.run(shell(f"{MAKE} ln -s data {OUT}", values=[value()]))
    assert (end.phase, "loop of links" in end.message) == ("Error", True)


def test_links_in_a_folder_stay_links_and_lead_no_writer_out(tmp_path: Path, bench: Bench) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    end = bench.run(shell(f"mkdir -p {OUT}; ln -s {outside} {OUT}/away", files=[file()]))
    assert end.phase == "Succeeded", end.message
    inputs = [InputFile("a", "/in", {"key": "p/x"}), InputFile("b", "/in/away/file", {"raw": {"data": "hello"}})]
    end = bench.run(shell("true", inputs=inputs))
    assert (end.phase, end.message) == ("Error", "the input `b`: `/in/away/file` is behind a link")
    assert not list(outside.iterdir())


def test_pipes_and_devices_are_not_stored(bench: Bench) -> None:
    end = bench.run(shell(f"{MAKE} mkfifo {OUT}", values=[value()], files=[file()]))
    assert end.phase == "Error"
    assert "is not a file" in end.message
    assert "holds a pipe" in end.message


def test_folders_that_nobody_may_read_are_stored_and_removed(bench: Bench) -> None:
    text = f"mkdir -p {OUT}/a/b; echo 1 > {OUT}/a/b/c; chmod 0 {OUT}/a/b/c {OUT}/a/b {OUT}/a; mkdir -p d/e; chmod 0 d"
    end = bench.run(shell(text, files=[file()]))
    assert end.phase == "Succeeded", end.message
    assert (bench.stored() / "a" / "b" / "c").read_text() == "1\n"
    assert not (bench.folder / "work" / "p-1").exists()


def test_a_hard_link_to_a_file_of_the_user_shares_nothing(bench: Bench) -> None:
    """What is stored does not change when the other name of it is written to."""
    end = bench.run(shell(f"{MAKE} echo 1 > {OUT}; ln {OUT} /tmp/outputs/x/two", files=[file("/tmp/outputs/x")]))
    assert end.phase == "Succeeded", end.message
    assert (bench.stored() / "data").stat().st_nlink == 1


@pytest.mark.parametrize("key", ["../../x", "/etc/x", "a/../../../x", "..", ".new", "a\0b", "x" * 300, "é/%2F", "."])
def test_no_key_leads_out_of_the_store(bench: Bench, key: str) -> None:
    end = bench.run(shell(f"{MAKE} echo 1 > {OUT}", files=[file(key=key)]))
    assert (end.phase == "Succeeded") == (len(key) < 100), end.message
    inside = bench.folder / "files"
    if end.phase == "Succeeded":
        assert bench.store.path(key).resolve().is_relative_to(inside)
        assert bench.run(shell("cat /in", inputs=[InputFile("in", "/in", {"key": key})])).phase == "Succeeded"
    assert {each.name for each in bench.folder.iterdir()} <= {"files", "log", "work"}


@pytest.mark.skipif(os.getuid() != 0, reason="mounting a small disk needs the rights of root")
def test_a_full_disk_is_an_error_and_not_a_success(tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(run)], check=False).returncode:
        pytest.skip("no small disk can be mounted")
    try:
        with processes(run, shared=False) as bench:
            end = bench.run(shell(f"{MAKE} head -c 3000000 /dev/zero > {OUT}", files=[file()]))
            assert (end.phase, end.exit_code) == ("Failed", 1)
            end = bench.run(shell("head -c 3000000 /dev/zero; echo done", result=True))
            assert (end.phase, (end.result or "")[-4:]) in {("Succeeded", "done"), ("Error", "")}
            remove(bench.folder / "files")
            assert bench.run(shell("echo 1", result=True)).result == "1"
    finally:
        subprocess.run(["umount", "-l", str(run)], check=True)


def test_whatever_runs_ends_with_whom_it_was_started_for(tmp_path: Path) -> None:
    """A run that is killed leaves no process of its tasks."""
    marker = f"4{os.getpid()}1"
    for shared in (False, True):
        text = (
            "from pathlib import Path; from tests.executors.bench import *\n"
            f"with processes(Path({str(tmp_path / f'run{shared}')!r}), shared={shared}) as bench:\n"
            f"    bench.start(shell('setsid sleep {marker} & sleep {marker}'))[1]()\n"
        )
        process = subprocess.Popen([sys.executable, "-c", text], cwd=Path(__file__).parents[2])
        for _ in range(500):
            if len([each for each in processes_of(f"sleep {marker}") if each.startswith("sleep")]) == 2:
                break
            time.sleep(0.02)
        else:
            pytest.fail("the programs have not started")
        process.kill()
        process.wait()
        assert gone(f"sleep {marker}")
