def function(a: int, b) -> int:
    for each in range(a):
        pass
    break  # ! python-syntax
    return a
