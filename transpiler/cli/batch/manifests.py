"""The manifests of a project, or of a command line, and a job for each of them in each environment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from transpiler.catalog.files import Unreadable, exists, git_root, is_folder, resolve_inside, shown
from transpiler.catalog.locate import neighbours
from transpiler.cli.batch.jobs import Job
from transpiler.cli.usage import UsageError
from transpiler.diagnostics import Report
from transpiler.read.documents import MANIFEST
from transpiler.suggest import suggestion
from transpiler.workspace.environments import environments, environments_of
from transpiler.workspace.globs import has_wildcard, matches
from transpiler.workspace.options import Options
from transpiler.workspace.project import Project, Written
from transpiler.workspace.search import Others, search


def named_manifests(paths: Iterable[str], root: Path | None) -> list[Path]:
    """The manifests of a command line, each once: files as named, and those below folders. Raises UsageError."""
    found: dict[Path, Path] = {}
    for name in paths:
        path = Path(name)
        if name == "-":
            raise UsageError("`-` is one manifest; name no others beside it")
        below = list(search(path, root or git_root(path.resolve()), wanted=MANIFEST)) if is_folder(path) else [path]
        if not below:
            raise UsageError(f"no manifest below `{name}`")
        for each in below:
            found.setdefault(each.resolve(), each)
    return list(found.values())


def project_manifests(project: Project, report: Report) -> list[Path]:
    """The manifests of a project, each once, as paths from the working folder; a pattern without any is reported."""
    folder, others = Path(shown(project.folder)), Others()
    patterns = project.pipelines or (Written("**", project.span),)
    globs = [each for each in patterns if has_wildcard(each.text)]
    matched = _matched(folder, globs, project, others)
    named = [path for each in patterns if each not in globs for path in _named(each, folder, project, others, report)]
    report.take(others.unreadable)
    for pattern in globs if not report.failed else ():
        if not any(matches(place, pattern.text) for place in matched):
            _report_none(pattern, folder, project, report)
    found = {path.resolve(): path for path in (*matched.values(), *named)}
    return sorted(found.values())


def _matched(folder: Path, globs: Sequence[Written], project: Project, others: Others) -> dict[str, Path]:
    """The manifests that a pattern describes, by their path below the folder; all patterns take one search."""

    def chooses(place: str) -> bool:
        return any(matches(place, each.text) for each in globs)

    found = search(folder, project.root, others, project.exclude, wanted=MANIFEST, chooses=chooses) if globs else ()
    return {path.relative_to(folder).as_posix(): path for path in found}


def _named(written: Written, folder: Path, project: Project, others: Others, report: Report) -> Iterator[Path]:
    """The manifest at a path, or those below it."""
    path = folder / written.text
    try:
        resolve_inside(path, project.root)
    except Unreadable as problem:
        report.error(problem.code, problem.message, written.span, problem.hint)
        return
    if not exists(path):
        report.error("wrong-value", f"there is no file `{written.text}`", written.span, neighbours(path))
    elif not is_folder(path):
        yield path
    else:
        below = [each for each in search(path, project.root, others, wanted=MANIFEST) if not project.leaves_out(each)]
        yield from below
        if not below and not others.unreadable.failed:
            report.error("wrong-value", f"no manifest below `{written.text}`", written.span)


def _report_none(pattern: Written, folder: Path, project: Project, report: Report) -> None:
    message, hint = "the project has no manifest", ""
    if project.pipelines:
        message = f"no manifest matches `{pattern.text}`"
        hint = f"paths start at {shown(folder.resolve())}; `**` stands for any folders"
    report.error("wrong-value", message, pattern.span, hint)


def narrowed(manifests: Sequence[Path], paths: Iterable[str]) -> list[Path]:
    """The manifests at or below some paths. Raises UsageError for a path without any."""
    kept: dict[Path, Path] = {}
    for name in paths:
        real = Path(name).resolve()
        below = {path.resolve(): path for path in manifests if path.resolve().is_relative_to(real)}
        if not below:
            if not exists(real):
                raise UsageError(f"there is no file or folder `{name}`\n  hint: {neighbours(Path(name))}")
            raise UsageError(f"`{name}` is not a manifest of the project, nor a folder of one")
        kept |= below
    return [path for path in manifests if path.resolve() in kept]


def jobs_of(manifests: Iterable[Path], options: Options) -> Iterator[Job]:
    """A job for each manifest and environment; one without any environment for a manifest that has none."""
    for manifest in manifests:
        known = environments_of(manifest, options)
        yield from (Job(manifest, name, values) for name, values in known.items())
        if not known:
            yield Job(manifest)


def unnamed_environments(manifests: Iterable[Path], project: Project) -> list[Path]:
    """The values files beside manifests that no environment of the project uses."""
    named = project.shared_values
    if named is None:
        return []
    beside = (environments(manifest, project.root) for manifest in manifests)
    return [path for each in beside for name, path in each.items() if name not in named]


def in_environments(jobs: Sequence[Job], names: Sequence[str]) -> list[Job]:
    """The jobs in some environments. Raises UsageError for one that no job has."""
    known = {job.environment for job in jobs if job.environment}
    for name in names:
        if name not in known:
            hint = suggestion(name, known, "environments") or ""
            raise UsageError(f"the project has no environment `{name}`: {hint}")
    return [job for job in jobs if not names or job.environment in names]
