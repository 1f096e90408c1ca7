"""The keys of a manifest that concern a whole run → the fields of Argo's `spec` that they become.

They stand under those of `argo: {spec: ...}`, each with its place in the file. So what reads Argo's own fields, and
every rule about those, holds for them too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from transpiler.argo.quantities import seconds
from transpiler.build.placed_merge import copied, over
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import List, Map, Mark

_IN_SECONDS: Final = {
    "success": "secondsAfterSuccess",
    "failure": "secondsAfterFailure",
    "completion": "secondsAfterCompletion",
}


def argo_of(document: Map) -> Map | None:
    """`argo` of a manifest, with the fields that its own keys set under it; None without any."""
    argo = fields.mapping(document, "argo")
    said = _said(document)
    if not said:
        return argo
    whole = copied(argo) if argo is not None else Map(document.source, document.mark)
    where = whole.keys_at.get("spec", document.mark), whole.values_at.get("spec", document.mark)
    whole.put("spec", over(said, fields.mapping(whole, "spec")), *where)
    return whole


def _said(document: Map) -> Map:
    """The fields of `spec` that the keys of a manifest are, with the places of the keys."""
    said = Map(document.source, document.mark)
    for key, (field, write) in RUN_KEYS.items():
        value = document.get(key)
        is_said = value is not None and value not in ({}, []) and not document.hides(key)
        if is_said and fields.is_complete(value):
            said.put(field, write(document, key), document.keys_at[key], document.values_at[key])
    return said


# ---------------------------------------------------------------------- short forms


def _itself(document: Map, key: str) -> Any:
    return document[key]


def _texts(document: Map, key: str) -> Map:
    """A mapping of texts: a number or Boolean is the text that was written."""
    texts = copied(document[key])
    for name in document[key]:
        if texts[name] is None:
            del texts[name]
        else:
            texts[name] = fields.text(document[key], name)
    return texts


def _secrets(document: Map, key: str) -> List:
    """Names, each as Kubernetes' reference to an object."""
    given: List = document[key]
    secrets = List(given.source, given.mark)
    secrets.items_at = given.items_at
    for item, mark in zip(given, given.items_at, strict=True):
        secrets.append(item if isinstance(item, Map) else _single(given, mark, "name", item))
    return secrets


def _single(where: Map | List, mark: Mark, key: str, value: Any) -> Map:
    """A mapping of one key, at the place of a short form of it."""
    one = Map(where.source, mark)
    one.put(key, value, mark, mark)
    return one


def _ttl(document: Map, key: str) -> Map:
    given = document[key]
    if not isinstance(given, Map):
        return _single(document, document.values_at[key], "secondsAfterCompletion", seconds(str(given)))
    strategy = Map(given.source, given.mark)
    for ending, value in given.items():
        if value is not None:
            where = given.keys_at[ending], given.values_at[ending]
            strategy.put(_IN_SECONDS[ending], seconds(str(value)), *where)
    return strategy


def _pod_gc(document: Map, key: str) -> Map:
    given = document[key]
    return given if isinstance(given, Map) else _single(document, document.values_at[key], "strategy", given)


RUN_KEYS: Final[Mapping[str, tuple[str, Callable[[Map, str], Any]]]] = {
    "serviceAccountName": ("serviceAccountName", _itself),
    "nodeSelector": ("nodeSelector", _texts),
    "tolerations": ("tolerations", _itself),
    "securityContext": ("securityContext", _itself),
    "imagePullSecrets": ("imagePullSecrets", _secrets),
    "priority": ("priority", _itself),
    "ttl": ("ttlStrategy", _ttl),
    "podGC": ("podGC", _pod_gc),
    "archiveLogs": ("archiveLogs", _itself),
}
"""Key of a manifest → the field of `spec` that it sets, and its value there."""
