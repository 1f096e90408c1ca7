"""Secrets written where everybody can read them: manifests are in Git, and Workflows can be read in the cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from transpiler.diagnostics import Report, Span
from transpiler.model.argo_data import Slot, Tree
from transpiler.model.expressions.search import references_of
from transpiler.model.expressions.tree import InputReference
from transpiler.model.settings import Settings
from transpiler.patterns import regex

_NAMED_SECRET = regex(r"(?i)(^|[-_ ])(password|passwd|secret|token|api[-_ ]?key|access[-_ ]?key|private[-_ ]?key)$")
_TOKEN = regex(
    r"\b(AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[opsu]_[A-Za-z0-9]{36}|\bglpat-[\w-]{20}|\bxox[abps]-[\w-]{10}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}"
)
_ELSEWHERE: Final = regex(r"\$\([^)]+\)|\$\{[^}]+\}|\{\{|^\$\w+$|^(?:[a-z][-+.a-z0-9]*:)?/\S+$|^<[^<>]+>$")
"""A value that says where the secret is: a variable, a tag, the path of a file, a place to fill in."""
_OF_AN_OBJECT: Final = regex(r"[a-z]+\d{0,2}(?:[-.](?:[a-z]+\d{0,2}|\d{1,4}))*")
"""The name of an object of Kubernetes that people choose: words, and little numbers."""
_TELLING: Final = regex(r"secret|cred|token|key|passw|auth|login")
_NO_SECRET: Final = regex(r"(?i)true|false|[-+]?[0-9.]+")
"""A switch, or how many: `use_token: true`, `max_token: 512`."""


def check_secret(name: str, value: str, span: Span, report: Report) -> None:
    """Warn about a value that is a secret by its name or its form. The message never holds the value."""
    if (value and _NAMED_SECRET.search(name) and not _is_elsewhere(name, value)) or _TOKEN.search(value):
        hint = "store it in a Kubernetes Secret, and pass it with `secrets: {NAME: SECRET/KEY}`"
        report.warning("secret-in-manifest", f"the value of `{name}` looks like a secret", span, hint)


def _is_elsewhere(name: str, value: str) -> bool:
    """True for the name of a secret that is not one itself, such as that of a Secret in the cluster."""
    if _ELSEWHERE.search(value):
        return True
    kind = name.lower()
    if _NO_SECRET.fullmatch(value):
        return kind.endswith("token") or value.lower() in {"true", "false"}
    is_name = _OF_AN_OBJECT.fullmatch(value) is not None
    return is_name and (_TELLING.search(value) is not None or (kind.endswith("secret") and "-" in value))


def named_secrets(said: Iterable[Settings]) -> Iterator[str]:
    """The inputs that settings use as the name of a Secret."""
    for settings in said:
        named = tuple(each.secret for each in settings.secrets)
        slots = [slot for slot in _slots(settings) if slot.path[-2:] in _PLACES or slot.path[-3:-2] == _PULLED]
        texts = tuple(slot.text for slot in slots)
        for reference in references_of((named, texts)):
            if isinstance(reference, InputReference):
                yield reference.name


_PLACES: Final = {("secretKeyRef", "name"), ("secretRef", "name"), ("secret", "secretName")}
_PULLED: Final = ("imagePullSecrets",)


def _slots(settings: Settings) -> Iterator[Slot]:
    yield from settings.own
    variables = (each[1] for each in settings.env if isinstance(each, tuple))
    volumes = (each.source for each in settings.volumes)
    others = (each.source for each in settings.env_from)
    for tree in (*variables, *volumes, *others, settings.argo_template, settings.argo_container):
        if isinstance(tree, Tree):
            yield from tree.slots
