"""Names and ids that Argo derives from names: hashes of FNV-1a, and parts of what people read."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from transpiler.patterns import regex

_PRIME: Final = 0x01000193
_LONGEST_POD: Final = 253 - 10 - 1
"""Kubernetes allows 253; the rest is for the hash and its dash."""
_AFTER_A_BOUNDARY: Final = regex(r"(?:\[\d+\])?\.")
_TASK_AT_END: Final = regex(r"(?:\([^(]*\)|\[[^\[]*\])+$")
DISPLAY_NAME: Final = regex(r"[a-zA-Z0-9][a-zA-Z0-9-.]{0,61}[a-zA-Z0-9]")


def fnv(text: str) -> int:
    """The 32-bit FNV-1a hash of a text in UTF-8."""
    found = 0x811C9DC5
    for byte in text.encode("utf-8", "surrogatepass"):
        found = ((found ^ byte) * _PRIME) & 0xFFFFFFFF
    return found


@lru_cache(100_000)
def node_id(run: str, name: str) -> str:
    """The id of a node; that of the first is the name of the run."""
    return run if name == run else f"{run}-{fnv(name)}"


def pod_name(run: str, node: str, template: str) -> str:
    """The name of the pod of a node."""
    if node == run:
        return run
    return f"{f'{run}-{template}' if template else run}"[:_LONGEST_POD] + f"-{fnv(node)}"


def display_name(name: str, boundary: str) -> str:
    """What people read of a node in the DAG or steps of that name."""
    rest = name.removeprefix(boundary)
    found = _AFTER_A_BOUNDARY.match(rest)
    return rest[found.end() :] if found else rest


def task_of(node: str) -> str:
    """The task or step of a node: without what items, tries and groups add."""
    found = _TASK_AT_END.search(node)
    return (node[: found.start()] if found else node).rpartition(".")[2]
