# Values of every type, by value.
import typing
from typing import Any, Dict, List


def add(a: int, b: int) -> int:
    """Add two integers."""
    return a + b


def scale(value: float, factor: float) -> float:
    return value * factor


def integer_as_float(value: int) -> float:
    return value


def greet(name: str, greeting: str) -> str:
    return f"{greeting}, {name}!"


def negate(flag: bool) -> bool:
    return not flag


def total(numbers: list) -> int:
    return sum(numbers)


def reverse(numbers: List[int]) -> List[int]:
    return numbers[::-1]


def lengths(words: list[str]) -> dict[str, int]:
    return {word: len(word) for word in words}


def merge(first: dict, second: Dict[str, Any]) -> typing.Dict[str, Any]:
    return {**first, **second}


def own_types(address: "URI", limit: "Integer", items: "List") -> "URI":
    return f"{address}?limit={limit + 1}&items={len(items)}"


def properties(path: {"GCSPath": {"data_type": "CSV"}}) -> "GCSPath":
    return path + ".csv"


def json_of_anything(value: "Json") -> "Json":
    return [value, {"b": None, "a": True, "ü": 1.5}]


def object_to_text(count: int) -> "Model":
    class Model:
        def __str__(self):
            return f"Model({count})"

    return Model()


def pickled(value: "Base64Pickle") -> int:
    return len(value)


RUNS = {
    "add": [{"a": "3", "b": "4"}, {"a": "-3", "b": "+4"}, {"a": " 1_000 ", "b": "0"}],
    "scale": [{"value": "1.5", "factor": "2"}, {"value": "1e-7", "factor": "nan"}, {"value": "-0.1", "factor": "3"}],
    "integer_as_float": [{"value": "7"}],
    "greet": [
        {"name": "Wörld", "greeting": "Hello"},
        {"name": "", "greeting": ""},
        {"name": "a\"b\\c\n$(X) '", "greeting": "  two  spaces "},
    ],
    "negate": [
        {"flag": "True"},
        {"flag": "false"},
        {"flag": "YES"},
        {"flag": "off"},
        {"flag": "1"},
        {"flag": "n"},
        {"flag": "t"},
    ],
    "total": [{"numbers": "[1, 2, 3]"}, {"numbers": "[]"}],
    "reverse": [{"numbers": "[1, 2, 3]"}],
    "lengths": [{"words": '["b", "aa", "ü"]'}],
    "merge": [{"first": '{"b": 1, "a": 2}', "second": '{"a": [null, true]}'}],
    "own_types": [{"address": "s3://bucket", "limit": "5", "items": "[1, 2]"}],
    "properties": [{"path": "gs://b/table"}],
    "json_of_anything": [{"value": '{"x": [1]}'}, {"value": '"text"'}, {"value": "1"}],
    "object_to_text": [{"count": "3"}],
    "pickled": [{"value": "gASVCQAAAAAAAABdlChLAUsCZS4="}],
}
