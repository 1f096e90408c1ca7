"""A component reference as written → its parts. Opens nothing: that is the catalog's work."""

from __future__ import annotations

import re
from typing import Any

from transpiler.diagnostics import Span
from transpiler.model.task import ComponentReference
from transpiler.patterns import regex
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import Map

_DIGEST = regex(r"@sha256:([0-9a-fA-F]{64})$")
_HEXADECIMAL = regex(r"[0-9a-f]{64}")
_TAG = regex(r"@([^@/]+)$")


def build_reference(value: Any, span: Span) -> ComponentReference | None:
    """A text (`./path`, `name@tag`, `https://…`, each with `@sha256:…`) or KFP's `componentRef` mapping."""
    if isinstance(value, Map):
        digest = fields.text(value, "digest").lower().removeprefix("sha256:")
        name, url = fields.text(value, "name"), fields.text(value, "url")
        if not (name or url or digest) or (digest and not _HEXADECIMAL.fullmatch(digest)):
            return None
        return ComponentReference(_reference_span(value, span), "", name, fields.text(value, "tag"), digest, url)
    return parse_reference(value, span) if isinstance(value, str) and value else None


def _reference_span(value: Map, span: Span) -> Span:
    return next((value.value_span(key) for key in ("url", "name", "digest") if key in value), span)


def parse_reference(text: str, span: Span) -> ComponentReference:
    """Split `PATH-OR-NAME-OR-URL[@tag][@sha256:digest]`."""
    pinned = _DIGEST.search(text)
    digest = pinned[1].lower() if pinned else ""
    text = text[: pinned.start()] if pinned else text
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", text):
        return ComponentReference(span, url=text, digest=digest)
    if text.startswith(("./", "../", "/", "~")) or text in {".", ".."} or "\\" in text:
        return ComponentReference(span, path=text, digest=digest)
    tagged = _TAG.search(text)
    if tagged:
        return ComponentReference(span, name=text[: tagged.start()], tag=tagged[1], digest=digest)
    return ComponentReference(span, name=text, digest=digest)
