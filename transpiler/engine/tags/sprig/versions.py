"""Semantic versions and constraints on them (Masterminds/semver v3.3)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from msgspec import Struct

from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.values import Function
from transpiler.patterns import regex

_SUFFIX: Final = r"(-([0-9A-Za-z\-]+(\.[0-9A-Za-z\-]+)*))?(\+([0-9A-Za-z\-]+(\.[0-9A-Za-z\-]+)*))?"
_VERSION: Final = regex(rf"v?([0-9]+)(\.[0-9]+)?(\.[0-9]+)?{_SUFFIX}")
_LOOSE: Final = rf"v?([0-9|xX*]+)(\.[0-9|xX*]+)?(\.[0-9|xX*]+)?{_SUFFIX}"
_CONSTRAINT: Final = regex(rf"\s*(=|!=|>=|=>|<=|=<|>|<|~>|~|\^|)\s*({_LOOSE})\s*")
_RANGE: Final = regex(rf"\s*({_LOOSE})\s+-\s+({_LOOSE})\s*")
MAX_LENGTH: Final = 1000
"""Characters of a version or a constraint."""


class Version(Struct, frozen=True):
    """A version: its numbers, and what stands behind `-` and `+`."""

    numbers: tuple[int, int, int]
    pre: str = ""
    metadata: str = ""
    original: str = ""
    type_name = "*semver.Version"

    def __str__(self) -> str:
        text = ".".join(map(str, self.numbers))
        return text + (f"-{self.pre}" if self.pre else "") + (f"+{self.metadata}" if self.metadata else "")

    def method(self, name: str) -> Function | None:
        """The method of a name."""
        values: dict[str, Any] = {
            "Major": self.numbers[0],
            "Minor": self.numbers[1],
            "Patch": self.numbers[2],
            "Prerelease": self.pre,
            "Metadata": self.metadata,
            "Original": self.original,
            "String": str(self),
        }
        if name == "Compare":
            return Function(name, lambda other: compare(self, other))
        return Function(name, lambda: values[name]) if name in values else None


def version(text: str) -> Version:
    """The version that a text is. Raises ExpressionError for another text."""
    found = _VERSION.fullmatch(text) if len(text) <= MAX_LENGTH else None
    if found is None:
        raise ExpressionError("Invalid Semantic Version")
    numbers = [int((part or "0").lstrip(".")) for part in (found[1], found[2], found[3])]
    if max(numbers) >= 1 << 64:
        raise ExpressionError("Error parsing version segment: value out of range")
    for part in (found[5] or "").split("."):
        if len(part) > 1 and part[0] == "0" and part.isdigit():
            raise ExpressionError("Version segment starts with 0")
    return Version((numbers[0], numbers[1], numbers[2]), found[5] or "", found[8] or "", text)


def compare(one: Version, other: Version) -> int:
    """-1, 0 or 1."""
    if one.numbers != other.numbers:
        return 1 if one.numbers > other.numbers else -1
    if one.pre == other.pre:
        return 0
    if not one.pre or not other.pre:
        return 1 if not one.pre else -1
    left, right = one.pre.split("."), other.pre.split(".")
    for index in range(max(len(left), len(right))):
        found = _compare_parts(*(parts[index] if index < len(parts) else "" for parts in (left, right)))
        if found:
            return found
    return 0


def _compare_parts(left: str, right: str) -> int:
    if left == right:
        return 0
    if not left or not right:
        return 1 if left else -1
    if left.isdigit() and right.isdigit():
        return (int(left) > int(right)) - (int(left) < int(right))
    if left.isdigit() != right.isdigit():
        return -1 if left.isdigit() else 1
    return 1 if left > right else -1


class _Constraint(Struct, frozen=True):
    """An operator and a version; `any_from` is the first of its three numbers that may be anything, 3 for none."""

    operator: str
    version: Version
    any_from: int

    def holds(self, asked: Version) -> bool:
        """True for a version that it allows; one with a suffix only if it has one itself."""
        is_loose = self.any_from < 3
        if asked.pre and not self.version.pre and (self.operator != "!=" or is_loose):
            return False
        return _CHECKS[self.operator](self, asked)


def _constraint(text: str) -> _Constraint:
    found = _CONSTRAINT.fullmatch(text)
    if found is None:
        raise ExpressionError(f"improper constraint: {text}")
    parts = [(found[index] or "").lstrip(".") for index in (3, 4, 5)]
    any_from = next((index for index, part in enumerate(parts) if part in {"", "x", "X", "*"}), 3)
    kept = [part if index < any_from else "0" for index, part in enumerate(parts)]
    try:
        known = version(".".join(kept) + (found[6] or ""))
    except ExpressionError:
        raise ExpressionError("constraint Parser Error") from None
    return _Constraint(found[1], known, any_from)


@lru_cache(maxsize=256)
def constraints(text: str) -> tuple[tuple[_Constraint, ...], ...]:
    """Alternatives of constraints that hold together. Raises ExpressionError for a text that is none."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError("improper constraint: it is too long")
    text = _RANGE.sub(lambda found: f">= {found[1]}, <= {found[12]} ", text)
    return tuple(_together(part) for part in text.split("||"))


