def function(a: int):  # ! missing-annotation
    if a:
        return
    return a
