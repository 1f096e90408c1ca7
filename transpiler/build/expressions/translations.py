"""Expressions in other languages, such as Python, Jinja, Helm, GitHub Actions or Argo's engine → ours, for a hint.

Works on text alone, so a translation may be wrong; whoever shows it parses it first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from transpiler.patterns import regex

_MAX_TEXT: Final = 300
_NAME: Final = r"[A-Za-z_][\w]*(?:-[A-Za-z0-9_]+)*"
_OPERAND: Final = rf"(?:{_NAME}(?:\.{_NAME}|\[[^\[\]]*\])*|\x00[0-9]+\x00(?:\.{_NAME}|\[[^\[\]]*\])*|[0-9][0-9.]*)"
_METHODS: Final = {
    **{name: name for name in ("contains", "endsWith", "startsWith", "replace", "split", "trim", "lower", "upper")},
    **{name: name for name in ("matches", "join", "keys", "first", "last", "trimPrefix", "trimSuffix", "substring")},
    "endswith": "endsWith",
    "hasPrefix": "startsWith",
    "hasSuffix": "endsWith",
    "includes": "contains",
    "length": "len",
    "len": "len",
    "match": "matches",
    "removeprefix": "trimPrefix",
    "removesuffix": "trimSuffix",
    "replaceAll": "replace",
    "size": "len",
    "slice": "substring",
    "startswith": "startsWith",
    "strftime": "formatTime",
    "strip": "trim",
    "toLowerCase": "lower",
    "toString": "string",
    "toUpperCase": "upper",
}
"""Method of a value → function, with the value as its first argument."""
FUNCTIONS: Final = {
    "asFloat": "float",
    "asInt": "int",
    "endswith": "endsWith",
    "fromJSON": "json",
    "fromJson": "json",
    "hasPrefix": "startsWith",
    "hasSuffix": "endsWith",
    "length": "len",
    "sha256sum": "sha256",
    "startswith": "startsWith",
    "str": "string",
    "toJSON": "toJson",
    "toString": "string",
    "mustFromJson": "json",
    "mustToJson": "toJson",
}
"""Function of another language → ours, with the same arguments."""
_SPRIG: Final = {
    "contains": ("contains", (1, 0)),
    "hasPrefix": ("startsWith", (1, 0)),
    "hasSuffix": ("endsWith", (1, 0)),
    "join": ("join", (1, 0)),
    "regexMatch": ("matches", (1, 0)),
    "regexReplaceAll": ("regexReplace", (1, 0, 2)),
    "replace": ("replace", (2, 0, 1)),
    "split": ("split", (1, 0)),
    "splitList": ("split", (1, 0)),
    "substr": ("substring", (2, 0, 1)),
    "trimPrefix": ("trimPrefix", (1, 0)),
    "trimSuffix": ("trimSuffix", (1, 0)),
}
"""Function of sprig → ours, and the order of its arguments."""
_WORDS: Final = (
    (r"\bis\s+not\s+(?:None|null|nil)\b", "!= null"),
    (r"\bis\s+(?:None|null|nil)\b", "== null"),
    (rf"({_OPERAND})\s+not\s+in\s+({_OPERAND}|\[[^\[\]]*\])", r"!(\1 in \2)"),
    (rf"({_OPERAND})\s+(startsWith|endsWith|contains|matches)\s+({_OPERAND})", r"\2(\1, \3)"),
    (r"^\s*if\s+([^?:]+?)\s+then\s+([^?:]+?)\s+else\s+([^?:]+)$", r"\1 ? \2 : \3"),
    (r"===", "=="),
    (r"!==|<>", "!="),
    (r"(?<![=!<>~])=(?![=~])", "=="),
    (r"\band\b", "&&"),
    (r"\bor\b", "||"),
    (r"(?<!&)&(?!&)", "&&"),
    (r"\b(?:None|nil|undefined|NULL|Null)\b", "null"),
    (r"\bTrue\b|\bTRUE\b", "true"),
    (r"\bFalse\b|\bFALSE\b", "false"),
    (r"\bnot\s+([^&|?,()]+[<>=][^&|?,()]*?)(?=\s*(?:&&|\|\||\?|,|\)|$))", r"!(\1)"),
    (r"\bnot\s*(?=[\w(\x00])", "!"),
    (r"\b(?:inputs|workflow|params)\.parameters\.(?=\w)|(?<![.\w])(?:params|parameters|vars)\.(?=\w)", "inputs."),
    (r"\bsteps\.(?=\w)", "tasks."),
    (r"\bmatrix\.(?=\w)|\beach\.value\.(?=\w)", "item."),
    (r"\.outputs\.parameters\.(?=\w)|\.outputs\.(?:parameters|artifacts)(?=\[)", ".outputs."),
    (r"\.outputs\.(?=\[)", ".outputs"),
)


def translation(text: str) -> str:
    """The expression as it may have been meant; empty if nothing in it is known from another language."""
    if len(text) > _MAX_TEXT or "\x00" in text:
        return ""
    said = _Masked()
    masked = said.strings(re.sub(r"\$?\{\{=?\s*(.*?)\s*\}\}", r"\1", text.strip()))
    for pattern, instead in _WORDS:
        masked = re.sub(pattern, instead, masked)
    for _ in range(20):
        reduced = said.innermost(masked)
        if reduced == masked:
            break
        masked = reduced
    result = re.sub(r"^\(([^()]*)\)$", r"\1", said.shown(_level(masked)))
    return result if result != text.strip() else ""


class _Masked:
    """Strings, calls and brackets that are done, each as a mark."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def mark(self, text: str) -> str:
        self.texts.append(text)
        return f"\x00{len(self.texts) - 1}\x00"

    def strings(self, text: str) -> str:
        text = re.sub(r"`([^`']*)`", lambda found: self.mark(f"'{found[1]}'"), text)
        text = re.sub(r"'[^']*'|\"[^\"]*\"", lambda found: self.mark(found[0]), text)
        return re.sub(r"(=~\s*)/([^/']*)/", lambda found: found[1] + self.mark(f"'{found[2]}'"), text)

    def shown(self, text: str) -> str:
        for _ in range(len(self.texts) + 1):
            text = re.sub(r"\x00([0-9]+)\x00", lambda found: self.texts[int(found[1])], text)
        return text

    def innermost(self, text: str) -> str:
        """Translates one call or bracket that has none inside."""
        for pattern, become in _FORMS:
            found = pattern.search(text)
            if found is not None:
                return text[: found.start()] + self.mark(become(found)) + text[found.end() :]
        return text


