import functools

from transpiler import component_from_function


@component_from_function(base_image="python:3.12")
@dsl.component(packages_to_install=PACKAGES, target_image=None, pip_index_urls=["https://a"])  # ! dropped-decorator dropped-decorator
@functools.lru_cache  # ! dropped-decorator
@retries[3](times=2)  # ! dropped-decorator
def function(a: int) -> int:
    return a
