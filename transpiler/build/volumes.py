"""`volumes` of a task: mount path → volume. `artifacts` of a pipeline: the volume for its files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from transpiler.argo.naming import kebab
from transpiler.build.argo_data import tree_of
from transpiler.build.value import known_text, value_of
from transpiler.build.variables import filled_tree, optional
from transpiler.diagnostics import Related, Report
from transpiler.model.argo_data import Tree
from transpiler.model.pipeline import ArtifactVolume
from transpiler.model.settings import Volume
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import Map

_KINDS = ("claim", "secret", "configMap", "emptyDir", "size", "source")


def build_volumes(body: Map, report: Report) -> tuple[Volume, ...]:
    """The volumes of a task, by mount path."""
    volumes = fields.mapping(body, "volumes")
    return tuple(_volumes(volumes, report)) if volumes is not None else ()


def _volumes(volumes: Map, report: Report) -> Iterator[Volume]:
    seen: dict[str, str] = {}
    for path in sorted(volumes):
        given = fields.mapping(volumes, path)
        if given is None or volumes.hides(path) or not fields.is_complete(given):
            continue
        kinds = [kind for kind in _KINDS if kind in given]
        if len(kinds) != 1:
            message = f"the volume at `{path}` needs one of {', '.join(f'`{kind}`' for kind in _KINDS)}"
            code = "missing-key" if not kinds else "conflicting-keys"
            report.error(code, message, volumes.key_span(path), "for example {claim: data}, or {size: 10Gi}")
            continue
        volume = _volume(path, given, kinds[0], volumes, report)
        other = seen.setdefault(volume.path, path)
        if other != path:
            message = f"`{other}` and `{path}` are the same mount path"
            related = (Related("the other one", volumes.key_span(other)),)
            report.error("conflicting-volume", message, volumes.key_span(path), "delete one of them", related)
            continue
        yield volume


def _volume(path: str, given: Map, kind: str, volumes: Map, report: Report) -> Volume:
    return Volume(
        path.rstrip("/") or "/",
        volumes.key_span(path),
        fields.text(given, "name"),
        kebab(_named(given, kind) if kind != "size" else path, kebab(path, "volume")),
        source=None if kind == "size" else _source(kind, given, report),
        size=fields.text(given, "size"),
        storage_class=known_text(given, "storageClass", report),
        access_modes=_access_modes(given),
        read_only=given.get("readOnly") is True,
        sub_path=value_of(given, "subPath", report) if "subPath" in given else None,
        written=given,
    )


def _access_modes(given: Map) -> tuple[str, ...]:
    return tuple(map(str, fields.items(given, "accessModes"))) or ("ReadWriteOnce",)


def _named(given: Map, kind: str) -> str:
    value = given[kind]
    return value if isinstance(value, str) and "${{" not in value else ""


_SOURCES: Final = {
    "claim": ("persistentVolumeClaim", "claimName"),
    "secret": ("secret", "secretName"),
    "configMap": ("configMap", "name"),
}
"""Kind → Kubernetes' volume source, and its identifying field."""


def _source(kind: str, given: Map, report: Report) -> Tree:
    """Kubernetes' volume source."""
    if kind in _SOURCES:
        source, field = _SOURCES[kind]
        return filled_tree({field: (given, kind), **_of_keys(given)}, report).below(source)
    tree = tree_of(given, kind, report) or Tree({})
    return tree if kind == "source" else tree.below(kind)


def _of_keys(given: Map) -> dict[str, Any]:
    """Which keys of a Secret or ConfigMap are files, and how."""
    items = fields.mapping(given, "items")
    mode = fields.text(given, "mode")
    return {
        **({"items": [{"key": key, "path": fields.text(items, key)} for key in sorted(items)]} if items else {}),
        **({"defaultMode": int(mode, 8)} if mode else {}),
        **optional(given),
    }


def build_artifacts(document: Map, report: Report) -> ArtifactVolume | None:
    """The volume for the files of a pipeline; None if there is none."""
    given = fields.mapping(document, "artifacts")
    if given is None or document.hides("artifacts") or not fields.is_complete(given):
        return None
    span = document.key_span("artifacts")
    if ("claim" in given) == ("size" in given):
        code = "conflicting-keys" if "claim" in given else "missing-key"
        message = "`artifacts` needs one of `claim`, `size`"
        report.error(
            code, message, span, "write {claim: data} for an existing claim, or {size: 10Gi} for a claim for each run"
        )
        return None
    return ArtifactVolume(
        span,
        claim=fields.text(given, "claim"),
        size=fields.text(given, "size"),
        storage_class=fields.text(given, "storageClass"),
        access_modes=_access_modes(given),
        prefix=fields.text(given, "prefix"),
        written=given,
    )
