"""Literal text in Argo: texts that would arrive changed, and hints for them.

Argo has no escape for `{{`, and replaces tags anywhere. Facts: Argo `docs/variables.md`, `util/template`.
`kubelet` covers the text that Kubernetes expands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from transpiler.argo.variables import CHECKED, REPLACED, REPLACED_IN_A_RUN
from transpiler.patterns import regex


def _tags(text: str) -> Iterator[tuple[int, int]]:
    """Where Argo finds a tag: from `{{` to the next `}}`."""
    start = text.find("{{")
    while start >= 0:
        end = text.find("}}", start + 2)
        if end < 0:
            return
        yield start, end + 2
        start = text.find("{{", end + 2)


def argo_tags(text: str) -> Iterator[tuple[str, int, int]]:
    """Every `{{ … }}` that Argo would replace, evaluate or refuse: (the tag's text, start, end).

    Others (`{{ .Values.x }}`, `{{ name }}`) reach the program unchanged.
    """
    for start, end in _tags(text):
        tag = text[start + 2 : end - 2]
        name = tag.strip()
        if tag.startswith("=") or name.startswith((*CHECKED, *REPLACED_IN_A_RUN)) or name in REPLACED:
            yield name, start, end


def unclosed_tag(text: str) -> str:
    """A `{{` without its `}}`, with the text after it; empty if there is none.

    Argo parses a Workflow as one text, and takes everything up to the end of the next tag as one name.
    """
    behind = text[max((end for _, end in _tags(text)), default=0) :]
    return behind[behind.index("{{") :] if "{{" in behind else ""


def open_end(text: str) -> str:
    """The end of a text that would swallow a tag after it: `{`, or an unclosed tag; empty if there is none."""
    return unclosed_tag(text) or ("{" if text.endswith("{") else "")


_ESCAPED_IN_JSON: Final = regex(r'["\\\x00-\x1f\u2028\u2029]')


def is_escaped_in_json(text: str) -> bool:
    """True for a text that Go writes with escapes; `<`, `>` and `&` in it are put back by Argo (util/json.Fix)."""
    return _ESCAPED_IN_JSON.search(text) is not None


def bad_character(text: str) -> str:
    """The first character that Argo cannot substitute (Go's `strconv.Quote` of it is not JSON); empty if none."""
    return next((character for character in text if _breaks_json(character)), "")


def _breaks_json(character: str) -> bool:
    code = ord(character)
    if code < 0x20 or code == 0x7F:
        return character not in "\b\f\n\r\t"
    return 0xD800 <= code <= 0xDFFF or (code > 0xFFFF and unicodedata.category(character)[0] in "CZ")


_TAG: Final = regex(r"\{\{.*?\}\}", re.DOTALL)


def without_tags(text: str, instead: str) -> str:
    """A text with something else for each tag, whatever is in that."""
    end = text.rfind("}}") + 2  # no tag starts after it, and every `{{` there would be searched for an end
    return _TAG.sub(instead, text[:end]) + text[end:]
