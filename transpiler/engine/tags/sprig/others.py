"""Sprig's functions of patterns, paths, URLs and versions (regex.go, url.go, semver.go, and Go's package path)."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import Any, Final

from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.patterns import expanded, pattern
from transpiler.engine.tags.sprig import urls
from transpiler.engine.tags.sprig.versions import allows, version
from transpiler.engine.tags.values import NilList, Strings


def _matches(text: str, whole: str) -> bool:
    try:
        return pattern(text).matches(whole)
    except ExpressionError as error:
        if error.message.startswith("error parsing"):
            return False
        raise


def _find_all(text: str, whole: str, limit: int) -> list[str]:
    found = pattern(text).find_all(whole, limit)
    return Strings(whole[groups[0] : groups[1]] for groups in found) if found else NilList()


def _find(text: str, whole: str) -> str:
    groups = pattern(text).search(whole)
    return whole[groups[0] : groups[1]] if groups else ""


def _replace_all(text: str, whole: str, template: str) -> str:
    known = pattern(text)
    return known.replaced(whole, lambda groups: expanded(template, whole, groups, known.program.names))


def _replace_literal(text: str, whole: str, replacement: str) -> str:
    return pattern(text).replaced(whole, lambda _: replacement)


def quote_meta(text: str) -> str:
    """A text as a pattern that matches nothing else."""
    return "".join(f"\\{each}" if each in "\\.+*?()|[]{}^$" else each for each in text)


def clean_path(path: str) -> str:
    """The shortest path to the same place."""
    cleaned = posixpath.normpath(path) if path else "."
    return cleaned[1:] if cleaned.startswith("//") else cleaned


def _base(path: str) -> str:
    if not path:
        return "."
    stripped = path.rstrip("/")
    return stripped.rsplit("/", 1)[-1] if stripped else "/"


def _directory(path: str) -> str:
    return clean_path(path[: path.rfind("/") + 1])


def _extension(path: str) -> str:
    name = path.rsplit("/", 1)[-1]
    return name[name.rfind(".") :] if "." in name else ""


_PATTERNS: Final[dict[str, tuple[str, Callable[..., Any]]]] = {
    "regexFindAll": ("ssi", _find_all),
    "regexFind": ("ss", _find),
    "regexReplaceAll": ("sss", _replace_all),
    "regexReplaceAllLiteral": ("sss", _replace_literal),
    "regexSplit": ("ssi", lambda text, whole, limit: pattern(text).split(whole, limit)),
}
_PATHS: Final[dict[str, Callable[[str], Any]]] = {
    "Base": _base,
    "Dir": _directory,
    "Clean": clean_path,
    "Ext": _extension,
    "IsAbs": lambda path: path.startswith("/"),
}

OTHERS: Final[dict[str, tuple[str, Callable[..., Any]]]] = {
    **_PATTERNS,
    **{f"must{name[0].upper()}{name[1:]}": entry for name, entry in _PATTERNS.items()},
    "regexMatch": ("ss", _matches),
    "mustRegexMatch": ("ss", lambda text, whole: pattern(text).matches(whole)),
    "regexQuoteMeta": ("s", quote_meta),
    **{name[0].lower() + name[1:]: ("s", call) for name, call in _PATHS.items()},
    **{f"os{name}": ("s", call) for name, call in _PATHS.items()},
    "urlParse": ("s", urls.parsed),
    "urlJoin": ("m", urls.joined),
    "semver": ("s", version),
    "semverCompare": ("ss", allows),
}
"""Name → the types of the arguments (see `typed`), and what it does."""
