"""What the shipped schemas may say beyond JSON Schema, and how they are found.

A schema is read when a document reaches it: a manifest without Argo's own fields never pays for those.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from transpiler import resources
from transpiler.read.schema.quick import twins
from transpiler.read.yaml.scalars import has_leading_zero

_ALWAYS: Final = frozenset(["component"])


@cache
def validator(name: str) -> Any:
    """The validator of a shipped schema.

    What every document may reach is found at once: a registry forgets what it has looked for.
    """
    registry: Registry[Any] = Registry(retrieve=shipped)  # type: ignore[call-arg]
    own = resources.schema(name)
    known = [(f"{each}.schema.json", shipped(f"{each}.schema.json")) for each in _ALWAYS - {name}]
    return _Validator(own, registry=registry.with_resources([*known, ("", DRAFT202012.create_resource(own))]).crawl())


@cache
def shipped(file: str) -> Resource[Any]:
    """A schema that another one names by its file."""
    return DRAFT202012.create_resource(resources.schema(file.removesuffix(".schema.json")))


def _distinct(_: Any, keys: list[str], entries: Any, __: Any) -> Iterator[ValidationError]:
    """`x-kubernetes-list-map-keys`: no two entries agree in all of these keys."""
    for index, name in twins(keys, entries):
        yield ValidationError(f"a second {name}", path=[index])


def _octal_or_text(_: Any, __: Any, value: Any, ___: Any) -> Iterator[ValidationError]:
    """`x-octal-or-text`: where a number and a text are both fine, `0755` is one or the other."""
    if isinstance(value, str) and has_leading_zero(value):
        yield ValidationError("a leading zero")


def _removable(judge: Any, schema: Any, value: Any, _: Any) -> Iterator[ValidationError]:
    """`x-removable`: as the schema says, but every field may be `null`, which takes a default off."""
    for error in judge.descend(value, schema):
        is_field = not error.path or isinstance(error.path[-1], str)
        if error.instance is not None or not is_field:
            yield error


_Validator: Any = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {"x-kubernetes-list-map-keys": _distinct, "x-octal-or-text": _octal_or_text, "x-removable": _removable},
)
