"""The name of a node → what Argo says by it: a task, an item of a loop, a try, a hook.

A node is called after the DAG that it is in: `DAG.task`, or `DAG.task(0:item)` for an item of a loop, and `DAG[0].task`
in steps. Tries and hooks add to that: `….task(1)`, `….task.onExit`, `….task.hooks.NAME`. The text of an item is free,
but it ends in a bracket, and its number occurs once. So a hook never looks like an item, and a try is one only if
there is a node of tries with the rest of its name.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Final

from msgspec import Struct

from transpiler.model.task import EXIT
from transpiler.patterns import regex

_TASK: Final = regex(r"(?:\[\d+\])?\.([^.()\[\]]+)")
_ROW: Final = regex(r"\[\d+\]")
_ITEM: Final = regex(r"\((\d{1,18}):(.*)\)", re.DOTALL)
_TRY: Final = regex(r"(.*)\((\d{1,18})\)", re.DOTALL)
_HOOK: Final = regex(r"(.*)\.(?:(onExit)|hooks\.([^()]+))", re.DOTALL)


class Said(Struct, frozen=True):
    """What a name says. All texts are those after the name of the DAG; `of` is the node that it belongs to."""

    task: str = ""
    """The task in Argo; empty for the DAG itself, or what runs at its end."""
    of: str = ""
    """For a try or a hook, the name of the node that is tried, or has the hook."""
    number: int = -1
    """The number of an item, or of a try."""
    item: str | None = None
    """The text of an item."""
    hook: str = ""
    is_try: bool = False
    is_row: bool = False


def said_by(name: str, tried: Container[str], *, is_run: bool = False) -> Said | None:
    """What a name says, without that of the DAG; None if Argo makes no such name. `tried` are nodes of tries.

    `is_run`: it is the node of a run itself, or of what the run starts beside its tasks.
    """
    if _ROW.fullmatch(name):
        return Said(is_row=True)
    found = None if is_run else _TASK.match(name)
    task, rest = (found[1], name[found.end() :]) if found is not None else ("", name)
    if not rest:
        return Said(task)
    before = name[: len(name) - len(rest)]
    again = _TRY.fullmatch(rest)
    if again is not None and before + again[1] in tried:
        return Said(task, of=before + again[1], number=int(again[2]), is_try=True)
    hook = _HOOK.fullmatch(rest)
    if hook is not None:
        return Said(task, of=before + hook[1], hook=EXIT if hook[2] else hook[3])
    item = _ITEM.fullmatch(rest)
    return Said(task, number=int(item[1]), item=item[2]) if item is not None and task else None
