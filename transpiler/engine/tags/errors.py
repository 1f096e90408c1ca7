"""Why a text cannot be replaced or evaluated."""

from __future__ import annotations


class ExpressionError(ValueError):
    """An expression, a condition or a tag without a value, with the words of Argo or of its engine.

    `at` is the offset in the expression, in characters, where that is known.
    """

    def __init__(self, message: str, at: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.at = at

    def located(self, source: str) -> ExpressionError:
        """The same with the line that it is about, as the engine prints it."""
        if self.at is None or not source:
            return self
        before = source[: self.at]
        line, column = before.count("\n"), len(before) - (before.rfind("\n") + 1)
        shown = source.split("\n")[line][:1000]
        dots = "." * min(column, 1000)
        return type(self)(f"{self.message} ({line + 1}:{column + 1})\n | {shown}\n | {dots}^")


class UnsupportedError(ExpressionError):
    """A function whose value would differ from run to run: without a source of randomness it is refused."""
