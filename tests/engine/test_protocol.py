"""Orders and events are plain data: what one side writes as JSON, the other reads."""

from __future__ import annotations

import msgspec
import pytest

from transpiler.engine import protocol
from transpiler.engine.protocol import Event, Order, Orders

FILE = protocol.InputFile("data", "/tmp/inputs/data", {"raw": {"data": "a"}})
POD = protocol.Pod(
    node="p-1",
    name="p.a",
    template="a",
    kind="container",
    spec={"container": {"image": "alpine", "command": ["true"]}},
    inputs=protocol.Inputs({"x": "1"}, (FILE,)),
    outputs=protocol.Outputs((protocol.OutputValue("y", "/tmp/y"),), (protocol.OutputFile("z", "/tmp/z", "p-1/z"),)),
    wants_result=True,
)
ORDERS: list[Order] = [
    protocol.Start(POD),
    protocol.Stop("p-1", "the run is over"),
    protocol.Ask("p-2", "p.b", ("ok",)),
]
EVENTS: list[Event] = [
    protocol.Began("p-1", 1.5),
    protocol.Ended("p-1", 2.5, "Failed", 1, "exit code 1", {"y": "1"}, {"z": "p-1/z"}, "printed"),
    protocol.Woke(3.5),
    protocol.Supplied("p-2", 4.5, {"ok": "yes"}),
    protocol.Stopped(5.5, "Terminate"),
]


def test_orders_travel_as_json() -> None:
    orders = Orders(tuple(ORDERS), wake=7.25)
    assert msgspec.json.decode(msgspec.json.encode(orders), type=Orders) == orders


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_events_travel_as_json(event: Event) -> None:
    assert msgspec.json.decode(msgspec.json.encode(event), type=Event) == event
