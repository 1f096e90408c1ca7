"""Where fetching may go, and for how long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct

MAX_COMPONENT: Final = 1024 * 1024
"""Bytes of a component; the largest of the public catalog has 42,000."""
MAX_REPOSITORY: Final = 256 * 1024 * 1024
"""Bytes that git may write for one repository: one commit without its blobs, where the server can leave them out."""
READ_SECONDS: Final = 10.0
"""How long a server may say nothing."""


def _quiet(_: str) -> None:
    pass


class Policy(Struct, frozen=True):
    """The hosts that a user allows beyond https to public addresses, as `name` or `name:port`."""

    private: frozenset[str] = frozenset()
    """Hosts that may have a private address."""
    plain: frozenset[str] = frozenset()
    """Hosts that are asked over http, wherever they are."""
    seconds: float = 60.0
    """The limit for one download, from first to last byte."""
    say: Callable[[str], None] = _quiet
    """Called with a message before each fetch."""

    def scheme(self, host: str) -> str:
        """`https`, or `http` for a host that the user allows."""
        return "http" if host.lower() in self.plain else "https"

    def may_be_private(self, host: str) -> bool:
        """True when the user named this host, with its port if it has one."""
        return host.lower() in self.private | self.plain
