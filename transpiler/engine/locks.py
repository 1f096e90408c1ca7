"""Mutexes and semaphores: who holds which, among the nodes of one run.

Nodes of one run do not queue up: whoever asks first when a lock is free gets it. A node gets all its locks, or none.
"""

from __future__ import annotations

from collections.abc import Mapping

from transpiler.engine.errors import CallError
from transpiler.plan.argo_objects import Node


class Locks:
    """The locks of a run. `limits`: the data of ConfigMaps, by name."""

    def __init__(self, namespace: str, limits: Mapping[str, Mapping[str, str]]) -> None:
        self._namespace = namespace
        self._limits = limits
        self._holders: dict[str, dict[str, None]] = {}

    def acquire(self, synchronization: Node, holder: str) -> tuple[str, str]:
        """Take all locks for a holder; ("", "") or the name of one that is not free, and Argo's message about it."""
        wanted = [*self._wanted(synchronization)]
        for name, limit in wanted:
            held = self._holders.get(name, {})
            if holder not in held and len(held) >= limit:
                return name, f"Waiting for {name} lock. Lock status: {limit - len(held)}/{limit}"
        for name, _ in wanted:
            self._holders.setdefault(name, {})[holder] = None
        return "", ""

    def release(self, holder: str) -> bool:
        """Give back all that a holder has; True if it had something."""
        found = [held for held in self._holders.values() if holder in held]
        for held in found:
            del held[holder]
        return bool(found)

    def held(self) -> dict[str, list[str]]:
        """The holders of each lock."""
        return {name: list(held) for name, held in self._holders.items() if held}

    def _wanted(self, synchronization: Node) -> list[tuple[str, int]]:
        semaphores = [self._semaphore(each) for each in synchronization.get("semaphores") or []]
        mutexes = [
            (f"{each.get('namespace') or self._namespace}/Mutex/{each.get('name', '')}", 1)
            for each in synchronization.get("mutexes") or []
        ]
        return [*semaphores, *mutexes]

    def _semaphore(self, semaphore: Node) -> tuple[str, int]:
        reference = semaphore.get("configMapKeyRef") or {}
        name, key = reference.get("name", ""), reference.get("key", "")
        namespace = semaphore.get("namespace") or self._namespace
        try:
            return f"{namespace}/ConfigMap/{name}/{key}", int(self._limits[name][key])
        except (KeyError, ValueError) as error:
            message = f"failed to initialize semaphore {namespace}/ConfigMap/{name}/{key} with limit"
            raise CallError(message) from error
