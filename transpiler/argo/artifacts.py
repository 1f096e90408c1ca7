"""Where Argo keeps artifacts (Argo's docs/fields.md), and which places it takes for whole ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from transpiler.patterns import regex


class Store(Struct, frozen=True):
    """A kind of store. A location in it is complete with all fields of `whole`.

    Of any other location, Argo keeps only the key and takes the rest from the default store: the template's
    `archiveLocation`, or the artifact repository (Argo's `ArtifactLocation.Relocate` and `HasLocation`).
    """

    whole: tuple[str, ...]
    key: str = ""
    """The field that names a file and is sufficient by itself; empty if there is none."""
    example: str = ""
    """An example of the first field."""


STORES: Final[Mapping[str, Store]] = {
    "s3": Store(("endpoint", "bucket", "key"), "key", "s3.amazonaws.com"),
    "gcs": Store(("bucket", "key"), "key"),
    "azure": Store(("endpoint", "container", "blob"), "blob", "https://ACCOUNT.blob.core.windows.net"),
    "oss": Store(("endpoint", "bucket", "key"), "key", "oss-cn-hangzhou.aliyuncs.com"),
    "hdfs": Store(("addresses",), "path"),
    "http": Store(("url",)),
    "git": Store(("repo",)),
    "raw": Store(()),
    "artifactory": Store(("url", "usernameSecret")),
    "plugin": Store(("name", "configuration", "key"), "key"),
}
LOCATIONS: Final = tuple(STORES)
"""The fields of an artifact that give the location of its file."""
_NAMING: Final[Mapping[str, tuple[str, ...]]] = {
    "s3": ("bucket", "key"),
    "gcs": ("bucket", "key"),
    "oss": ("bucket", "key"),
    "azure": ("container", "blob"),
    "http": ("url",),
    "hdfs": ("path",),
    "git": ("repo",),
}
"""Kind of store → the fields that name a file in it."""


def place_of(location: Mapping[str, Any]) -> str:
    """A location as a path, such as `s3/BUCKET/KEY` or `http/HOST/PATH`; empty for a store that has no such paths."""
    kind = next((each for each in _NAMING if isinstance(location.get(each), Mapping)), "")
    text = "/".join(str(location[kind].get(field, "")) for field in _NAMING.get(kind, ())).replace("://", "/")
    names = [name for name in text.rpartition("@")[2].split("/") if name]
    return "/".join([kind, *names]) if names else ""


class Lost(Struct, frozen=True):
    """A part of a location that Argo would drop: the field to report, the message, and the hint."""

    field: str
    message: str
    hint: str


def lost(location: Mapping[str, Any], *, is_archive: bool = False) -> Lost | None:
    """The part of an artifact's location that Argo would drop, if any. `is_archive`: for an `archiveLocation`."""
    kind = next((each for each in STORES if isinstance(location.get(each), Mapping)), "")
    if not kind:
        return None
    store, given = STORES[kind], [key for key, value in location[kind].items() if value not in (None, "", [], {})]
    missing = [key for key in store.whole if key not in given]
    dropped = [key for key in given if key != store.key or is_archive]
    if not missing or not dropped:
        return None
    without = "without " + " and ".join(f"`{key}`" for key in missing)
    example = f" ({store.example})" if store.example else ""
    add = "add " + " and ".join(f"`{key}`{example if key == store.whole[0] else ''}" for key in missing)
    if is_archive:
        return Lost(kind, f"{without} Argo ignores this `{kind}`", f"{add}, or delete it")
    what = ", ".join(f"`{key}`" for key in dropped[:3])
    if store.key in missing:
        return Lost(dropped[0], f"{without} Argo drops {what} here", add)
    alone = f", or write `{store.key}` alone for a file in the default artifact repository" if store.key else ""
    kept = f"the `{store.key}`" if store.key else "the path of the `url`"
    message = f"{without} Argo drops {what} here, and uses {kept} in the default artifact repository"
    return Lost(dropped[0], message, f"{add}{alone}")


_FILE: Final = regex(r"[^/]\.(?!tgz$|gz$)([A-Za-z][A-Za-z0-9]{0,9}|7z)$|[^/]\.(?!tar\.)[A-Za-z0-9]+\.gz$")
"""A name that ends in the type of a file, but for `.tgz` and `.tar.gz`, the archives that Argo makes."""


def names_a_file(artifact: Mapping[str, Any]) -> bool:
    """True for a location such as `models/model.pkl`, which should contain the file itself, not an archive of it."""
    given = {kind: artifact[kind] for kind in STORES if isinstance(artifact.get(kind), dict)}
    places = (fields.get(STORES[kind].key or "url") for kind, fields in given.items())
    return any(isinstance(place, str) and _FILE.search(place) is not None for place in places)
