"""Plan → text, through Jinja templates that only lay out.

Every value that a template prints goes through `finalize`, so it is quoted by construction; a value that is no text
is a fault of the tool, and raises TypeError. Templates are package data: no user's text is ever one.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from transpiler.plan.workflow import Workflow
from transpiler.render.scalars import block, scalar


class _Yaml(str):
    """Text that is YAML already."""

    __slots__ = ()


def render(workflow: Workflow) -> str:
    """The YAML document of a Workflow, with a final newline."""
    return _environment().get_template("workflow.yaml.j2").render(workflow=workflow)


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
    environment.filters["block"] = _block
    return environment


def _finalize(value: Any) -> str:
    if isinstance(value, _Yaml):
        return value
    if not isinstance(value, str):
        raise TypeError(f"a template prints a {type(value).__name__}, not a text")
    return scalar(value)


def _block(text: str, indent: int) -> _Yaml:
    return _Yaml(block(text, indent))
