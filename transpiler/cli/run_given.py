"""What is given to a run and reaches nobody: answers that no task waits for, Secrets and ConfigMaps that none uses."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import Any

from transpiler.cli.streams import tell
from transpiler.cli.usage import UsageError
from transpiler.local.unused import unused
from transpiler.plan.argo_objects import Node
from transpiler.suggest import suggestion


def check_given(objects: Sequence[Node], given: argparse.Namespace) -> None:
    """Warn of what nothing uses. Raises UsageError for an answer that nothing waits for."""
    wanted = set(_wanted(list(objects)))
    for name in answers_of(given.supply):
        if name not in wanted:
            hint = suggestion(name, wanted, "values that tasks wait for")
            raise UsageError(f"--supply: no task waits for `{name}`" + (f"\n  hint: {hint}" if hint else ""))
    for kind, noun, option in (("secret", "Secret", "--secret"), ("configMap", "ConfigMap", "--config-map")):
        words = given.secret if kind == "secret" else given.config_map
        for name in unused(objects, kind, dict.fromkeys(word.partition("=")[0] for word in words)):
            tell(f"transpile: warning: {option}: nothing uses a {noun} `{name}`")


def answers_of(words: Sequence[str]) -> dict[str, str]:
    """The answers of `--supply` by their names. Raises UsageError."""
    found = {}
    for word in words:
        name, is_there, value = word.partition("=")
        if not is_there or not name:
            raise UsageError(f"--supply takes NAME=VALUE, not `{word}`")
        found[name] = value
    return found


def _wanted(node: Any) -> Iterator[str]:
    """The names of the values that `suspend` templates wait for."""
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _wanted(value)
    if isinstance(node, dict) and isinstance(node.get("valueFrom"), dict) and "supplied" in node["valueFrom"]:
        yield str(node.get("name"))
