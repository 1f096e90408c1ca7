"""A manifest → the environments beside it: `pipeline.prod.yaml` is what `prod` changes of `pipeline.yaml`.

A name alone does not make a values file: the name may belong to a manifest of its own, to a compiled Workflow, or to a
file of another tool. So its keys are looked at, too. Beside a manifest, whatever is not plainly one of these is a
values file, so that its mistakes are reported and no environment is lost in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from transpiler.build.values.keys import KEYS
from transpiler.catalog.files import SUFFIXES, Unreadable, git_root, read_regular_file, resolve_inside
from transpiler.diagnostics import Report
from transpiler.patterns import regex
from transpiler.read.documents import MANIFEST, TESTS, guess
from transpiler.read.schema.work import CALLEES
from transpiler.read.yaml.document import read_what_can_be
from transpiler.read.yaml.source import decode
from transpiler.suggest import did_you_mean
from transpiler.workspace.options import Options

ENVIRONMENT_NAME: Final = regex(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_NOT_NAMES: Final = frozenset({"pipeline"})
"""`prepare.pipeline.yaml` is a manifest."""
_OF_OTHERS: Final = (
    *("$schema", "implementation", "pipelineInfo", "deploymentSpec", "pipelineSpec", "manifests"),
    *TESTS.keys,
)
"""Keys of components, compiled KFP v2 pipelines, locks, files of tests, and files of other tools."""
_OUR_VERSIONS: Final = "transpiler/"


def environments(manifest: Path, root: Path | None = None) -> dict[str, Path]:
    """Name → values file, for each environment beside a manifest, sorted; files outside the root are left out.

    Of two files with one name, `.yaml` comes before `.yml`, and that before `.json`.
    """
    return {name: paths[0] for name, paths in _files(manifest, root).items()}


def unused_twins(manifest: Path, root: Path | None = None) -> list[tuple[Path, Path]]:
    """Values files of a name that another one has already, and that one."""
    return [(twin, paths[0]) for paths in _files(manifest, root).values() for twin in paths[1:]]


def _files(manifest: Path, root: Path | None) -> dict[str, list[Path]]:
    """Name → the values files of that name, the one that counts first."""
    folder = manifest.parent
    root = root or git_root(folder.resolve())
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.glob(f"{_escaped(manifest.stem)}.*"), key=lambda each: (each.stem, _place(each))):
        name = environment_of(path)
        if name and path.stem == f"{manifest.stem}.{name}":
            data = _read(path, root)
            if data is not None and not other_kind(data):
                found.setdefault(name, []).append(path)
    return dict(sorted(found.items()))


def environments_of(manifest: Path, options: Options) -> dict[str, tuple[Path, ...]]:
    """Name → values files, of which later ones win, for each environment that a manifest has beside it or in a project.

    The file beside the manifest comes after those that all manifests of a project share.
    """
    beside: dict[str, tuple[Path, ...]] = {name: (path,) for name, path in environments(manifest, options.root).items()}
    if options.environments is None:
        return beside
    return {name: (*shared, *beside.get(name, ())) for name, shared in options.environments.items()}


def environment_of(path: Path) -> str:
    """The name of the environment that a file name would have; empty for a name that is none of a values file."""
    name = path.stem.rpartition(".")[2] if "." in path.stem else ""
    return name if path.suffix in SUFFIXES and ENVIRONMENT_NAME.fullmatch(name) and name not in _NOT_NAMES else ""


def manifest_of(path: Path) -> Path | None:
    """The manifest that a file belongs to by its name; None if there is none beside it."""
    if not environment_of(path):
        return None
    base = path.stem.rpartition(".")[0]
    for suffix in sorted(SUFFIXES, key=lambda each: _place(Path(f"a{each}"))):
        manifest = path.with_name(f"{base}{suffix}")
        data = _read(manifest, None)
        if data is not None and guess(manifest, data) is MANIFEST:
            return manifest
    return None


def is_values_file(path: Path, data: bytes) -> bool:
    """True for a file that changes the manifest beside it, or that is meant to."""
    return bool(environment_of(path)) and manifest_of(path) is not None and not other_kind(data)


def not_an_environment(manifest: Path, name: str) -> tuple[Path, str] | None:
    """A file with the name of an environment that is not a values file, and what it is instead; None without one."""
    for path in (manifest.with_name(f"{manifest.stem}.{name}{suffix}") for suffix in SUFFIXES):
        data = _read(path, None) if environment_of(path) == name else None
        kind = other_kind(data) if data is not None else ""
        if kind:
            return path, kind
    return None


def has_values(data: bytes) -> bool:
    """True for bytes with keys of a values file that are no manifest, or component, or object of their own."""
    document = _document(data)
    if not isinstance(document, dict):
        return document is None
    if _other_kind(document) or "kind" in document or "apiVersion" in document:
        return False
    return not document or any(key in KEYS or did_you_mean(key, KEYS, 0.75) for key in document)


def other_kind(data: bytes) -> str:
    """What a file with the name of a values file plainly is instead; empty for what is judged as a values file."""
    document = _document(data)
    return _other_kind(document) if isinstance(document, dict) else ""


def _other_kind(document: Mapping[str, Any]) -> str:
    api = document.get("apiVersion")
    if "kind" in document and isinstance(api, str) and not api.startswith(_OUR_VERSIONS):
        return "a Kubernetes object"
    if any(key in document for key in _OF_OTHERS):
        return "a document of another kind"
    is_complete = "workflowTemplateRef" in document or _runs_all(document)
    return "a manifest of its own" if "name" in document and is_complete else ""


def _document(data: bytes) -> Any:
    """What can be read of a file; None if nothing can."""
    source = decode("", data, Report())
    return read_what_can_be(source, Report())[0] if source is not None else None


def _runs_all(document: Mapping[str, Any]) -> bool:
    """True if each task says what it runs, or nearly so, as every task of a manifest does."""
    bodies = [document.get(key) for key in ("tasks", "entries")]
    tasks = [task for body in bodies if isinstance(body, dict) for task in body.values()]
    return bool(tasks) and all(isinstance(task, dict) and _runs(task) for task in tasks)


def _runs(task: Mapping[str, Any]) -> bool:
    return any(did_you_mean(key, CALLEES, 0.75) for key in task)


def _read(path: Path, root: Path | None) -> bytes | None:
    """The bytes of a file; None for one that may not or cannot be read."""
    try:
        return read_regular_file(resolve_inside(path, root) if root is not None else path)
    except Unreadable:
        return None


def _place(path: Path) -> int:
    return (".yaml", ".yml", ".json").index(path.suffix) if path.suffix in SUFFIXES else len(SUFFIXES)


def _escaped(name: str) -> str:
    """A name as a pattern of `glob` that matches it alone."""
    return "".join(f"[{each}]" if each in "*?[" else each for each in name)
