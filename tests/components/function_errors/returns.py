from typing import NamedTuple

from kfp.components import OutputPath


def function(a: int) -> NamedTuple("O", [("x", int), ("y", itn), ("z", OutputPath())]):  # ! wrong-annotation wrong-annotation
    if a == 1:
        return  # ! wrong-return
    if a == 2:
        return None  # ! wrong-return
    if a == 3:
        return 1, 2  # ! wrong-return
    if a == 4:
        return (1, *[2, 3])

    def inner():
        return

    return 1, 2, 3
