async def function(a: int, b) -> int:  # ! unsupported-function
    return a
