"""Runs `git` to read objects of a local repository: by plumbing commands, which start no hook, filter or monitor.

The repository is untrusted: its configuration cannot make these commands run a program or connect to a host. Whether a
repository of another user is read at all is decided by the user's own settings (`safe.directory`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from msgspec import Struct

from transpiler.catalog.files import Unreadable
from transpiler.programs import MAX_OUTPUT, Done, ProgramError, run

_SECONDS: Final = 60.0
_ENVIRONMENT: Final = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_LITERAL_PATHSPECS": "1",
    "LC_ALL": "C",
}
_SETTINGS: Final = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.askPass=",
    "core.sshCommand=false",
    "credential.helper=",
    "protocol.allow=never",
    "gc.auto=0",
    "maintenance.auto=false",
)


class Git(Struct, frozen=True):
    """The repository of a checkout."""

    root: Path

    def commit(self, revision: str) -> str:
        """The hash of the commit that a revision names. Raises Unreadable."""
        if revision.startswith("-"):
            raise Unreadable("cannot-read", f"`{revision}` is not a revision", "a revision does not start with `-`")
        done = self._start(revision, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
        found = done.output.decode("ascii", "replace").strip()
        if done.code or not found:
            message = f"there is no revision `{revision}`: {_said(done)}"
            raise Unreadable("cannot-read", message, "in CI, fetch its history first, such as `fetch-depth: 0`")
        return found

    def tree(self, revision: str, commit: str) -> bytes:
        """All files of a commit, as `git ls-tree -r -z -l` lists them. Raises Unreadable."""
        return self._output(revision, "ls-tree", "-r", "-z", "-l", "--full-tree", commit)

    def contents(self, revision: str, hashes: list[bytes]) -> list[bytes]:
        """The bytes of blobs, in their order. Raises Unreadable."""
        output = self._output(revision, "cat-file", "--batch", given=b"".join(each + b"\n" for each in hashes))
        found, at = [], 0
        for wanted in hashes:
            end = output.find(b"\n", at)
            head = output[at:end].split()
            if head[:2] != [wanted, b"blob"]:
                raise Unreadable("cannot-read", f"a file of the revision `{revision}` is missing", "run `git fetch`")
            size = int(head[2])
            found.append(output[end + 1 : end + 1 + size])
            at = end + 2 + size
        return found

    def _output(self, revision: str, *arguments: str, given: bytes = b"") -> bytes:
        done = self._start(revision, *arguments, given=given)
        if done.code:
            raise Unreadable("cannot-read", f"cannot read the revision `{revision}`: {_said(done)}")
        if len(done.output) >= MAX_OUTPUT:
            raise Unreadable("too-large", f"the revision `{revision}` has too many files", "compare folders")
        return done.output

    def _start(self, revision: str, *arguments: str, given: bytes = b"") -> Done:
        settings = [word for setting in _SETTINGS for word in ("-c", setting)]
        environment = {**_ENVIRONMENT, "GIT_CEILING_DIRECTORIES": str(self.root.parent)}
        try:
            command = ["git", "-C", str(self.root), "--no-pager", *settings, *arguments]
            return run(command, stdin=given, seconds=_SECONDS, environment=environment)
        except ProgramError as problem:
            raise Unreadable("cannot-read", f"cannot read the revision `{revision}`: {problem}") from problem


def _said(done: Done) -> str:
    """The reason that git gives, on one line."""
    lines = [line.partition(": ")[2] for line in done.errors.splitlines() if line.startswith(("fatal: ", "error: "))]
    return " ".join((lines or ["git failed"])[-1].split())[:200]
