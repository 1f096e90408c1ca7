"""Kubernetes' expansion in the text of a program: `$(NAME)` becomes a variable of the container, `$$` becomes `$`.

The kubelet expands `command`, `args` and the values of `env`, after Argo has inserted values, and also the
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
_LOST: Final = regex(r"\$\$+|\$(?=\([A-Z_][A-Z0-9_]*\))|\$+\Z")
_VARIABLE: Final = regex(r"(?<!\$)(?:\$\$)*\$\(([^()]+)\)")
_PAIR: Final = regex(r"(?<!\$)\$\$(?!\$|\([^()\s]+\))")


def doubled(text: str) -> str:
    """A text that arrives as `text`, whatever it contains and whatever is next to it."""
    return text.replace("$", "$$")


def beside(text: str) -> str:
    """A text that arrives as `text` before and after values; unchanged if it cannot join with them."""
    return doubled(text) if _CHANGED.search(text) or "$(" in text or text.endswith("$") else text


def escaped(text: str) -> str:
    """A text that arrives as `text` if it is the whole word; unchanged if Kubernetes would not change it.

    The content of `$( )` is a variable in upper case, or a shell command.
    """
    return doubled(text) if _CHANGED.search(text) else text


def kept(text: str) -> str:
    """A text that arrives as `text`, also before a value, with no other `$` doubled than those that would change."""
    return _LOST.sub(lambda found: doubled(found.group()), text)


def variable(name: str) -> str:
    """The reference to a variable of the container."""
    return f"$({name})"


def variables(text: str) -> list[str]:
    """The names that a text refers to; whether the container has such variables is for others to say."""
    return _VARIABLE.findall(text)


def is_halved(text: str) -> bool:
    """True for a text with a `$$` that is probably not meant as an escape, unlike `$$(NAME)` and `$$$`."""
    return _PAIR.search(text) is not None


def ends_open(text: str) -> bool:
    """True for a text whose last `$` would be read together with the text after it."""
    return (len(text) - len(text.rstrip("$"))) % 2 == 1


def is_read(path: Sequence[str | int]) -> bool:
    """True for the path of a field of Argo's own whose text the kubelet expands."""
    if "plugin" in path:
        return False  # the agent reads it from the API server
    keys = tuple(path)
    is_word = len(keys) > 1 and keys[-2] in _WORDS and isinstance(keys[-1], int)
    is_variable = len(keys) > 2 and keys[-3] == "env" and keys[-1] == "value"
    is_computed = "transformation" in keys and keys[-1] == "expression"
    return is_word or is_variable or is_computed or keys[-2:] in _THROUGH_ARGO


def in_order_of_use(variables: Mapping[str, Variable], used: Callable[[Variable], Sequence[str]]) -> list[Variable]:
    """Variables in their order, each after those that it refers to: Kubernetes expands only earlier ones."""
    done: dict[str, Variable] = {}

    def put(name: str, above: frozenset[str]) -> None:
        for other in used(variables[name]):
            if other in variables and other not in done and other not in above:
                put(other, above | {name})
        done.setdefault(name, variables[name])

    for name in variables:
        put(name, frozenset([name]))
    return list(done.values())
