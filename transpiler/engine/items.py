"""Items of loops: where they come from, what they are called, and the variables that each has."""

from __future__ import annotations

from typing import Any, Final

from transpiler.engine import gojson
from transpiler.engine.errors import CallError
from transpiler.engine.gojson import Number, why_no_json
from transpiler.patterns import regex
from transpiler.plan.argo_objects import Node

_FORMAT: Final = regex(r"((?:[^%]|%%)*%[-+ 0#]*[0-9]*)([dvxXo])((?:[^%]|%%)*)")
LOOPS: Final = frozenset(["withItems", "withParam", "withSequence"])
"""The fields that make a task a loop."""
MAX_ITEMS: Final = 1_000_000
"""More are refused: a run with so many nodes would never end."""


def is_loop(task: Node) -> bool:
    """True for a task that runs once for each item of something."""
    return any(task.get(key) for key in LOOPS)


def items_of(task: Node) -> list[Any]:
    """The items of a task whose variables are replaced. Raises CallError, with Argo's message."""
    if task.get("withItems"):
        found: list[Any] = task["withItems"]
        return found
    if task.get("withParam"):
        return _of_text(task["withParam"])
    return _of_sequence(task["withSequence"])


def _of_text(text: str) -> list[Any]:
    try:
        found = gojson.parsed(text, exact=True)
    except (ValueError, RecursionError) as error:
        raise CallError(_no_list(text, why_no_json(text))) from error
    if found is None:
        return []
    if not isinstance(found, list):
        raise CallError(
            _no_list(text, f"json: cannot unmarshal {_go_kind(found)} into Go value of type []v1alpha1.Item")
        )
    return found


def _no_list(text: str, reason: str) -> str:
    return f"withParam value could not be parsed as a JSON list: {text.strip()}: {reason}"


def _go_kind(value: Any) -> str:
    if isinstance(value, Number):
        return "number"
    return {dict: "object", bool: "bool"}.get(type(value), "string")


def _of_sequence(sequence: Node) -> list[str]:
    start = _whole(sequence.get("start", "0"))
    if sequence.get("end") is not None:
        end = _whole(sequence["end"])
    elif sequence.get("count") is not None:
        count = _whole(sequence["count"])
        if count == 0:
            return []
        end = start + count - 1
    else:
        raise CallError("neither end nor count was specified in withSequence")
    if abs(end - start) >= MAX_ITEMS:
        raise CallError(f"withSequence has more than {MAX_ITEMS} items")
    numbers = range(start, end + 1) if start <= end else range(start, end - 1, -1)
    return [formatted(str(sequence.get("format") or "%d"), each) for each in numbers]


def _whole(text: object) -> int:
    try:
        return int(str(text))
    except ValueError as error:
        raise CallError(f'strconv.Atoi: parsing "{text}": invalid syntax') from error


def is_format(text: str) -> bool:
    """True for a format of numbers that `formatted` knows."""
    return _FORMAT.fullmatch(text) is not None


def formatted(text: str, number: int) -> str:
    """A number in one of Go's formats, such as `%03d`."""
    found = _FORMAT.fullmatch(text)
    if found is None:
        raise CallError(f"withSequence.format {text} is not supported")
    before, verb, after = found.groups()
    made: str = f"{before}{'d' if verb == 'v' else verb}{after}" % number
    return made


def item_name(task: str, index: int, item: Any) -> str:
    """The task of an item: `train(0:a)`."""
    if isinstance(item, dict):
        described = ",".join(sorted(f"{key}:{described_as(value)}" for key, value in item.items()))
    elif isinstance(item, list) or item is None:
        described = f"[{' '.join(map(described_as, item or []))}]"
    else:
        described = described_as(item)
    return f"{task}({index}:{described.replace('(', '').replace(')', '')})"


def described_as(item: Any) -> str:
    """An item as Go's `%v` writes it: JSON, a text without its quotes."""
    text = gojson.written(item)
    for escaped, sign in (("\\u003c", "<"), ("\\u003e", ">"), ("\\u0026", "&")):
        text = text.replace(escaped, sign)
    return text[1:-1] if isinstance(item, str) and not isinstance(item, Number) else text


def item_variables(item: Any) -> dict[str, str]:
    """`item`, and `item.KEY` for each key of a mapping."""
    if isinstance(item, dict):
        return {"item": gojson.written(item), **{f"item.{key}": described_as(value) for key, value in item.items()}}
    if isinstance(item, str):
        return {"item": str(item)}
    return {"item": gojson.written(item)}
