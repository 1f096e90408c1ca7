"""Results that tasks with `cache` have left in earlier runs, kept beside the runs: `.cache` in their folder.

- `.cache/results/NAME.json`: the outputs under a key of a cache, written after their files, as a whole or not at all
- `.cache/files/KEY`: the files of these outputs, under the keys that they had in their run

A result whose files are gone is no result. The oldest results go when all take more than `MOST_BYTES`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from transpiler import atomic
from transpiler.engine.protocol import Kept
from transpiler.engine.sources import key_of, source_of
from transpiler.executors.errors import TaskError
from transpiler.executors.store import Store, remove, size_of
from transpiler.local.folder import Plan
from transpiler.plan.argo_objects import Node, workflow_spec
from transpiler.plan.argo_templates import templates
from transpiler.runs.nodes import is_hit, mapping, nodes_of

MOST_BYTES: Final = 1024**3
_FOLDER: Final = ".cache"

Memo = Mapping[str, Mapping[str, Kept]]
"""The name of a cache → key → result."""


class Entry(Struct, frozen=True):
    """A result, and what it is found by."""

    cache: str
    key: str
    kept: Kept
    bytes: int
    """As much its files take."""


class Caches:
    """The results in the folder of the runs."""

    def __init__(self, home: Path) -> None:
        self._folder, self._root = home / _FOLDER, home
        self.store = Store(self._folder / "files")

    def known(self, plan: Plan) -> Plan:
        """The plan of a run that may use all results which are whole."""
        memo: dict[str, dict[str, Kept]] = {}
        wanted = _caches_of(plan)
        for path, entry in self._entries() if wanted else ():
            if entry.cache not in wanted and "" not in wanted:
                continue
            if all(os.path.lexists(self.store.path(key)) for key in files_of(entry.kept.outputs)):
                memo.setdefault(entry.cache, {})[entry.key] = entry.kept
            else:
                path.unlink(missing_ok=True)
        return replace(plan, info=replace(plan.info, memo=memo))

    def keep(self, memo: Memo, before: Memo, files: Store) -> None:
        """Keep the results of a run, which has these files; those that it knew `before` it began are there already.

        A result that cannot be kept, as on a full disk, is left out: a later run makes it anew.
        """
        for cache, results in memo.items():
            for key, kept in results.items():
                if before.get(cache, {}).get(key) != kept:
                    with suppress(TaskError, OSError):
                        self._keep(cache, key, kept, files)
        self._prune()

    def fetch_hits(self, workflow: Node, files: Store) -> None:
        """Put the files of results that a run has used among its own. Raises TaskError."""
        for node in nodes_of(workflow).values():
            if is_hit(node):
                for key in files_of(mapping(node.get("outputs"))):
                    if not os.path.lexists(files.path(key)) and os.path.lexists(self.store.path(key)):
                        files.put(key, self.store.path(key), keeps=True)

    def remove(self) -> int:
        """Remove all results; how many there were. Raises OSError."""
        count = sum(1 for _ in self._entries())
        remove(self._folder)
        return count

    def _keep(self, cache: str, key: str, kept: Kept, files: Store) -> None:
        total = 0
        for file in files_of(kept.outputs):
            total += size_of(files.path(file))
            if total > MOST_BYTES:
                return
            self.store.put(file, files.path(file), keeps=True)
        path = atomic.at(self._path(cache, key), self._root)
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write(path, msgspec.json.encode(Entry(cache, key, kept, total)), self._root)

    def _path(self, cache: str, key: str) -> Path:
        name = sha256(f"{len(cache)}:{cache}{key}".encode()).hexdigest()
        return self._folder / "results" / f"{name}.json"

    def _entries(self) -> Iterator[tuple[Path, Entry]]:
        """The results; what cannot be read is none."""
        for path in sorted(self._folder.glob("results/*.json")):
            with suppress(OSError, msgspec.MsgspecError, RecursionError):
                yield path, msgspec.json.decode(path.read_bytes(), type=Entry)

    def _prune(self) -> None:
        """Remove the oldest results, with files that no other one has, until those that stay are small enough."""
        found = sorted(self._entries(), key=lambda each: each[1].kept.created, reverse=True)
        total, wanted = 0, set[str]()
        for path, entry in found:
            total += entry.bytes
            keys = set(files_of(entry.kept.outputs))
            if total <= MOST_BYTES:
                wanted |= keys
                continue
            path.unlink(missing_ok=True)
            for key in keys - wanted:
                with suppress(TaskError, OSError):
                    remove(self.store.path(key))


def _caches_of(plan: Plan) -> set[str]:
    """The names of the caches of a run; the empty one for a name that the run puts together."""
    found = set()
    for each in plan.objects:
        spec = workflow_spec(each) if "spec" in each else {}
        for template in [*(template for template, _ in templates(spec, ())), spec.get("templateDefaults") or {}]:
            if template.get("memoize"):
                name = str(template["memoize"]["cache"]["configMap"]["name"])
                found.add("" if "{{" in name else name)
    return found


def files_of(outputs: Node) -> list[str]:
    """The keys of the files among Argo's outputs of a node."""
    sources = [source_of(each) for each in outputs.get("artifacts") or ()]
    return [key for each in sources if each is not None and (key := key_of(each))]
