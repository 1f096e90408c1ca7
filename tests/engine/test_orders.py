"""What a driver sees: orders, waits, ends, and a state that can be taken up again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.compared import nodes
from tests.engine.generate import asked
from tests.engine.simulated import Simulation
from transpiler.engine.engine import Engine
from transpiler.engine.protocol import (
    Ask,
    Began,
    Ended,
    Orders,
    RunInfo,
    Start,
    Stop,
    Stopped,
    Supplied,
    Woke,
)

Json = Any
LEAF: Json = {
    "name": "leaf",
    "inputs": {"parameters": [{"name": "t", "default": "x"}]},
    "outputs": {"parameters": [{"name": "o", "valueFrom": {"path": "/tmp/o"}}]},
    "container": {"image": "alpine", "command": ["echo", "{{inputs.parameters.t}}"]},
}


def engine(*templates: Json, **spec: Json) -> Engine:
    """A run of the last of some templates."""
    found = {"entrypoint": templates[-1]["name"], "templates": [LEAF, *templates], **spec}
    workflow = {"kind": "Workflow", "metadata": {"name": "w"}, "spec": found}
    return Engine([workflow], {}, RunInfo("r", 0.0))


def dag(*tasks: Json, **fields: Json) -> Json:
    return {"name": "main", "dag": {"tasks": list(tasks)}, **fields}


def task(name: str, *after: str, **fields: Json) -> Json:
    return {"name": name, "template": "leaf", "dependencies": list(after), **fields}


def started(orders: Orders) -> list[str]:
    """The nodes of the pods that are ordered."""
    return [each.pod.name for each in orders.orders if isinstance(each, Start)]


def pods(orders: Orders) -> dict[str, str]:
    """Name → id of the nodes of the pods that are ordered."""
    return {each.pod.name: each.pod.node for each in orders.orders if isinstance(each, Start)}


def done(node: str, at: float = 1.0) -> Ended:
    return Ended(node, at, "Succeeded", 0, values={"o": "made"})


def failed(node: str, at: float = 1.0) -> Ended:
    return Ended(node, at, "Failed", 3, "exit code 3")


def phases(of: Engine) -> dict[str, str]:
    return {name: node["phase"] for name, node in nodes(of.workflow()).items()}


def test_tasks_start_when_what_they_wait_for_is_over_with_its_values() -> None:
    value = {"parameters": [{"name": "t", "value": "{{tasks.a.outputs.parameters.o}}"}]}
    run = engine(dag(task("a"), task("b", "a", arguments=value)))
    first = run.step([], 0.0)
    assert started(first) == ["r.a"]
    assert run.step([Began(pods(first)["r.a"], 0.5)], 0.5) == Orders()
    second = run.step([done(pods(first)["r.a"])], 1.0)
    (order,) = second.orders
    assert isinstance(order, Start)
    assert order.pod.spec["container"]["command"] == ["echo", "made"]
    assert order.pod.inputs.values == {"t": "made"}
    assert run.step([done(order.pod.node, 2.0)], 2.0) == Orders(has_ended=True)
    status = run.workflow()["status"]
    assert (status["phase"], status["startedAt"], status["finishedAt"]) == (
        "Succeeded",
        "1970-01-01T00:00:00Z",
        "1970-01-01T00:00:02Z",
    )


def test_a_second_end_and_an_end_of_nobody_change_nothing() -> None:
    run = engine(dag(task("a"), task("b")))
    first = pods(run.step([], 0.0))
    run.step([done(first["r.a"])], 1.0)
    before = run.workflow()
    assert run.step([failed(first["r.a"]), failed("nobody")], 2.0) == Orders()
    assert run.workflow() == before


def test_a_backoff_says_when_it_is_over() -> None:
    retry = {"limit": 2, "backoff": {"duration": "10", "factor": 2}}
    run = engine({**LEAF, "name": "tried", "retryStrategy": retry}, dag(task("a", template="tried")))
    first = run.step([], 0.0)
    second = run.step([failed(pods(first)["r.a(0)"], 1.0)], 1.0)
    assert second == Orders(wake=11.0)
    assert run.step([Woke(5.0)], 5.0) == Orders(wake=11.0)
    third = run.step([Woke(11.0)], 11.0)
    assert started(third) == ["r.a(1)"]
    assert run.step([failed(pods(third)["r.a(1)"], 12.0)], 12.0).wake == 32.0
    last = run.step([Woke(32.0)], 32.0)
    assert run.step([failed(pods(last)["r.a(2)"], 33.0)], 33.0).has_ended
    assert nodes(run.workflow())["r.a"]["message"] == "No more retries left"


def test_a_wait_ends_by_itself_or_by_an_answer() -> None:
    supplied = {"parameters": [{"name": "ok", "valueFrom": {"supplied": {}, "default": "no"}}]}
    wait = {"name": "wait", "suspend": {"duration": "30s"}, "outputs": supplied}
    value = {"parameters": [{"name": "t", "value": "{{tasks.a.outputs.parameters.ok}}"}]}
    steps = (task("a", template="wait"), task("b", "a", arguments=value))
    run = engine(wait, dag(*steps))
    (ask,) = run.step([], 0.0).orders
    assert isinstance(ask, Ask)
    assert (ask.name, ask.wants, ask.until) == ("r.a", ("ok",), 30.0)
    answered = run.step([Supplied(ask.node, 5.0, {"ok": "yes"})], 5.0)
    assert [each.pod.inputs.values for each in answered.orders if isinstance(each, Start)] == [{"t": "yes"}]
    other = engine(wait, dag(*steps))
    wake = other.step([], 0.0).wake
    assert wake is not None
    assert wake == pytest.approx(30.0)
    assert not other.step([Woke(30.0)], 30.0).orders  # Argo goes on after that time, not at it
    later = other.step([Woke(wake)], wake)
    assert [each.pod.inputs.values for each in later.orders if isinstance(each, Start)] == [{"t": "no"}]


@pytest.mark.parametrize(("how", "handlers"), [("Stop", ["r.onExit"]), ("Terminate", [])])
def test_a_run_that_is_ended_stops_its_pods(how: Any, handlers: list[str]) -> None:
    run = engine(dag(task("a"), task("b", "a")), onExit="leaf")
    first = pods(run.step([], 0.0))
    orders = run.step([Stopped(1.0, how)], 1.0)
    assert [each.node for each in orders.orders if isinstance(each, Stop)] == [first["r.a"]]
    assert started(orders) == handlers
    last = run.step([failed(first["r.a"], 2.0), *(done(each, 2.0) for each in pods(orders).values())], 2.0)
    assert last.has_ended
    assert run.workflow()["status"]["message"] == f"Stopped with strategy '{how}'"
    assert phases(run)["r.a"] == "Failed"


def test_a_run_ends_at_its_deadline_and_its_handler_runs() -> None:
    run = engine(dag(task("a")), onExit="leaf", activeDeadlineSeconds=60)
    first = run.step([], 0.0)
    (order,) = first.orders
    assert isinstance(order, Start)
    assert order.pod.deadline == 60.0
    assert first.wake == pytest.approx(60.0)
    late = run.step([Woke(61.0)], 61.0)
    assert [type(each) for each in late.orders] == [Stop, Start]
    assert run.step([failed(order.pod.node, 62.0), done(pods(late)["r.onExit"], 62.0)], 62.0).has_ended
    assert run.workflow()["status"]["phase"] == "Failed"


def test_a_timeout_counts_from_when_a_task_may_start() -> None:
    locked = {**LEAF, "name": "locked", "timeout": "60s", "synchronization": {"mutexes": [{"name": "m"}]}}
    run = engine(locked, dag(task("a", template="locked"), task("b", template="locked")))
    (first,) = run.step([], 0.0).orders
    assert isinstance(first, Start)
    assert first.pod.deadline == 60.0
    (second,) = run.step([done(first.pod.node, 20.0)], 20.0).orders
    assert isinstance(second, Start)
    assert second.pod.deadline == 40.0


def test_a_lock_that_is_not_free_in_time_is_a_failure() -> None:
    locked = {**LEAF, "name": "locked", "timeout": "60s", "synchronization": {"mutexes": [{"name": "m"}]}}
    run = engine(locked, dag(task("a", template="locked"), task("b", template="locked")))
    assert run.step([], 0.0).wake == pytest.approx(60.0)
    run.step([Woke(61.0)], 61.0)
    assert nodes(run.workflow())["r.b"]["phase"] == "Failed"
    assert nodes(run.workflow())["r.b"]["message"] == "timeout"


def test_a_run_that_would_wait_for_ever_says_why() -> None:
    value = {"parameters": [{"name": "t", "value": "{{tasks.a.outputs.result}}"}]}
    run = engine(dag(task("a"), {**task("b", "a"), "arguments": value}))
    first = pods(run.step([], 0.0))
    orders = run.step([Ended(first["r.a"], 1.0, "Succeeded", 0, values={"o": "1"})], 1.0)
    assert orders.stuck == "failed to resolve {{tasks.a.outputs.result}}"


def test_a_limit_of_the_run_and_a_lock_hold_pods_back() -> None:
    run = engine(dag(*(task(f"t{number}") for number in range(5))), parallelism=2)
    first = pods(run.step([], 0.0))
    assert list(first) == ["r.t0", "r.t1"]
    assert started(run.step([done(first["r.t1"])], 1.0)) == ["r.t2"]
    locked = {**LEAF, "name": "locked", "synchronization": {"mutexes": [{"name": "m"}]}}
    other = engine(locked, dag(task("a", template="locked"), task("b", template="locked")))
    begun = pods(other.step([], 0.0))
    assert list(begun) == ["r.a"]
    assert nodes(other.workflow())["r.b"]["message"] == "Waiting for default/Mutex/m lock. Lock status: 0/1"
    assert started(other.step([done(begun["r.a"])], 1.0)) == ["r.b"]


def test_templates_that_call_each_other_for_ever_end_in_an_error() -> None:
    run = engine({"name": "main", "dag": {"tasks": [{"name": "a", "template": "main"}]}})
    assert run.step([], 0.0).has_ended
    assert run.workflow()["status"]["phase"] == "Error"
    assert len(run.workflow()["status"]["nodes"]) == 100


def test_a_saved_run_goes_on_where_it_was() -> None:
    for seed in range(20):
        mine = Simulation(asked(seed), seed=seed)
        mine.go()
        other = Engine(mine.asked.objects, {}, mine.info)
        other.load(mine.engine.save())
        assert other.workflow() == mine.engine.workflow()


@pytest.mark.parametrize("seed", range(100))
def test_the_order_in_which_pods_end_does_not_decide_how_a_run_ends(seed: int) -> None:
    run = asked(seed, is_plain=True)
    together, apart = Simulation(run), Simulation(run, seed=seed)
    assert nodes(apart.go()) == nodes(together.go())
