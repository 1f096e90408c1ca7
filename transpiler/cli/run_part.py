"""`--only`, `--from` and `--using` of `transpile run`: which tasks run, and the earlier runs that give the others."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from transpiler.catalog.files import shown
from transpiler.cli.manifest_input import ManifestInput
from transpiler.cli.run_input import Prepared
from transpiler.cli.usage import UsageError
from transpiler.local.chosen import Way, alone, ways_of, with_following
from transpiler.local.errors import RunError
from transpiler.local.folder import Plan, RunFolder, find_folder
from transpiler.local.reuse import Reuse, earlier_runs, lacking, reuse


class Part(Struct, frozen=True):
    """What of a pipeline is to run."""

    runs: Sequence[RunFolder] = ()
    """Earlier runs, the newest first."""
    chosen: tuple[Way, ...] = ()
    """The tasks that run whatever earlier runs have."""
    is_alone: bool = False
    """True if no other task may run."""
    takes_values: bool = True
    """True if inputs without a value have that of the newest run."""

    @property
    def given(self) -> dict[str, str]:
        """The values of inputs in the newest of these runs."""
        return self.runs[0].plan().given if self.runs and self.takes_values else {}

    def about(self, made: Prepared, words: Sequence[str]) -> str:
        """Which inputs have the values of an earlier run; empty if none has. `words`: those of `-p`."""
        own = {word.partition("=")[0] for word in words}
        taken = [name for name, value in made.given.items() if name not in own and self.given.get(name) == value]
        return f"inputs as in the run {self.runs[0].name}: {', '.join(taken)}" if taken else ""

    def of(self, made: Prepared, given: argparse.Namespace) -> tuple[Prepared, Part]:
        """The objects and tasks of the part. Raises RunError for a task that is not there."""
        if given.only:
            ways = ways_of(given.only, "--only", made.objects, made.names)
            objects, copies = alone(made.objects, ways)
            names = made.names | {new: made.names[old] for new, old in copies.items() if old in made.names}
            return replace(made, objects=objects, names=names), replace(self, chosen=ways, is_alone=True)
        ways = ways_of(given.from_task, "--from", made.objects, made.names)
        return made, replace(self, chosen=with_following(ways, made.objects))

    def reuse(self, plan: Plan) -> Reuse:
        """What a run takes over. Raises RunError if that is not enough."""
        if not (self.runs or self.is_alone):
            return Reuse()
        found = reuse(plan, self.runs, self.chosen)
        if found.lacks and self.is_alone:
            raise lacking(found.lacks)
        return found


def part_of(given: argparse.Namespace, manifest: ManifestInput, home: Path, last: RunFolder | None) -> Part:
    """What the command line asks for, before the manifest is known; `last`: a run of which all counts.

    Raises RunError, UsageError.
    """
    if given.only and given.from_task:
        raise UsageError("--only and --from do not go together")
    if given.using:
        if not (given.only or given.from_task):
            raise UsageError("--using names the run from which --only or --from takes what is not run")
        return Part([find_folder(home, given.using)])
    if not (given.only or given.from_task):
        return Part([last] if last is not None else [], takes_values=False)
    if manifest.path is None:
        raise UsageError("a manifest of standard input has no earlier runs: name one with --using RUN")
    runs = earlier_runs(home, str(manifest.path.resolve()))
    if not runs and given.from_task:
        hint = f"run it once: transpile run {shown(manifest.path)}"
        raise RunError(f"there is no earlier run of {manifest.name} in `{shown(home)}`", hint)
    return Part(runs)
