"""The answers to tasks of a run that wait for somebody: of the command line, or of the person at the terminal."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from transpiler.cli.run_given import answers_of
from transpiler.cli.streams import put, tell
from transpiler.cli.usage import UsageError
from transpiler.engine.protocol import Ask, Supplied
from transpiler.plan.argo_objects import Node
from transpiler.runs.nodes import text


class Supplier:
    """Answers what nodes ask. Raises UsageError for words that are no answers."""

    def __init__(
        self, given: argparse.Namespace, title: Callable[[str], str], aside: Callable[[], AbstractContextManager[None]]
    ) -> None:
        """`title`: what people call a node. `aside`: lets somebody answer a question."""
        self._title, self._aside = title, aside
        self._says_yes: bool = given.yes
        self._is_quiet = not sys.stdin.isatty()
        self._values = answers_of(given.supply)

    def __call__(self, ask: Ask, is_idle: bool) -> Supplied | None:
        """The answer; None if there is none yet."""
        inputs = {str(each.get("name")): each for each in ask.inputs}
        values = {name: value for name in ask.wants if (value := self._value(name, inputs.get(name, {}))) is not None}
        if len(values) == len(ask.wants) and (self._says_yes or ask.wants):
            return Supplied(ask.node, time.time(), values)
        if is_idle and not self._is_quiet:
            with self._aside():
                return self._asked(ask, inputs, values)
        return None

    def _value(self, name: str, declared: Node) -> str | None:
        """The value that the command line has for a name; with --yes also the default."""
        value = self._values.get(name)
        if value is None and self._says_yes and ("value" in declared or "default" in declared):
            value = text(declared.get("value", declared.get("default")))
        if value is not None and not _is_allowed(value, declared):
            raise UsageError(f"--supply: `{name}` is one of {', '.join(map(str, declared['enum']))}, not `{value}`")
        return value

    def _asked(self, ask: Ask, inputs: dict[str, Node], known: dict[str, str]) -> Supplied | None:
        """Ask the person at the terminal; None if that one ends it."""
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            tell(
                f"{self._title(ask.name)} waits" + (" for values" if ask.wants else ": press Enter to go on, or Ctrl-C")
            )
            values = dict(known)
            for name in ask.wants:
                while name not in values:
                    declared = inputs.get(name, {})
                    enum = f" ({', '.join(map(str, declared['enum']))})" if declared.get("enum") else ""
                    tell(f"  {name}{enum}: {text(declared.get('description'))}")
                    value = input()
                    if _is_allowed(value, declared):
                        values[name] = value
            if not ask.wants:
                input()
            return Supplied(ask.node, time.time(), values)
        except (KeyboardInterrupt, EOFError):
            put("\n", sys.stderr)
            return None
        finally:
            signal.signal(signal.SIGINT, before)


def _is_allowed(value: str, declared: Node) -> bool:
    return not declared.get("enum") or value in map(str, declared["enum"])
