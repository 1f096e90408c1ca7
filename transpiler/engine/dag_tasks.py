"""A look at one task of a DAG: its hooks, what it waits for, whether it is left out, and its items."""

from __future__ import annotations

from typing import Any

from transpiler.engine import when
from transpiler.engine.dag_hooks import after_hooks, exit_of, is_visited, note_hooks
from transpiler.engine.dag_scope import Dag, of_task
from transpiler.engine.depends import results_of, variable
from transpiler.engine.errors import BlockedError, CallError, RequeueError, TimedOutError, TooDeepError
from transpiler.engine.items import is_loop
from transpiler.engine.nodes import NodeState
from transpiler.engine.outbound import ends_of
from transpiler.engine.resolve import expanded, resolved
from transpiler.engine.run import Call, Run
from transpiler.engine.scope import Scope
from transpiler.plan.argo_objects import Node

_NEXT = "next"
"""The key of a loop's node under which it starts items that wait for their turn."""


def is_ready(run: Run, dag: Dag, name: str) -> bool:
    """True if a task and its hooks are over, so that others need not wait for it."""
    node = run.nodes.get(f"{dag.node.name}.{name}")
    if node is None or not node.is_over:
        return False
    return all(each.is_over for each in run.nodes.children(node) if each.is_hook)


def look(run: Run, dag: Dag, task: Node) -> None:
    """Brings a task further, if it can go on."""
    node = run.nodes.get(f"{dag.node.name}.{task['name']}")
    if node is not None and not after_hooks(run, dag, task, node):
        return
    if node is not None and node.is_over:
        if run.locks.release(node.id):
            run.nodes.changes += 1
        if node.type != "TaskGroup" or is_visited(run, dag, task["name"]):
            exit_of(run, dag, task, node)
        return
    if node is None and not _may_start(run, dag, task):
        return
    items = _expanded(run, dag, task)
    if items is not None:
        _go_on(run, dag, task, items)
        note_hooks(run, dag, task, is_new=node is None)


def _may_start(run: Run, dag: Dag, task: Node) -> bool:
    name = task["name"]
    others = dag.plan.awaited[name]
    if not all(is_ready(run, dag, each) for each in others):
        return False
    condition = dag.plan.conditions[name]
    if condition is None:
        return True
    if isinstance(condition, str):
        _left_out(run, dag, task, "Error", condition)
        return False
    nodes = {each: run.nodes.by_name[f"{dag.node.name}.{each}"] for each in others}
    results = {
        variable(each): results_of(node, [*run.nodes.children(node)] if node.type == "TaskGroup" else [])
        for each, node in nodes.items()
    }
    if not condition(results):
        _left_out(run, dag, task, "Omitted", "omitted: depends condition not met")
        return False
    return True


def _left_out(run: Run, dag: Dag, task: Node, phase: str, message: str) -> None:
    node = run.create(_call(dag, task, task, dag.node), "Skipped", phase, message)
    _connect(run, dag, task, node.name)


def _call(dag: Dag, task: Node, item: Node, up: NodeState, key: object = None) -> Call:
    return Call(
        f"{dag.node.name}.{item['name']}",
        item,
        "tasks",
        dag.context,
        item.get("arguments") or {},
        dag.node,
        is_exit=dag.is_exit,
        up=up,
        key=task["name"] if up is dag.node else key,
    )


def _connect(run: Run, dag: Dag, task: Node, name: str) -> None:
    """A node comes after the ends of what its task waited for."""
    others = dag.plan.awaited[task["name"]]
    parents = [dag.node] if not others else []
    for each in others:
        parents += ends_of(run, run.nodes.by_name[f"{dag.node.name}.{each}"])
    for parent in parents:
        run.nodes.connect(parent, name, dag.node)


def _expanded(run: Run, dag: Dag, task: Node) -> list[Node] | None:
    """What is to run of a task; None if it cannot be told."""
    known = dag.expanded.get(task["name"])
    if known is not None:
        return known
    try:
        found = resolved(run, task, of_task(run, dag, task), in_dag=True)
        items = expanded(run, found, of_task(run, dag, found) if is_loop(found) else Scope())
    except RequeueError as error:
        run.never_resolved = str(error)
        run.hold(dag.node, task["name"], is_whole=False)
        return None
    except CallError as error:
        _left_out(run, dag, task, "Error", str(error))
        return None
    dag.expanded[task["name"]] = items
    return items


