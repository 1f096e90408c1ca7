"""Secrets and config maps that are given, and that nothing in the objects of a run asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from transpiler.patterns import regex
from transpiler.plan.argo_objects import Node

_WORD: Final = regex(r"[-.\w]+")


def unused(objects: Sequence[Node], kind: str, names: Iterable[str]) -> list[str]:
    """Those names that nothing uses. `kind`: secret or configMap. None while a name is put together in the run."""
    used = set(_used(list(objects), kind.lower()))
    return [] if any("{{" in each for each in used) else [each for each in names if each not in used]


def _used(node: Any, kind: str) -> Iterator[str]:
    """The names in all references, such as `secretKeyRef`, `secretRef`, `accessKeySecret` and `secret` of a volume."""
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _used(value, kind)
    for key, value in node.items() if isinstance(node, dict) else ():
        if key == "podSpecPatch":
            yield from (*_WORD.findall(str(value)), *(["{{"] if "{{" in str(value) else []))
        elif key.lower().removesuffix("keyref").removesuffix("ref").removesuffix("s").endswith(kind):
            found = value if isinstance(value, list) else [value]
            yield from (str(each.get("secretName") or each.get("name")) for each in found if isinstance(each, dict))
