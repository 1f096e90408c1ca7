"""Argo's tags and the expressions in them, in the parts of the language that the compiler uses for files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

Known = Mapping[str, str | Path | None]
"""What each name of Argo's stands for: a text, the path of an artifact, or None for what a skipped task would yield."""


def filled(text: str, known: Known) -> str:
    """Text with its tags replaced. Raises KeyError for one that stands for nothing."""

    def put(tag: re.Match[str]) -> str:
        value = expression(tag[2], known) if tag[1] else value_of(tag[2], known)
        assert value is not None
        assert not isinstance(value, Path)
        return str(value).lower() if isinstance(value, bool) else str(value)

    return re.sub(r"\{\{(=?)(.*?)\}\}", put, text)


def value_of(name: str, known: Known) -> str | Path | None:
    return known[name.strip()]


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "lower": lambda text: text.lower(),
    "sprig.sha256sum": lambda text: sha256(text.encode()).hexdigest(),
    "toJson": json.dumps,
    "fromJSON": json.loads,
    "replace": lambda text, old, new: text.replace(old, new),
    "split": lambda text, between: text.split(between),
    "last": lambda items: items[-1],
    "len": len,
    "max": max,
    "repeat": lambda text, times: text * times,
}
_TOKEN = re.compile(r"\s*(\?\?|\?\.|==|!=|&&|\|\||[?:().,!;=+]|\[|\]|'[^']*'|[\w-]+)")


def expression(text: str, known: Known) -> Any:
    """The value of an expression of Argo's engine, in the parts of its language that the compiler uses for files."""
    parser = _Parser(_TOKEN.findall(text), known)
    assert "".join(parser.tokens) == re.sub(r"\s+(?=(?:[^']*'[^']*')*[^']*$)", "", text), text
    value = parser.whole()
    assert not parser.tokens, text
    return value


class _Parser:
    def __init__(self, tokens: list[str], known: Known) -> None:
        self.tokens, self.known = list(tokens), known

    def take(self, *wanted: str) -> str:
        """The next token, when it is one of these."""
        return self.tokens.pop(0) if self.tokens and self.tokens[0] in wanted else ""

    def whole(self) -> Any:
        """`let name = value; rest`, or an expression."""
        if not self.take("let"):
            return self.choice()
        name = self.tokens.pop(0)
        assert self.take("=")
        self.known = {**self.known, name: self.choice()}
        assert self.take(";")
        return self.whole()

    def choice(self) -> Any:
        """`test ? one : other`, where only the one that is chosen need exist."""
        test = self.either()
        if not self.take("?"):
            return test
        one = self.choice()
        assert self.take(":")
        other = self.choice()
        return one if test else other

    def either(self) -> Any:
        """`one ?? other`."""
        value = self.compared()
        while self.take("??"):
            other = self.compared()
            value = other if value is None else value
        return value

    def compared(self) -> Any:
        left = self.sum()
        operator = self.take("==", "!=")
        if not operator:
            return left
        right = self.sum()
        return (left == right) == (operator == "==")

    def sum(self) -> Any:
        value = self.single()
        while operator := self.take("+", "-"):
            other = self.single()
            value = value + other if operator == "+" else value - other
        return value

    def single(self) -> Any:
        if self.take("("):
            value = self.choice()
            assert self.take(")")
            return value
        if self.take("["):
            items = [self.choice()]
            assert self.take("]")
            return items
        token = self.tokens.pop(0)
        if token.startswith("'"):
            return token[1:-1]
        if token == "nil" or token.isdigit():
            return None if token == "nil" else int(token)
        name = token
        while self.tokens and self.tokens[0] in {".", "?.", "["}:
            if self.take("?.") and self.tokens[0] != "[":
                self.tokens.insert(0, ".")
            name += "." + (self.tokens.pop(0) and self.tokens.pop(0).strip("'"))
            self.take("]")
        if self.take("("):
            arguments = [self.choice()]
            while self.take(","):
                arguments.append(self.choice())
            assert self.take(")")
            value = _FUNCTIONS[name](*arguments)
            while self.take("["):
                value = value[int(self.tokens.pop(0))]
                assert self.take("]")
            return value
        return self.known.get(name)
