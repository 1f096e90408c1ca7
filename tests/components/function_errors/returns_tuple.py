from typing import Tuple


def function(a: int) -> Tuple[int, str]:  # ! wrong-annotation
    return a, str(a)
