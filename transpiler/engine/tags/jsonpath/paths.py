"""A path → its steps, and what they find in a JSON value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Final, TypeAlias

from msgspec import Struct

from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.jsonpath.scripts import Find, Script, script
from transpiler.engine.tags.texts import from_json
from transpiler.engine.tags.values import MAX_ITEMS, Int64, as_bytes
from transpiler.patterns import regex

MAX_LENGTH: Final = 10_000
"""Characters of a path."""
_STEP: Final = regex(r"\.\.|\.?\[|\.?([^.\[]+)|\.")
_QUOTED: Final = regex(r"""\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*""")
_INTEGER: Final = regex(r"\s*([+-]?[0-9]+)\s*")
_ESCAPED: Final = regex(r"\\(['\"])")

Part: TypeAlias = "int | str | Script | None"


class Step(Struct, frozen=True):
    """One step: `root`, `current`, `key`, `length`, `all`, `deep`, `index`, `union`, `range`, `filter` or `script`."""

    kind: str
    parts: tuple[Part, ...] = ()


class Budget:
    """What one search may still look at."""

    def __init__(self) -> None:
        self.left = MAX_ITEMS

    def use(self) -> None:
        """Look at one more value. Raises ExpressionError when that was too often."""
        self.left -= 1
        if self.left < 0:
            raise ExpressionError("memory budget exceeded")


def json_path(text: str, path: str) -> Any:
    """What a path finds in a JSON text. Raises ExpressionError for another text or path, and where nothing is found."""
    root = from_json(text)
    return find(root, root, steps(path), Budget())


@lru_cache(maxsize=1024)
def steps(path: str) -> tuple[Step, ...]:
    """The steps of a path. Raises ExpressionError for a path that is none."""
    wrong = ExpressionError(f"invalid JSONPath selector '{path[:200]}'")
    if len(path) > MAX_LENGTH or path[:1] not in {"$", "@"} or path[1:2] not in {"", ".", "["}:
        raise wrong
    found = [Step("root" if path[0] == "$" else "current")]
    at = 1
    while at < len(path):
        step = _STEP.match(path, at)
        if step is None or step.group() == ".":
            raise wrong
        at = step.end()
        if step.group().endswith("["):
            end = _closing(path, at)
            found.append(_subscript(path[at:end].strip(), wrong))
            at = end + 1
        else:
            found.append(_named(step[1]) if step[1] is not None else Step("deep"))
    return tuple(found)


def _named(name: str) -> Step:
    bare = name.strip()
    return Step({"*": "all", "length": "length"}.get(bare, "key"), (bare,))


def _closing(path: str, at: int) -> int:
    """Where the bracket ends that has been opened before. Raises ExpressionError where it does not."""
    depth, quote = 1, ""
    for index in range(at, len(path)):
        character = path[index]
        if quote:
            quote = "" if character == quote and path[index - 1] != "\\" else quote
        elif character in "'\"":
            quote = character
        else:
            depth += (character == "[") - (character == "]")
            if not depth:
                return index
    raise ExpressionError(f"invalid JSONPath selector '{path[:200]}'")


def _subscript(text: str, wrong: ExpressionError) -> Step:
    if text == "*":
        return Step("all")
    if text.startswith("?"):
        if not text.startswith("?(") or not text.endswith(")"):
            raise wrong
        return Step("filter", (script(text[2:-1]),))
    parts, signs = _arguments(text, wrong)
    if not signs:
        return _single(parts[0], wrong)
    if set(signs) == {","} and None not in parts:
        return Step("union", tuple(parts))
    if set(signs) == {":"} and len(signs) < 3 and not any(isinstance(part, str) for part in parts):
        return Step("range", tuple(parts))
    raise wrong


def _single(part: Part, wrong: ExpressionError) -> Step:
    if part is None:
        raise wrong
    kinds: dict[type, str] = {int: "index", str: "key"}
    return Step(kinds.get(type(part), "script"), (part,))


def _arguments(text: str, wrong: ExpressionError) -> tuple[list[Part], list[str]]:
    """The parts between commas and colons, and those signs."""
    parts: list[Part] = []
    signs: list[str] = []
    for piece, sign in _pieces(text):
        parts.append(_part(piece, wrong))
        signs += [sign] if sign else []
    return parts, signs


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    start, depth, quote = 0, 0, ""
    for index, character in enumerate(text):
        if quote:
            quote = "" if character == quote and text[index - 1] != "\\" else quote
        elif character in "'\"" and not depth:
            quote = character
        elif character in ",:" and not depth:
            yield text[start:index], character
            start = index + 1
        else:
            depth += (character == "(") - (character == ")")
    yield text[start:], ""


def _part(piece: str, wrong: ExpressionError) -> Part:
    quoted, integer, bare = _QUOTED.fullmatch(piece), _INTEGER.fullmatch(piece), piece.strip()
    if quoted:
        return _ESCAPED.sub(r"\1", quoted[1] if quoted[1] is not None else quoted[2])
    if integer and len(bare) < 20:
        return int(integer[1])
    if bare.startswith("(") and bare.endswith(")") and len(bare) > 2:
        return script(bare[1:-1])
    if bare:
        raise wrong
    return None


def find(root: Any, value: Any, path: tuple[Step, ...], budget: Budget) -> Any:
    """What steps find in a value. Raises ExpressionError where nothing is found."""
    for index, step in enumerate(path):
        budget.use()
        if step.kind in _SEVERAL:
            return _SEVERAL[step.kind](root, value, step, path[index + 1 :], budget)
        value = _one(root, value, step, budget)
    return value


def _one(root: Any, value: Any, step: Step, budget: Budget) -> Any:
    if step.kind == "root":
        return root
    if step.kind == "current":
        return value
    if step.kind == "length":
        return _length(value)
    part = _resolved(root, value, step.parts[0], budget)
    if isinstance(part, str):
        return _key(value, part)
    if isinstance(part, float) and part.is_integer():
        part = int(part)
    if not isinstance(part, int) or isinstance(part, bool):
        raise ExpressionError("unexpected expression result. expected [int string]")
    return _index(value, part)


def _resolved(root: Any, value: Any, part: Part, budget: Budget) -> Any:
    """A part, or the value of its script without quotes."""
    if not isinstance(part, Script):
        return part
    found = part.value(root, value, _finding(root, value, budget))
    return found[1:-1] if isinstance(found, str) and len(found) > 1 and found[0] == found[-1] == "'" else found


def _finding(root: Any, value: Any, budget: Budget) -> Find:
    return lambda path: find(root, value, steps(path), budget)


def _key(value: Any, key: str) -> Any:
    if not isinstance(value, dict):
        raise ExpressionError(f"key: invalid token target. expected [map] got [{type(value).__name__}]")
    if key not in value:
        raise ExpressionError(f"key: invalid token key '{key}' not found")
    return value[key]


def _index(value: Any, index: int) -> Any:
    if not isinstance(value, list):
        raise ExpressionError("index: invalid token target. expected [array slice]")
    if not -len(value) <= index < len(value):
        raise ExpressionError("index: invalid token out of range")
    return value[index]


def _length(value: Any) -> Any:
    if isinstance(value, dict) and "length" in value:
        return value["length"]
    if not isinstance(value, dict | list | str):
        raise ExpressionError("length: invalid token target. expected [array map slice string]")
    return Int64(len(as_bytes(value)) if isinstance(value, str) else len(value))


def _children(value: Any, kind: str) -> list[Any]:
    if isinstance(value, dict):
        return [value[key] for key in sorted(value)]
    if isinstance(value, list):
        return value
    raise ExpressionError(f"{kind}: invalid token target. expected [array map slice]")


def _further(root: Any, items: list[Any], rest: tuple[Step, ...], budget: Budget) -> list[Any]:
    """What the rest of the path finds in each of these; nothing where it finds nothing."""
    if not rest:
        return items
    found: list[Any] = []
    for item in items:
        try:
            value = find(root, item, rest, budget)
        except ExpressionError:
            if budget.left < 0:
                raise
            continue
        found += [] if value is None else [value]
    return found


def _selected(root: Any, items: list[Any], rest: tuple[Step, ...], budget: Budget) -> Any:
    """As `_further`, but an index behind it takes one of the items themselves."""
    if rest and rest[0].kind == "index":
        return find(root, items, rest, budget)
    return _further(root, items, rest, budget)


def _all(root: Any, value: Any, _: Step, rest: tuple[Step, ...], budget: Budget) -> Any:
    return _further(root, _children(value, "wildcard"), rest, budget)


def _deep(root: Any, value: Any, _: Step, rest: tuple[Step, ...], budget: Budget) -> list[Any]:
    found: list[Any] = []
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if each is None:
            continue
        for item in _further(root, [each], rest, budget):
            found += item if rest and isinstance(item, list) else [item]
        budget.use()
        if isinstance(each, dict | list):
            waiting += reversed(_children(each, "recursive"))
    return found


def _union(root: Any, value: Any, step: Step, rest: tuple[Step, ...], budget: Budget) -> Any:
    parts = [_resolved(root, value, part, budget) for part in step.parts]
    parts = [int(part) if isinstance(part, float) and part.is_integer() else part for part in parts]
    if all(isinstance(part, str) for part in parts):
        if not isinstance(value, dict):
            raise ExpressionError("union: invalid token target. expected [map]")
        items = [value[part] for part in parts if part in value]
    elif all(isinstance(part, int) and not isinstance(part, bool) for part in parts):
        if not isinstance(value, list):
            raise ExpressionError("union: invalid token target. expected [array slice]")
        items = [value[part] for part in parts if -len(value) <= part < len(value)]
    else:
        raise ExpressionError("union: invalid token argument. expected [int string]")
    return _selected(root, items, rest, budget)


def _range(root: Any, value: Any, step: Step, rest: tuple[Step, ...], budget: Budget) -> Any:
    if not isinstance(value, list):
        raise ExpressionError("range: invalid token target. expected [array slice]")
    bounds = [_bound(_resolved(root, value, part, budget)) for part in (*step.parts, None, None)[:3]]
    start, stop = (_limited(bound, len(value)) for bound in bounds[:2])
    stride = 1 if bounds[2] is None else bounds[2]
    if not stride:
        raise ExpressionError("range: invalid token out of range")
    items = value[0 if start is None else start : len(value) if stop is None else stop]
    items = items[::stride] if stride > 0 else items[::-1][::-stride]
    return _selected(root, items, rest, budget)


def _bound(value: Any) -> int | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise ExpressionError("range: invalid token argument. expected [int]")
    return value


def _limited(bound: int | None, size: int) -> int | None:
    return None if bound is None else min(max(bound + size if bound < 0 else bound, 0), size)


def _filter(root: Any, value: Any, step: Step, rest: tuple[Step, ...], budget: Budget) -> Any:
    condition = step.parts[0]
    assert isinstance(condition, Script)
    kept: list[Any] = []
    for item in _children(value, "filter"):
        budget.use()
        try:
            found = condition.value(root, item, _finding(root, item, budget))
        except ExpressionError:
            if budget.left < 0:
                raise
            continue
        bare = found[1:-1] if isinstance(found, str) and len(found) > 1 and found[0] == found[-1] in "'\"" else found
        kept += [item] if bare else []
    return _selected(root, kept, rest, budget)


_SEVERAL: Final[dict[str, Callable[[Any, Any, Step, tuple[Step, ...], Budget], Any]]] = {
    "all": _all,
    "deep": _deep,
    "union": _union,
    "range": _range,
    "filter": _filter,
}
