"""Two versions of a catalog → the changes of each component, and the added, moved and removed components."""

from __future__ import annotations

from collections.abc import Iterator

from transpiler.views.changes import Change
from transpiler.views.diff import diff
from transpiler.views.entries import Entry, Listing


def diff_catalogs(old: Listing, new: Listing) -> list[Change]:
    """The changes, by component. Components broken on either side are reported elsewhere and not compared."""
    before, after = ({entry.file.place: entry for entry in listing.entries} for listing in (old, new))
    gone = {place: entry for place, entry in before.items() if place not in after and place not in new.broken}
    come = {place: entry for place, entry in after.items() if place not in before and place not in old.broken}
    changes = [change for place in before.keys() & after.keys() for change in diff(before[place], after[place])]
    changes += _moved(gone, come)
    changes += (_change("removed", "breaking", "the component was removed", entry, None) for entry in gone.values())
    changes += (_change("added", "safe", "the component is new", None, entry) for entry in come.values())
    return sorted(changes, key=lambda each: each.order)


def _moved(gone: dict[str, Entry], come: dict[str, Entry]) -> Iterator[Change]:
    """The components with the same bytes at another path, removed from both arguments."""
    places = {entry.digest: place for place, entry in sorted(come.items(), reverse=True)}
    for place, old in list(gone.items()):
        target = places.pop(old.digest, None)
        if target is not None:
            new = come.pop(target)
            del gone[place]
            yield _change("moved", "breaking", f"the component moved to `{new.reference}`", old, new)


def _change(kind: str, level: str, message: str, old: Entry | None, new: Entry | None) -> Change:
    before, after = (entry.component.span if entry else None for entry in (old, new))
    shown = old or new
    assert shown is not None
    return Change(f"component-{kind}", level, message, before, after, component=shown.reference)
