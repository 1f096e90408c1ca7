"""The result of a run, for renderers: diagnostics, the files that were read, and their paths in the repository."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from transpiler.diagnostics import Diagnostic


class Findings(Struct, frozen=True):
    """Diagnostics, and all that a report says about files. `files` may be empty: only JUnit lists files without any.

    `paths`: the name of a file, as diagnostics have it → its path from the root of the repository, with slashes. A name
    that is missing there lies outside of every repository, or names a stream. `is_strict`: warnings fail the run too.
    """

    diagnostics: Sequence[Diagnostic]
    files: Sequence[str] = ()
    paths: Mapping[str, str] = field(default_factory=dict)
    is_strict: bool = False
    passed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """File → the names of tests in it that have passed, where there are any."""

    def path(self, name: str) -> str:
        """The path of a file from the root of the repository; its name if it is outside."""
        return self.paths.get(name, name)

    def fails(self, diagnostic: Diagnostic) -> bool:
        """True if this diagnostic alone gives exit code 1."""
        return self.is_strict or diagnostic.severity == "error"
