"""transpile.yaml, or [tool.transpile] in pyproject.toml → the project: its manifests, environments and outputs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from msgspec import Struct

from transpiler.catalog.files import (
    Unreadable,
    exists,
    git_root,
    is_folder,
    read_regular_file,
    resolve_inside,
    shown,
)
from transpiler.catalog.locate import neighbours, refuse_foreign
from transpiler.diagnostics import Report, Source, Span
from transpiler.patterns import regex
from transpiler.read.documents import PROJECT
from transpiler.read.schema.judge import check_schema
from transpiler.read.yaml import fields
from transpiler.read.yaml.document import read_document
from transpiler.read.yaml.nodes import List, Map, Mark
from transpiler.read.yaml.source import decode
from transpiler.suggest import suggestion
from transpiler.workspace.search import is_excluded

PROJECT_FILE: Final = PROJECT.file
PYPROJECT: Final = "pyproject.toml"
DEFAULT_OUTPUT: Final = "deploy/{environment}/{name}.yaml"
FIELDS: Final = ("name", "environment", "folder")
"""What an output can contain in braces."""
_TABLE: Final = ("tool", "transpile")
_HEADER: Final = regex(rb"(?m)^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*[\"']?transpile[\"']?[ \t]*[\].]")
_BRACES: Final = regex(r"\{([^{}]*)\}")


class Written(NamedTuple):
    """A text of the project file, and its place."""

    text: str
    span: Span


class Environment(NamedTuple):
    """An environment of all manifests, and the values files that they share in it."""

    name: Written
    values: tuple[Path, ...] = ()


class Project(Struct, frozen=True):
    """A project file. Paths in it start at `folder` and stay below `root`."""

    file: Path
    folder: Path
    root: Path
    span: Span
    pipelines: tuple[Written, ...] = ()
    """Patterns of paths of manifests; empty means every manifest below the folder."""
    exclude: tuple[str, ...] = ()
    catalogs: tuple[Path, ...] = ()
    environments: tuple[Environment, ...] | None = None
    """None means: those that have a file beside the manifest."""
    output: Written | None = None
    kind: str = ""
    argo: str = ""
    strict: bool = False
    locked: bool = False

    @property
    def shared_values(self) -> dict[str, tuple[Path, ...]] | None:
        """Environment → the values files that all manifests share in it; None if the file does not name any."""
        return {each.name.text: each.values for each in self.environments} if self.environments is not None else None

    def leaves_out(self, path: Path) -> bool:
        """True for a path that `exclude` describes."""
        real = path.parent.resolve() / path.name
        return real.is_relative_to(self.folder) and is_excluded(real.relative_to(self.folder), self.exclude)

    @property
    def pattern(self) -> str:
        """The pattern of output paths."""
        return self.output.text if self.output is not None else DEFAULT_OUTPUT


def find_project(folder: Path, root: Path | None = None) -> Path | None:
    """The nearest project file, from a folder up to a root above it.

    The default is the Git checkout; without one, the working folder.
    """
    root = root if root is not None and folder.is_relative_to(root) else _ceiling(folder)
    for here in (folder, *folder.parents):
        for file in (here / PROJECT_FILE, here / PYPROJECT):
            if exists(file) and (file.name == PROJECT_FILE or _is_project(file, root)):
                return file
        if here == root:
            break
    return None


def _ceiling(folder: Path) -> Path:
    checkout, here = git_root(folder), Path.cwd()
    return here if checkout == folder and folder.is_relative_to(here) and not exists(folder / ".git") else checkout


def _is_project(pyproject: Path, root: Path) -> bool:
    """True for a pyproject.toml with a table for us."""
    try:
        data = read_regular_file(resolve_inside(pyproject, root))
    except Unreadable:
        return False
    if _TABLE[-1].encode() not in data:
        return False
    from transpiler.read.toml import read_table  # noqa: PLC0415 - most projects have no table for us

    report = Report()
    source = decode(PYPROJECT, data, report)
    found = read_table(source, _TABLE, report) if source is not None else None
    return found is not None or (report.failed and _HEADER.search(data) is not None)


def read_project(file: Path, report: Report, root: Path | None = None) -> Project | None:
    """The project of a file; None, with a diagnostic, when it cannot be used. The default of `root` is the checkout."""
    folder, own = file.parent.resolve(), Report()
    root = root or git_root(folder)
    try:
        data = read_regular_file(resolve_inside(file, root))
    except Unreadable as problem:
        report.error(problem.code, problem.message, Source(shown(file), "").span(0), problem.hint)
        return None
    source = decode(shown(file), data, own)
    document = _document(file, source, own) if source is not None else None
    project = None
    if source is not None and not own.failed:
        project = _build(document or Map(source, Mark(0, 0)), file, folder, root, own)
    _refuse_second(file, document, root, own)
    report.take(own)
    return None if own.failed else project


def _document(file: Path, source: Source, report: Report) -> Map | None:
    """The keys of a project, judged by the schema; None for a file without any."""
    if file.suffix == ".toml":
        from transpiler.read.toml import read_table  # noqa: PLC0415 - most projects have no table for us

        document = read_table(source, _TABLE, report)
        if document is None and not report.failed:
            report.error("missing-key", "the file has no table `[tool.transpile]`", source.span(0), "add it")
    else:
        document = read_document(source, report)
        if document is not None and not isinstance(document, Map) and not report.failed:
            report.error("wrong-type", "a project file must be a mapping", source.span(0), "write `pipelines:`")
    if not isinstance(document, Map):
        return None
    check_schema(document, PROJECT.schema, report)
    return document


def _refuse_second(file: Path, document: Map | None, root: Path, report: Report) -> None:
    """Two project files in a folder: nobody can tell which one counts."""
    other = file.with_name(PROJECT_FILE if file.name == PYPROJECT else PYPROJECT)
    is_second = exists(other) and (other.name == PROJECT_FILE or _is_project(other, root))
    if is_second and file.name in {PROJECT_FILE, PYPROJECT}:
        span = document.span if document is not None else Source(shown(file), "").span(0)
        message = f"`{shown(other)}` is a project file too"
        report.error("conflicting-keys", message, span, "keep one of them, or choose with --project")


def _build(document: Map, file: Path, folder: Path, root: Path, report: Report) -> Project:
    output = next(iter(_texts(document, "output")), None)
    project = Project(
        file,
        folder,
        root,
        document.span,
        pipelines=tuple(_texts(document, "pipelines")),
        exclude=tuple(each.text for each in _texts(document, "exclude")),
        catalogs=tuple(_paths(document, "catalogs", folder, root, report, is_folders=True)),
        environments=_environments(document, folder, root, report),
        output=output,
        kind=fields.text(document, "kind"),
        argo=_version(fields.text(document, "argo")),
        strict=bool(fields.boolean(document, "strict")),
        locked=bool(fields.boolean(document, "locked")),
    )
    if output is not None:
        _check_output(output, report)
    return project


def _version(written: str) -> str:
    """A version that may be written as a number: 4.0 is 4 in YAML."""
    return f"{written}.0" if written.isdigit() else written


def _texts(document: Map, key: str) -> Iterator[Written]:
    """The texts of a list, or the one text, at a key."""
    value = document.get(key)
    if isinstance(value, str):
        yield Written(value, document.value_span(key))
    for number, item in enumerate(fields.items(document, key)):
        yield Written(str(item), document[key].item_span(number))


def _paths(
    document: Map, key: str, folder: Path, root: Path, report: Report, *, is_folders: bool = False
) -> Iterator[Path]:
    """The files, or folders, of a list, which exist below the root."""
    for text, span in _texts(document, key):
        try:
            refuse_foreign(text)
            found = resolve_inside(folder / text, root)
            if (not is_folder(found)) if is_folders else (not exists(found) or is_folder(found)):
                what = "folder" if is_folders else "file"
                raise Unreadable("cannot-read", f"there is no {what} `{text}`", neighbours(folder / text))
            yield found if is_folders else folder / text
        except Unreadable as problem:
            report.error(problem.code, problem.message, span, problem.hint)


def _environments(document: Map, folder: Path, root: Path, report: Report) -> tuple[Environment, ...] | None:
    value = document.get("environments")
    if isinstance(value, List):
        names = [*_texts(document, "environments")]
        return tuple(Environment(name) for name in {each.text: each for each in names}.values())
    if not isinstance(value, Map):
        return None
    return tuple(
        Environment(
            Written(name, value.key_span(name)),
            tuple(_paths(own, "values", folder, root, report)) if isinstance(own, Map) else (),
        )
        for name, own in value.items()
    )


def _check_output(output: Written, report: Report) -> None:
    """The braces of an output, and what would let several manifests give one file."""
    unknown = [found[1] for found in _BRACES.finditer(output.text) if found[1] not in FIELDS]
    rest = _BRACES.sub("", output.text)
    message, hint = "", ""
    if unknown:
        message, hint = f"an output has no field `{{{unknown[0]}}}`", suggestion(unknown[0], FIELDS, "fields")
    elif "{" in rest or "}" in rest:
        message = "a brace of the output is not closed, or not opened"
    elif any(part.lower() == ".git" for part in output.text.split("/")):
        message, hint = "the output is in the Git folder", "choose another folder"
    elif output.text.endswith("/"):
        message, hint = "the output is a folder", f"write {output.text}{{name}}.yaml"
    elif "{name}" not in output.text and "{folder}" not in output.text:
        message, hint = "all manifests would have the same output", "add {name}"
    if message:
        report.error("wrong-value", message, output.span, hint)
