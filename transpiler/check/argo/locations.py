"""Where artifacts are stored, in Argo's own fields: one place each, of which Argo keeps all."""

from __future__ import annotations

from transpiler.argo.artifacts import LOCATIONS, lost
from transpiler.check.argo.nodes import check_one_of
from transpiler.diagnostics import Report
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import Map


def check_one_place(artifact: Map, report: Report) -> None:
    """An artifact is in one place."""
    check_one_of(artifact, LOCATIONS, "an artifact has one location", report)


def check_place(artifact: Map, report: Report, *, is_archive: bool = False) -> None:
    """A whole artifact, or `archiveLocation`: one place, of which Argo keeps all."""
    check_one_place(artifact, report)
    kinds = [key for key in LOCATIONS if key in artifact]
    store = fields.mapping(artifact, kinds[0]) if len(kinds) == 1 else None
    found = lost(artifact, is_archive=is_archive) if store is not None and fields.is_complete(store) else None
    if store is not None and found is not None:
        span = store.key_span(found.field) if found.field in store else artifact.key_span(found.field)
        report.error("incomplete-location", found.message, span, found.hint)


def check_sources(template: Map, report: Report) -> None:
    """Artifacts of `data` and `resource` templates that are none of their inputs."""
    for keys in (("data", "source", "artifactPaths"), ("resource", "manifestFrom", "artifact")):
        node: Map | None = template
        for key in keys:
            node = fields.mapping(node, key) if node is not None else None
        if node is not None:
            check_place(node, report)
