"""A task or step with the values that it asks of others, and its items: what is to be called."""

from __future__ import annotations

import json
from typing import Any, Final

from transpiler.engine import texts, when
from transpiler.engine.errors import CallError, RequeueError
from transpiler.engine.items import LOOPS, is_loop, item_name, item_variables, items_of
from transpiler.engine.run import Run
from transpiler.engine.scope import Scope
from transpiler.engine.texts import MissingError, TagError, Variables
from transpiler.patterns import regex
from transpiler.plan.argo_objects import Node

_NAMED: Final = regex(r"""(?:tasks|steps)(?:\.|\[\\?['"])([a-zA-Z0-9_-]+)""")
_ANY: Final = regex(r"""(?:tasks|steps)(?!\.[a-zA-Z0-9_]|\[\\?['"]|[a-zA-Z0-9_-])""")


def mentioned(data: Any) -> set[str] | None:
    """The tasks that data may read values of; None: any."""
    text = json.dumps(data)
    if "{{=" in text and _ANY.search(text):
        return None
    return set(_NAMED.findall(text))


def resolved(run: Run, task: Node, scope: Scope, *, in_dag: bool, variables: Variables | None = None) -> Node:
    """A task with the values that it asks for. `variables`: those of the scope, for who asks for many tasks.

    Raises CallError, or RequeueError while a value is missing.
    """
    hooks = task.get("hooks")
    found = {key: value for key, value in task.items() if key != "hooks"}
    variables = run.variables(scope.values) if variables is None else variables
    try:
        is_left_out = _left_out(found, variables)
        if is_left_out is not None:
            found = {**found, "when": is_left_out}
        else:
            if found.get("arguments"):
                found["arguments"] = scope.marked(found["arguments"])
            found = texts.replaced(found, variables, "own")
            found = _with_files(found, scope, in_dag=in_dag)
    except MissingError as error:
        raise RequeueError(str(error)) from error
    except TagError as error:
        raise CallError(str(error)) from error
    return found if hooks is None else {**found, "hooks": hooks}


def _left_out(task: Node, variables: Variables) -> str | None:
    """The `when` of a task that it leaves out, whatever its items are."""
    if not task.get("when"):
        return None
    condition: str = texts.replaced(task["when"], variables, "own")
    try:
        return None if when.is_met(condition) else condition
    except CallError:
        if not is_loop(task):
            raise
        return None


def _with_files(task: Node, scope: Scope, *, in_dag: bool) -> Node:
    arguments = task.get("arguments") or {}
    if not arguments.get("artifacts"):
        return task
    files = [_file(each, scope, in_dag=in_dag) for each in arguments["artifacts"]]
    return {**task, "arguments": {**arguments, "artifacts": [each for each in files if each is not None]}}


def _file(artifact: Node, scope: Scope, *, in_dag: bool) -> Node | None:
    try:
        found = scope.artifact(artifact)
    except TagError as error:
        if artifact.get("optional") and (not in_dag or "Unable to resolve" in str(error)):
            return None
        raise TagError(str(error) if in_dag else f"unable to resolve references: {error}") from error
    return artifact if found is None else {**found, "name": artifact["name"]}


def expanded(run: Run, task: Node, scope: Scope) -> list[Node]:
    """A task for each of its items; itself if it is no loop. Raises CallError."""
    if not is_loop(task):
        return [task]
    condition = task.get("when") or ""
    try:
        items = items_of(task)
    except CallError:
        if _is_met(condition) is not False:
            raise
        items = []
    body = {key: value for key, value in task.items() if key not in LOOPS}
    is_lenient = _is_met(condition) is False
    own = {name: value for name, value in scope.values.items() if value is not None or not is_lenient}
    return [_item(run, task, index, item, body, own, is_lenient=is_lenient) for index, item in enumerate(items)]


def _is_met(condition: str) -> bool | None:
    try:
        return when.is_met(condition)
    except CallError:
        return None


def _item(run: Run, task: Node, index: int, item: Any, body: Node, own: dict[str, Any], *, is_lenient: bool) -> Node:
    variables = run.variables({**own, **item_variables(item)})
    try:
        found: Node = texts.replaced(body, variables, "none" if is_lenient else "all")
    except TagError as error:
        raise CallError(str(error)) from error
    name = item_name(task["name"], index, item)
    return {**found, "name": name, **({"template": task["template"]} if "template" in task else {})}
