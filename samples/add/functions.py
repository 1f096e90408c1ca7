"""The programs of the three components. `transpile component from-function` made a component.yaml of each."""


def add(a: int, b: int) -> int:
    """Add two integers."""
    return a + b


def subtract(a: int, b: int) -> int:
    """Subtract."""
    return a - b


def multiply(a: int, b: int) -> int:
    """Multiply."""
    return a * b
