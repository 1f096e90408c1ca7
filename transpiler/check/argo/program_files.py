"""Programs and manifests in Argo's fields that are the path of a file: the path itself would run, not the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from transpiler.argo.programs import programs
from transpiler.check.argo.nodes import text_of
from transpiler.diagnostics import Report, Span, excerpt
from transpiler.patterns import regex
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import FileText, List, Map

_PATH: Final = regex(
    r"(?P<start>\.{0,2}/)?(?:[\w.-]+/)*[\w.-]+\."
    r"(?:py|sh|bash|zsh|js|mjs|ts|rb|pl|php|lua|jl|r|R|sql|go|java|scala|groovy|ps1|ya?ml|json|ipynb)"
)
_SHELLS: Final = frozenset(["sh", "bash", "ash", "dash", "zsh", "ksh"])


class _Text(NamedTuple):
    text: str
    span: Span
    is_of_a_shell: bool
    """A shell runs the path of a program, if it is in the image."""
    key: str


def check_program_files(template: Map, report: Report) -> None:
    """Warn of each text that a program or the cluster reads, and that is only the path of a file."""
    for found in _texts(template):
        path = _PATH.fullmatch(found.text.strip())
        if path is None or isinstance(found.text, FileText) or (found.is_of_a_shell and path["start"]):
            continue
        name = found.text.strip()
        message = f"`{excerpt(name)}` is the text itself here: the file is not read"
        report.warning("text-as-file", message, found.span, f"write `{found.key}{{file: {name}}}`")


def _texts(template: Map) -> Iterator[_Text]:
    for kind, key in (("script", "source"), ("resource", "manifest")):
        home = fields.mapping(template, kind)
        if home is not None and text_of(home, key):
            words = home.get("command")
            is_of_a_shell = kind == "script" and any(_is_shell(word) for word in words or ["sh"])
            yield _Text(home[key], home.value_span(key), is_of_a_shell, f"{key}: ")
    for kind in ("container", "script"):
        container = fields.mapping(template, kind)
        yield from _words(container) if container is not None else ()


def _words(container: Map) -> Iterator[_Text]:
    """The words that an interpreter takes as its program, such as that behind `python -c`."""
    lists = [found for key in ("command", "args") if isinstance(found := container.get(key), List)]
    places = [(words, index) for words in lists for index in range(len(words))]
    texts = [word if isinstance(word := words[index], str) else None for words, index in places]
    for place in programs(texts):
        if place < len(texts) and (text := texts[place]):
            words, index = places[place]
            is_of_a_shell = any(word is not None and _is_shell(word) for word in texts[:place])
            yield _Text(text, words.item_span(index), is_of_a_shell, "")


def _is_shell(word: object) -> bool:
    return isinstance(word, str) and word.rpartition("/")[2] in _SHELLS
