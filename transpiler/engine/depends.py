"""`depends` of a task: which tasks it waits for, and whether their results let it run.

A name alone stands for Succeeded, Skipped or Daemoned, and more where that task may fail (`continueOn`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from transpiler.engine.errors import CallError
from transpiler.engine.nodes import NodeState
from transpiler.patterns import regex
from transpiler.plan.argo_objects import Node

Results = Mapping[str, Mapping[str, bool]]
Condition = Callable[[Results], bool]

_NAMES: Final = regex(r"([a-zA-Z0-9][-a-zA-Z0-9]*?\.[A-Z][a-zA-Z]+)|([a-zA-Z0-9][-a-zA-Z0-9]*)")
_TOKENS: Final = regex(r"\s*(?:(&&|\|\||[!()])|([A-Za-z_$][\w$]*(?:\.[A-Za-z]+)?)|(\S))")
_WORDS: Final = {"and": "&&", "or": "||", "not": "!"}


def awaited(task: Node, tasks: Mapping[str, Node]) -> tuple[list[str], str]:
    """The tasks that a task waits for, as it names them, and the whole condition. Raises CallError."""
    logic: str = task.get("depends") or ""
    if not logic:
        names = list(dict.fromkeys(task.get("dependencies") or []))
        return names, " && ".join(_expanded(name, tasks) for name in names)
    found: dict[str, None] = {}
    written, end = "", 0
    for match in _NAMES.finditer(logic):
        name = match[0].partition(".")[0] if match[1] else match[2]
        found[name] = None
        written += logic[end : match.start()] + (match[0] if match[1] else _expanded(name, tasks))
        end = match.end()
    return [*found], written + logic[end:]


def _expanded(name: str, tasks: Mapping[str, Node]) -> str:
    if name not in tasks:
        raise CallError(f"target {name} does not exist")
    goes_on = tasks[name].get("continueOn") or {}
    results = ["Succeeded", "Skipped", "Daemoned"]
    results += [result for key, result in (("error", "Errored"), ("failed", "Failed")) if goes_on.get(key)]
    return f"({' || '.join(f'{name}.{result}' for result in results)})"


def variable(task: str) -> str:
    """What a task is called in a condition."""
    return task.replace("-", "_")


def results_of(node: NodeState, items: list[NodeState]) -> dict[str, bool]:
    """The result of a task, as a condition asks for it. `items`: of a loop."""
    phases = [each.phase for each in items]
    is_loop = node.type == "TaskGroup"
    return {
        "Succeeded": node.phase == "Succeeded",
        "Failed": node.phase == "Failed",
        "Errored": node.phase == "Error",
        "Skipped": node.phase == "Skipped",
        "Omitted": node.phase == "Omitted",
        "Daemoned": False,
        "AnySucceeded": is_loop and "Succeeded" in phases,
        "AllFailed": is_loop and bool(phases) and all(phase == "Failed" for phase in phases),
    }


def condition(logic: str) -> Condition:
    """A condition as a function of the results of tasks. Raises CallError, with the reason."""
    text = logic.replace("-", "_")
    tokens = [*_tokens(text)]
    tokens.reverse()
    try:
        found = _either(tokens)
        if tokens:
            raise CallError(f"unexpected token {tokens[-1]}")
    except (CallError, RecursionError) as error:
        raise CallError(f"unable to evaluate expression '{text}': {error}") from error
    return found


def _tokens(text: str) -> Iterator[str]:
    for match in _TOKENS.finditer(text):
        if match[3]:
            raise CallError(f"unable to evaluate expression '{text}': unexpected token {match[3]}")
        yield match[1] or _WORDS.get(match[2], match[2])


def _either(tokens: list[str]) -> Condition:
    found = _both(tokens)
    while tokens and tokens[-1] == "||":
        tokens.pop()
        found = _or(found, _both(tokens))
    return found


def _both(tokens: list[str]) -> Condition:
    found = _one(tokens)
    while tokens and tokens[-1] == "&&":
        tokens.pop()
        found = _and(found, _one(tokens))
    return found


def _one(tokens: list[str]) -> Condition:
    if not tokens:
        raise CallError("unexpected token EOF")
    word = tokens.pop()
    if word == "!":
        return _not(_one(tokens))
    if word == "(":
        found = _either(tokens)
        if not tokens or tokens.pop() != ")":
            raise CallError("unexpected token EOF")
        return found
    task, _, result = word.partition(".")
    if word in ("true", "false"):
        return lambda _: word == "true"
    if not result:
        raise CallError(f"unexpected token {word}")
    return lambda results: results[task][result]


def _or(one: Condition, other: Condition) -> Condition:
    return lambda results: one(results) or other(results)


def _and(one: Condition, other: Condition) -> Condition:
    return lambda results: one(results) and other(results)


def _not(one: Condition) -> Condition:
    return lambda results: not one(results)
