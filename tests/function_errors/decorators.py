import functools

from transpiler import component_from_function


@component_from_function(base_image="python:3.12")
@functools.lru_cache  # ! dropped-decorator
@retries[3](times=2)  # ! dropped-decorator
def function(a: int) -> int:
    return a
