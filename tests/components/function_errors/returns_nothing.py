def function(a: int) -> None:
    if a:
        return None
    return a  # ! wrong-return
