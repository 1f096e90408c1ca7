def function(a: int) -> {"x": int, "y": str}:  # ! wrong-annotation
    return a, str(a)
