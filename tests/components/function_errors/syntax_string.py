def function(a: int) -> str:
    return "open  # ! python-syntax
