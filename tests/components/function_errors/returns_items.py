from typing import NamedTuple


def function(a: int) -> NamedTuple("Outputs", [("x", int), ("y",), "z"]):  # ! wrong-annotation
    return a, a, a
