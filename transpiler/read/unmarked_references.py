"""Texts that are references but for their `${{ }}`: `inputs.rows`, `${tasks.load.output}`, `item`, `{workflow.name}`.

The likeliest slip of all: YAML takes it for a text, and only who knows what is expected there can tell.
"""

from __future__ import annotations

import json
from typing import Final

from transpiler.diagnostics import Hint
from transpiler.patterns import regex

_PART: Final = r"(?:\.[\w-]{1,99}|\['[^'\n]{1,99}'\])"
_NAMED: Final = rf"(?:(?:inputs|workflow){_PART}{{1,9}}|tasks{_PART}{{2,9}})"
_WHOLE: Final = regex(rf"\$?[{{(]{{0,2}}\s{{0,9}}(?P<said>{_NAMED}|item{_PART}{{0,9}})\s{{0,9}}[)}}]{{0,2}}")
_INSIDE: Final = regex(rf"\$[{{(] {{0,9}}(?P<said>{_NAMED}) {{0,9}}[)}}]")
"""The same in a longer text, where only its braces tell it from words."""
_OF_ARGO: Final = (
    (regex(r"^inputs\.(?:parameters|artifacts)\."), "inputs."),
    (regex(r"^workflow\.parameters\."), "inputs."),
    (regex(r"\.outputs\.(?:parameters|artifacts)\."), ".outputs."),
)
_MAX_LENGTH: Final = 200


def meant(value: object) -> str:
    """The reference that a text is but for its braces, as it stands in them; empty for anything else."""
    found = _WHOLE.fullmatch(value) if isinstance(value, str) and len(value) <= _MAX_LENGTH else None
    return as_said_here(found["said"]) if found else ""


def meant_inside(text: str) -> list[tuple[str, str]]:
    """The references in the braces of a shell that stand in a text: each as it stands, and as it is said."""
    return [(found[0], as_said_here(found["said"])) for found in _INSIDE.finditer(text)]


def as_said_here(reference: str) -> str:
    """A reference without the words that Argo has in it: `inputs.parameters.x` is `inputs.x`."""
    for pattern, said in _OF_ARGO:
        reference = pattern.sub(said, reference)
    return reference


def reference_hint(value: object, otherwise: str, behind: str = "") -> str:
    """The hint for a value that is wrong: the reference that it looks like, with what stands `behind` it."""
    reference = meant(value)
    return write_reference(reference, str(value), behind, is_safe=True) if reference else otherwise


def write_reference(reference: str, written: str, behind: str = "", *, is_safe: bool = False) -> Hint:
    """The hint to write a reference, with what stands `behind` it, in place of what is written."""
    said = f"${{{{ {reference} }}}}{behind}"
    return Hint(f"write `{said}`", said, written, alone=quoted(said), is_safe=is_safe)


def quoted(text: str) -> str:
    """A text as a YAML scalar that may stand anywhere."""
    return json.dumps(text, ensure_ascii=False) if '"' not in text else "'" + text.replace("'", "''") + "'"


NO_REFERENCE: Final = "a reference cannot be used here: this is read before values are inserted"
