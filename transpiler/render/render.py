"""Plan → text, through a Jinja template that does only the layout.

Every printed value goes through `finalize`, so it is quoted by construction, unless `below` has laid it out.
Templates are package data, never text of a user. Jinja has compiled the template in advance, which would take a tenth
of a start: `object_template.py` is the module that it made, and `python -m transpiler.render.precompile` makes it anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from transpiler.render import layout, object_template

TEMPLATE = "object.yaml.j2"


class _Yaml(str):
    """Text that is YAML already."""

    __slots__ = ()


def render(node: Mapping[str, Any]) -> str:
    """The YAML document of an object, with a final newline."""
    return _template().render(object=node)


@cache
def _template() -> Template:
    """The template; from its source where another Jinja is installed than the one that compiled it."""
    chosen = environment()
    if jinja2.__version__ != object_template.JINJA:
        return chosen.get_template(TEMPLATE)
    return Template.from_module_dict(chosen, vars(object_template), {})


def environment() -> Environment:
    """Jinja, set up for YAML."""
    chosen = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        finalize=_finalize,
        autoescape=False,  # noqa: S701 - `finalize` quotes; HTML escaping would be wrong
        keep_trailing_newline=True,
        auto_reload=False,
        variable_start_string="[[",
        variable_end_string="]]",
        line_statement_prefix="#%",
    )
    chosen.filters["below"] = _below
    return chosen


def _finalize(value: Any) -> str:
    return value if isinstance(value, _Yaml) else layout.name(value)


def _below(value: Any) -> _Yaml:
    return _Yaml(layout.below(value))
