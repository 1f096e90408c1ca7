"""The model's classes: frozen at run time, and no field in which an expression may stand is passed over."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any, get_args, get_type_hints

import pytest
from msgspec import Struct

import transpiler
import transpiler.model
from transpiler import resources
from transpiler.diagnostics import Source
from transpiler.model.expressions import search, tree
from transpiler.model.settings import KEYS, Settings
from transpiler.model.task import ComponentReference
from transpiler.model.values import Literal

OPAQUE = {"Component", "LastTry", "Literal"}
"""What stands in them belongs to another scope than what stands around them, or is plain data."""


def modules(package: Any) -> Iterator[Any]:
    for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not each.name.endswith("__main__"):
            yield import_module(each.name)


def classes(package: Any) -> set[type[Struct]]:
    found = (each for module in modules(package) for each in vars(module).values())
    return {
        each
        for each in found
        if isinstance(each, type) and issubclass(each, Struct) and each.__module__.startswith(f"{package.__name__}.")
    }


MODEL = sorted(classes(transpiler.model), key=lambda each: each.__name__)


@cache
def types_of(kind: type[Struct]) -> dict[str, set[type]]:
    """Field → every class that its type names, however deep."""
    names = {each.__name__: each for each in MODEL}  # some are imported for the types alone
    return {name: set(named(hint)) for name, hint in get_type_hints(kind, localns=names).items()}


def named(hint: Any) -> Iterator[type]:
    if isinstance(hint, type):
        yield hint
    for each in get_args(hint):
        yield from named(each)


def holders() -> set[type]:
    """The classes below which a text with expressions, or a part of an expression, may stand."""
    found: set[type] = {tree.Text, tree.EnvReference, *tree.REFERENCES}
    while True:
        more = {each for each in MODEL if any(types & found for types in types_of(each).values())} - found
        if not more:
            return found
        found |= more


@pytest.mark.parametrize("kind", MODEL, ids=lambda kind: kind.__name__)
def test_no_field_that_may_hold_an_expression_is_passed_over(kind: type[Struct]) -> None:
    holding = {name for name, types in types_of(kind).items() if types & holders()}
    looked_into = {name for name, _ in search.fields_that_hold(kind)}
    if kind.__name__ in OPAQUE:
        assert not looked_into
    elif kind not in {tree.EnvReference, *tree.REFERENCES}:
        assert holding <= looked_into


def test_expressions_are_looked_for_in_most_of_the_model() -> None:
    assert len(holders()) > 30
    assert {each.__name__ for each in MODEL if getattr(each, "IS_OPAQUE", False)} == OPAQUE


@pytest.mark.parametrize("kind", MODEL, ids=lambda kind: kind.__name__)
def test_it_is_frozen(kind: type[Struct]) -> None:
    made = kind(*[None] * len(kind.__struct_fields__))
    for name in (*kind.__struct_fields__, "another"):
        with pytest.raises(AttributeError, match="immutable"):
            setattr(made, name, 1)
        with pytest.raises(AttributeError):
            delattr(made, name)


def test_whatever_says_that_it_is_frozen_is() -> None:
    frozen = [each for each in classes(transpiler) if each.__struct_config__.frozen]
    assert len(frozen) > 120
    for kind in frozen:
        made = kind(**dict.fromkeys(kind.__struct_fields__))
        for name in kind.__struct_fields__:
            with pytest.raises(AttributeError, match="immutable"):
                setattr(made, name, 1)


def test_what_has_no_hash_of_its_own_is_found_by_another() -> None:
    here, there = (ComponentReference(Source(name, "").span(0), path="a") for name in "ab")
    assert {here: 1}[there] == 1
    assert here != ComponentReference(here.span, path="b")
    assert hash(Literal([1], "[1]")) == hash(Literal([1], "[1]"))


def test_the_table_of_settings_is_complete() -> None:
    """Each setting of the schema has a row, each row a field, and a task has what `defaults` have."""
    schema = resources.schema("pipeline")["$defs"]
    names = {key.name for key in KEYS}
    assert names - {"outputs"} == schema["settings"]["properties"].keys() - {"argo"}
    assert names <= schema["task"]["properties"].keys()
    assert {key.field for key in KEYS} <= set(Settings.__struct_fields__)
    assert len({key.field for key in KEYS}) == len(KEYS)
