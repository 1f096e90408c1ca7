"""`python -m transpiler.render.precompile > transpiler/render/object_template.py`: what Jinja makes of the template."""

from __future__ import annotations

import sys

import jinja2

from transpiler.render.render import TEMPLATE, environment

_HEAD = '''\
"""What Jinja made of `templates/{template}`: made anew by `python -m transpiler.render.precompile`, never by hand."""
# mypy: ignore-errors

JINJA = "{version}"
"""The Jinja that made it, which alone can be relied on to run it."""
'''


def compiled() -> str:
    """The module."""
    chosen = environment()
    assert chosen.loader is not None
    source, _, _ = chosen.loader.get_source(chosen, TEMPLATE)
    code = chosen.compile(source, TEMPLATE, TEMPLATE, raw=True, defer_init=True)
    return _HEAD.format(template=TEMPLATE, version=jinja2.__version__) + code + "\n"


if __name__ == "__main__":
    sys.stdout.write(compiled())
