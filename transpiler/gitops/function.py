"""A KRM function as a function: the list that it gets → the list that it gives back.

Objects that it made before carry the name of their generator. They are replaced where they stand, or removed, and
nothing else is touched; so a second run changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from transpiler.catalog.files import exists
from transpiler.catalog.locate import Folder
from transpiler.diagnostics import Diagnostic
from transpiler.gitops.generator import Generator
from transpiler.gitops.order import OrderError
from transpiler.gitops.resource_list import INDEX, PATH, Item
from transpiler.gitops.stream import identity, stream_of
from transpiler.plan.argo_objects import Node
from transpiler.workspace.options import Options

MADE_BY: Final = "transpile.dev/generator"
"""The annotation with the name of the generator."""


class Generated(Struct, frozen=True):
    """The items of a list after its generators have run, and what they reported."""

    items: tuple[Item | Node, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    is_failed: bool = False


def generate(generated: Generated, generator: Generator, home: Folder, options: Options) -> Generated:
    """Run one generator on items; where it fails they stay as they were. Raises OrderError."""
    _check_target(generator.target, generated.items, home)
    stream = stream_of(generator.order, home, options)
    diagnostics = (*generated.diagnostics, *stream.diagnostics)
    if not stream.objects:
        return replace(generated, diagnostics=diagnostics, is_failed=True)
    own: dict[tuple[str, ...], Item | Node] = {
        identity(_node(each)): each for each in generated.items if _maker(each) == generator.name
    }
    others = {identity(_node(each)) for each in generated.items if _maker(each) != generator.name}
    files = _Files.of(generated.items)
    new: dict[tuple[str, ...], Node] = {}
    for each in stream.objects:
        if identity(each) in others:
            message = (
                f"the package has a {each['kind']} `{each['metadata']['name']}` already, which `transpile krm` did"
            )
            raise OrderError(f"{message} not make: delete it, or change the `name` of the manifest", "manifests")
        new[identity(each)] = _marked(each, generator, files.place(own.get(identity(each)), generator.target))
    items = tuple(_merged(generated.items, own, new))
    return Generated(items, diagnostics, generated.is_failed)


def _check_target(target: str, items: Sequence[Item | Node], home: Folder) -> None:
    """A file in the package, which has objects alone: kpt would overwrite any other. Raises OrderError."""
    path = PurePosixPath(target)
    if not target:
        return
    if path.is_absolute() or ".." in path.parts or path.suffix not in {".yaml", ".yml"}:
        raise OrderError(f"`{target}` is not the path of a YAML file in the package", "path")
    if exists(home.path / path) and str(path) not in {_annotations(each).get(PATH) for each in items}:
        raise OrderError(f"the file `{target}` has no objects of the package, so it is not overwritten", "path")


class _Files(Struct):
    """File → the place of the next object in it."""

    ends: dict[str, int]

    @classmethod
    def of(cls, items: Iterable[Item | Node]) -> _Files:
        """The files of items."""
        ends: dict[str, int] = {}
        for each in items:
            said = _annotations(each)
            index = said.get(INDEX, "")
            if PATH in said:
                ends[said[PATH]] = max(ends.get(said[PATH], 0), int(index) + 1 if index.isdecimal() else 0)
        return cls(ends)

    def place(self, before: Item | Node | None, target: str) -> dict[str, str]:
        """The annotations that place an object: where it stood, else at the end of its file; none without a file."""
        said = _annotations(before) if before is not None else {}
        file = target or said.get(PATH, "")
        if not file:
            return {}
        if said.get(PATH) == file and INDEX in said:
            return {INDEX: said[INDEX], PATH: file}
        index = self.ends.get(file, 0)
        self.ends[file] = index + 1
        return {INDEX: str(index), PATH: file}


def _marked(node: Node, generator: Generator, place: dict[str, str]) -> Node:
    """An object with its generator and its place."""
    metadata = node["metadata"]
    annotations = {**metadata.get("annotations", {}), **place, MADE_BY: generator.name}
    return {**node, "metadata": {**metadata, "annotations": dict(sorted(annotations.items()))}}


def _merged(
    items: Iterable[Item | Node], own: Mapping[tuple[str, ...], Item | Node], new: Mapping[tuple[str, ...], Node]
) -> Iterator[Item | Node]:
    """The items with those of an earlier run replaced or left out, and the others of this run at the end."""
    before = {id(each) for each in own.values()}
    for each in items:
        if id(each) not in before:
            yield each
        elif (key := identity(_node(each))) in new:
            yield new[key]
    yield from (each for key, each in new.items() if key not in own)


def _node(item: Item | Node) -> Node:
    return item.node if isinstance(item, Item) else item


def _annotations(item: Item | Node) -> dict[str, str]:
    if isinstance(item, Item):
        return item.annotations
    found: dict[str, str] = item["metadata"].get("annotations", {})
    return found


def _maker(item: Item | Node) -> str | None:
    return _annotations(item).get(MADE_BY)
