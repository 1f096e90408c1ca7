# Runs that fail, with KFP's program and with ours.
from typing import NamedTuple


def raises(text: str) -> str:
    raise ValueError(text)


def exits(code: int) -> int:
    import sys

    print("leaving")
    sys.exit(code)
    return 1


def divides(a: int, b: int) -> float:
    return a / b


def wrong_integer(a: float) -> int:
    return a


def wrong_text(a: int) -> str:
    return a


def wrong_boolean(a: int) -> bool:
    return a


def wrong_float(a: str) -> float:
    return [a]


def not_json(a: int) -> list:
    return {a}


def too_few(a: int) -> NamedTuple("Outputs", [("x", int), ("y", int)]):
    values = (a,)
    return values


def flag(value: bool) -> bool:
    return value


def numbers(values: list) -> int:
    return len(values)


RUNS = {
    "raises": [{"text": "no"}],
    "exits": [{"code": "3"}, {"code": "0"}],
    "divides": [{"a": "1", "b": "0"}, {"a": "1", "b": "2"}, {"a": "x", "b": "2"}, {"a": "1.5", "b": "2"}],
    "wrong_integer": [{"a": "1.5"}],
    "wrong_text": [{"a": "1"}],
    "wrong_boolean": [{"a": "1"}],
    "wrong_float": [{"a": "1"}],
    "not_json": [{"a": "1"}],
    "too_few": [{"a": "1"}],
    "flag": [{"value": "maybe"}, {"value": ""}, {"value": "True "}],
    "numbers": [{"values": "[1"}, {"values": "x"}, {"values": "{}"}],
}
