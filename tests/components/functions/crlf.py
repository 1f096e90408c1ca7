def windows(a: int,
            b: str = """x
y""") -> str:
    """Lines end as on Windows."""
    text = """one
two"""
    return repr((a, b, text))


RUNS = {"windows": [{"a": "1"}, {"a": "1", "b": "z"}]}
