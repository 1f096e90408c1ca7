"""Compares the needs of a manifest with the lock and reports each difference. Used by --locked and `lock --check`."""

from __future__ import annotations

from collections.abc import Iterable

from transpiler.catalog.lockfile import LOCK_FILE, Lock
from transpiler.diagnostics import Report, Span
from transpiler.lock.needs import NamedFiles, Need, Needs


def check_locked(needs: Needs, lock: Lock | None, manifest: str, report: Report) -> None:
    """Report each file whose bytes differ from the lock, and each reference that the lock lacks or has in excess.

    `manifest` is its name in the command that a hint suggests.
    """
    hint = f"run `transpile lock {manifest}`"
    if lock is None:
        report.error("stale-lock", f"there is no {LOCK_FILE}", needs.span, hint)
    elif needs.key not in lock.manifests:
        report.error("stale-lock", f"`{needs.key}` is not in {LOCK_FILE}", needs.span, hint)
    else:
        _check_uses(needs.key, needs.uses, lock.manifests[needs.key], needs.span, hint, report)
        for need in needs.files:
            _check_file(need, lock, hint, report)


def _check_file(need: Need, lock: Lock, hint: str, report: Report) -> None:
    locked = lock.components.get(need.key)
    if locked is None:
        report.error("stale-lock", f"`{need.key}` is not in {LOCK_FILE}", need.used_at, hint)
    elif locked.digest != need.digest:
        message = f"`{need.key}` has the digest sha256:{need.digest}, which differs from {LOCK_FILE}"
        report.error("wrong-digest", message, need.used_at, f"it has changed: review it, then {hint}")
    else:
        _check_uses(need.key, need.uses, locked.uses, need.used_at, hint, report)


def _check_uses(key: str, uses: NamedFiles, locked: tuple[str, ...], where: Span, hint: str, report: Report) -> None:
    found = {use.key: use.span for use in uses.edges}
    for name in sorted(found.keys() - set(locked)):
        report.error("stale-lock", f"`{key}` uses `{name}`, which is missing in {LOCK_FILE}", found[name], hint)
    for name in () if uses.is_incomplete else sorted(set(locked) - found.keys()):
        report.error("stale-lock", f"`{key}` does not use `{name}`, which {LOCK_FILE} lists", where, hint)


def check_leftovers(lock: Lock, known: Iterable[str], report: Report) -> None:
    """Report manifests of the lock that are gone, and components that no manifest of it reaches.

    `known` are the manifests that exist.
    """
    gone = lock.manifests.keys() - set(known)
    for key in sorted(gone):
        message = f"the manifest `{key}` no longer exists"
        report.error("stale-lock", message, lock.places[key], "run `transpile lock`, which deletes the entry")
    reached = reachable(lock, lock.manifests)
    for key in sorted(lock.components.keys() - reached):
        message = f"`{key}` is no longer used by any manifest"
        report.error("stale-lock", message, lock.places[key], "run `transpile lock`, which deletes the entry")


def reachable(lock: Lock, manifests: Iterable[str]) -> set[str]:
    """The components that some manifests of the lock need, as the lock has it."""
    reached: set[str] = set()
    waiting = [key for manifest in manifests for key in lock.manifests.get(manifest, ())]
    while waiting:
        key = waiting.pop()
        if key not in reached and key in lock.components:
            reached.add(key)
            waiting += lock.components[key].uses
    return reached
