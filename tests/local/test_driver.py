"""The loop of a run: tasks that fail, tries, questions, interrupts. The engine is a small one of the tests."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from tests.local.runner import ECHO, Runner
from tests.local.stand_in import FILE, OUT, Job
from transpiler.engine.protocol import RunInfo, Supplied
from transpiler.local.again import failure, worth_keeping
from transpiler.local.driver import Driver
from transpiler.local.errors import RunError
from transpiler.local.folder import Plan, RunFolder, find_folder, folders, new_folder
from transpiler.local.journal import read_journal


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    folder = new_folder(tmp_path / ".transpile" / "runs", "p-", tmp_path)
    return Runner(folder)


def test_tasks_run_one_after_the_other_and_side_by_side(runner: Runner) -> None:
    meet = "echo $$ > /dev/null; sleep 0.3; " + ECHO
    jobs = {"a": Job(meet), "b": Job(meet), "c": Job(ECHO, ("a", "b"))}
    driver = runner.run(jobs)
    assert driver.is_over
    assert runner.status["phase"] == "Succeeded"
    assert driver.ends["p-c"].values == {"value": "c a  b "}
    lines = runner.heard.lines
    assert sorted(lines[:2]) == ["start p-a", "start p-b"]
    assert lines[-2:] == ["start p-c", "Succeeded p-c"]
    assert runner.heard.workflows[-1]["status"] == runner.status
    assert not list(runner.folder.work.iterdir())


def test_no_more_tasks_run_at_once_than_may(runner: Runner) -> None:
    runner.run({name: Job(ECHO) for name in "abcd"}, at_once=1)
    assert runner.heard.lines == [line for name in "abcd" for line in (f"start p-{name}", f"Succeeded p-{name}")]


def test_a_failure_ends_the_run_and_stops_what_runs(runner: Runner) -> None:
    driver = runner.run({"a": Job("sleep 30"), "b": Job("sleep 0.2; exit 4"), "c": Job(ECHO, ("a",))})
    assert (driver.is_over, runner.status["phase"]) == (True, "Failed")
    assert (driver.ends["p-a"].phase, driver.ends["p-a"].message) == ("Failed", "b has failed")
    assert "start p-c" not in runner.heard.lines


def test_tries_wait_for_their_time(runner: Runner) -> None:
    jobs = {"a": Job("exit 1", tries=3)}
    driver = runner.run(jobs, pause=0.2)
    assert list(driver.ends) == ["p-a.0", "p-a.1", "p-a.2"]
    times = [step.now for step in read_journal(runner.folder.journal)]
    assert times[-1] - times[0] > 0.4


def test_a_question_is_answered_or_ends_the_process_and_not_the_run(runner: Runner) -> None:
    jobs = {"a": Job("", asks=True), "b": Job(ECHO, ("a",))}
    driver = runner.run(jobs)
    assert (driver.is_over, driver.stuck) == (False, "it waits for an answer")
    assert runner.heard.lines == ["asks a"]
    driver = runner.run(jobs, answer=lambda ask, _: Supplied(ask.node, time.time(), {"answer": "no"}))
    assert (driver.is_over, driver.ends["p-b"].values) == (True, {"value": "b no"})


def interrupt_after(seconds: float, times: int = 1, pause: float = 0.1) -> Callable[[Driver], None]:
    def interrupt(driver: Driver) -> None:
        time.sleep(seconds)
        for _ in range(times):
            driver.interrupt()
            time.sleep(pause)

    return interrupt


def test_an_interrupted_run_goes_on_where_it_was(runner: Runner) -> None:
    once = "test -e /tmp/inputs/file || sleep 20; " + ECHO
    jobs = {
        "a": Job(f"{ECHO}; cp {OUT} {FILE}"),
        "b": Job("sleep 20", ("a",), leaves=False),
    }
    driver = runner.run(jobs, meanwhile=interrupt_after(1))
    assert not driver.is_over
    assert runner.heard.lines == ["start p-a", "Succeeded p-a", "start p-b", "stopping"]
    assert runner.status["phase"] == "Running"
    jobs["b"] = Job(once, ("a",), takes="a")
    driver = runner.run(jobs)
    assert driver.is_over
    assert runner.heard.lines == ["start p-b: it was running when the run was interrupted", "Succeeded p-b"]
    assert driver.ends["p-b"].values == {"value": "b a "}


def test_a_task_that_was_told_to_end_has_not_succeeded(runner: Runner) -> None:
    catches = f"trap '{ECHO}; exit 0' TERM; sleep 20 & wait"
    jobs = {"a": Job(catches), "b": Job(ECHO, ("a",))}
    runner.run(jobs, meanwhile=interrupt_after(1))
    assert runner.heard.lines == ["start p-a", "stopping"]
    runner.run({"a": Job(ECHO), "b": Job(ECHO, ("a",))})
    assert runner.status["phase"] == "Succeeded"


def test_a_second_interrupt_kills(runner: Runner) -> None:
    started = time.monotonic()
    runner.run({"a": Job("trap '' TERM; sleep 20; sleep 20")}, meanwhile=interrupt_after(0.5, 2))
    assert time.monotonic() - started < 10


def test_a_failed_run_goes_on_with_what_failed_and_what_came_of_it(runner: Runner) -> None:
    jobs = {
        "a": Job(f"{ECHO}; echo 1 > {FILE}"),
        "tried": Job(f"test -e /never || exit 1; {ECHO}", tries=2),
        "b": Job("cat /tmp/inputs/file; exit 3", ("a",), takes="a"),
    }
    driver = runner.run(jobs, at_once=1)
    assert runner.status["phase"] == "Failed"
    folder = runner.folder
    kept = worth_keeping(driver.pods, driver.ends, folder.workflow())
    assert list(kept) == ["p-a"]
    why = {node: failure(end) for node, end in driver.ends.items() if node not in kept}
    folder.start_again(kept)
    assert read_journal(folder.journal) == []
    jobs |= {"tried": Job(ECHO, tries=2), "b": Job(ECHO, ("a",), takes="a")}
    driver = runner.run(jobs, at_once=1, kept=folder.kept(), why=why)
    assert runner.status["phase"] == "Succeeded"
    assert runner.heard.lines == [
        "keep p-a",
        "Succeeded p-a",
        "start p-tried.0: it had ended as Failed: main: Error (exit code 1)",
        "Succeeded p-tried.0",
        "start p-b: it had ended as Failed: main: Error (exit code 3)",
        "Succeeded p-b",
    ]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (Job("echo other; " + ECHO), "what it runs has changed"),
        (Job(ECHO, ("a",)), "its input `value0` has changed"),
        (Job(ECHO, takes="b"), "its inputs have changed"),
        (Job(ECHO, leaves=False), "what is wanted of it has changed"),
    ],
)
def test_what_has_changed_runs_again_and_says_why(runner: Runner, changed: Job, why: str) -> None:
    jobs = {"a": Job(f"{ECHO}; echo 1 > {FILE}"), "b": Job(f"{ECHO}; echo 1 > {FILE}"), "c": Job(ECHO)}
    driver = runner.run({**jobs, "d": Job("exit 1", ("c", "b", "a"))})
    kept = worth_keeping(driver.pods, driver.ends, runner.folder.workflow())
    runner.folder.start_again(kept)
    runner.run({**jobs, "c": changed}, kept=kept)
    again = [line for line in runner.heard.lines if line.startswith("start")]
    assert again == [f"start p-c: {why}"]


def test_whoever_reads_a_file_that_was_made_anew_runs_again(runner: Runner) -> None:
    jobs = {"a": Job(f"{ECHO}; echo 1 > {FILE}"), "b": Job(ECHO, ("a",), takes="a")}
    driver = runner.run({**jobs, "c": Job("exit 1", ("b",))})
    kept = worth_keeping(driver.pods, driver.ends, runner.folder.workflow())
    runner.folder.start_again(kept)
    del kept["p-a"]
    runner.run(jobs, kept=kept)
    assert "start p-b: its input `file` was made anew" in runner.heard.lines


def test_one_process_at_a_time_has_a_folder(runner: Runner) -> None:
    folder = runner.folder
    assert not folder.is_held()
    with folder.locked():
        assert RunFolder(folder.path).is_held()
        with pytest.raises(RunError, match="another process has its folder"), RunFolder(folder.path).locked():
            pass
    assert not folder.is_held()


def test_folders_are_found_by_name_and_path(tmp_path: Path) -> None:
    home = tmp_path / ".transpile" / "runs"
    with pytest.raises(RunError, match="there is no run `p-1`"):
        find_folder(home, "p-1")
    made = [new_folder(home, base, tmp_path) for base in ("p-", "q-")]
    assert folders(home) == []  # nothing has been planned there
    for number, each in enumerate(made):
        each.write("run.json", msgspec.json.encode(Plan(RunInfo(each.name, number), (), {})))
        os.utime(each.path / "run.json", (number, number))
    assert [each.name for each in folders(home)] == [each.name for each in made]
    assert find_folder(home, made[0].name).path == find_folder(home, str(made[0].path)).path == made[0].path
    assert made[0].plan().info.name == made[0].name
    assert (home / ".gitignore").read_text() == "*\n"
    with pytest.raises(RunError):
        find_folder(home, "../../etc")


def test_no_folder_is_made_through_a_link_of_the_checkout(tmp_path: Path) -> None:
    root, away = tmp_path / "root", tmp_path / "away"
    root.mkdir()
    away.mkdir()
    (root / ".transpile").symlink_to(away)
    with pytest.raises(RunError, match="leads elsewhere"):
        new_folder(root / ".transpile" / "runs", "p-", root)
    assert not list(away.iterdir())


def test_a_name_of_a_node_leads_nowhere(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    for node in ("../../x", "/etc/passwd", ".", "..", "a/b", "x" * 1000, "é\n\x1b[31m"):
        assert folder.log(node).parent == tmp_path / "log"
        assert folder.place(node).resolve().parent == tmp_path / "work"


def test_a_journal_that_was_cut_is_read_up_to_the_cut(runner: Runner) -> None:
    runner.run({"a": Job(ECHO), "b": Job(ECHO)}, at_once=1)
    whole = runner.folder.journal.read_bytes()
    steps = read_journal(runner.folder.journal)
    for length in range(len(whole)):
        runner.folder.journal.write_bytes(whole[:length])
        assert read_journal(runner.folder.journal) == steps[: whole[:length].count(b"\n")]
    runner.folder.journal.write_bytes(b"{}\n")
    with pytest.raises(RunError, match="is not the journal of a run"):
        read_journal(runner.folder.journal)
