"""Regular expressions of Go, matched as Go does: the leftmost match, in time linear in the text (package regexp)."""

from __future__ import annotations

import string
from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeAlias

from transpiler.argo.re2 import fault_of
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.pattern_program import Program
from transpiler.engine.tags.pattern_syntax import program
from transpiler.engine.tags.values import MAX_ITEMS, NilList, Strings, checked_text

Groups: TypeAlias = tuple[int, ...]
"""Where each group starts and ends; -1 for one that is not there."""

MAX_WORK: Final = 3_000_000
"""Steps that one search may take."""
_WORD: Final = frozenset(string.ascii_letters + string.digits + "_")
_TEMPLATE_NAME: Final = _WORD


@lru_cache(maxsize=1024)
def pattern(text: str) -> Pattern:
    """The pattern of a text. Raises ExpressionError for one that Go cannot read."""
    fault = fault_of(text)
    if fault:
        raise ExpressionError(f"error parsing regexp: {fault}: `{text[:200]}`")
    try:
        return Pattern(text, program(text))
    except RecursionError:
        raise ExpressionError("error parsing regexp: expression nests too deeply") from None


class Pattern:
    """A compiled pattern."""

    def __init__(self, written: str, compiled: Program) -> None:
        self.written = written
        self.program = compiled
        self._work = 0

    @property
    def groups(self) -> int:
        """The number of groups, with the whole match."""
        return len(self.program.names)

    def matches(self, text: str) -> bool:
        """True when it matches somewhere."""
        self._work = 0
        return self._search(text, 0, wants_groups=False) is not None

    def search(self, text: str, start: int = 0) -> Groups | None:
        """The leftmost match at or behind an offset."""
        self._work = 0
        return self._search(text, start)

    def find_all(self, text: str, limit: int = -1) -> list[Groups]:
        """Matches behind each other, at most so many; none is empty right behind another."""
        self._work = 0
        found: list[Groups] = []
        at, before = 0, -1
        while at <= len(text) and (limit < 0 or len(found) < limit):
            groups = self._search(text, at)
            if groups is None:
                break
            is_empty = groups[1] == at
            if not is_empty or groups[0] != before:
                found.append(groups)
            at = groups[1] + 1 if is_empty else groups[1]
            before = groups[1]
            if len(found) > MAX_ITEMS:
                raise ExpressionError("memory budget exceeded")
        return found

    def replaced(self, text: str, make: Callable[[Groups], str]) -> str:
        """A text with something in place of each match."""
        self._work = 0
        parts: list[str] = []
        at = end = 0
        while at <= len(text):
            groups = self._search(text, at)
            if groups is None:
                break
            parts.append(text[end : groups[0]])
            if groups[1] > end or groups[0] == 0:
                parts.append(make(groups))
            end = groups[1]
            at = groups[1] if groups[1] > at else at + 1
        return checked_text("".join(parts) + text[end:])

    def split(self, text: str, limit: int) -> list[str]:
        """The parts between matches, at most so many."""
        if limit == 0:
            return NilList()
        if self.written and not text:
            return Strings([""])
        parts: list[str] = []
        begin = end = 0
        for groups in self.find_all(text, limit):
            if limit > 0 and len(parts) == limit - 1:
                break
            end = groups[0]
            if groups[1] != 0:
                parts.append(text[begin:end])
            begin = groups[1]
        if end != len(text):
            parts.append(text[begin:])
        return Strings(parts)

    def _search(self, text: str, start: int, *, wants_groups: bool = True) -> Groups | None:
        """Go through a text with all threads at once; the first in the list is the one that is preferred."""
        steps, size = self.program.steps, 2 * self.groups
        empty: Groups = (-1,) * size
        threads: list[tuple[int, Groups]] = []
        best: Groups | None = None
        for at in range(start, len(text) + 1):
            seen: set[int] = set()
            current: list[tuple[int, Groups]] = []
            for step, groups in threads:
                self._follow(step, groups, text, at, current, seen)
            if best is None:
                self._follow(self.program.start, empty, text, at, current, seen)
            elif not current:
                break
            self._charge(len(seen))
            threads = []
            for step, groups in current:
                if steps[step].kind == "end":
                    best = groups
                    if not wants_groups:
                        return best
                    break
                test = steps[step].test
                if at < len(text) and test is not None and test(text[at]):
                    threads.append((steps[step].next, groups))
        return best

    def _charge(self, work: int) -> None:
        self._work += work + 1
        if self._work > MAX_WORK:
            raise ExpressionError("the regular expression takes too long")

    def _follow(
        self, step: int, groups: Groups, text: str, at: int, current: list[tuple[int, Groups]], seen: set[int]
    ) -> None:
        """Append the steps that take a character, reached from a step without taking one."""
        steps = self.program.steps
        waiting = [(step, groups)]
        while waiting:
            number, groups = waiting.pop()
            if number in seen:
                continue
            seen.add(number)
            each = steps[number]
            if each.kind == "split":
                waiting.append((each.other, groups))
                waiting.append((each.next, groups))
            elif each.kind == "save":
                waiting.append((each.next, (*groups[: each.slot], at, *groups[each.slot + 1 :])))
            elif each.kind != "look":
                current.append((number, groups))
            elif _sees(each.look, text, at):
                waiting.append((each.next, groups))


def _sees(look: str, text: str, at: int) -> bool:
    if look == "text start":
        return at == 0
    if look == "text end":
        return at == len(text)
    if look == "line start":
        return at == 0 or text[at - 1] == "\n"
    if look == "line end":
        return at == len(text) or text[at] == "\n"
    before = at > 0 and text[at - 1] in _WORD
    is_border = before != (at < len(text) and text[at] in _WORD)
    return is_border == (look == "border")


def expanded(template: str, text: str, groups: Groups, names: list[str]) -> str:
    """A template with `$1`, `${1}` and `$name` replaced by groups of a match, as Go's Expand does."""
    parts: list[str] = []
    at = 0
    while at < len(template):
        sign = template.find("$", at)
        if sign < 0:
            break
        parts.append(template[at:sign])
        if template.startswith("$$", sign):
            parts.append("$")
            at = sign + 2
            continue
        name, at = _reference(template, sign)
        parts.append(_group(name, text, groups, names) if name else "$")
    return "".join(parts) + template[at:]


def _reference(template: str, sign: int) -> tuple[str, int]:
    """The name behind a `$`, and where it ends; no name where none can be read."""
    start = sign + 2 if template.startswith("{", sign + 1) else sign + 1
    end = start
    while end < len(template) and (
        template[end] in _TEMPLATE_NAME or template[end].isalpha() or template[end].isdecimal()
    ):
        end += 1
    if end == start or (start == sign + 2 and not template.startswith("}", end)):
        return "", sign + 1
    return template[start:end], end + (start == sign + 2)


def _group(name: str, text: str, groups: Groups, names: list[str]) -> str:
    numbers = [int(name)] if name.isascii() and name.isdigit() and len(name) < 9 else []
    if not numbers:
        numbers = [index for index, each in enumerate(names) if each == name]
    for number in numbers:
        if 2 * number + 1 < len(groups) and groups[2 * number] >= 0:
            return text[groups[2 * number] : groups[2 * number + 1]]
    return ""
