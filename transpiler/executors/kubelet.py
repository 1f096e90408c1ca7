"""`$(NAME)` and `$$` in the words of a program, as the kubelet expands them (see `argo/kubelet.py`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from transpiler.argo.limits import MAX_VARIABLE
from transpiler.patterns import regex
from transpiler.plan.argo_objects import Node, json_bytes

_REFERENCE: Final = regex(r"\$(?:\$|\(([^)]*)\))")


def expanded(text: str, variables: Mapping[str, str]) -> str:
    """The text with its references replaced; those to unknown variables stay."""
    return _REFERENCE.sub(lambda found: _value(found, variables), text) if "$" in text else text


def _value(found: re.Match[str], variables: Mapping[str, str]) -> str:
    return "$" if found[1] is None else variables.get(found[1], found[0])


def staged(text: str, template: Node) -> str:
    """A text that reaches a pod within its template (the source of a script), as the pod gets it.

    Nobody expands it in a template that is too long for a variable.
    """
    return text if json_bytes(template) > MAX_VARIABLE else expanded(text, {})
