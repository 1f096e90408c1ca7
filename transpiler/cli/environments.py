"""`--env`: the values files of environments, by their names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from transpiler.catalog.files import shown
from transpiler.cli.usage import UsageError
from transpiler.suggest import suggestion
from transpiler.workspace.environments import environments
from transpiler.workspace.options import Options


def with_environments(chosen: Options, manifest: Path | None, names: Sequence[str]) -> Options:
    """The options with the values files of environments before all others. Raises UsageError for an unknown one."""
    if not names:
        return chosen
    if manifest is None:
        raise UsageError("--env needs a manifest with a name; use --values FILE, or --stdin-filename NAME")
    known = environments(manifest, chosen.root)
    unknown = [name for name in names if name not in known]
    if unknown:
        example = manifest.with_name(f"{manifest.stem}.{unknown[0]}.yaml")
        hint = suggestion(unknown[0], known, "environments") if known else f"an environment is a file, `{example.name}`"
        raise UsageError(f"`{shown(manifest)}` has no environment `{unknown[0]}`: {hint}")
    return replace(chosen, values=[*(known[name] for name in names), *chosen.values])
