"""What all web pages share: a Jinja that escapes, and hashes that let nothing but a page's own style and script run.

Texts of manifests and components are untrusted. Jinja escapes whatever a template prints, and `finalize` writes
characters that hide or turn text as escapes. `theme.css` has the colors and the base rules.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from transpiler.report.safe import safe


def environment(folder: str, *parts: str) -> Environment:
    """Templates of a folder of this package. For each of `parts`, an inline file, `NAME_hash` is its hash."""
    made = Environment(
        loader=ChoiceLoader([PackageLoader("transpiler", each) for each in (folder, "drawing/page", "layout")]),
        undefined=StrictUndefined,
        finalize=finalize,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    for part in parts:
        made.globals[f"{part.replace('.', '_')}_hash"] = policy_hash(made.get_template(part).render())
    return made


def finalize(value: Any) -> str:
    """Text with characters that hide or turn it as escapes; its lines stay."""
    if isinstance(value, Markup):
        return value
    if not isinstance(value, (str, int)):
        raise TypeError(f"a template prints a {type(value).__name__}, not a text")
    return "\n".join(map(safe, str(value).split("\n")))


def policy_hash(text: str) -> str:
    """How a Content Security Policy names an inline style or script."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
