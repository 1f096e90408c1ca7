"""Texts of a manifest that stand in files of their own: `source: {file: steps/clean.py}` in a template.

A text takes the place of its mapping before the schema judges the document, so that every rule about a text holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from transpiler.argo.kubelet import kept
from transpiler.argo.limits import MAX_VARIABLE
from transpiler.argo.text import argo_tags
from transpiler.diagnostics import Report, Source, Span
from transpiler.patterns import regex
from transpiler.read.yaml.nodes import FileText, List, Map

Texts = Callable[[str, Span], Source | None]
"""The path of a text and its position → the file; None, with a diagnostic, if there is none that can be used."""

_REFERENCE: Final = regex(r"(?<!\$)\$\{\{\s*(inputs|tasks|item|workflow|env)(?![\w-])[^{}]*\}\}")
_TEXTS: Final = (("script", "source"), ("resource", "manifest"))
_WORDS: Final = (("container", "command"), ("container", "args"), ("script", "command"), ("script", "args"))


def insert_texts(document: Map, texts: Texts, report: Report) -> None:
    """Put each text in the place of its mapping. One that cannot be used is reported, and `UNUSABLE` then."""
    for parent, key in list(_places(document)):
        if not _is_file(parent[key]):
            continue  # an alias stands there too
        asked: Map = parent[key]
        source = _read(asked["file"], asked.value_span("file"), texts, report)
        if source is None:
            parent.mark_unusable(key)
        else:
            parent[key] = _text(source)


def _read(path: str, span: Span, texts: Texts, report: Report) -> Source | None:
    if "${{" not in path:
        return texts(path, span)
    message = "a file is read when the pipeline is compiled, so its path cannot contain a reference"
    report.error("misplaced-reference", message, span, "write the path itself")
    return None


def judge_text(source: Source, report: Report) -> None:
    """A text arrives as it is; Argo would take most references in it for its own tags."""
    null = source.text.find("\0")
    if null >= 0:
        report.error("control-character", "a text cannot contain U+0000", source.span(null, null + 1), "delete it")
    for match in _REFERENCE.finditer(source.text):
        message = "a text in a file cannot contain references: the same file serves every run"
        hint = "pass the value in `env`, and read the variable; in a word of a command, write it into the manifest"
        report.error("misplaced-reference", message, source.span(*match.span()), hint)


def _text(source: Source) -> FileText:
    """The text as Kubernetes has to get it, so that it arrives as the file has it."""
    text = FileText(_escaped(source.text))
    text.source = source
    return text


def _escaped(text: str) -> str:
    """Argo's tags stay as they are. Kubernetes does not read a text that no variable can hold."""
    if "$" not in text or len(text.encode()) > MAX_VARIABLE:
        return text
    parts, end = [], 0
    for _, start, after in argo_tags(text):
        parts += [kept(text[end:start]), text[start:after]]
        end = after
    return "".join([*parts, kept(text[end:])])


def _places(document: Map) -> Iterator[tuple[Any, Any]]:
    """Each mapping or list with a key or index that holds a `file`."""
    for template in _templates(document):
        for kind, key in _TEXTS:
            home = template.get(kind)
            if isinstance(home, Map) and _is_file(home.get(key)):
                yield home, key
        for kind, key in _WORDS:
            words = template[kind].get(key) if isinstance(template.get(kind), Map) else None
            if isinstance(words, List):
                yield from ((words, index) for index, word in enumerate(words) if _is_file(word))


def _is_file(value: object) -> bool:
    return isinstance(value, Map) and value.keys() == {"file"} and isinstance(value["file"], str)


def _templates(node: Map) -> Iterator[Map]:
    """The templates in Argo's fields of a manifest or task, and of all tasks and components in it."""
    waiting, seen = [node], set()
    while waiting:
        current = waiting.pop()
        if id(current) in seen:  # an alias
            continue
        seen.add(id(current))
        template = current.get("template")
        if isinstance(template, Map):
            yield template
        for key in ("components", "tasks", "entries", "hooks"):
            below = current.get(key)
            waiting += [each for each in below.values() if isinstance(each, Map)] if isinstance(below, Map) else []
        ending = current.get("onExit")
        if isinstance(ending, Map):
            waiting += [ending, *(each for each in ending.values() if isinstance(each, Map))]
