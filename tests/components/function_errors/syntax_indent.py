def function(a: int) -> int:
    if a:
    return a  # ! python-syntax