def _method(found: re.Match[str]) -> str:
    target, name, inside = found[1], found[2], _level(found[3])
    if name == "get":
        key, _, other = inside.partition(",")
        return f"({target}[{key.strip()}] ?? {other.strip()})" if other else f"{target}[{inside}]"
    return f"{_METHODS[name]}({', '.join([target, *([inside] if inside.strip() else [])])})"


def _sprig(found: re.Match[str]) -> str:
    name, given = found[1], [part.strip() for part in _level(found[2]).split(",")]
    if name == "default" and len(given) == 2:
        return f"({given[1]} ?? {given[0]})"
    if name == "trunc" and len(given) == 2:
        return f"substring({given[1]}, 0, {given[0]})"
    if name == "empty" and len(given) == 1:
        return f"({given[0]} == '')"
    ours, order = _SPRIG.get(name, (FUNCTIONS.get(name, name), tuple(range(len(given)))))
    return f"{ours}({', '.join(given[at] for at in order if at < len(given))})"


def _call(found: re.Match[str]) -> str:
    name, inside = found[1], _level(found[2])
    return f"{FUNCTIONS.get(name, name)}({inside})"


def _filter(found: re.Match[str]) -> str:
    """`x | default('y')` of Jinja, and `x | length`."""
    target, name, inside = found[1], found[2], found[3] or ""
    if name == "default":
        return f"({target} ?? {inside})"
    if name not in _METHODS and name not in FUNCTIONS:
        return f"{target} || {name}" + (f"({inside})" if found[3] is not None else "")
    ours = _METHODS.get(name, FUNCTIONS.get(name, name))
    return f"{ours}({', '.join([target, *([inside] if inside else [])])})"


def _level(text: str) -> str:
    """A text without brackets: conditions and patterns."""
    text = re.sub(rf"({_OPERAND})\s*=~\s*({_OPERAND})", r"matches(\1, \2)", text)
    found = re.fullmatch(r"(\s*)(.+?)\s+if\s+(.+?)\s+else\s+(.+)", text, re.DOTALL)
    return f"{found[1]}{found[3]} ? {found[2]} : {_level(found[4])}" if found else text


def _slice(found: re.Match[str]) -> str:
    start, end = found[2].strip() or "0", found[3].strip()
    return f"substring({found[1]}, {start}{', ' + end if end else ''})"


_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]] = (
    (regex(rf"({_OPERAND})\s*(?<!\|)\|\s*(?!\|)({_NAME})(?:\(([^()]*)\))?"), _filter),
    (regex(rf"\bsprig\.({_NAME})\(([^()]*)\)"), _sprig),
    (regex(rf"({_OPERAND})\.({'|'.join(sorted([*_METHODS, 'get'], key=len, reverse=True))})\(([^()]*)\)"), _method),
    (regex(rf"({_OPERAND})\.(length|size)\b(?!\()()"), _method),
    (regex(rf"(?<![.\w])({_NAME})\(([^()]*)\)"), _call),
    (regex(rf"({_OPERAND})\[([^\[\]:]*):([^\[\]:]*)\]"), _slice),
    (regex(r"(?<![\w\x00])\(([^()]*)\)"), lambda found: f"({_level(found[1])})"),
)
