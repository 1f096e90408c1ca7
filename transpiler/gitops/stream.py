"""An order → the objects of all its manifests in one stream: with fixed names, each once, templates first.

Nothing is written, and nothing is kept between two runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from transpiler.catalog.files import Unreadable, is_folder, read_regular_file, resolve_inside, shown
from transpiler.catalog.locate import Folder
from transpiler.catalog.readings import Readings
from transpiler.compiler import Compilation, compile_bytes
from transpiler.diagnostics import Diagnostic, Report
from transpiler.gitops.order import Order, OrderError
from transpiler.plan.argo_objects import Node
from transpiler.read.documents import MANIFEST
from transpiler.suggest import suggestion
from transpiler.workspace.environments import environments_of
from transpiler.workspace.options import Options
from transpiler.workspace.search import search

HOOK: Final = "argocd.argoproj.io/hook"
"""Argo CD creates an object with this annotation anew at each sync, so that its name may be generated."""
MAX_MANIFESTS: Final = 1_000
"""A server compiles the repositories of others, and has other work."""
_RANKS: Final = {"ClusterWorkflowTemplate": 0, "WorkflowTemplate": 1, "CronWorkflow": 2, "Workflow": 3}
"""Templates stand before what calls them."""


class Manifest(Struct, frozen=True):
    """A manifest of an order."""

    path: Path
    data: bytes

    @property
    def name(self) -> str:
        """The manifest, as messages print it."""
        return shown(self.path)


class Stream(Struct, frozen=True):
    """What an order gives. There are no objects if a diagnostic is an error."""

    objects: tuple[Node, ...]
    diagnostics: tuple[Diagnostic, ...]


def stream_of(order: Order, home: Folder, options: Options) -> Stream:
    """Compile the manifests of an order, whose paths start at `home`. Raises OrderError.

    `options` has what no order gives: catalogs, and whether components are locked; and a kind and version of Argo for
    an order without.
    """
    manifests = manifests_of(order.manifests, home)
    chosen = _chosen(order, home, options)
    known = {each.path: environments_of(each.path, chosen) for each in manifests}
    report, compiled = Report(), []
    _check_environment(order.environment, known.values())
    for each in manifests:
        values = _of_environment(order.environment, each, known[each.path])
        own = replace(chosen, values=[*values, *chosen.values])
        compilation = compile_bytes(each.name, each.data, each.path.parent.resolve(), own)
        report.take(Report.of(compilation.diagnostics))
        compiled.append((each, compilation))
    objects = () if report.failed else _objects(compiled)
    return Stream(objects, report.diagnostics)


def manifests_of(names: Iterable[str], home: Folder) -> list[Manifest]:
    """The manifests named, and those in the folders named, each once. Raises OrderError."""
    found: dict[Path, Manifest] = {}
    for name in names:
        path = home.path / name
        real = _inside(path, home, "manifests")
        for each in _below(path, home) if is_folder(real) else [Manifest(path, _read(real, name))]:
            found.setdefault(each.path.resolve(), each)
            if len(found) > MAX_MANIFESTS:
                raise OrderError(f"there are more than {MAX_MANIFESTS:,} manifests", "manifests")
    if not found:
        raise OrderError(f"there is no manifest in {', '.join(f'`{name}`' for name in names)}", "manifests")
    return list(found.values())


def _below(folder: Path, home: Folder) -> Iterator[Manifest]:
    """The manifests in a folder, sorted by their paths."""
    for path in search(folder, home.root, wanted=MANIFEST):
        yield Manifest(path, _read(path, path.name))


def _inside(path: Path, home: Folder, field: str) -> Path:
    try:
        return resolve_inside(path, home.root)
    except Unreadable as problem:
        raise OrderError(f"`{shown(path)}`: {problem.message}", field) from problem


def _read(path: Path, name: str) -> bytes:
    try:
        return read_regular_file(path)
    except Unreadable as problem:
        message = problem.message if path.name == name else f"`{name}`: {problem.message}"
        raise OrderError(message, "manifests") from problem


def _chosen(order: Order, home: Folder, options: Options) -> Options:
    """The options of every manifest. An object that is kept in Git needs a fixed name, as templates have it."""
    for name in order.values:
        _read(_inside(home.path / name, home, "values"), name)
    return replace(
        options,
        kind=order.kind or options.kind,
        other_kind="WorkflowTemplate" if options.other_kind == "Workflow" else options.other_kind,
        root=home.root,
        values=[home.path / name for name in order.values],
        assignments=order.assignments,
        argo=order.argo or options.argo,
        readings=Readings(),
    )


def _check_environment(name: str, known: Iterable[Mapping[str, Sequence[Path]]]) -> None:
    """At least one manifest has the environment. Raises OrderError."""
    every = sorted({each for names in known for each in names})
    if name and name not in every:
        message = f"no manifest has the environment `{name}`: {suggestion(name, every, 'environments')}"
        raise OrderError(message, "environment")


def _of_environment(name: str, manifest: Manifest, known: Mapping[str, Sequence[Path]]) -> Sequence[Path]:
    """The values files of a manifest. One without environments is the same in all; one that lacks only this is not."""
    if name in known:
        return known[name]
    if name and known:
        missing = manifest.path.with_name(f"{manifest.path.stem}.{name}.yaml").name
        hint = f"add `{missing}`, which may be empty"
        raise OrderError(f"`{manifest.name}` has environments, but not `{name}`: {hint}", "environment")
    return []


def _objects(compiled: Sequence[tuple[Manifest, Compilation]]) -> tuple[Node, ...]:
    """All objects in the order in which a cluster takes them. Raises OrderError for one without a fixed name."""
    owners: dict[tuple[str, ...], Manifest] = {}
    objects = [(node, manifest) for manifest, made in compiled for node in made.objects]
    for node, manifest in objects:
        if "name" not in node["metadata"] and HOOK not in node["metadata"].get("annotations", {}):
            message = f"`{manifest.name}` is a Workflow whose name is made for each run, so nothing can keep it in step"
            raise OrderError(f"{message}: compile it to a WorkflowTemplate, or add a `schedule`", "kind")
        other = owners.setdefault(identity(node), manifest) if "name" in node["metadata"] else manifest
        if other is not manifest:
            what = f"the {node['kind']} `{node['metadata']['name']}`"
            message = f"`{other.name}` and `{manifest.name}` both compile to {what}"
            raise OrderError(f"{message}: change the `name` or `namespace` of one", "manifests")
    return tuple(node for node, _ in sorted(objects, key=lambda each: _RANKS[each[0]["kind"]]))


def identity(node: dict[str, Any]) -> tuple[str, str, str, str]:
    """Group, kind, namespace and name: a cluster has one object of each. Works for any data."""
    metadata = node.get("metadata")
    named = metadata if isinstance(metadata, dict) else {}
    group = str(node.get("apiVersion", "")).rpartition("/")[0]
    return group, str(node.get("kind", "")), str(named.get("namespace", "")), str(named.get("name", ""))
