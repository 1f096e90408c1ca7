"""What environments change of a manifest: a table of keys and environments, with the values that count."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from msgspec import Struct

from transpiler.build.values.keys import OF_TASKS
from transpiler.build.values.laid import SHORT, Laid
from transpiler.build.values.tasks import SEPARATOR
from transpiler.diagnostics import Span, excerpt
from transpiler.patterns import regex
from transpiler.read.schema.work import CALLEES
from transpiler.read.yaml.nodes import List, Map

Path = tuple[str, ...]
_BARE: Final = regex(r"[^.=\"'\s]+")
_WIDEST: Final = 40
ABSENT: Final = "-"
ELSEWHERE: Final = "?"


class Cell(Struct, frozen=True):
    """A value that counts in an environment, or that it is absent; `span` is set if the environment says so."""

    value: Any = None
    is_present: bool = False
    is_elsewhere: bool = False
    """True for a value of a pipeline that a task calls, which no environment sets here."""
    span: Span | None = None

    @property
    def text(self) -> str:
        """The value on one line."""
        if not self.is_present:
            return ELSEWHERE if self.is_elsewhere else ABSENT
        text = self.value if isinstance(self.value, str) and self.value else json.dumps(self.value, ensure_ascii=False)
        return excerpt(text, _WIDEST)


class Row(Struct, frozen=True):
    """A key that an environment changes, and its value in the manifest and in each environment."""

    path: Path
    cells: tuple[Cell, ...]

    @property
    def key(self) -> str:
        """The key as `--set` takes it."""
        return ".".join(each if _BARE.fullmatch(each) else json.dumps(each, ensure_ascii=False) for each in self.path)

    def differs_in(self, names: Sequence[str], columns: Sequence[str]) -> bool:
        """True if not all values of some columns are equal."""
        values = [
            (each.is_present, each.value) for name, each in zip(columns, self.cells, strict=True) if name in names
        ]
        return any(each != values[0] for each in values)


def rows_of(documents: Sequence[Map], layers: Iterable[Map]) -> list[Row]:
    """A row for each key that a layer has, sorted. `documents` are a manifest and what environments make of it."""
    paths = dict.fromkeys(path for layer in layers for path in _paths(layer))
    return [Row(path, tuple(_cell(each, path) for each in documents)) for path in sorted(paths)]


def _paths(layer: Map) -> Iterator[Path]:
    """The paths to the values of a layer; a new default of an input is the input itself."""
    for path in _leaves(layer, ()):
        yield path[:2] + path[3:] if path[0] == "inputs" and path[2:3] == ("default",) else path


def _leaves(node: Map, path: Path) -> Iterator[Path]:
    for key, value in node.items():
        if isinstance(value, Map) and value:
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key)


def _cell(document: Map, path: Path) -> Cell:
    found = _found(document, path)
    is_own = found.span is None or found.span.source is document.source
    return Cell(found.value, found.is_present) if is_own else found


def _found(document: Map, path: Path) -> Cell:
    if path[0] == "images":
        images = document.images if isinstance(document, Laid) else None
        return _value(images, path[1:])
    if path[0] == "inputs" and len(path) > 1:
        return _input(document, path)
    if path[0] in OF_TASKS and len(path) > 1 and not _is_one_task(document.get(path[0])):
        body, rest = _task(document, path)
        return Cell(is_elsewhere=True) if body is None else _value(body, rest)
    return _value(document, path)


def _is_one_task(body: Any) -> bool:
    """True for an `onExit` that is a task by itself, not a mapping of tasks."""
    return isinstance(body, Map) and not CALLEES.isdisjoint(body) and "tasks" not in body


def _input(document: Map, path: Path) -> Cell:
    inputs = document.get("inputs")
    own = inputs.get(path[1]) if isinstance(inputs, Map) else None
    if isinstance(own, Map):
        is_part = path[2:3] and path[2] in _PARTS
        return _value(own, path[2:] if is_part else ("default", *path[2:]))
    return _value(inputs, path[1:]) if own is not None and len(path) == 2 else Cell()


_PARTS: Final = frozenset({"type", "description", "enum", "optional", "hidden", "valueFrom", "artifact"})


def _task(document: Map, path: Path) -> tuple[Map | None, Path]:
    """The body of the task that a path names, and the keys in it; None if only a called pipeline has it."""
    tasks: Any = document.get(path[0])
    if path[0] == "onExit" and isinstance(tasks, Map) and "tasks" in tasks:
        tasks = tasks["tasks"]
    names = path[1].split(SEPARATOR)
    for index, name in enumerate(names, 1):
        body = tasks.get(name) if isinstance(tasks, Map) else None
        if not isinstance(body, Map) or index == len(names):
            return body if isinstance(body, Map) else None, path[2:]
        if "tasks" not in body:
            return _below(body, SEPARATOR.join(names[index:]), path[2:]), path[2:]
        tasks = body["tasks"]
    return None, path[2:]


def _below(body: Map, name: str, path: Path) -> Map | None:
    """What the last layer that has a key says of a task in the pipeline that a task calls."""
    layers = [each[name] for each in body.below if name in each] if isinstance(body, Laid) else []
    return next((each for each in reversed(layers) if _value(each, path).is_present), None)


def _value(node: Any, path: Path) -> Cell:
    for key in path[:-1]:
        node = _long(node, key) if isinstance(node, Map) else None
    key = path[-1] if path else ""
    if not isinstance(node, Map) or key not in node:
        return Cell()
    return Cell(_plain(node[key]), is_present=True, span=node.value_span(key))


def _long(node: Map, key: str) -> Any:
    """The value of a key; a short form as the long one that it stands for."""
    value = node.get(key)
    if isinstance(value, Map) or value is None or key not in SHORT:
        return value
    long = Map(node.source, node.mark)
    long[SHORT[key]], long.values_at[SHORT[key]] = value, node.values_at[key]
    return long


def _plain(node: Any) -> Any:
    if isinstance(node, Map):
        return {key: _plain(value) for key, value in node.items()}
    return [_plain(each) for each in node] if isinstance(node, List) else node


def as_data(rows: Sequence[Row], names: Sequence[str]) -> list[dict[str, Any]]:
    """The table as plain data: of each value, what it is, and where an environment says so."""
    return [{"key": row.key, "values": dict(zip(names, map(_data, row.cells), strict=True))} for row in rows]


def _data(cell: Cell) -> dict[str, Any]:
    place = {"file": cell.span.source.name, "line": cell.span.line} if cell.span is not None else {}
    return ({"value": cell.value} if cell.is_present else {}) | place


def as_lines(rows: Sequence[Row], names: Sequence[str], *, with_files: bool = False) -> Iterator[str]:
    """The table in columns. A value that its environment has set names the line of its file, and that file if asked."""
    table = [("", *names), *((row.key, *(_shown(each, with_files=with_files) for each in row.cells)) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for each in table:
        yield "  ".join(text.ljust(width) for text, width in zip(each, widths, strict=True)).rstrip()


def _shown(cell: Cell, *, with_files: bool) -> str:
    if cell.span is None:
        return cell.text
    return f"{cell.text}  {cell.span.source.name if with_files else ''}:{cell.span.line}"
