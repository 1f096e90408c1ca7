"""Values inside a program: they run as part of it, so the author of a value decides what runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from transpiler.argo.programs import programs
from transpiler.diagnostics import Report, Span
from transpiler.model.argo_data import Slot
from transpiler.model.command_line import Word
from transpiler.model.component import Component
from transpiler.model.expressions.search import references_of
from transpiler.model.placeholders import InputValue
from transpiler.model.settings import Settings
from transpiler.resolve.scope import Call


def check_component_injection(component: Component, report: Report) -> None:
    """Warn of an input whose value stands behind `sh -c`, or the like, in the command line of a component."""
    container = component.implementation.container
    if container is None:
        return
    line = container.command_line()
    words = (*(line.command or ()), *line.args)
    found = programs([_literal(word) for word in words])
    for piece in (piece for place in found for piece in words[place]):
        if isinstance(piece, InputValue):
            hint = "pass it as a separate argument, and read it as `$0`, `$1` or sys.argv"
            _warn(f"the value of `{piece.name}`", piece.span, hint, report)


def check_injection(call: Call, report: Report) -> None:
    """Warn of a reference in the source of a script, or behind `sh -c`, in a template in Argo's own fields."""
    implementation = call.implementation
    if implementation.argo_node is None:
        return
    for slot in _own(call.task.settings):
        node: Any = implementation.argo_fields
        for step in slot.path[:-2]:
            node = node[step]
        if slot.path[-1] == "source" or _is_program(node, slot.path):
            for reference in references_of(slot.text)[:1]:
                _warn("the value", reference.span, "put it into `env`, and read the variable in the program", report)


def _warn(value: str, span: Span, hint: str, report: Report) -> None:
    report.warning("script-injection", f"{value} becomes part of the program", span, hint)


def _literal(word: Word) -> str | None:
    """The text of a word, without the values in it."""
    text = "".join(piece for piece in word if isinstance(piece, str))
    return _known(
        text, is_literal=all(isinstance(piece, str) for piece in word), starts=bool(word) and isinstance(word[0], str)
    )


def _known(text: str, *, is_literal: bool, starts: bool) -> str | None:
    """A word as far as it is known before a run; None for one with a value in it, unless it starts as an option."""
    return text if is_literal or (starts and text.startswith("-")) else None


def _own(settings: Settings) -> tuple[Slot, ...]:
    return tuple(
        slot for slot in settings.own if slot.path[-1] == "source" or slot.path[-2:-1] in {("command",), ("args",)}
    )


def _is_program(container: Any, path: Sequence[str | int]) -> bool:
    """True for a word that is run as a program."""
    places = [(key, index) for key in ("command", "args") for index in range(len(container.get(key, [])))]
    texts = [str(container[key][index]) for key, index in places]
    found = programs([_known(text, is_literal="${{" not in text, starts=True) for text in texts])
    return tuple(path[-2:]) in {places[place] for place in found}
