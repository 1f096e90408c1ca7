from typing import Optional


def function(a: int) -> Optional[int]:  # ! wrong-annotation
    return a or None