def _together(text: str) -> tuple[_Constraint, ...]:
    """Constraints with commas or spaces between them."""
    found: list[_Constraint] = []
    at = 0
    while at < len(text) or not found:
        match = _CONSTRAINT.match(text, at)
        is_apart = not found or text[at - 1 : at].isspace() or text[at : at + 1] == ","
        if match is None and text.startswith(",", at):
            match = _CONSTRAINT.match(text, at + 1)
        if match is None or not is_apart or match.end() == at:
            raise ExpressionError(f"improper constraint: {text}")
        found.append(_constraint(match.group()))
        at = match.end()
    return tuple(found)


def allows(constraint: str, asked: str) -> bool:
    """True when a version fulfils a constraint (semverCompare)."""
    known = constraints(constraint)
    wanted = version(asked)
    return any(all(each.holds(wanted) for each in together) for together in known)


def _greater(each: _Constraint, asked: Version) -> bool:
    own = each.version
    if each.any_from == 3:
        return compare(asked, own) > 0
    if asked.numbers[0] != own.numbers[0]:
        return asked.numbers[0] > own.numbers[0]
    if each.any_from == 1:
        return False
    return asked.numbers[1] > own.numbers[1] if each.any_from == 2 else compare(asked, own) > 0


def _at_most(each: _Constraint, asked: Version) -> bool:
    if each.any_from == 3:
        return compare(asked, each.version) <= 0
    if asked.numbers[0] != each.version.numbers[0]:
        return asked.numbers[0] < each.version.numbers[0]
    return each.any_from == 1 or asked.numbers[1] <= each.version.numbers[1]


def _tilde(each: _Constraint, asked: Version) -> bool:
    if compare(asked, each.version) < 0:
        return False
    if each.version.numbers == (0, 0, 0) and each.any_from in {0, 3}:
        return True
    same_major = asked.numbers[0] == each.version.numbers[0]
    return same_major and (each.any_from == 1 or asked.numbers[1] == each.version.numbers[1])


def _equal(each: _Constraint, asked: Version) -> bool:
    return _tilde(each, asked) if each.any_from < 3 else compare(asked, each.version) == 0


def _caret(each: _Constraint, asked: Version) -> bool:
    own = each.version.numbers
    if compare(asked, each.version) < 0:
        return False
    if own[0] > 0 or each.any_from == 1:
        return asked.numbers[0] == own[0]
    if asked.numbers[0] > 0:
        return False
    if own[1] > 0 or each.any_from == 2:
        return asked.numbers[1] == own[1]
    return asked.numbers[1] == 0 and asked.numbers[2] == own[2]


def _different(each: _Constraint, asked: Version) -> bool:
    own = each.version
    if each.any_from == 3:
        return compare(asked, own) != 0
    if asked.numbers[0] != own.numbers[0]:
        return True
    if each.any_from == 1:
        return False
    if asked.numbers[1] != own.numbers[1]:
        return True
    return each.any_from != 2 and compare(asked, own) != 0


_CHECKS: Final[dict[str, Callable[[_Constraint, Version], bool]]] = {
    "": _equal,
    "=": _equal,
    "!=": _different,
    ">": _greater,
    "<": lambda each, asked: compare(asked, each.version) < 0,
    ">=": lambda each, asked: compare(asked, each.version) >= 0,
    "=>": lambda each, asked: compare(asked, each.version) >= 0,
    "<=": _at_most,
    "=<": _at_most,
    "~": _tilde,
    "~>": _tilde,
    "^": _caret,
}
