"""transpile.lock → the locked content of every component reference. Read-only; `transpiler.lock` writes it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct, field

from transpiler.catalog.files import Unreadable, read_regular_file, resolve_inside, shown
from transpiler.diagnostics import Report, Source, Span
from transpiler.patterns import regex
from transpiler.read.documents import LOCK
from transpiler.read.schema.judge import check_schema
from transpiler.read.yaml import fields
from transpiler.read.yaml.document import read_document
from transpiler.read.yaml.nodes import Map
from transpiler.read.yaml.source import decode

LOCK_FILE: Final = LOCK.file
"""A file in the root: the Git checkout, or the folder of a manifest outside a checkout."""

_CONFLICT: Final = regex(r"^(<{7}|={7}|>{7})( |$)", re.MULTILINE)


class Locked(Struct, frozen=True):
    """One component, as it was when the lock was written. Those of `source` git or url come from elsewhere."""

    source: str
    digest: str
    uses: tuple[str, ...] = ()
    """The components that it names itself, sorted."""
    repository: str = ""
    ref: str = ""
    commit: str = ""
    path: str = ""
    url: str = ""


class Lock(Struct, frozen=True):
    """The whole lock; all keys are references, with the paths of files here relative to the lock as `./path`."""

    manifests: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    components: Mapping[str, Locked] = field(default_factory=dict)
    images: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, Span] = field(default_factory=dict)
    """The position of each manifest and component in the file."""


def read_lock(root: Path, report: Report) -> Lock | None:
    """The lock of a root; None when there is none, or, with a diagnostic, when it cannot be used."""
    path = root / LOCK_FILE
    if not os.path.lexists(path):
        return None
    try:
        data = read_regular_file(resolve_inside(path, root))
    except Unreadable as problem:
        report.error(problem.code, problem.message, Source(shown(path), "").span(0), problem.hint)
        return None
    source = decode(shown(path), data, report)
    if source is None or _is_in_conflict(source, report):
        return None
    return _build(source, report)


def _is_in_conflict(source: Source, report: Report) -> bool:
    found = _CONFLICT.search(source.text)
    if found:
        hint = "keep either of the two sides, then run `transpile lock`, which updates the lock"
        report.error("yaml-syntax", "this is an unresolved merge conflict", source.span(*found.span(1)), hint)
    return bool(found)


def _build(source: Source, report: Report) -> Lock | None:
    own = Report()
    document = read_document(source, own)
    if not own.failed and not isinstance(document, Map):
        hint = "delete the file, then write it anew with `transpile lock`"
        own.error("wrong-type", f"{LOCK_FILE} must be a mapping", source.span(0), hint)
    if isinstance(document, Map):
        check_schema(document, LOCK.schema, own)
    if isinstance(document, Map) and not own.failed:
        lock = _lock(document)
        _check_images(document, lock, own)
    report.take(own)
    return None if own.failed else lock


def _lock(document: Map) -> Lock:
    manifests, components = fields.mapping(document, "manifests"), fields.mapping(document, "components")
    images = fields.pairs(document, "images")
    places = {key: part.key_span(key) for part in (manifests, components) if part is not None for key in part}
    return Lock(
        {key: _uses(manifests, key) for key in manifests} if manifests is not None else {},
        {key: _locked(components[key]) for key in components} if components is not None else {},
        dict(images),
        places,
    )


def _locked(entry: Map) -> Locked:
    texts = {key: fields.text(entry, key) for key in ("source", "repository", "ref", "commit", "path", "url")}
    return Locked(digest=fields.text(entry, "digest").removeprefix("sha256:"), uses=_uses(entry, "uses"), **texts)


def _uses(parent: Map, key: str) -> tuple[str, ...]:
    return tuple(str(item) for item in fields.items(parent, key))


def _check_images(document: Map, lock: Lock, report: Report) -> None:
    """A pin must name the same image, with a digest."""
    for image, pinned in lock.images.items():
        if pinned.partition("@")[0] != image_name(image):
            place = document["images"].value_span(image)
            hint = f"write {image_name(image)}@sha256: and its digest"
            report.error("wrong-value", f"`{pinned}` is not the image `{image}` with a digest", place, hint)


def image_name(image: str) -> str:
    """An image without its tag: `registry:5000/python:3.12` → `registry:5000/python`."""
    head, slash, last = image.rpartition("/")
    return head + slash + last.partition("@")[0].partition(":")[0]
