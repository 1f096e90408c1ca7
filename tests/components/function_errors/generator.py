from typing import Iterator


def function(a: int) -> Iterator[int]:  # ! unsupported-function
    yield a
