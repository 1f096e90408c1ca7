"""What Kubernetes reads in a program's text: `$(NAME)` becomes a variable of the container, and `$$` becomes `$`.

The kubelet does so to `command`, `args` and the values of `env`, after Argo has put values in, and so does it to the
template that Argo hands to its own container in a variable (`ARGO_TEMPLATE`): the source of a script, a manifest, the
text of a file. Only a template of more than 128 KiB goes another way. Facts: Kubernetes `expansion.Expand`; Argo
`workflow/controller/workflowpod.go`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar

from transpiler.patterns import regex

Variable = TypeVar("Variable")

_THROUGH_ARGO: Final = frozenset([("script", "source"), ("resource", "manifest"), ("raw", "data")])
_WORDS: Final = frozenset(["command", "args"])
_CHANGED: Final = regex(r"\$\$|\$\([A-Z_][A-Z0-9_]*\)")
_VARIABLE: Final = regex(r"(?<!\$)(?:\$\$)*\$\(([^()]+)\)")
_PAIR: Final = regex(r"(?<!\$)\$\$(?!\$|\([^()\s]+\))")


def doubled(text: str) -> str:
    """A text that arrives as `text`, whatever stands in it and beside it."""
    return text.replace("$", "$$")


def beside(text: str) -> str:
    """A text that arrives as `text` before and behind values: as it is, when it cannot join with them."""
    return doubled(text) if _CHANGED.search(text) or "$(" in text or text.endswith("$") else text


def escaped(text: str) -> str:
    """A text that arrives as `text` where it stands by itself: as it is, when nothing would be changed.

    What stands in `$( )` is a variable in capitals, or a command of a shell.
    """
    return doubled(text) if _CHANGED.search(text) else text


def variable(name: str) -> str:
    """What stands for a variable of the container."""
    return f"$({name})"


def variables(text: str) -> list[str]:
    """The names that a text refers to; whether the container has such variables is for others to say."""
    return _VARIABLE.findall(text)


def is_halved(text: str) -> bool:
    """True for a text with a `$$` that is hardly meant as an escape: `$$(NAME)` and `$$$` may well be."""
    return _PAIR.search(text) is not None


def ends_open(text: str) -> bool:
    """True for a text whose last `$` would be read together with what stands behind it."""
    return (len(text) - len(text.rstrip("$"))) % 2 == 1


def is_read(path: Sequence[str | int]) -> bool:
    """True for a place in Argo's own fields whose text the kubelet reads; the path ends there."""
    if "plugin" in path:
        return False  # the agent reads it from the API server
    keys = tuple(path)
    is_word = len(keys) > 1 and keys[-2] in _WORDS and isinstance(keys[-1], int)
    is_variable = len(keys) > 2 and keys[-3] == "env" and keys[-1] == "value"
    is_computed = "transformation" in keys and keys[-1] == "expression"
    return is_word or is_variable or is_computed or keys[-2:] in _THROUGH_ARGO


def in_order_of_use(variables: Mapping[str, Variable], used: Callable[[Variable], Sequence[str]]) -> list[Variable]:
    """Variables as they stand, but each behind those that it refers to: Kubernetes knows no later ones."""
    done: dict[str, Variable] = {}

    def put(name: str, above: frozenset[str]) -> None:
        for other in used(variables[name]):
            if other in variables and other not in done and other not in above:
                put(other, above | {name})
        done.setdefault(name, variables[name])

    for name in variables:
        put(name, frozenset([name]))
    return list(done.values())
