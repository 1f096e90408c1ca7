# One output, several, none.
import typing
from typing import NamedTuple


class Statistics(NamedTuple):
    """Defined here: the annotation may name it, the body may not."""

    mean: float
    rows: int = 0


Pair = NamedTuple("Pair", [("left", str), ("right", "CSV")])


def inline(a: int, b: int) -> NamedTuple("Outputs", [("sum", int), ("quotient", float), ("is_even", bool)]):
    return (a + b, a / b, (a + b) % 2 == 0)


def keywords(a: int) -> typing.NamedTuple("Outputs", double=int, half=float):
    from collections import namedtuple

    return namedtuple("Outputs", ["double", "half"])(a * 2, a / 2)


def of_class(numbers: list) -> Statistics:
    return [sum(numbers) / len(numbers), len(numbers)]


def aliased(text: str) -> Pair:
    left, _, right = text.partition(",")
    return left, right


def every_kind(seed: int) -> NamedTuple(
    "Outputs",
    [("i", int), ("f", float), ("s", str), ("b", bool), ("l", list), ("d", dict), ("own", "Metrics")],
):
    return (seed, seed, str(seed), seed > 0, [seed], {"b": seed, "a": None}, ("tuple", seed))


def texts_stay(text: str) -> NamedTuple("Outputs", [("i", int), ("f", float), ("b", bool), ("l", list), ("d", dict)]):
    """A text is written as it is, whatever the type."""
    return (text, text, text, text, text)


def one_in_a_tuple(a: int) -> NamedTuple("Outputs", [("only", list)]):
    return ([a],)


def more_than_declared(a: int) -> NamedTuple("Outputs", [("first", int), ("second", int)]):
    values = [a, a + 1, a + 2]
    return values


def nothing(text: str):
    print("printed", text)


def declared_nothing(text: str) -> None:
    print("printed", text)
    return None


def nothing_at_all():
    print("no input either")


def true_is_an_integer(flag: bool) -> int:
    return flag


def many_lines() -> str:
    return "one\r\ntwo\n\n"


RUNS = {
    "inline": [{"a": "3", "b": "4"}, {"a": "-3", "b": "7"}],
    "keywords": [{"a": "5"}],
    "of_class": [{"numbers": "[1, 2, 4.5]"}],
    "aliased": [{"text": "a,b"}, {"text": ""}],
    "every_kind": [{"seed": "3"}],
    "texts_stay": [{"text": "as it is"}],
    "one_in_a_tuple": [{"a": "1"}],
    "more_than_declared": [{"a": "1"}],
    "nothing": [{"text": "ü"}],
    "declared_nothing": [{"text": "x"}],
    "nothing_at_all": [{}],
    "true_is_an_integer": [{"flag": "yes"}],
    "many_lines": [{}],
}
