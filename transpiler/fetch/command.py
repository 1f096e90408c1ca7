"""Runs `git` for one host, at its checked addresses, with no other settings than these.

git connects to the checked address, whatever DNS answers next, follows no redirect, never asks for a
password and runs no hook. `transpiler.catalog.remote_source` validates the words of its command line, after `--`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct, field

from transpiler.catalog.files import Unreadable
from transpiler.fetch.address import addresses
from transpiler.fetch.policy import MAX_REPOSITORY, READ_SECONDS, Policy
from transpiler.fetch.process import run
from transpiler.programs import Done

_ENVIRONMENT: Final = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_SYSTEM": "/dev/null",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_PROTOCOL_FROM_USER": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "LC_ALL": "C",
}
_SETTINGS: Final = (
    "core.hooksPath=/dev/null",
    "core.askPass=",
    "core.bigFileThreshold=2m",
    "credential.helper=",
    "protocol.allow=never",
    "http.followRedirects=false",
    "http.proxy=",
    f"http.lowSpeedTime={READ_SECONDS:.0f}",
    "http.lowSpeedLimit=1",
    "transfer.bundleURI=false",
    "fetch.recurseSubmodules=false",
    "gc.auto=0",
    "maintenance.auto=false",
)


class GitCommand(Struct):
    """Runs git in folders below `folder`; each host is looked up once."""

    folder: Path
    policy: Policy
    _pins: dict[str, str] = field(default_factory=dict)

    def run(self, host: str, origin: str, here: Path, arguments: Sequence[str], what: str) -> Done:
        """Run a command that may connect to a host, whose repository, if known, is `origin`.

        Raises Unreadable if it cannot finish; `what` is for the message.
        """
        scheme = self.policy.scheme(host)
        settings = [*_SETTINGS, f"protocol.{scheme}.allow=always", self._pin(host, scheme)]
        if origin:
            settings += ["remote.origin.promisor=true", f"remote.origin.url={origin}"]
        command = ["git", *(word for setting in settings for word in ("-c", setting)), *arguments]
        environment = {"GIT_ALLOW_PROTOCOL": scheme, "GIT_CEILING_DIRECTORIES": str(self.folder)}
        return self._run(command, here, environment, what)

    def _run(self, command: Sequence[str], here: Path, environment: dict[str, str], what: str) -> Done:
        deadline = time.monotonic() + self.policy.seconds
        return run(command, here, {**_ENVIRONMENT, **environment}, deadline, MAX_REPOSITORY, what)

    def _pin(self, host: str, scheme: str) -> str:
        """The setting that makes git connect to the addresses that were checked, and look nothing up."""
        if not self._pins:
            self._require_pins()
        if host not in self._pins:
            parts = urlsplit(f"{scheme}://{host}")
            name, port = parts.hostname or "", parts.port or (443 if scheme == "https" else 80)
            found = addresses(name, port, self.policy, host)
            shown = ",".join(f"[{each}]" if ":" in each else each for each in found)
            self._pins[host] = f"http.curloptResolve={name}:{port}:{shown}"
        return self._pins[host]

    def _require_pins(self) -> None:
        """An older git than 2.37 passes over the pin in silence."""
        found = re.search(rb"(\d+)\.(\d+)", self._run(["git", "--version"], self.folder, {}, "anything").output)
        if found is None or (int(found[1]), int(found[2])) < (2, 37):
            message = "git is too old: references to Git hosts need git 2.37 or newer"
            raise Unreadable("fetch-failed", message, "update git, or keep a clone of the repository as a catalog")


def said(done: Done) -> str:
    """The reason that git gives, on one line."""
    lines = [line.partition(": ")[2] for line in done.errors.splitlines() if line.startswith(("fatal: ", "error: "))]
    silent = "git failed" if done.code else "this is not a repository"
    return " ".join((lines or [silent])[-1].split())[:200]
