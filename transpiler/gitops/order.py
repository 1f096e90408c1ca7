"""An order of a host: which manifests to compile, and with what. kpt, Kustomize and Argo CD use the same words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final, Self

from msgspec import Struct

from transpiler.argo.versions import VERSIONS
from transpiler.plan.object import KINDS
from transpiler.suggest import suggestion
from transpiler.workspace.environments import ENVIRONMENT_NAME

TEXTS: Final = ("environment", "kind", "argo")
LISTS: Final = ("manifests", "values")
SET: Final = "set"
"""A mapping of single values, such as `inputs.rows: 10`."""


class OrderError(Exception):
    """An order that cannot be carried out. `field` is the word that is wrong; empty for the order as a whole."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Order(Struct, frozen=True):
    """Manifests, and folders with manifests, with what `compile` takes as options."""

    manifests: tuple[str, ...]
    environment: str = ""
    values: tuple[str, ...] = ()
    assignments: tuple[str, ...] = ()
    kind: str = ""
    argo: str = ""

    @classmethod
    def of(cls, texts: Mapping[str, str], lists: Mapping[str, Iterable[str]], single: Mapping[str, str]) -> Self:
        """The order that words give. Raises OrderError for an unknown kind or version, or a wrong name."""
        kind, environment = texts.get("kind", ""), texts.get("environment", "")
        if kind not in {"", *KINDS}:
            raise OrderError(f"there is no kind `{kind}`; the kinds are {', '.join(KINDS)}", "kind")
        if texts.get("argo", "") not in {"", *VERSIONS}:
            raise OrderError(f"transpile knows Argo {', '.join(VERSIONS)}, not `{texts['argo']}`", "argo")
        if environment and not ENVIRONMENT_NAME.fullmatch(environment):
            raise OrderError(f"`{environment}` is not a name of an environment", "environment")
        return cls(
            tuple(lists.get("manifests", ())),
            environment,
            tuple(lists.get("values", ())),
            tuple(f"{key}={value}" for key, value in single.items()),
            kind,
            texts.get("argo", ""),
        )


def unknown(word: str, words: Collection[str]) -> OrderError:
    """The error for a word that no order has."""
    return OrderError(f"there is no parameter `{word}`: {suggestion(word, words, 'parameters')}", word)


def listed(text: str) -> list[str]:
    """The items of a list that is written as one text: between commas, or on lines."""
    return [each.strip() for each in text.replace("\n", ",").split(",") if each.strip()]
