"""`transpile check --fix`: the safe edits of diagnostics, written to the files that were checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from transpiler.catalog.files import git_root, shown
from transpiler.cli.streams import read, write
from transpiler.diagnostics import Diagnostic, Edit, Source

MAX_ROUNDS: Final = 10
"""A fix can reveal another mistake; two that undo each other must come to an end."""
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


def apply_fixes(files: Sequence[Path], found: Iterable[Diagnostic]) -> int:
    """Write the safe fixes of diagnostics into these files; how many were applied. Raises UsageError for a file."""
    paths = {shown(path): path for path in files}
    edits: dict[Path, tuple[Source, list[Edit]]] = {}
    for each in found:
        fix, path = each.fix, paths.get(each.span.source.name)
        if fix is not None and fix.is_safe and path is not None:
            edits.setdefault(path, (each.span.source, []))[1].extend(fix.edits)
    return sum(_edit(path, source, chosen) for path, (source, chosen) in edits.items())


def _edit(path: Path, source: Source, edits: Iterable[Edit]) -> int:
    """Apply edits to a file from the last to the first, without those that overlap; 0 if the file has changed."""
    data = read(str(path))
    text, end, count = source.text, len(source.text), 0
    mark, line_end = _BYTE_ORDER_MARK if data.startswith(_BYTE_ORDER_MARK) else b"", "\r\n" if b"\r" in data else "\n"
    if data != mark + text.replace("\n", line_end).encode():
        return 0  # the file has changed, or has line ends of several kinds
    for edit in sorted(set(edits), key=lambda each: each.span[1:], reverse=True):
        start = source.offset(edit.span.line, edit.span.column)
        stop = source.offset(edit.span.end_line, edit.span.end_column)
        if stop <= end:
            text, end, count = text[:start] + edit.text + text[stop:], start, count + 1
    write(path, mark + text.replace("\n", line_end).encode(), git_root(path.parent.resolve()))
    return count
