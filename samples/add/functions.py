"""The programs of the three components. `transpile component from-function` made a component.yaml of each."""


def add(a: int, b: int) -> int:
    """Add two integers."""
    return a + b


def subtract(a: int, b: int) -> int:
    """Subtract the second integer from the first."""
    return a - b


def multiply(a: int, b: int) -> int:
    """Multiply two integers."""
    return a * b
