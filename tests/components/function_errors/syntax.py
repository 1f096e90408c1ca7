def function(a: int) -> int:
    return a +  # ! python-syntax


def another(:
