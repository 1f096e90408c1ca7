"""Texts that become the content of a file, although they look like the place of one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from transpiler.argo.artifacts import STORES
from transpiler.dataflow.instances import Instance
from transpiler.diagnostics import Report, Span, excerpt
from transpiler.model.expressions.tree import InputReference, ItemReference, Text, reference_of
from transpiler.model.expressions.types import SCALARS
from transpiler.model.ports import Input
from transpiler.model.task import Argument
from transpiler.model.transport import Transport
from transpiler.model.values import Literal, Passed
from transpiler.patterns import regex
from transpiler.resolve.scope import Call, Scope

MAX_LENGTH: Final = 1000
MAKE: Final = "to pass the file, write"
LOCAL: Final = (
    "a run cannot see your files: store it and declare it as an input with `artifact`, or write its content here"
)
_UNKNOWN: Final = "…"
_ADDRESS: Final = regex(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<host>[^\s/]+)(?:/(?P<path>\S*))?")
_BUCKETS: Final = {"s3": "s3", "s3a": "s3", "minio": "s3", "gs": "gcs", "gcs": "gcs", "oss": "oss", "hdfs": "hdfs"}
"""Scheme → the kind of store in Argo; others are addresses of something else."""
_STORED: Final = frozenset(
    [*_BUCKETS, "abfs", "abfss", "wasb", "wasbs", "adl", "az", "azure", "dbfs", "file", "mlflow"]
)
_WEB: Final = frozenset(["http", "https", "ftp", "ftps"])
_CHARACTERS: Final = r"[\w.@=+…-]"
_PATH: Final = regex(rf"(?:~|\.{{1,2}})?(?:/{_CHARACTERS}+)+/?")
_NAME: Final = regex(rf"{_CHARACTERS}+(?:/{_CHARACTERS}+)*")
_FILE_TYPES: Final = (
    "csv tsv json jsonl ndjson parquet avro orc arrow feather txt xml html pdf png jpg jpeg tif tiff wav mp4 npy npz "
    "pkl pickle joblib h5 hdf5 pt pth onnx pb tflite safetensors gguf bin model zip tar tgz gz bz2 xz 7z db sqlite "
    "xlsx xls dat data ipynb"
).split()
_ENDS: Final = regex(rf"\.({'|'.join(_FILE_TYPES)})$", re.IGNORECASE)
_NAMES_PLACES: Final = regex(r"ur[il]s?$|path$|address$|location$|link$|reference$|name$|^text", re.IGNORECASE)
"""Types whose values are addresses, which a program may read from a file."""


class _Place(NamedTuple):
    """The apparent location of a file, and the hint for it."""

    is_certain: bool
    """False for a plausible content of a file without a type."""
    hint: str


def check_file_texts(call: Call, callee: Instance, scope: Scope, report: Report) -> None:
    """Warn of each argument that becomes the content of a file, and looks like the place of one."""
    for argument in call.arguments.values():
        target = callee.component.input(argument.name) if callee.component else None
        if target is None or callee.takes.get(argument.name, Transport.NONE) != Transport.PATH or not _is_file(target):
            continue
        for value, span in _passed(argument, call, scope):
            place = _place(value)
            if place is not None and (place.is_certain or target.type.is_custom):
                message = f"`{_shown(value)}` becomes the content of the file; the file stored there is not read"
                report.warning("text-as-file", message, span, place.hint)
                break


def _is_file(target: Input) -> bool:
    """False for types whose values are strings or addresses."""
    kind = target.type
    return kind.name not in SCALARS and _NAMES_PLACES.search(kind.name) is None and not kind.name.startswith("GCS")


def _passed(argument: Argument, call: Call, scope: Scope) -> Iterator[tuple[Any, Span]]:
    """The literal values of an argument: a string, the items of a loop, or the default of an input of the manifest."""
    value = argument.value
    reference = reference_of(value)
    if isinstance(reference, ItemReference) and call.loop is not None:
        for item in call.loop.items or ():
            found = dict(item).get(reference.key or "") if isinstance(item, tuple) else item
            yield _written(found), argument.span
    elif isinstance(reference, InputReference):
        home, origin = scope.origin(reference)
        given = home.input(origin.name) if isinstance(origin, InputReference) and home.parent is None else None
        if given is not None and given.default is not None and given.type.name not in SCALARS - {"String"}:
            yield given.default, given.default_span or argument.span
    else:
        yield _written(value), argument.span


def _written(value: Passed | None) -> Any:
    if isinstance(value, Text):
        return "".join(part if isinstance(part, str) else _UNKNOWN for part in value.parts)
    return value.value if isinstance(value, Literal) else None


def _place(value: Any) -> _Place | None:
    if isinstance(value, dict):
        return _mapping(value)
    if not isinstance(value, str) or len(value) > MAX_LENGTH or value.startswith(_UNKNOWN):
        return None
    address = _ADDRESS.fullmatch(value)
    if address is not None:
        return _address(address)
    is_named = _ENDS.search(value) is not None
    if _PATH.fullmatch(value):
        return _Place(is_named or not value.startswith("/"), LOCAL)
    return _Place(False, LOCAL) if is_named and _NAME.fullmatch(value) else None


def _address(found: re.Match[str]) -> _Place | None:
    scheme, host, path = found["scheme"], found["host"], found["path"] or ""
    if scheme in _WEB:
        return _Place(False, f"{MAKE} {{artifact: {{http: {{url: {found[0]!r}}}}}}}")
    if scheme not in _STORED:
        return None
    kind = _BUCKETS.get(scheme, "")
    if kind == "hdfs":
        return _Place(True, f"{MAKE} {{artifact: {{hdfs: {{addresses: [{host}], path: /{path}}}}}}}")
    if kind:
        endpoint = f"endpoint: {STORES[kind].example}, " if STORES[kind].example else ""
        where = f"{kind}: {{{endpoint}bucket: {host}, key: {path or 'KEY'}}}"
        return _Place(True, f"{MAKE} {{artifact: {{{where}}}}}")
    return _Place(True, f"{MAKE} its location under `artifact`, or download it in a task")


def _mapping(value: dict[Any, Any]) -> _Place | None:
    """A location in Argo's own fields, which stands under `artifact`; or one that has not the form of a stored file."""
    if "artifact" in value:
        return _misformed(value["artifact"], is_alone=len(value) == 1)
    kind = next(iter(value)) if len(value) == 1 else ""
    if kind not in STORES or not isinstance(value[kind], dict):
        return None
    fields = {*STORES[kind].whole, STORES[kind].key}
    is_place = bool(fields & value[kind].keys())
    return _Place(True, f"{MAKE} {{artifact: {{{kind}: ...}}}}") if is_place else None


def _misformed(location: Any, *, is_alone: bool) -> _Place | None:
    """A value under `artifact` that is no location, or one beside other keys, which is JSON."""
    if isinstance(location, dict):
        return _Place(True, f"{MAKE} {{artifact: ...}} without other keys") if location.keys() & STORES.keys() else None
    address = _ADDRESS.fullmatch(location) if isinstance(location, str) else None
    place = _address(address) if address is not None else None
    return place or (_Place(False, f"{MAKE} {{artifact: {{s3: {{key: KEY}}}}}}") if is_alone else None)


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else f"{{{next(iter(value))}: ...}}"
    return excerpt(text)
