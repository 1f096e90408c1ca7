"""What `when` means once its tags are replaced: govaluate decides, with words as texts (Argo's shouldExecute).

`prod == prod`, `'a b' != c`, `3 > 2 && true`; a quoted date is a number of seconds. govaluate groups operators of equal
precedence by turning its tree around, and passes over what stands behind a closed parenthesis: so does this.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from transpiler.engine.tags import condition_operators as operators
from transpiler.engine.tags.condition_operators import Stage
from transpiler.engine.tags.condition_tokens import Token, check, tokens
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.patterns import pattern
from transpiler.engine.tags.texts import shown

MAX_NESTING: Final = 25
"""Parentheses in parentheses."""
MAX_TOKENS: Final = 10_000
_LEVELS: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("SEPARATOR", frozenset({","})),
    ("TERNARY", frozenset({"?", ":", "??"})),
    ("LOGICALOP", frozenset({"||"})),
    ("LOGICALOP", frozenset({"&&"})),
    ("COMPARATOR", frozenset({"==", "!=", ">", ">=", "<", "<=", "=~", "!~", "in"})),
    ("MODIFIER", frozenset({"^", "&", "|"})),
    ("MODIFIER", frozenset({">>", "<<"})),
    ("MODIFIER", frozenset({"+", "-"})),
    ("MODIFIER", frozenset({"*", "/", "%"})),
    ("MODIFIER", frozenset({"**"})),
)
"""Operators from the loosest to the tightest."""


@lru_cache(maxsize=8192)
def holds(when: str) -> bool:
    """True when a condition holds; an empty one does. Raises ExpressionError with Argo's words."""
    if not when:
        return True
    try:
        return _holds(when)
    except RecursionError:
        raise ExpressionError(f"Invalid 'when' expression '{when[:1000]}': it is nested too deeply") from None


def _holds(when: str) -> bool:
    try:
        read = tokens(when)
        check(read)
        _with_patterns(read)
        _Planner(read).plan()
    except ExpressionError as error:
        hint = ' (hint: try wrapping the affected expression in quotes ("))' if "Invalid token" in error.message else ""
        raise ExpressionError(f"Invalid 'when' expression '{when}': {error.message}{hint}") from None
    words = [Token("STRING", token.value) if token.kind == "VARIABLE" else token for token in read]
    try:
        check(words)
        _with_patterns(words)
        stage = _Planner(words).plan()
    except ExpressionError as error:
        raise ExpressionError(f"Failed to parse 'when' expression '{when}': {error.message}") from None
    try:
        value = operators.value(stage)
    except ExpressionError as error:
        raise ExpressionError(f"Failed to evaluate 'when' expresion '{when}': {error.message}") from None
    if value is not True and value is not False:
        raise ExpressionError(f"Expected boolean evaluation for '{when}'. Got {shown(value)}")
    return bool(value)


def _with_patterns(read: list[Token]) -> None:
    """Make a pattern of each text behind `=~` and `!~`. Raises ExpressionError for one that is none."""
    for index, token in enumerate(read[:-1]):
        following = read[index + 1]
        if token.kind == "COMPARATOR" and token.value in {"=~", "!~"} and following.kind == "STRING":
            read[index + 1] = Token("PATTERN", pattern(following.value))


class _Planner:
    """The tokens and the place among them."""

    def __init__(self, read: list[Token]) -> None:
        if len(read) > MAX_TOKENS:
            raise ExpressionError(f"the condition has more than {MAX_TOKENS} parts")
        self.tokens = read
        self.at = 0
        self.nesting = 0

    def plan(self) -> Stage:
        """The tree of all tokens, in the order of evaluation."""
        stage = self.level(0)
        assert stage is not None
        operators.reorder(stage)
        return stage

    def level(self, number: int) -> Stage | None:
        """A row of operators of one level, grouped to the right; see `operators.reorder`."""
        if number == len(_LEVELS):
            return self.value()
        kind, signs = _LEVELS[number]
        operands = [self.level(number + 1)]
        found: list[str] = []
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.kind != kind or token.value not in signs:
                break
            self.at += 1
            found.append(token.value)
            operands.append(self.level(number + 1))
        stage = operands.pop()
        while found:
            stage = Stage(found.pop(), operands.pop(), stage)
        return stage

    def value(self) -> Stage | None:
        if self.at >= len(self.tokens):
            return None
        token = self.tokens[self.at]
        if token.kind == "CLAUSE_CLOSE":
            return None
        self.at += 1
        if token.kind == "CLAUSE":
            return self.clause()
        if token.kind == "PREFIX":
            return Stage(f"prefix {token.value}", None, self.value())
        if token.kind == "ACCESSOR":
            return self.accessor(token)
        return Stage("value", constant=token.value)

    def clause(self) -> Stage:
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise ExpressionError(f"parentheses are nested more than {MAX_NESTING} levels deep")
        inner = self.level(0)
        self.nesting -= 1
        self.at += 1
        return Stage("clause", None, inner)

    def accessor(self, token: Token) -> Stage:
        inner = None
        if self.at < len(self.tokens) and self.tokens[self.at].kind == "CLAUSE":
            inner = self.level(0)
        return Stage("accessor", None, inner, constant=token.value)
