"""Plan → text, through a Jinja template that only lays out.

Every value that the template prints goes through `finalize`, so it is quoted by construction; a value that YAML has
no scalar for is a fault of the tool, and raises TypeError. Templates are package data: no user's text is ever one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.tests import TESTS

from transpiler.render.scalars import block, scalar


class _Yaml(str):
    """Text that is YAML already."""

    __slots__ = ()


def render(node: Mapping[str, Any]) -> str:
    """The YAML document of an object, with a final newline."""
    return _environment().get_template("object.yaml.j2").render(object=node)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("transpiler", "render/templates"),
        undefined=StrictUndefined,
        finalize=_finalize,
        autoescape=False,  # noqa: S701 - `finalize` quotes; HTML escaping would be wrong
        keep_trailing_newline=True,
        auto_reload=False,
        variable_start_string="[[",
        variable_end_string="]]",
        line_statement_prefix="#%",
    )
    environment.filters |= {"block": _block, "yaml": _yaml}
    environment.tests = {**TESTS, "list": lambda value: isinstance(value, list)}
    return environment


@lru_cache(4096)
def _finalize(value: Any) -> str:
    """A field's name, which is a text; most of them come again and again."""
    return value if isinstance(value, _Yaml) else scalar(value)


def _block(value: Any, indent: int) -> _Yaml:
    return _Yaml(block(value, indent) if isinstance(value, str) else _other_scalar(value))


def _yaml(text: str) -> _Yaml:
    """What a macro laid out, without the newline that the line around it ends with."""
    return _Yaml(text.removesuffix("\n"))


def _other_scalar(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, (int, float)) or value in ({}, []):
        return repr(value)
    raise TypeError(f"a template prints a {type(value).__name__}, not a scalar")
