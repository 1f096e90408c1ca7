"""Which cluster, and how: the options that `kubectl` and `argo` share, passed on as they are."""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

SECONDS: Final = 30.0
"""The time limit of one call."""


class Access(Struct, frozen=True):
    """The user's choice of a cluster; empty for what the programs choose themselves."""

    context: str = ""
    namespace: str = ""
    kubeconfig: str = ""

    @property
    def words(self) -> list[str]:
        """The options. A value stands in the word of its option, so that it cannot be read as another one."""
        return [f"--{name}={value}" for name, value in self._options if value]

    @property
    def _options(self) -> tuple[tuple[str, str], ...]:
        return (("context", self.context), ("namespace", self.namespace), ("kubeconfig", self.kubeconfig))

    def within(self, namespace: str) -> Access:
        """The same cluster, and another namespace; empty for what the programs choose."""
        return replace(self, namespace=namespace)

    @property
    def is_chosen(self) -> bool:
        """True if the user names a cluster or a namespace."""
        return any(value for _, value in self._options)
