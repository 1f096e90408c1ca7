"""A file of a Git repository at a ref: refs resolved, one commit fetched, one blob read. Nothing is checked out."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import Final

from msgspec import Struct, field

from transpiler.catalog.files import COMPONENT_FILE, Unreadable
from transpiler.catalog.remote_source import GitSource
from transpiler.fetch.command import GitCommand, said
from transpiler.fetch.policy import MAX_COMPONENT, Policy
from transpiler.patterns import regex
from transpiler.programs import Done
from transpiler.suggest import correction, did_you_mean

_COMMIT: Final = regex(r"[0-9a-f]{40}|[0-9a-f]{64}")
_FETCHED: Final = "refs/transpile/fetched"


class Tip(Struct, frozen=True):
    """The current commit of a ref, and whether the ref is a tag, which should never move."""

    commit: str
    name: str
    """`refs/tags/…` or `refs/heads/…`; the commit itself when the reference names one."""

    @property
    def is_tag(self) -> bool:
        """True for a tag."""
        return self.name.startswith("refs/tags/")


class Git(Struct, dict=True):
    """Repositories in a folder that is empty at first; each ref is resolved once, each commit fetched once."""

    folder: Path
    policy: Policy
    _urls: dict[tuple[str, str], str] = field(default_factory=dict)
    _advertised: dict[tuple[str, str, str], dict[str, str]] = field(default_factory=dict)
    _repositories: dict[tuple[str, str, str], Path] = field(default_factory=dict)

    @cached_property
    def _command(self) -> GitCommand:
        return GitCommand(self.folder, self.policy)

    def url(self, source: GitSource) -> str:
        """Where the repository is; empty as long as nothing of it was asked for."""
        return self._urls.get((source.host, source.repository), "")

    # ------------------------------------------------------------------ resolving a ref

    def tip(self, source: GitSource) -> Tip:
        """The commit of the ref: a full commit hash is itself, and a tag precedes a branch. Raises Unreadable."""
        if _COMMIT.fullmatch(source.ref):
            return Tip(source.ref, source.ref)
        found = self._refs(source)
        for name in (f"refs/tags/{source.ref}", f"refs/heads/{source.ref}"):
            commit = found.get(f"{name}^{{}}") or found.get(name, "")
            if _COMMIT.fullmatch(commit):
                return Tip(commit, name)
        hint = "write a tag, a branch, or a commit in full"
        raise Unreadable("fetch-failed", f"`{source.key}`: there is no tag or branch `{source.ref}`", hint)

    def _refs(self, source: GitSource) -> dict[str, str]:
        """Name → hash of the server's refs with this name; determines the URL of the repository."""
        key = source.host, source.repository, source.ref
        if key not in self._advertised:
            names = ["HEAD", f"refs/tags/{source.ref}", f"refs/tags/{source.ref}^{{}}", f"refs/heads/{source.ref}"]
            self._advertised[key] = self._ask(source, names)
        return self._advertised[key]

    def _ask(self, source: GitSource, names: list[str]) -> dict[str, str]:
        known = self._urls.get((source.host, source.repository))
        plain = f"{self.policy.scheme(source.host)}://{source.host}/{source.repository}"
        urls = [known] if known else [plain] if plain.endswith(".git") else [f"{plain}.git", plain]
        self.policy.say(f"asking {source.host}/{source.repository} for {source.ref}")
        for url in urls:
            done = self._start(source, self.folder, "ls-remote", "--quiet", "--", url, *names)
            found = _refs_in(done)
            if found or (not done.code and self._has_refs(source, url)):
                self._urls[source.host, source.repository] = url
                return found
        hint = "check host, owner and repository; clone a repository that requires a login, and use it as a catalog"
        raise Unreadable("fetch-failed", f"cannot fetch `{source.key}`: {said(done)}", hint)

    def _has_refs(self, source: GitSource, url: str) -> bool:
        """False for a page that is not a repository, which git takes as one without refs."""
        return bool(_refs_in(self._start(source, self.folder, "ls-remote", "--quiet", "--", url)))

    # ------------------------------------------------------------------ a file of a commit

    def file(self, source: GitSource, commit: str) -> bytes:
        """The bytes of the file at a commit. Raises Unreadable."""
        here = self._repository(source, commit)
        listed = self._git(source, here, "ls-tree", "-z", "--full-tree", commit, "--", source.file)
        entry = re.fullmatch(rb"(\d+) \w+ ([0-9a-f]+)\t[^\0]*\0", listed)
        if entry is None:
            hint = self._near(source, here, commit)
            raise Unreadable("fetch-failed", f"`{source.key}`: there is no file `{source.file}`", hint)
        if entry[1] not in {b"100644", b"100755"}:
            kind = {b"120000": "a symbolic link", b"160000": "a submodule"}.get(entry[1], "a folder")
            raise Unreadable("fetch-failed", f"`{source.key}`: `{source.file}` is {kind}", "name the file itself")
        blob = entry[2].decode()
        if int(self._git(source, here, "cat-file", "-s", blob)) > MAX_COMPONENT:
            message = f"`{source.key}` has more than {MAX_COMPONENT:,} bytes"
            raise Unreadable("fetch-failed", message, "check the path; a component is a short file")
        return self._git(source, here, "cat-file", "blob", blob)

    def _near(self, source: GitSource, here: Path, commit: str) -> str:
        names = self._git(source, here, "ls-tree", "-r", "-z", "--name-only", "--full-tree", commit)
        files = names.decode("utf-8", "replace").split("\0")
        folders = [name.removesuffix(f"/{COMPONENT_FILE}") for name in files if name.endswith(f"/{COMPONENT_FILE}")]
        close = did_you_mean(source.path, folders)
        return correction(source.path, close) if close else "check the path in the repository"

    def _repository(self, source: GitSource, commit: str) -> Path:
        """A local repository that contains the commit."""
        key = source.host, source.repository, commit
        if key not in self._repositories:
            here = self.folder / f"{len(self._repositories)}.git"
            here.mkdir()
            form = "sha256" if len(commit) == 64 else "sha1"
            self._git(source, here, "init", "--quiet", "--bare", "--template=", f"--object-format={form}", "--", ".")
            self._fetch(source, here, commit)
            self._repositories[key] = here
        return self._repositories[key]

    def _fetch(self, source: GitSource, here: Path, commit: str) -> None:
        """Fetched by its hash; from a server that provides only advertised refs, by the ref if it still exists."""
        refs = self._refs(source)
        self.policy.say(f"fetching {source.host}/{source.repository} at {commit[:12]}")
        done = self._take(source, here, commit)
        if done.code:
            names = [name.removesuffix("^{}") for name, hash_ in refs.items() if hash_ == commit]
            done = self._take(source, here, names[0]) if names else done
        if done.code:
            message = f"`{source.key}`: the server does not provide commit {commit}: {said(done)}"
            raise Unreadable("fetch-failed", message, "if the ref has moved, run `transpile lock --upgrade`")
        real = self._start(source, here, "rev-parse", "--verify", "--end-of-options", f"{_FETCHED}^{{commit}}")
        if real.output.decode().strip() != commit:
            raise Unreadable("fetch-failed", f"`{source.key}`: {commit} is not a commit", "write the hash of a commit")

    def _take(self, source: GitSource, here: Path, what: str) -> Done:
        options = ["--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head"]
        return self._start(source, here, "fetch", *options, "--filter=blob:none", "--", "origin", f"{what}:{_FETCHED}")

    def _git(self, source: GitSource, here: Path, *arguments: str) -> bytes:
        """The output of a command that has to succeed."""
        done = self._start(source, here, *arguments)
        if done.code:
            raise Unreadable("fetch-failed", f"cannot fetch `{source.key}`: {said(done)}", "try again")
        return done.output

    def _start(self, source: GitSource, here: Path, *arguments: str) -> Done:
        return self._command.run(source.host, self.url(source), here, arguments, f"`{source.key}`")


def _refs_in(done: Done) -> dict[str, str]:
    """Name → hash, of the output of `git ls-remote`."""
    lines = (line.partition("\t") for line in done.text.splitlines())
    return {} if done.code else {name: commit for commit, _, name in lines}
