"""The inputs of a task into its folder, and its outputs out of it: the same for every executor."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from transpiler.argo.limits import MAX_OBJECT_BYTES
from transpiler.engine.protocol import InputFile, OutputFile, OutputValue, Pod
from transpiler.executors.errors import TaskError, reason
from transpiler.executors.kubelet import staged
from transpiler.executors.store import Store, copy, make_own, remove
from transpiler.executors.supplies import Supplies
from transpiler.executors.tree import Tree

RESULT_BYTES: Final = 256 * 1024


class Left(Struct, frozen=True):
    """What a task has left."""

    values: dict[str, str]
    files: dict[str, str]
    missing: tuple[str, ...]
    """What had to be there and is not, or cannot be taken; in words."""


def put_inputs(pod: Pod, tree: Tree, store: Store, supplies: Supplies) -> None:
    """Copy all input files of a pod to their places. Raises TaskError."""
    for each in sorted(pod.inputs.files, key=lambda file: file.path):  # a folder before what is in it
        try:
            _put(each, pod, tree, store, supplies)
        except (OSError, ValueError) as error:
            why = reason(error) if isinstance(error, OSError) else "its path is invalid"
            raise TaskError(f"the input `{each.name}` cannot be put in place: {why}") from error
        except TaskError as error:
            raise TaskError(f"the input `{each.name}`: {error}") from error


def _put(file: InputFile, pod: Pod, tree: Tree, store: Store, supplies: Supplies) -> None:
    if file.source is None:
        if not file.is_optional:
            raise TaskError("nobody passes it")
        return
    target = tree.make(file.path)
    if not _fetch(file, file.source, pod, target, store, supplies):
        if not file.is_optional:
            told = "" if supplies.locations else ", and no folder stands in for its store: --store FOLDER"
            raise TaskError(f"nothing is stored as `{file.key}`{told}")
        return
    if file.mode is not None:
        _set_mode(target, file.mode, is_recursive=file.is_recursive)


def _fetch(
    file: InputFile, source: Mapping[str, object], pod: Pod, target: Path, store: Store, supplies: Supplies
) -> bool:
    """Put a file in place: from this run, or else from before it. False if nobody has it."""
    if isinstance(raw := source.get("raw"), dict):
        remove(target)
        target.write_text(staged(str(raw.get("data", "")), pod.spec), encoding="utf-8")
        return True
    if file.key and store.fetch(file.key, target):
        return True
    place = supplies.stored({"s3": {"key": source["key"]}} if "key" in source else dict(source))
    if place is None or not os.path.lexists(place):
        return False
    remove(target)
    if place.is_file():
        copy(place.resolve(), target)
    else:
        copy(place, target)
    make_own(target)
    return True


def _set_mode(path: Path, mode: int, *, is_recursive: bool) -> None:
    for each in [path, *(path.rglob("*") if is_recursive else ())]:
        if not each.is_symlink():
            each.chmod(mode)


def output_paths(pod: Pod) -> list[str]:
    """Where a pod has to leave something."""
    return [*(each.path for each in pod.outputs.files), *(each.path for each in pod.outputs.values)]


def take_outputs(pod: Pod, tree: Tree, store: Store) -> Left:
    """Take what a pod has left: its values, and its files into the store."""
    values: dict[str, str] = {}
    files: dict[str, str] = {}
    missing: list[str] = []
    for value in pod.outputs.values:
        try:
            values[value.name] = _value(value, tree)
        except TaskError as error:
            missing.append(f"the output `{value.name}`: {error}")
    paths = [tree.absolute(each.path) for each in pod.outputs.files]
    for file in pod.outputs.files:
        try:
            if _take(file, paths, tree, store):
                files[file.name] = file.key
        except TaskError as error:
            missing.append(f"the output `{file.name}`: {error}")
    return Left(values, files, tuple(missing))


def _value(value: OutputValue, tree: Tree) -> str:
    try:
        text = _text(tree, value.path)
    except TaskError:
        if value.default is None:
            raise
        text = value.default
    return text.removesuffix("\n")


def _text(tree: Tree, path: str) -> str:
    found = tree.find(path)
    if found is None:
        raise TaskError(f"the program has written no file `{path}`")
    try:
        handle = os.open(found, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise TaskError(f"`{path}` is not a file")
            data = file.read(MAX_OBJECT_BYTES + 1)
    except OSError as error:
        raise TaskError(f"`{path}` cannot be read: {reason(error)}") from error
    if len(data) > MAX_OBJECT_BYTES:
        raise TaskError(f"`{path}` is larger than the {MAX_OBJECT_BYTES:,} bytes that a cluster stores of a run")
    return data.decode("utf-8", "replace")


def _take(file: OutputFile, paths: Iterable[str], tree: Tree, store: Store) -> bool:
    found = tree.find(file.path)
    if found is None:
        if file.is_optional:
            return False
        raise TaskError(f"the program has written no file `{file.path}`")
    own = tree.absolute(file.path)
    shared = [each for each in paths if each == own or each.startswith(f"{own}/") or own.startswith(f"{each}/")]
    keeps = len(shared) > 1 or tree.is_mounted(file.path) or not found.is_relative_to(tree.root)
    store.put(file.key, found, keeps=keeps)
    return True


def result_of(path: Path) -> str:
    """What a program has printed, as Argo keeps it: without one line break at its end, and the last of it."""
    return cut(path.read_bytes())


def cut(printed: bytes) -> str:
    """The result of a program whose standard output ends like this."""
    return printed.removesuffix(b"\n")[-RESULT_BYTES:].decode("utf-8", "replace")
