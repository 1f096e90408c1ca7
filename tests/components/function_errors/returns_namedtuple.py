from collections import namedtuple


def function(a: int) -> namedtuple("Outputs", ["x", "y"]):  # ! wrong-annotation
    return a, a
