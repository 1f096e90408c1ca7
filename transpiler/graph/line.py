"""A line of a picture: what flows from one node to another."""

from __future__ import annotations

from typing import Final, NamedTuple

from msgspec import Struct

ORDER: Final = "order"
HOOK: Final = "hook"


class Flow(NamedTuple):
    """One thing that flows along a line: the name of an output or fact, its type, how, and the key that takes it.

    The name of an order is the result that is asked for, with a `!` before it if it must not be that one.
    """

    name: str
    type: str
    how: str
    taken_by: str


class Line(Struct, frozen=True):
    """All that flows from one node to another.

    The ends are ids. An empty source is the inputs of the pipeline, an empty target its outputs.
    """

    source: str
    target: str
    flows: tuple[Flow, ...]

    @property
    def kind(self) -> str:
        """What flows: `artifact`, `parameter`, or only an `order`; `hook` leads from a task to a hook of it."""
        ways = [each.how for each in self.flows]
        if HOOK in ways:
            return HOOK
        if any("artifact" in way for way in ways):
            return "artifact"
        return "parameter" if any(way != ORDER for way in ways) else ORDER

    @property
    def label(self) -> str:
        """What flows, in short: names with types, and results that are asked for."""
        flows = [each for each in self.flows if self.kind != HOOK or "artifact" in each.how or each.name != "status"]
        texts = dict.fromkeys(text for each in flows if (text := _label(each)))
        return ", ".join(texts)


def _label(flow: Flow) -> str:
    if flow.how in {ORDER, HOOK}:
        return _condition(flow.name)
    if flow.taken_by == "when":
        return f"when: {flow.name}"
    return f"{flow.name}: {flow.type}" if flow.type not in {"", "Any", flow.name} else flow.name


def _condition(result: str) -> str:
    """What a task asks of another that it waits for."""
    if result.startswith("!"):
        return f"unless {result[1:] or 'Succeeded'}"
    return f"if {result}" if result else ""
