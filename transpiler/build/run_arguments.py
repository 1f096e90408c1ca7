"""`-p NAME=VALUE` and files of parameters → the arguments of a run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from transpiler.diagnostics import Related, Report, Source
from transpiler.model.run_arguments import RunArgument
from transpiler.model.values import Literal
from transpiler.read.yaml import fields
from transpiler.read.yaml.document import read_document
from transpiler.read.yaml.nodes import UNUSABLE, Map
from transpiler.read.yaml.source import decode

COMMAND_LINE: Final = "command line"
"""The name of the source, where a diagnostic is about a word of the command line."""
_OPTION: Final = "-p "


def from_words(words: Sequence[str], report: Report) -> tuple[RunArgument, ...]:
    """The arguments of `-p`, each once. The source of their places has a line for each, as the user wrote it."""
    source = Source(COMMAND_LINE, "\n".join(f"{_OPTION}{word}" for word in words))
    found: dict[str, RunArgument] = {}
    for given in _split(words, source, report):
        if given.name in found:
            related = (Related("it is passed here too", found[given.name].name_span),)
            message = f"`{given.name}` is passed twice"
            report.error("duplicate-name", message, given.name_span, "delete one of them", related)
        found[given.name] = given
    return tuple(found.values())


def _split(words: Sequence[str], source: Source, report: Report) -> Iterator[RunArgument]:
    start = 0
    for word in words:
        name, equals, text = word.partition("=")
        at = start + len(_OPTION)
        start = at + len(word) + 1
        place = source.span(at, at + len(name))
        if not equals or not name:
            report.error("wrong-value", "`-p` takes NAME=VALUE", source.span(at, at + len(word)), "write NAME=VALUE")
            continue
        value_span = source.span(at + len(name) + 1, at + len(word))
        yield RunArgument(name, place, _read(text), value_span, text)


def _read(text: str) -> Literal:
    """A word as YAML reads it; what is not YAML, or nothing in YAML, is a string."""
    own = Report()
    value = read_document(Source(COMMAND_LINE, text), own)
    is_value = not own.diagnostics and value is not None and value is not UNUSABLE and fields.is_complete(value)
    return Literal(value, text.strip()) if is_value else Literal(text, json.dumps(text))


def from_file(name: str, data: bytes, report: Report) -> tuple[RunArgument, ...]:
    """The arguments of a file: a mapping of inputs to values, in YAML or JSON."""
    source = decode(name, data, report)
    before = report.errors
    document: Any = read_document(source, report) if source is not None else None
    if source is None or document is UNUSABLE or report.errors > before:
        return ()
    if not isinstance(document, Map):
        hint = "write a line for each input, such as `rows: 5`"
        report.error("wrong-type", "a file of parameters maps inputs to values", source.span(0), hint)
        return ()
    return tuple(
        RunArgument(key, document.key_span(key), Literal(value, document.written(key)), document.value_span(key))
        for key, value in document.items()
        if fields.is_complete(value) and value is not None
    )
