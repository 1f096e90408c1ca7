"""References inside a program of a template of the task's own: they run as part of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from transpiler.argo.programs import programs
from transpiler.diagnostics import Report
from transpiler.model.argo_data import Slot
from transpiler.model.expressions.tree import references_of
from transpiler.model.settings import Settings
from transpiler.resolve.scope import Call


def check_injection(call: Call, report: Report) -> None:
    """Warn of a reference in the source of a script, or behind `sh -c`."""
    implementation = call.implementation
    if implementation.argo_node is None:
        return
    for slot in _own(call.task.settings):
        node: Any = implementation.argo_fields
        for step in slot.path[:-2]:
            node = node[step]
        if slot.path[-1] == "source" or _is_program(node, slot.path):
            for reference in references_of(slot.text)[:1]:
                message = "the value becomes part of the program"
                hint = "put it into `env`, and read the variable in the program"
                report.warning("script-injection", message, reference.span, hint)


def _own(settings: Settings) -> tuple[Slot, ...]:
    return tuple(
        slot for slot in settings.own if slot.path[-1] == "source" or slot.path[-2:-1] in {("command",), ("args",)}
    )


def _is_program(container: Any, path: Sequence[str | int]) -> bool:
    """True for a word that is run as a program."""
    words = [("command", index, word) for index, word in enumerate(container.get("command", []))]
    words += [("args", index, word) for index, word in enumerate(container.get("args", []))]
    texts = [str(word) for *_, word in words]
    found = programs([None if "${{" in text and not text.startswith("-") else text for text in texts])
    return tuple(path[-2:]) in {words[place][:2] for place in found}
