"""Ten thousand tasks, and runs that would never end."""

from __future__ import annotations

from typing import Final

from tests.rehearsal.desk import Desk, Json, say

_TASKS, _WIDTH = 10_000, 100
_LATE: Final = f"t{_TASKS - _WIDTH}"
"""The last one below t5000."""


def test_ten_thousand_tasks(desk: Desk) -> None:
    """In layers, each task after two of the layer before."""
    tasks: dict[str, Json] = {}
    for number in range(_TASKS):
        above = number - _WIDTH
        after = [f"t{above}", f"t{above - above % _WIDTH + (number * 7 + 3) % _WIDTH}"] if above >= 0 else []
        tasks[f"t{number}"] = say("x", **({"after": sorted(set(after))} if after else {}))
    desk.manifest(tasks)
    told = desk.told(
        f"""
cases:
  it:
    fakes: {{t5000: Failed}}
    expect: {{phase: Failed, duration: 100s, tasks: {{t4999: Succeeded, t5000: Failed, {_LATE}: Omitted}}}}
"""
    )
    assert told == []


def test_a_run_that_tries_for_ever_is_told(desk: Desk) -> None:
    desk.manifest({"load": say("x", argo={"template": {"retryStrategy": {"retryPolicy": "Always"}}}, timeout="1d")})
    (told,) = desk.told("cases: {it: {fakes: {load: {exitCode: 1, duration: 0}}}}")
    assert told == "1:9 failed-expectation: it: the run does not end: `load` was tried 1,000 times, and is tried again"


def test_a_lock_is_waited_for_no_longer_than_a_timeout(desk: Desk) -> None:
    """Argo ends what is Pending once its time has passed, so the engine has to be woken after that, not at it."""
    lock = {"container": {"image": "x", "command": ["x"]}, "synchronization": {"mutexes": [{"name": "m"}]}}
    desk.manifest({"a": {"template": lock}, "b": {"template": lock, "timeout": "10s"}})
    case = "fakes: {a: {duration: 1h}}, expect: {phase: Failed, tasks: {a: Succeeded, b: {message: timeout}}}"
    assert desk.told(f"cases: {{it: {{{case}}}}}") == []
