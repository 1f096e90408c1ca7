"""A job: one manifest, in one environment."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from transpiler.catalog.files import shown
from transpiler.cli.streams import read
from transpiler.compiler import Compilation, compile_bytes
from transpiler.views.needs import Needs, needs_of
from transpiler.workspace.options import Options


class Job(Struct, frozen=True):
    """A manifest and an environment; an empty name is none."""

    manifest: Path
    environment: str = ""
    values: tuple[Path, ...] = ()
    """All values files; later ones win."""


class Outcome(Struct, frozen=True):
    """A job that was compiled; its compilation has no objects, which nobody needs any more."""

    job: Job
    compilation: Compilation
    needs: Needs

    @property
    def inputs(self) -> list[Path]:
        """The files that were read."""
        return [self.job.manifest, *self.compilation.files]


def compile_job(job: Job, options: Options) -> Outcome:
    """Compile a job. Raises UsageError for a manifest that cannot be read."""
    data = read(str(job.manifest))
    own = replace(options, values=job.values)
    compilation = compile_bytes(shown(job.manifest), data, job.manifest.resolve().parent, own)
    return Outcome(job, replace(compilation, objects=()), needs_of(compilation.objects))


def read_by(outcomes: Iterable[Outcome]) -> list[Path]:
    """Every file that was read, once."""
    return list(dict.fromkeys(path for each in outcomes for path in each.inputs))
