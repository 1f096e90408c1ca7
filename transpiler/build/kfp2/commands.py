"""`command` and `args` of a compiled container: texts with placeholders, and `Concat`/`IfPresent` as JSON in a text."""

from __future__ import annotations

import json
from typing import Any, Final

from transpiler.build.kfp2.executor import joined
from transpiler.build.kfp2.interface import Interface
from transpiler.build.kfp2.placeholders import Texts
from transpiler.diagnostics import Report, Span, excerpt
from transpiler.model.placeholders import CommandPart, Concat, If, IsPresent
from transpiler.patterns import regex
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import Map

MAX_DEPTH: Final = 32
"""How deep `Concat` and `IfPresent` may stand in each other."""
_STRUCTURE: Final = regex(r'\{\s*"(Concat|IfPresent)"\s*:')


class Commands:
    """Reads the command line of one component."""

    def __init__(self, interface: Interface, report: Report) -> None:
        self.texts, self.report = Texts(interface, report), report

    def parts(self, container: Map, key: str) -> tuple[CommandPart, ...]:
        """The words of `command` or `args`; what is wrong in one is reported, and left out."""
        words = fields.items(container, key)
        found = (
            self.word(word, words.item_span(index))
            for index, word in enumerate(words)
            if isinstance(word, str) and not isinstance(words, tuple)
        )
        return tuple(part for part in found if part is not None)

    def word(self, text: str, span: Span) -> CommandPart | None:
        """One element of a command line."""
        if not _STRUCTURE.match(text):
            return self.text(text, span)
        try:
            return self.structure(json.loads(text), span, 0)
        except (_Wrong, ValueError, RecursionError) as problem:
            reason = str(problem) if isinstance(problem, _Wrong) else "it is not valid JSON"
            hint = 'write {"Concat": [...]} or {"IfPresent": {"InputName": ..., "Then": ..., "Else": ...}}'
            self.report.error("wrong-value", f"a placeholder in JSON is invalid: {reason}", span, hint)
            return None

    def text(self, text: str, span: Span) -> CommandPart | None:
        """A text; None when nothing of it is usable."""
        parts = joined(self.texts.parts(text, span))
        return (parts[0] if len(parts) == 1 else Concat(parts)) if parts else None

    def structure(self, node: Any, span: Span, depth: int) -> CommandPart | None:
        """A text, `Concat` or `IfPresent` at some depth of the JSON. Raises _Wrong."""
        if isinstance(node, str):
            return self.text(_whole(node), span)
        if depth > MAX_DEPTH:
            raise _Wrong(f"it is nested more than {MAX_DEPTH} levels deep")
        if not isinstance(node, dict) or len(node) != 1:
            raise _Wrong("it must contain a string, `Concat` or `IfPresent`")
        ((keyword, body),) = node.items()
        if keyword == "Concat" and isinstance(body, list):
            return Concat(self.all_of(body, span, depth))
        if keyword == "IfPresent" and isinstance(body, dict) and isinstance(body.get("InputName"), str):
            then, otherwise = (self.branch(body.get(key), span, depth) for key in ("Then", "Else"))
            return If(IsPresent(_whole(body["InputName"]), span), then, otherwise)
        raise _Wrong(f"`{excerpt(keyword)}` has an invalid form")

    def branch(self, node: Any, span: Span, depth: int) -> tuple[CommandPart, ...]:
        """What stands under `Then` or `Else`: nothing, one part, or several."""
        if node is None:
            return ()
        return self.all_of(node if isinstance(node, list) else [node], span, depth)

    def all_of(self, nodes: list[Any], span: Span, depth: int) -> tuple[CommandPart, ...]:
        """The parts of a list."""
        read = [self.structure(node, span, depth + 1) for node in nodes]
        return tuple(part for part in read if part is not None)


def _whole(text: str) -> str:
    """A text of JSON. Raises _Wrong for half a surrogate pair, which JSON can write and nothing can encode."""
    if _SURROGATE.search(text):
        raise _Wrong("it contains half of a surrogate pair")
    return text


_SURROGATE: Final = regex("[\ud800-\udfff]")


class _Wrong(Exception):  # noqa: N818 - carries a diagnostic
    """JSON that is no placeholder; the text says why."""