def _go_on(run: Run, dag: Dag, task: Node, items: list[Node]) -> None:
    if not is_loop(task):
        _item(run, dag, task, items[0], dag.node)
        return
    group = run.nodes.get(f"{dag.node.name}.{task['name']}")
    if not items:
        _left_out(run, dag, task, "Skipped", "Skipped, empty params")
        return
    if group is None:
        call = _call(dag, task, task, dag.node)
        _connect(run, dag, task, call.name)
        group = run.create(call, "TaskGroup", "Running")
        group.frame = {"next": 0, "unfinished": dict.fromkeys(range(len(items))), "held": set()}
    _look_at_items(run, dag, task, items, group)


def _look_at_items(run: Run, dag: Dag, task: Node, items: list[Node], group: NodeState) -> None:
    """Items that changed, then items that have not started. A handler of an exit holds back all behind its item."""
    frame = group.frame
    todo, group.todo = group.todo, {}
    changed = sorted(key for key in todo if isinstance(key, int))
    for place, index in enumerate(changed):
        if any(each < index for each in frame["held"]):
            group.todo.update(dict.fromkeys(changed[place:]))
            return
        if not _item(run, dag, task, items[index], group, index):
            group.todo.update(dict.fromkeys(changed[place + 1 :]))
            _hold(run, dag, items, index, frame)
            return
        frame["held"].discard(index)
        _count(run, dag, items[index], index, frame)
    if frame["held"]:
        return
    while frame["next"] < len(items):
        index = frame["next"]
        name = f"{dag.node.name}.{items[index]['name']}"
        goes_on = _item(run, dag, task, items[index], group, index)
        if run.nodes.get(name) is None:
            return
        frame["next"] = index + 1
        _count(run, dag, items[index], index, frame)
        if not goes_on:
            _hold(run, dag, items, index, frame)
            return
    if not frame["unfinished"]:
        run.mark(group, _phase_of(run, dag, items))


def _hold(run: Run, dag: Dag, items: list[Node], index: int, frame: dict[str, Any]) -> None:
    """An item that is over, but not the handler of its exit, holds back what is behind it at each look."""
    node = run.nodes.get(f"{dag.node.name}.{items[index]['name']}")
    if node is not None and node.is_completed:
        frame["held"].add(index)


def _count(run: Run, dag: Dag, item: Node, index: int, frame: dict[str, object]) -> None:
    node = run.nodes.get(f"{dag.node.name}.{item['name']}")
    unfinished = frame["unfinished"]
    if node is not None and node.is_over and isinstance(unfinished, dict):
        unfinished.pop(index, None)


def _phase_of(run: Run, dag: Dag, items: list[Node]) -> str:
    nodes = [run.nodes.by_name[f"{dag.node.name}.{each['name']}"] for each in items]
    failed = [each.phase for each in nodes if each.has_failed]
    return failed[-1] if failed else "Succeeded"


def _item(run: Run, dag: Dag, task: Node, item: Node, up: NodeState, index: int | None = None) -> bool:
    """Brings an item further; False if those behind it have to wait."""
    call = _call(dag, task, item, up, index)
    if run.nodes.get(call.name) is None:
        if up is dag.node:
            _connect(run, dag, task, call.name)
        else:
            run.nodes.connect(up, call.name, dag.node)
        if not _is_wanted(run, call, item):
            return True
    try:
        node = run.execute(run, call)
    except BlockedError as error:
        node = error.node
        if node is None:
            run.queue.pop((up, call.key), None)
            run.hold(up, _NEXT if up is not dag.node else call.key, is_whole=error.is_whole)
    except TooDeepError:
        node = run.nodes.get(call.name)
    except TimedOutError as error:
        run.nodes.notice(run.mark(run.nodes.by_name[call.name], "Failed", str(error)))
        return False
    except CallError as error:
        run.nodes.notice(run.fail(run.nodes.by_name[call.name], f"task '{call.name}' errored: {error}"))
        return False
    if node is None:
        return False
    return exit_of(run, dag, task, node)


def _is_wanted(run: Run, call: Call, item: Node) -> bool:
    condition = item.get("when") or ""
    try:
        if when.is_met(condition):
            return True
    except CallError as error:
        run.create(call, "Skipped", "Error", str(error))
        return False
    run.create(call, "Skipped", "Skipped", f"when '{condition}' evaluated false")
    return False
