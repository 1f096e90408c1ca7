"""`--env`, `--values` and `--set`: what a command lays over its manifests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from transpiler.catalog.files import shown
from transpiler.cli.usage import UsageError
from transpiler.suggest import suggestion
from transpiler.workspace.environments import (
    environment_of,
    environments_of,
    is_values_file,
    manifest_of,
    not_an_environment,
)
from transpiler.workspace.options import Options


class Run(Struct, frozen=True):
    """One way to compile a manifest: as it is, or in an environment."""

    options: Options
    values: Path | None = None
    """The values file of an environment that was found beside the manifest."""


def with_environments(chosen: Options, manifest: Path | None, names: Sequence[str]) -> Options:
    """The options with the values files of environments before all others. Raises UsageError for an unknown one."""
    if not names:
        return chosen
    if manifest is None:
        raise UsageError("--env needs a manifest with a name; use --values FILE, or --stdin-filename NAME")
    known = environments_of(manifest, chosen)
    unknown = [name for name in names if name not in known]
    if unknown:
        hint = _known(manifest, unknown[0], known)
        raise UsageError(f"`{shown(manifest)}` has no environment `{unknown[0]}`: {hint}")
    return replace(chosen, values=[*(path for name in names for path in known[name]), *chosen.values])


def _known(manifest: Path, name: str, known: Mapping[str, object]) -> str:
    other = not_an_environment(manifest, name)
    if other is not None:
        return f"`{other[0].name}` is {other[1]}, not a values file"
    example = manifest.with_name(f"{manifest.stem}.{name}.yaml").name
    return suggestion(name, known, "environments") if known else f"an environment is a file, `{example}`"


def refuse_values(path: Path, data: bytes) -> None:
    """Raise UsageError for a values file where a manifest is wanted."""
    manifest = manifest_of(path) if is_values_file(path, data) else None
    if manifest is not None:
        hint = f"name its manifest: {shown(manifest)} --env {environment_of(path)}"
        raise UsageError(f"`{shown(path)}` is a values file\n  hint: {hint}")


def runs_of(manifest: Path, chosen: Options, names: Sequence[str], *, is_named: bool) -> Iterator[Run]:
    """The ways to check a manifest: those of the command line, or else all that are known.

    A manifest that is not named itself may lack the environments. Raises UsageError for one that is.
    """
    if not names and not chosen.values and not chosen.assignments:
        yield Run(chosen)
        for values in environments_of(manifest, chosen).values():
            if values:
                yield Run(replace(chosen, values=values), values[-1])
        return
    if not is_named:
        known = environments_of(manifest, chosen)
        names = [name for name in names if name in known]
    yield Run(with_environments(chosen, manifest, names))


def refuse_unknown(names: Sequence[str], manifests: Iterable[Path], chosen: Options) -> None:
    """Raise UsageError for the name of an environment that none of some manifests has."""
    if names:
        manifests = list(manifests)
        known = {name for manifest in manifests for name in environments_of(manifest, chosen)}
        for name in (each for each in names if each not in known):
            others = [other for other in (not_an_environment(manifest, name) for manifest in manifests) if other]
            hint = suggestion(name, known, "environments")
            if others:
                hint = f"`{shown(others[0][0])}` is {others[0][1]}, not a values file"
            raise UsageError(f"no manifest has an environment `{name}`: {hint}")
